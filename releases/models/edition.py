"""What a public change leaves behind: the number of its edition, which parts of the site it changed, and the feeds of which
the hub is still to be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """One row. Whatever changes something public raises `number` in the same transaction (`releases.editions`)."""

    number = models.PositiveBigIntegerField(default=1)
    raised_at = models.DateTimeField()
    # The time zone by whose months `Tally` counts; empty where it does not count all that there is.
    counted_in = models.CharField(max_length=64, db_default="", blank=True)
    # How often releases were filed elsewhere without being published: counts that were begun before are wrong after it.
    refiled = models.PositiveIntegerField(db_default=0)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="releases_edition_single"),)

    def __str__(self) -> str:
        return str(self.number)


class EditionPart(models.Model):
    """The latest edition that changed a part of the public site (`releases.parts` names them), written in the transaction
    that raised it. A part that no row names has not changed since the last change of everything."""

    name = models.CharField(max_length=64, primary_key=True)
    number = models.PositiveBigIntegerField(db_index=True)

    def __str__(self) -> str:
        return self.name


class Tally(models.Model):
    """How many releases in a language are live and not withdrawn, due or not: in a month, or under a topic (primary key) in a
    year. Written by `releases.counts` alone."""

    language = models.CharField(max_length=10)
    topic = models.PositiveBigIntegerField()
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    number = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("language", "topic", "year", "month"), name="releases_tally_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.language} {self.topic} {self.year}-{self.month}: {self.number}"


class SharedTally(models.Model):
    """How many of them stand under two topics (primary keys), each pair both ways round."""

    language = models.CharField(max_length=10)
    topic = models.PositiveBigIntegerField()
    other = models.PositiveBigIntegerField()
    number = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("language", "topic", "other"), name="releases_sharedtally_once"),
        )

    def __str__(self) -> str:
        return f"{self.language} {self.topic} and {self.other}: {self.number}"


class Purge(models.Model):
    """A cache in front of the site, and the edition up to which it has been told of changes. What it has still to be told is what
    `EditionPart` names after that one. `taken_at` is set while somebody is telling it."""

    url = models.CharField(max_length=500, unique=True)
    number = models.PositiveBigIntegerField(default=0)
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.url


class Ping(models.Model):
    """One feed that `release` changed, or the vocabulary where there is none, written in the transaction that changed it.
    Nothing is sent before `due_at`, which is an embargo's end where there is one; `taken_at` is set while somebody is
    sending."""

    release = models.ForeignKey("releases.Release", on_delete=models.CASCADE, null=True, related_name="pings")
    path = models.CharField(_("feed"), max_length=600)
    due_at = models.DateTimeField(_("not before"))
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("what the hub said"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("ping")
        verbose_name_plural = _("pings")
        ordering = ("due_at", "pk")
        indexes = (
            models.Index(
                fields=("due_at", "id"), condition=models.Q(sent_at=None), name="releases_ping_waiting"
            ),
        )
        constraints = (
            models.CheckConstraint(condition=~models.Q(path=""), name="releases_ping_names_a_feed"),
        )

    def __str__(self) -> str:
        return self.path


class ScrubDoor(models.Model):
    """The door through which words are removed from what is frozen (`newsroom.safety.scrub`): while a row is there, triggers let words
    be changed, and nothing else. There is no edition 0, so the database refuses to commit such a row: it opens the door inside its own
    transaction alone.

    `whole` and `picture` are primary keys. With `whole` the rows of that release may be deleted, those of no other; with `picture`
    frozen revisions may lose that picture.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    whole = models.PositiveBigIntegerField(null=True)
    picture = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(edition=0), name="releases_scrubdoor_never_stays"),
        )

    def __str__(self) -> str:
        return "open"
