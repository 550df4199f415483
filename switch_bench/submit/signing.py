"""Ed25519 signatures over a submission's manifest.

A signature says that who has the key vouches for the archive as it is, and nothing about what is in it.
"""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switch_bench.evaluate.errors import InputError
from switch_bench.submit.canonical import missing
from switch_bench.submit.errors import Refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

CONTEXT = b"switch_bench.submission.v1\n"  # so that a signature of something else is none of this
ALGORITHM = "ed25519"


def new_key(path: Path) -> str:
    """Make a key, write it to `path` (PEM, readable by its owner only), and return its public half, base64.

    Raises: InputError if there is something already, or it can't be written.
    """
    serialization, ed25519 = _library()
    key = ed25519.Ed25519PrivateKey.generate()
    data = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        hint = "a key that was used is how others know you: keep it, or choose another file"
        raise InputError("there is a file already", where=str(path), hint=hint) from error
    except OSError as error:
        raise InputError(f"can't be written: {error.strerror}", where=str(path)) from error
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return public(key)


def load_key(path: Path) -> Ed25519PrivateKey:
    """The key in a file. Raises: InputError if there is none."""
    serialization, ed25519 = _library()
    hint = "`switch-bench submit key FILE` makes one"
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError as error:
        raise InputError("there is no such file", where=f"--key {path}", hint=hint) from error
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"no key can be read from it: {error}", where=f"--key {path}", hint=hint) from error
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise InputError("not an Ed25519 key", where=f"--key {path}", hint=hint)
    return key


def public(key: Ed25519PrivateKey) -> str:
    """The public half of a key, base64."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def sign(key: Ed25519PrivateKey, manifest: bytes) -> dict[str, str]:
    """What goes into `signature.json` for a manifest in its canonical form."""
    signature = base64.b64encode(key.sign(CONTEXT + manifest)).decode()
    return {"algorithm": ALGORITHM, "key": public(key), "signature": signature}


def check(manifest: bytes, signature: Any) -> str:
    """The public key that signed a manifest, base64. Raises: Refused if none did."""
    _, ed25519 = _library()
    from cryptography.exceptions import InvalidSignature

    where = "signature.json"
    names = {"algorithm", "key", "signature"}
    if not isinstance(signature, dict) or set(signature) != names:
        raise Refused("signature", where, f"expected exactly {', '.join(sorted(names))}")
    if signature["algorithm"] != ALGORITHM:
        raise Refused("signature", where, f"expected algorithm {ALGORITHM!r}, got {signature['algorithm']!r:.40}")
    key = _bytes(signature["key"], 32, "key")
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(key).verify(
            _bytes(signature["signature"], 64, "signature"), CONTEXT + manifest
        )
    except InvalidSignature as error:
        raise Refused("signature", where, "it isn't of this manifest by this key") from error
    return str(signature["key"])


def _bytes(text: Any, length: int, name: str) -> bytes:
    """Base64 in its one form."""
    try:
        data = base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        raise Refused("signature", "signature.json", f"{name}: not base64") from error
    if len(data) != length or base64.b64encode(data).decode() != text:
        raise Refused("signature", "signature.json", f"{name}: expected {length} bytes in base64")
    return data


def _library() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ModuleNotFoundError as error:
        raise missing("cryptography") from error
    return serialization, ed25519
