"""The manifest of a folder: the digest of each file, signed, so that any change can be found without a network."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from releases import signing
from releases.static_site import disk

# As `sha256sum --check` reads it; the signature is the 64 bytes of Ed25519, as OpenSSL reads it.
MANIFEST, SIGNATURE, KEY = "MANIFEST.sha256", "MANIFEST.sha256.sig", ".well-known/newsroom-key.pem"


@dataclass
class Findings:
    """What is not as the manifest says. `key` is the one that was used, in one line; `trusted` whether it came from elsewhere than
    the folder itself."""

    key: str = ""
    trusted: bool = False
    unsigned: str = ""
    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    files: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not (self.unsigned or self.changed or self.missing or self.added)


def write_manifest(root: Path, digests: Mapping[str, str], key: signing.Key) -> None:
    """Write and sign the manifest of these files (digests by name)."""
    content = "".join(f"{_escaped(digests[name], name)}\n" for name in sorted(digests)).encode()
    disk.write(root, MANIFEST, {"": content})
    disk.write(root, SIGNATURE, {"": key.sign(content)})


def verify(root: Path, key: str = "") -> Findings:
    """Compare a folder with its manifest, byte by byte. `key` is a public key as `signing.public_key` reads it; without one
    the folder's own counts, which says that nothing was changed since it was signed, and not by whom."""
    found = Findings(trusted=bool(key))
    try:
        content, signature = (root / MANIFEST).read_bytes(), (root / SIGNATURE).read_bytes()
        public = signing.public_key(key or (root / KEY).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, signing.KeyProblem) as error:
        found.unsigned = f"There is no manifest with a signature and a key that can be read: {error}"
        return found
    found.key = signing.short(public)
    if not signing.is_signed(content, signature, public):
        found.unsigned = "The manifest was not signed with this key, or was changed since."
        return found
    said = dict(_unescaped(line) for line in content.decode().split("\n") if line)
    there = {name for name, _length in disk.files_in(root)} - {MANIFEST, SIGNATURE}
    found.files = len(said)
    found.missing, found.added = sorted(said.keys() - there), sorted(there - said.keys())
    found.changed = sorted(name for name in said.keys() & there if digest_of(root / name) != said[name])
    return found


def digest_of(path: Path) -> str:
    """SHA-256, in hexadecimal. A link is no file of ours, whatever it leads to."""
    if path.is_symlink():
        return ""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _escaped(digest: str, name: str) -> str:
    """A line of `sha256sum`, which puts a backslash before one whose name it had to escape."""
    written = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return f"{'' if written == name else chr(92)}{digest}  {written}"


def _unescaped(line: str) -> tuple[str, str]:
    digest, _spaces, name = line.removeprefix("\\").partition("  ")
    if line.startswith("\\"):
        parts = name.split("\\\\")
        name = "\\".join(part.replace("\\n", "\n").replace("\\r", "\r") for part in parts)
    return name, digest
