"""Encryption of a backup: a key that a passphrase opens, and streams in authenticated chunks.

The folder has one random key. It is kept wrapped under a key that scrypt (RFC 7914) makes of the passphrase. Each object is
encrypted as `age` encrypts a file (age-encryption.org/v1): a key of its own by HKDF from 16 random bytes, and chunks of 64 KiB of
ChaCha20-Poly1305 whose nonces count and mark the last one, so that nothing can be cut off, moved or repeated (the STREAM
construction). The object's name is authenticated with each chunk, so that none can stand in for another.
"""

import base64
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from newsroom.safety.backup.errors import Damaged, WrongPassphrase

CHUNK = 64 * 1024
TAG, NONCE = 16, 16
# 128 MB and some tenths of a second for each guess.
COST = 2**17
BLOCK, LANES = 8, 1
SHORTEST = 12  # characters of a passphrase


class Readable(Protocol):
    """What is read piece by piece."""

    def read(self, length: int, /) -> bytes:
        """So many bytes, or fewer at the end."""


@dataclass(frozen=True)
class Key:
    """The folder's key."""

    secret: bytes

    def name_of(self, digest: str) -> str:
        """The name under which content of this digest (SHA-256) is kept: it tells nobody which content that is."""
        return hmac.new(self.secret, digest.encode(), sha256).hexdigest()

    def encrypt(self, source: Readable, name: str) -> Iterator[bytes]:
        """The bytes to be kept for what `source` says."""
        salt = os.urandom(NONCE)
        yield salt
        cipher = self._cipher(salt)
        number, chunk = 0, source.read(CHUNK)
        while True:
            after = source.read(CHUNK)
            yield cipher.encrypt(_nonce(number, last=not after), chunk, name.encode())
            if not after:
                return
            number, chunk = number + 1, after

    def decrypt(self, source: Readable, name: str) -> Iterator[bytes]:
        """What was encrypted under this name. Raises `Damaged`."""
        salt = source.read(NONCE)
        cipher = self._cipher(salt)
        number, chunk = 0, source.read(CHUNK + TAG)
        try:
            while True:
                after = source.read(CHUNK + TAG)
                yield cipher.decrypt(_nonce(number, last=not after), chunk, name.encode())
                if not after:
                    return
                number, chunk = number + 1, after
        except (InvalidTag, ValueError) as error:
            raise Damaged(f"{name} was changed or cut off.") from error

    def _cipher(self, salt: bytes) -> ChaCha20Poly1305:
        return ChaCha20Poly1305(derived(self.secret, salt, b"newsroom backup object"))

    def wrapped(self, passphrase: str) -> bytes:
        """The key as it is kept: JSON that this passphrase opens."""
        salt = os.urandom(NONCE)
        sealed = ChaCha20Poly1305(_of_passphrase(passphrase, salt, COST)).encrypt(
            bytes(12), self.secret, b"key"
        )
        kept = {"kdf": "scrypt", "cost": COST, "salt": _text(salt), "key": _text(sealed)}
        return json.dumps(kept).encode() + b"\n"


def new_key() -> Key:
    """A random one."""
    return Key(os.urandom(32))


def unwrapped(kept: bytes, passphrase: str) -> Key:
    """The key of a folder. Raises `WrongPassphrase`, or `Damaged` where that is no key."""
    try:
        said = json.loads(kept)
        salt, sealed, cost = base64.b64decode(said["salt"]), base64.b64decode(said["key"]), said["cost"]
        if not (isinstance(cost, int) and 2**10 <= cost <= 2**22 and said["kdf"] == "scrypt"):
            raise ValueError(cost)
        opened = _of_passphrase(passphrase, salt, cost)
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged("The file `key` of the folder was changed: nothing can be read without it.") from error
    try:
        return Key(ChaCha20Poly1305(opened).decrypt(bytes(12), sealed, b"key"))
    except (InvalidTag, ValueError):
        raise WrongPassphrase("This is not the passphrase of the backup.") from None


def _of_passphrase(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=BLOCK, p=LANES).derive(passphrase.encode())


def derived(secret: bytes, salt: bytes, use: bytes) -> bytes:
    """A key for one use, of a secret that is long and random."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=use).derive(secret)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
