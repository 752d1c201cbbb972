"""What is known of the Vault containers that somebody else wrote."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from sidecarlib.manifests.pod_view import PodView
from sidecarlib.sidecars.frame.catalogue import product_of
from sidecarlib.sidecars.vault_agent import PRODUCT

INJECTED = ["/bin/sh", "-ec"]
DECODE = ["echo ${VAULT_CONFIG?} | base64 -d > /home/vault/config.json && vault agent -config=/home/vault/config.json"]


def loopback(**container: Any) -> frozenset[int]:
    """The ports on loopback of a container of the product."""
    spec = {"containers": [{"name": "vault", "image": "hashicorp/vault:2.0.4", **container}]}
    (view,) = PodView(spec).mains()
    return PRODUCT.loopback_ports(view)


def encoded(configuration: Any) -> list[dict[str, str]]:
    """The variable in which vault-k8s hands a configuration over."""
    text = configuration if isinstance(configuration, str) else json.dumps(configuration)
    return [{"name": "VAULT_CONFIG", "value": base64.b64encode(text.encode()).decode()}]


@pytest.mark.parametrize(
    "image",
    [
        "hashicorp/vault:1.21.0",
        "docker.io/hashicorp/vault:2.0.4",
        "mirror.example.com/hashicorp/vault-enterprise:2.0.4-ent",
    ],
)
def test_its_images_are_recognised(image: str) -> None:
    """Wherever they are mirrored."""
    assert product_of(image) is PRODUCT


@pytest.mark.parametrize(
    "image", ["hashicorp/vault-k8s:1.7.6", "hashicorp/vault-secrets-operator:1.0", "openbao/openbao:2.6.2"]
)
def test_other_images_are_not(image: str) -> None:
    """Their programs are others."""
    assert product_of(image) is not PRODUCT


def test_an_injected_agent_tells_its_listeners() -> None:
    """Those on loopback, and no others."""
    listeners = [
        {"type": "tcp", "address": "127.0.0.1:8200", "tls_disable": True},
        {"type": "tcp", "address": "0.0.0.0:8201"},
        {"type": "unix", "address": "/agent.sock"},
    ]
    assert loopback(command=INJECTED, args=DECODE, env=encoded({"listener": listeners})) == {8200}


@pytest.mark.parametrize(
    ("container", "ports"),
    [
        ({"command": ["vault"], "args": ["server", "-dev"]}, {8200}),
        ({"command": ["/bin/vault", "server", "-dev"]}, {8200}),
        ({"command": ["vault"], "args": ["server", "-dev", "-dev-listen-address=127.0.0.1:9000"]}, {9000}),
        ({"command": ["vault"], "args": ["server", "-dev", "-dev-listen-address", "localhost:9000"]}, {9000}),
        ({"command": ["vault"], "args": ["server", "-dev", "-dev-listen-address=0.0.0.0:8200"]}, set()),
        (
            {
                "command": ["vault"],
                "args": ["server", "-dev"],
                "env": [{"name": "VAULT_DEV_LISTEN_ADDRESS", "value": "0.0.0.0:8200"}],
            },
            set(),
        ),
        (
            {
                "command": ["vault"],
                "args": ["server", "-dev"],
                "env": [
                    {"name": "VAULT_DEV_LISTEN_ADDRESS", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}
                ],
            },
            set(),
        ),
        ({"args": ["server", "-dev"]}, set()),
        ({"command": ["sh", "-c", "vault server -dev"]}, set()),
        ({"command": ["vault"], "args": ["server", "-config=/etc/vault"]}, set()),
        ({"command": INJECTED, "args": DECODE}, set()),
        ({"command": INJECTED, "args": DECODE, "env": encoded("not JSON")}, set()),
        ({"command": INJECTED, "args": DECODE, "env": [{"name": "VAULT_CONFIG", "value": "%"}]}, set()),
        ({"command": INJECTED, "args": DECODE, "env": encoded([1])}, set()),
        ({}, set()),
    ],
)
def test_only_what_is_certain_is_told(container: dict[str, Any], ports: set[int]) -> None:
    """The image's entrypoint has a development server listen everywhere; past it, it is loopback."""
    assert loopback(**container) == ports
