"""The newsroom's signature (Ed25519, RFC 8032): a key of its own, and what anybody can check with the public half."""

import base64
import os
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

Key = Ed25519PrivateKey


class KeyProblem(Exception):
    """There is a key already, or what is there is none."""


def key_file() -> Path:
    """Where the private key lies, for its owner alone. Whoever has it can sign in the newsroom's name."""
    return Path(settings.DATA_DIR) / "signing_key.pem"


def load_key() -> Key | None:
    """The key, or None where none was made."""
    try:
        content = key_file().read_bytes()
    except FileNotFoundError:
        return None
    try:
        key = load_pem_private_key(content, None)
    except ValueError as error:
        raise KeyProblem(f"{key_file()} holds no key.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyProblem(f"{key_file()} holds a key of another kind than Ed25519.")
    return key


def make_key() -> Key:
    """A new key. Raises `KeyProblem` where there is one: everybody who has checked a signature relies on it."""
    key = Ed25519PrivateKey.generate()
    file = key_file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyProblem(f"There is a key already: {file}") from None
    with open(handle, "wb") as opened:
        opened.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def public_pem(key: Key) -> str:
    """The public half, as OpenSSL reads it."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_key(written: str) -> Ed25519PublicKey:
    """A public key as somebody wrote it: PEM, or its 32 bytes in Base64. Raises `KeyProblem`."""
    try:
        if "-----BEGIN" in written:
            key = load_pem_public_key(written.encode())
        else:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(written.strip(), validate=True))
    except ValueError as error:
        raise KeyProblem("That is no public key (Ed25519, as PEM or Base64).") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyProblem("That is a key of another kind than Ed25519.")
    return key


def short(key: Ed25519PublicKey) -> str:
    """A public key in one line: its 32 bytes in Base64."""
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def is_signed(content: bytes, signature: bytes, key: Ed25519PublicKey) -> bool:
    """Whether whoever has the private half signed exactly this."""
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
