"""Every address at which a release stands or stood, here and on the site that was here before, and they lead on for ever; and where else the
whole site can be found."""

from collections.abc import Iterable
from urllib.parse import unquote

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from releases.models.release import Release
from releases.models.revision import SLUG_LENGTH

PATH_LENGTH = 500


class Address(models.Model):
    """Every slug that a release ever had in its language, so that none is given away and all of them lead on."""

    language = models.CharField(max_length=10)
    slug = models.CharField(max_length=SLUG_LENGTH)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="addresses")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("language", "slug"), name="releases_address_unique"),
            models.CheckConstraint(condition=~Q(slug=""), name="releases_address_not_empty"),
        )

    def __str__(self) -> str:
        return f"{self.language}: {self.slug}"


def former_path(address: str) -> str:
    """An old address as it is kept and looked up: decoded, without a host, fragment, or slash at its end."""
    path = unquote(address.split("#")[0]).replace("\x00", "")
    if "://" in path:
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    return "/" + path.strip("/ ")[: PATH_LENGTH - 1]


class FormerPathQuerySet(models.QuerySet["FormerPath"]):
    """Old paths."""

    def release_at(self, address: str) -> Release | None:
        """The release that a reader of an old address (path and query) may be led to: visible, or withdrawn in the
        open. What is not out yet is nowhere."""
        whole = former_path(address)
        paths = {whole, former_path(whole.split("?")[0])} - {"/"}
        now = timezone.now()
        found = (
            self.filter(Q(path__in=paths), release__live__isnull=False, release__publish_at__lte=now)
            .select_related("release")
            .order_by("path")
            .last()  # the one with the query, where both are known
        )
        return found.release if found else None


class FormerPath(models.Model):
    """One old path (with its query where that told pages apart), and the release that it leads to."""

    path = models.CharField(_("old path"), max_length=PATH_LENGTH, unique=True)
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="former_paths")

    objects = FormerPathQuerySet.as_manager()

    class Meta:
        verbose_name = _("old path")
        verbose_name_plural = _("old paths")
        ordering = ("path",)
        constraints = (
            models.CheckConstraint(
                condition=Q(path__startswith="/") & ~Q(path="/"), name="releases_formerpath_is_a_path"
            ),
        )

    def __str__(self) -> str:
        return self.path


class RemovedAddressQuerySet(models.QuerySet["RemovedAddress"]):
    """Addresses of what was removed whole."""

    def holds(self, *places: str) -> bool:
        """Stood something at any of these (`place_of`, old paths) that readers could see, and was removed?"""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return self.filter(digest__in=[_digest(place, key) for place in places for key in keys]).exists()

    def keep(self, places: Iterable[str]) -> None:
        """Answer 410 at these from now on."""
        rows = [RemovedAddress(digest=_digest(place, settings.SECRET_KEY)) for place in set(places)]
        self.bulk_create(rows, ignore_conflicts=True)


def place_of(language: str, slug: str) -> str:
    """What the address of a release is kept under. An old path begins with a slash, so the two are never the same."""
    return f"{language}/{slug}"


def _digest(place: str, key: str | bytes) -> str:
    return salted_hmac("releases.removed", place, secret=key, algorithm="sha256").hexdigest()


class RemovedAddress(models.Model):
    """An address at which a release stood that was removed whole. An address is made of the title, so a digest alone is kept: who has
    the address is told that it is gone, and who has the database without its key cannot tell which it was."""

    digest = models.CharField(max_length=64, unique=True)

    objects = RemovedAddressQuerySet.as_manager()

    def __str__(self) -> str:
        return self.digest


class MirrorList(models.Model):
    """`text` is what was signed (`releases.workflow.sign_mirrors` writes it), `signature` in Base64, `key` the public key as PEM."""

    text = models.TextField()
    signature = models.CharField(max_length=100)
    key = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        get_latest_by = "pk"

    def __str__(self) -> str:
        return self.text
