"""What is known of a product whose container stands in somebody's manifest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.model.image import repository, tag


def _no_ports(_container: ContainerView) -> frozenset[int]:
    return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product of the catalogue, as a manifest shows it.

    `repositories` are the image repositories it is published in, without registry mirrors: one matches an image whose
    repository is it or ends with `/` and it. `only_programs` are the programs of an image that has nothing else, not even a
    shell (None: not known), except under tags that contain one of `full_tags`. `loopback_ports` tells the ports that the
    container binds to 127.0.0.1, given its command, arguments and variables.
    """

    name: str
    repositories: tuple[str, ...]
    only_programs: tuple[str, ...] | None = None
    full_tags: tuple[str, ...] = ()
    loopback_ports: Callable[[ContainerView], frozenset[int]] = _no_ports

    def made(self, image: str) -> bool:
        """Whether `image` is this product's, whatever mirror it comes from."""
        found = repository(image)
        return any(found == known or found.endswith("/" + known) for known in self.repositories)

    def lacks(self, image: str, program: str) -> bool:
        """Whether this product's `image` is known to be without `program` (a name or an absolute path)."""
        if self.only_programs is None or any(mark in (tag(image) or "") for mark in self.full_tags):
            return False
        return program not in self.only_programs and program.rpartition("/")[2] not in self.only_programs
