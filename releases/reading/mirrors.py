"""Where to find us: the signed list of mirrors, as pages, feeds and the mirrors themselves give it.

It is signed when it is made, so that no process that answers readers needs the key. Whoever knows the key from before can check
the list wherever it comes from, and take the newest of two.
"""

from dataclasses import dataclass

from releases.addresses import absolute, machine_address
from releases.edition_cache import EditionCache
from releases.editions import EditionNow
from releases.models import MirrorList
from releases.signing import public_key, short


@dataclass(frozen=True)
class SignedList:
    """`signed` is the very text that was signed (UTF-8), `signature` in Base64, `key` the public key in one line, `pem` the same for
    OpenSSL; `site` and `mirrors` are what the text says."""

    signed: str
    signature: str
    key: str
    pem: str

    @property
    def site(self) -> str:
        """The site's own address."""
        return self._said("site")[0]

    @property
    def mirrors(self) -> list[str]:
        """The addresses of its mirrors."""
        return self._said("mirror")

    def _said(self, word: str) -> list[str]:
        return [
            line.removeprefix(f"{word} ") for line in self.signed.split("\n") if line.startswith(f"{word} ")
        ]

    def as_json(self) -> dict[str, object]:
        """As machines read it."""
        return {
            "site": self.site,
            "mirrors": self.mirrors,
            "signed": self.signed,
            "signature": self.signature,
            "key": self.key,
        }


_cache: EditionCache[list[SignedList]] = EditionCache()


def signed_list(edition: EditionNow) -> SignedList | None:
    """The newest list, read once in the time of an edition; None where none was ever signed."""
    return next(iter(_cache.get(edition, _newest)), None)


def _newest() -> list[SignedList]:
    rows = MirrorList.objects.order_by("-pk")[:1]
    return [SignedList(row.text, row.signature, short(public_key(row.key)), row.key) for row in rows]


def list_address() -> str:
    """The whole address of the list."""
    return absolute(machine_address("mirrors"))
