"""The two parsers of PyYAML."""

from __future__ import annotations

import sys

import pytest

from sidecarlib.manifests.error import ManifestError
from sidecarlib.manifests.loading import load_documents


def test_the_parser_in_python_serves_where_there_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without libyaml the same text gives the same data, positions and refusals."""
    import yaml  # noqa: PLC0415 - the module as it is patched

    text = "a: &a {x: [1, y]}\nb: *a\n---\nc: |\n  é\n"
    usual = load_documents(text, source="f.yaml")
    monkeypatch.delattr(yaml, "CSafeLoader")
    monkeypatch.delitem(sys.modules, "sidecarlib.manifests.yaml_events")
    import sidecarlib.manifests.yaml_events as in_python  # noqa: PLC0415 - read again

    monkeypatch.setattr("sidecarlib.manifests.yaml_data.YamlEvents", in_python.YamlEvents)
    slow = load_documents(text, source="f.yaml")
    assert [document.data for document in slow] == [document.data for document in usual]
    assert slow[0].position("/b") == usual[0].position("/b")
    assert slow[1].position("/c") == usual[1].position("/c")
    with pytest.raises(ManifestError) as raised:
        load_documents("ü: é\x00", source="f.yaml")
    assert raised.value.column == 5
