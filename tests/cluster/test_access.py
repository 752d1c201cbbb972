"""Every kind of kubeconfig that leads to a cluster is understood: a server of the test's own plays the API server."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.kubernetes.access import NoClusterError, read_access
from tests.cluster.kubernetes.api import Api


class Version(BaseHTTPRequestHandler):
    """Answers every GET with the Authorization header that came."""

    def do_GET(self) -> None:
        """Part of http.server's interface."""
        body = json.dumps({"authorization": self.headers.get("Authorization")}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Prints nothing."""


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """A folder with an authority, ca.crt, and what it signed for 127.0.0.1: both.crt and both.key."""
    (tmp_path / "names").write_text("subjectAltName=IP:127.0.0.1")
    new = ["-newkey", "rsa:2048", "-nodes"]
    for arguments in (
        ["req", "-x509", *new, "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.crt"],
        ["req", *new, "-subj", "/CN=both", "-keyout", "both.key", "-out", "both.csr"],
        [
            "x509",
            "-req",
            "-in",
            "both.csr",
            "-CA",
            "ca.crt",
            "-CAkey",
            "ca.key",
            "-out",
            "both.crt",
            "-extfile",
            "names",
        ],
    ):
        subprocess.run(["openssl", *arguments], cwd=tmp_path, capture_output=True, check=True)
    return tmp_path


@contextmanager
def api_server(certificates: Path | None) -> Iterator[str]:
    """Serves over TLS, where certificates are given, to clients whose certificate the authority signed."""
    server = HTTPServer(("127.0.0.1", 0), Version)
    if certificates:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificates / "both.crt", certificates / "both.key")
        tls.load_verify_locations(certificates / "ca.crt")
        tls.verify_mode = ssl.CERT_REQUIRED
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"{'https' if certificates else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def kubeconfig(path: Path, cluster: dict[str, Any], user: dict[str, Any]) -> str:
    """Writes a file with one context."""
    context = {"cluster": "one", "user": "one"}
    path.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "one",
                "contexts": [{"name": "one", "context": context}],
                "clusters": [{"name": "one", "cluster": cluster}],
                "users": [{"name": "one", "user": user}],
            }
        )
    )
    return str(path)


def test_client_certificates_and_an_authority_of_its_own(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As minikube writes it, with files beside the kubeconfig; kind has the same inline."""
    with api_server(certificates) as address:
        cluster = {"server": address, "certificate-authority": "ca.crt"}
        user = {"client-certificate": "both.crt", "client-key": "both.key"}
        monkeypatch.setenv("KUBECONFIG", kubeconfig(certificates / "config", cluster, user))
        api = Api(read_access())
        assert api.get("/version") == {"authorization": None}
        api.close()


def test_an_authority_that_did_not_sign_is_refused(certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that nobody vouches for gets no request."""
    with api_server(certificates) as address:
        monkeypatch.setenv("KUBECONFIG", kubeconfig(certificates / "config", {"server": address}, {"token": "t"}))
        with pytest.raises(ssl.SSLCertVerificationError):
            Api(read_access()).get("/version")


def test_a_token_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a service account's kubeconfig has it."""
    with api_server(None) as address:
        monkeypatch.setenv("KUBECONFIG", kubeconfig(tmp_path / "config", {"server": address}, {"token": "t"}))
        api = Api(read_access())
        assert api.get("/version") == {"authorization": "Bearer t"}
        api.close()


def test_a_login_plugin_is_an_error_that_says_what_to_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of cloud providers need programs that the tests do not run."""
    plugin = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "login", "interactiveMode": "Never"}}
    path = kubeconfig(tmp_path / "config", {"server": "https://127.0.0.1:1"}, plugin)
    monkeypatch.setenv("KUBECONFIG", path)
    with pytest.raises(NoClusterError, match="token or a client certificate"):
        read_access()
