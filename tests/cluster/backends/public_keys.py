"""The keys with which the cluster signs service account tokens, as PEM: what Vault needs to know them."""

from __future__ import annotations

import base64
import textwrap
from collections.abc import Mapping

from tests.cluster.kubernetes.api import Api

RSA_ENCRYPTION = bytes.fromhex("300d06092a864886f70d0101010500")  # AlgorithmIdentifier of RFC 8017, DER


def signing_keys(api: Api) -> list[str]:
    """One PEM for each RSA key that the API server publishes."""
    return [public_key_pem(key) for key in api.get("/openid/v1/jwks")["keys"] if key["kty"] == "RSA"]


def token_issuer(api: Api) -> str:
    """Who signs, as it stands in each token."""
    return str(api.get("/.well-known/openid-configuration")["issuer"])


def public_key_pem(key: Mapping[str, str]) -> str:
    """A JSON Web Key (RFC 7518, RSA) as a PEM SubjectPublicKeyInfo."""
    numbers = b"".join(_integer(key[part]) for part in ("n", "e"))
    der = _tagged(0x30, RSA_ENCRYPTION + _tagged(0x03, b"\0" + _tagged(0x30, numbers)))
    lines = textwrap.wrap(base64.b64encode(der).decode(), 64)
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])


def _integer(base64url: str) -> bytes:
    number = base64.urlsafe_b64decode(base64url + "=" * (-len(base64url) % 4)).lstrip(b"\0")
    return _tagged(0x02, (b"\0" if number[0] & 0x80 else b"") + number)  # DER integers are signed


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
