"""A real Vault server in development mode, which lets the namespace's service accounts log in at auth/kubernetes.

A `jwt` backend that knows the cluster's signing keys stands there in for the `kubernetes` backend: an agent's `kubernetes`
method sends it the very same request. Only the check behind it differs (a signature, in place of the API server's TokenReview).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.cluster.backends.backend_pod import start_backend
from tests.cluster.backends.public_keys import signing_keys, token_issuer
from tests.cluster.images import VAULT
from tests.cluster.kubernetes.api import Json
from tests.cluster.kubernetes.namespace import Namespace

ROOT_TOKEN = "root"  # noqa: S105 - of a server that lives as long as one test
PORT = 8200


class VaultServer:
    """Reachable at `address`, by IP. Secrets are in the KV engine, version 2, at `secret/`."""

    def __init__(self, namespace: Namespace, name: str = "vault") -> None:
        self._namespace, self._name = namespace, name
        address = start_backend(
            namespace,
            name,
            user=100,
            image=VAULT,
            command=["vault"],
            args=[
                "server",
                "-dev",
                "-dev-no-store-token",
                f"-dev-root-token-id={ROOT_TOKEN}",
                f"-dev-listen-address=0.0.0.0:{PORT}",
            ],
            env=[{"name": "HOME", "value": "/home/vault"}],
            readinessProbe={"httpGet": {"path": "/v1/sys/health", "port": PORT}, "periodSeconds": 1},
        )
        self.address = f"http://{address}:{PORT}"
        self.request("POST", "/v1/sys/auth/kubernetes", {"type": "jwt"})
        keys, issuer = signing_keys(namespace.api), token_issuer(namespace.api)
        self.request("POST", "/v1/auth/kubernetes/config", {"jwt_validation_pubkeys": keys, "bound_issuer": issuer})

    def allow(
        self, role: str, *, service_account: str = "default", audiences: Sequence[str] = ("vault",), path: str = "*"
    ) -> None:
        """Whoever logs in to `role` with a token of this service account and one of the audiences may read secret/data/`path`.

        Tokens that the API server mounts by itself carry its own audience, which is always among the allowed ones.
        """
        namespace, issuer = self._namespace, token_issuer(self._namespace.api)
        policy = f'path "secret/data/{path}" {{ capabilities = ["read"] }}'
        self.request("PUT", f"/v1/sys/policies/acl/{role}", {"policy": policy})
        self.request(
            "POST",
            f"/v1/auth/kubernetes/role/{role}",
            {
                "role_type": "jwt",
                "user_claim": "sub",
                "bound_subject": f"system:serviceaccount:{namespace.name}:{service_account}",
                "bound_audiences": [*audiences, issuer],
                "token_policies": [role],
                "token_ttl": "20m",
            },
        )

    def put(self, path: str, data: Mapping[str, str]) -> None:
        """Writes the secret that agents read as `secret/data/PATH`."""
        self.request("POST", f"/v1/secret/data/{path}", {"data": dict(data)})

    def request(self, method: str, path: str, body: Any = None) -> Json:
        """One request to Vault's own API as root; raises `ApiError` where it is refused."""
        answer = self._namespace.ask(
            f"pod/{self._name}", PORT, path, method=method, body=body, headers={"X-Vault-Token": ROOT_TOKEN}
        )
        return answer.json() if answer.body or answer.status >= 400 else {}
