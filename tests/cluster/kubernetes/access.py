"""Where the cluster is and how to log in to it, as KUBECONFIG says."""

from __future__ import annotations

import base64
import json
import os
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class NoClusterError(Exception):
    """There is no cluster to test on: the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Address and credentials of one API server."""

    server: str
    headers: Mapping[str, str]
    tls: ssl.SSLContext | None

    def connect(self, timeout: float | None) -> HTTPConnection:
        """A new connection that gives up on an answer after `timeout` seconds (None: never)."""
        address = urlsplit(self.server)
        host = address.hostname or ""
        if self.tls is None:
            return HTTPConnection(host, address.port, timeout=timeout)
        return HTTPSConnection(host, address.port, timeout=timeout, context=self.tls)


def read_access() -> Access:
    """The current context of KUBECONFIG; raises `NoClusterError` where there is none that works here.

    The variable must be set: a test run should never fall into the cluster that ~/.kube/config happens to name.
    """
    if not os.environ.get("KUBECONFIG"):
        raise NoClusterError("tests/cluster needs a cluster: set KUBECONFIG to the file of one that tests may use")
    if shutil.which("kubectl") is None:
        raise NoClusterError("tests/cluster needs kubectl on PATH")
    shown = subprocess.run(  # kubectl merges several files, picks the context and inlines certificate files
        ["kubectl", "config", "view", "--raw", "--minify", "--flatten", "--output=json"],
        capture_output=True,
        text=True,
        check=False,
    )
    if shown.returncode:
        raise NoClusterError(f"KUBECONFIG={os.environ['KUBECONFIG']} cannot be read: {shown.stderr.strip()}")
    config = json.loads(shown.stdout)
    if not config.get("clusters"):
        raise NoClusterError(f"KUBECONFIG={os.environ['KUBECONFIG']} names no cluster in its current context")
    cluster, user = config["clusters"][0]["cluster"], (config.get("users") or [{"user": {}}])[0]["user"]
    if "exec" in user:
        raise NoClusterError(
            "the user of KUBECONFIG logs in with a plugin (exec): name one with a token or a client certificate"
        )
    server = cluster["server"].rstrip("/")
    token = user.get("token") or (Path(user["tokenFile"]).read_text().strip() if "tokenFile" in user else None)
    return Access(
        server=server,
        headers={"Authorization": f"Bearer {token}"} if token else {},
        tls=_tls(cluster, user) if server.startswith("https") else None,
    )


def _tls(cluster: Mapping[str, Any], user: Mapping[str, Any]) -> ssl.SSLContext:
    context = ssl.create_default_context()
    # Python 3.13 asks for X.509 extensions that the certificates of many clusters lack
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if cluster.get("insecure-skip-tls-verify"):
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    elif authority := cluster.get("certificate-authority-data"):
        context.load_verify_locations(cadata=base64.b64decode(authority).decode())
    if certificate := user.get("client-certificate-data"):
        with tempfile.NamedTemporaryFile() as both:  # the ssl module reads client certificates from files alone
            both.write(base64.b64decode(certificate) + b"\n" + base64.b64decode(user["client-key-data"]))
            both.flush()
            context.load_cert_chain(both.name)
    return context
