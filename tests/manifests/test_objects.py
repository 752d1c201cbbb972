"""Finding the objects of documents."""

from __future__ import annotations

import pytest

from sidecarlib.manifests.loading import load_documents
from sidecarlib.manifests.objects import objects


class TestObjects:
    """The objects of a document."""

    def test_a_document_is_an_object(self) -> None:
        """Its pointer is that of the whole document."""
        text = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: web, namespace: prod}\n"
        (document,) = load_documents(text, source="f.yaml")
        (found,) = objects(document)
        assert (found.pointer, found.kind, found.group, found.name, found.namespace) == (
            "",
            "Job",
            "batch",
            "web",
            "prod",
        )

    def test_a_list_is_its_items(self) -> None:
        """Their pointers lead to the item, in a List in a List as well."""
        text = "kind: List\nitems:\n- kind: A\n- 5\n- kind: List\n  items: [{kind: B}]\n"
        (document,) = load_documents(text, source="f.yaml")
        assert [(found.kind, found.pointer) for found in objects(document)] == [
            ("A", "/items/0"),
            ("B", "/items/2/items/0"),
        ]

    def test_items_of_the_api_have_the_kind_of_their_list(self) -> None:
        """The API leaves kind and version out of the items of a DeploymentList."""
        (document,) = load_documents(
            "{apiVersion: apps/v1, kind: DeploymentList, items: [{metadata: {name: web}}]}", source="f.yaml"
        )
        (found,) = objects(document)
        assert (found.kind, found.api_version, found.name) == ("Deployment", "apps/v1", "web")

    def test_a_template_of_openshift_is_its_objects(self) -> None:
        """Each of them is one."""
        (document,) = load_documents(
            "{apiVersion: template.openshift.io/v1, kind: Template, objects: [{kind: Pod}, {kind: Service}]}",
            source="f.yaml",
        )
        assert [found.pointer for found in objects(document)] == ["/objects/0", "/objects/1"]

    @pytest.mark.parametrize("text", ["[1, 2]", "text", "5"])
    def test_what_is_no_mapping_has_no_objects(self, text: str) -> None:
        """Other YAML files are read without complaint."""
        (document,) = load_documents(text, source="f.yaml")
        assert list(objects(document)) == []
