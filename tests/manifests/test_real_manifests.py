"""Manifests that people have published, which lie beside the project and are not part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sidecarlib.manifests.error import ManifestError
from sidecarlib.manifests.loading import load_documents
from sidecarlib.manifests.objects import objects
from sidecarlib.manifests.templates import pod_templates

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("[0-9]*")) if CORPUS.is_dir() else []
WITHOUT_POD = ("108-", "126-")
"""An Argo containerSet and a KServe predictor: containers, but no pod template."""
TEMPLATES = ("033-",)
PARTIAL = ("012-", "039-", "048-", "063-", "078-", "093-", "129-")
"""Patches, placeholders and a golden file without images."""
EMBEDDED = ("045-", "048-", "129-")
"""A DeploymentConfig and two operators' kinds."""
SEVERAL = ("051-", "120-")

pytestmark = pytest.mark.skipif(not FILES, reason="the real manifests are not part of the project")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_its_pods_are_found_or_it_is_refused_as_a_template(path: Path) -> None:
    """Each template is found once, told whole or partial, with a position for every container."""
    text = path.read_text(encoding="utf-8")
    if path.name.startswith(TEMPLATES):
        with pytest.raises(ManifestError, match="a template, not YAML") as raised:
            load_documents(text, source=path.name)
        assert raised.value.is_template
        return
    found = 0
    for document in load_documents(text, source=path.name):
        for template in (each for whole in objects(document) for each in pod_templates(whole)):
            found += 1
            assert template.partial is path.name.startswith(PARTIAL)
            assert template.known is not path.name.startswith(EMBEDDED)
            containers = template.view().containers()
            assert containers
            assert all(document.position(f"{each.pointer}/name", key=True) for each in containers)
    assert found == (0 if path.name.startswith(WITHOUT_POD) else 2 if path.name.startswith(SEVERAL) else 1)
