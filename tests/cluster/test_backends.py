"""The backends behave as the tests that lean on them suppose."""

from __future__ import annotations

import json
import subprocess
from base64 import urlsafe_b64encode

from tests.cluster.backends.public_keys import public_key_pem
from tests.cluster.backends.recording_collector import RecordingCollector, send_span
from tests.cluster.backends.service_account_key import service_account_key
from tests.cluster.backends.silent_backend import start_silent_backend
from tests.cluster.backends.vault_server import VaultServer
from tests.cluster.images import BUSYBOX, VAULT
from tests.cluster.kubernetes.api import Json
from tests.cluster.kubernetes.conditions import phase
from tests.cluster.kubernetes.namespace import Namespace


def pod(image: str, command: list[str], name: str = "client", **spec: object) -> Json:
    """A Pod that runs one command once."""
    container = {"name": name, "image": image, "command": command}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {"restartPolicy": "Never", "containers": [container], **spec},
    }


def test_vault_lets_in_the_service_account_that_a_role_names(namespace: Namespace) -> None:
    """A login at auth/kubernetes with the Pod's token gives a Vault token that reads the role's secrets; another role's is refused."""
    vault = VaultServer(namespace)
    vault.allow("app", path="mine")
    vault.allow("other", service_account="somebody-else")
    vault.put("mine", {"word": "sesame"})
    login = (
        "vault write -field=token auth/kubernetes/login jwt=@/var/run/secrets/kubernetes.io/serviceaccount/token role="
    )
    steps = (
        f"export HOME=/tmp VAULT_ADDR={vault.address}",
        f"if {login}other; then exit 9; fi",
        f"VAULT_TOKEN=$({login}app) vault kv get -field=word secret/mine",
    )
    script = "; ".join(steps)
    namespace.apply([pod(VAULT, ["sh", "-c", script])])
    namespace.wait("pod/client", phase("Succeeded"), within=30)
    assert "sesame" in namespace.logs("pod/client", "client")


def test_the_recording_collector_tells_which_spans_came(namespace: Namespace) -> None:
    """A span that a Pod sends over HTTP is found by its name."""
    recorder = RecordingCollector(namespace)
    assert recorder.spans() == []
    namespace.apply([pod(BUSYBOX, ["sh", "-c", send_span("checkout", recorder.http_endpoint)])])
    namespace.wait("pod/client", phase("Succeeded"), within=30)
    recorder.wait_span("checkout")
    assert recorder.spans() == ["checkout"]


def test_the_silent_backend_accepts_and_never_answers(namespace: Namespace) -> None:
    """Only its sender's own patience ends a request, on both OTLP ports, and as often as one tries."""
    address = start_silent_backend(namespace)
    ask = "; ".join(f"timeout 1 wget -q -O - http://{address}:{port}/v1/traces; echo $?" for port in (4318, 4317, 4318))
    namespace.apply([pod(BUSYBOX, ["sh", "-c", ask])])
    namespace.wait("pod/client", phase("Succeeded"), within=30)
    ends = [line for line in namespace.logs("pod/client", "client").splitlines() if line.isdigit()]
    assert ends == ["143"] * 3  # a refusal would be 1, an answer 0 or 1


def test_the_service_account_key_is_one_that_google_libraries_can_read() -> None:
    """It has the fields of a real one, a private key that openssl accepts, and differs each time."""
    text = service_account_key()
    key = json.loads(text)
    checked = subprocess.run(
        ["openssl", "rsa", "-check", "-noout"], input=key["private_key"].encode(), capture_output=True, check=False
    )
    assert b"RSA key ok" in checked.stdout + checked.stderr
    assert key["type"] == "service_account"
    assert text != service_account_key()


def test_a_published_key_becomes_the_pem_that_openssl_makes_of_it() -> None:
    """The conversion from a JSON Web Key agrees with openssl's reading of it."""
    private = json.loads(service_account_key())["private_key"].encode()
    pem = subprocess.run(["openssl", "rsa", "-pubout"], input=private, capture_output=True, check=True).stdout.decode()
    shown = subprocess.run(
        ["openssl", "rsa", "-modulus", "-noout"], input=private, capture_output=True, check=True
    ).stdout
    modulus = bytes.fromhex(shown.decode().strip().removeprefix("Modulus="))
    assert public_key_pem({"n": base64url(modulus), "e": "AQAB"}) == pem


def base64url(number: bytes) -> str:
    """As RFC 7518 writes a number."""
    return urlsafe_b64encode(number).decode().rstrip("=")
