"""What an agent writes."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib import InvalidValueError, VaultSink, VaultTemplate
from tests.sidecars.vault.agents import CONFIG_FILE, TEMPLATE, agent, configured


def template(**options: Any) -> Any:
    """A template as the configuration has it."""
    return configured(agent(files={"db": VaultTemplate(**{"contents": TEMPLATE, **options})}))["template"][0]


@pytest.mark.parametrize(
    ("options", "key", "value"),
    [
        ({"perms": "640"}, "perms", "640"),
        ({"error_on_missing_key": False}, "error_on_missing_key", False),
        ({"error_fatal": True}, "error_fatal", True),
        ({"contents": "<< key >>", "left_delimiter": "<<", "right_delimiter": ">>"}, "left_delimiter", "<<"),
        ({"contents": "<< key >>", "left_delimiter": "<<", "right_delimiter": ">>"}, "right_delimiter", ">>"),
        ({"command": ["/bin/sh", "-c", "x"]}, "exec", {"command": ["/bin/sh", "-c", "x"], "timeout": "30s"}),
        ({"command": ["x"], "command_timeout": "5s"}, "exec", {"command": ["x"], "timeout": "5s"}),
        ({"extra": {"wait": {"min": "1s"}}}, "wait", {"min": "1s"}),
        ({"destination": "other"}, "destination", "/vault/secrets/other"),
    ],
)
def test_an_option_of_a_template(options: dict[str, Any], key: str, value: Any) -> None:
    """Each under the key that Vault reads."""
    assert template(**options)[key] == value


def test_a_command_is_left_out_where_there_is_none() -> None:
    """Nor are delimiters written that nobody asked for."""
    assert not {"exec", "left_delimiter", "right_delimiter"} & template().keys()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"contents": ""}, "'' is empty @ VaultTemplate, contents"),
        ({"perms": "rw-r--r--"}, "invalid perms 'rw-r--r--'"),
        ({"perms": 644}, "644 is not text"),
        ({"destination": "a b"}, "invalid destination 'a b'"),
        ({"command": "reload"}, "'reload' is no list"),
        ({"command_timeout": "5"}, "invalid command_timeout '5'"),
        ({"contents": "<< key", "left_delimiter": "<<", "right_delimiter": ">>"}, "'<< key' is never closed"),
        ({"extra": {"perms": "0600"}}, "perms is set already"),
    ],
)
def test_a_mistake_in_a_template_is_told(options: dict[str, Any], text: str) -> None:
    """The value, where it is, and what to write."""
    with pytest.raises(InvalidValueError) as caught:
        VaultTemplate(**{"contents": "x", **options})
    assert text in str(caught.value)


def test_a_sink_with_all_that_it_takes() -> None:
    """Its mode is a number, as Vault wants it: text would end the agent."""
    sink = VaultSink(destination="token", mode=0o644, wrap_ttl="5m", extra={"dh_type": "curve25519"})
    assert configured(agent(sink=sink))["auto_auth"]["sink"] == [
        {
            "type": "file",
            "wrap_ttl": "5m",
            "config": {"path": "/vault/secrets/token", "mode": 0o644},
            "dh_type": "curve25519",
        }
    ]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"destination": "new/token"}, "no directory for 'new/token'"),
        ({"mode": "0640"}, "'0640' is no whole number"),
        ({"wrap_ttl": "5"}, "invalid wrap_ttl '5'"),
        ({"extra": {"type": "file"}}, "type is set already"),
    ],
)
def test_a_mistake_in_a_sink_is_told(options: dict[str, Any], text: str) -> None:
    """The value, where it is, and what to write."""
    with pytest.raises(InvalidValueError) as caught:
        VaultSink(**options)
    assert text in str(caught.value)


@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: "{{" not in text))
def test_any_text_reaches_the_agent_as_it_is(text: str) -> None:
    """The agent's reader of JSON knows no pairs of surrogates: what is outside ASCII stands as itself."""
    config = agent(files={"x": text}).files[CONFIG_FILE]
    assert json.loads(config)["template"][0]["contents"] == text
    assert "\\ud8" not in config.replace("\\\\", "").lower()


def test_an_agent_can_be_copied_and_pickled() -> None:
    """With its templates."""
    sidecar = agent()
    for twin in (copy.copy(sidecar), copy.deepcopy(sidecar), pickle.loads(pickle.dumps(sidecar))):  # noqa: S301 - our own
        assert twin == sidecar
        assert twin.files.templates == sidecar.files.templates
