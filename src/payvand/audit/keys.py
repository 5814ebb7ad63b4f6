"""With which key are daily roots signed, and which public keys are known?

The private key lies at PAYVAND_AUDIT_KEY (made on first use, readable by its owner only); beside it
stands one public key per key that was ever used, `<name>-<id>.pub`, which anyone may have.
"""

from __future__ import annotations

import base64
import binascii
import os
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings


class KeyRing:
    """The signing key and the public keys beside it."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or Path(settings.PAYVAND_AUDIT_KEY)

    def sign(self, text: str) -> str:
        """Return the Ed25519 signature of a statement, base64."""
        return base64.b64encode(self._private.sign(text.encode())).decode()

    @cached_property
    def key_id(self) -> str:
        """Return the id of the signing key: half of the SHA-256 of its public part."""
        return _id_of(self._private.public_key())

    def is_signed(self, text: str, signature: str, key_id: str) -> bool:
        """Tell whether the statement carries a good signature by a known key."""
        key = self._public.get(key_id)
        if key is None:
            return False
        try:
            key.verify(base64.b64decode(signature, validate=True), text.encode())
        except (InvalidSignature, binascii.Error):
            return False
        return True

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        if not self.path.exists():
            self._create()
        key = load_pem_private_key(self.path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{self.path} holds no Ed25519 key")
        return key

    @cached_property
    def _public(self) -> dict[str, Ed25519PublicKey]:
        found = {}
        for path in self.path.parent.glob(f"{self.path.stem}-*.pub"):
            key = load_pem_public_key(path.read_bytes())
            if isinstance(key, Ed25519PublicKey):
                found[_id_of(key)] = key
        return found

    def _create(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        # O_EXCL: of two processes that start together, one makes the key and the other reads it.
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        with os.fdopen(handle, "wb") as out:
            out.write(pem)
        public = key.public_key()
        self.path.with_name(f"{self.path.stem}-{_id_of(public)}.pub").write_bytes(
            public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )


def _id_of(key: Ed25519PublicKey) -> str:
    return sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:32]
