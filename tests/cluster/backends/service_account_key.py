"""A Google service account key as a file holds it, made anew at each call: it opens nothing.

It stands in for a real key. The Cloud SQL proxy reads it, and starts; no Google answers for it.
"""

from __future__ import annotations

import json
import subprocess


def service_account_key() -> str:
    """The JSON text of the key, with a private key of its own."""
    made = subprocess.run(
        ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "project",
            "private_key_id": "1",
            "private_key": made.stdout,
            "client_email": "app@project.iam.gserviceaccount.com",
            "client_id": "1",
            "token_uri": "http://127.0.0.1:9/token",
        }
    )
