"""A claim that a StatefulSet makes for each of its Pods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sidecarlib.model.checks import Checks, assign, shown
from sidecarlib.model.extra import merge_extra
from sidecarlib.model.frozen import EMPTY
from sidecarlib.model.names import dns_label, dns_subdomain
from sidecarlib.model.quantity import THOUSANDTH, canonical, nanos, quantity_problem
from sidecarlib.model.volume import Volume, VolumeMount

__all__ = ["VolumeClaimTemplate"]

ACCESS_MODES = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeClaimTemplate:
    """One entry of a StatefulSet's `volumeClaimTemplates`; containers mount it with `template.mount(path)`.

    `storage` is a quantity in bytes (`10Gi`), `storage_class_name=None` leaves the class to the cluster, an empty one takes none, `extra` takes further
    fields of the claim's spec in camelCase. Raises `InvalidValueError`.
    """

    name: str
    storage: str
    access_modes: Sequence[str] = ("ReadWriteOnce",)
    storage_class_name: str | None = None
    extra: Mapping[str, Any] = EMPTY

    def __post_init__(self) -> None:
        checks = Checks(f"VolumeClaimTemplate {self.name!r}")
        checks.text("name", self.name, syntax=dns_label)
        if (instead := quantity_problem(self.storage)) is not None:
            checks.add(f"invalid storage {shown(self.storage)}", "storage", instead)
        elif nanos(str(self.storage)) == 0:
            checks.add("no storage", "storage", "write a quantity above zero")
        modes = checks.texts("access_modes", self.access_modes)
        for mode in modes:
            checks.choice("access_modes", mode, ACCESS_MODES)
        if not modes:
            checks.add("no access mode", "access_modes", f"write one of {', '.join(ACCESS_MODES)}")
        if "ReadWriteOncePod" in modes and len(modes) > 1:
            checks.add("ReadWriteOncePod beside other modes", "access_modes", "write it alone")
        if self.storage_class_name:
            checks.text("storage_class_name", self.storage_class_name, syntax=dns_subdomain)
        else:
            checks.instance("storage_class_name", self.storage_class_name, str, "name of a storage class")
        assign(self, access_modes=modes, extra=checks.mapping("extra", self.extra))
        checks.raise_if_any()

    def mount(self, path: str, *, read_only: bool = False, sub_path: str | None = None) -> VolumeMount:
        """The Pod's own claim at an absolute `path` of a container."""
        return Volume(name=self.name).mount(path, read_only=read_only, sub_path=sub_path)

    def render(self) -> dict[str, Any]:
        """The entry of a StatefulSet's `volumeClaimTemplates`."""
        spec: dict[str, Any] = {"accessModes": list(self.access_modes)}
        if self.storage_class_name is not None:
            spec["storageClassName"] = self.storage_class_name
        spec["resources"] = {"requests": {"storage": canonical(str(self.storage), THOUSANDTH)}}
        return {
            "metadata": {"name": self.name},
            "spec": merge_extra(spec, self.extra, f"VolumeClaimTemplate {self.name!r}"),
        }
