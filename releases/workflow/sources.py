"""The verb on sources: naming the archived copy that readers are led to, or taking it away again."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.editions import raise_edition
from releases.models import Event, Source, SourceCitation
from releases.outbox import feeds_changed, standing
from releases.permissions import may
from releases.sources import copy_errors
from releases.workflow.states import Refused


@transaction.atomic
def archive_source(
    source: Source, *, address: str, day: date | None, by: User, at: datetime | None = None
) -> Source:
    """Let readers of `source` find its copy, made on `day`, at `address`; without an address there is none any more.
    The same once more changes nothing. Raises `Refused`."""
    at = at or timezone.now()
    if not may(by, "archive source"):
        raise Refused([_("Your role does not allow you to add archived copies.")])
    source = Source.objects.select_for_update().get(pk=source.pk)
    if faults := copy_errors(source.url, address, day, today=timezone.localdate(at)):
        raise Refused(list(faults.values()))
    if (source.archived_url, source.archived_on) == (address, day):
        return source
    before = _said(source)
    source.archived_url, source.archived_on = address, day
    source.save(update_fields=["archived_url", "archived_on"])
    Event.objects.create(
        user=by,
        verb="archive source",
        at=at,
        detail={"source": source.url, "before": before, "after": _said(source)},
    )
    copy_changed(source, at=at)
    return source


def copy_changed(source: Source, *, at: datetime) -> None:
    """Every release that cites `source` shows another copy of it now, on its page and in feeds."""
    raise_edition(at)
    citing = SourceCitation.objects.filter(source=source).values_list("release_id", flat=True).distinct()
    feeds_changed(citing, before=standing(citing, at=at), at=at)


def _said(source: Source) -> dict[str, str]:
    """The copy as the record keeps it."""
    day = source.archived_on.isoformat() if source.archived_on else ""
    return {"address": source.archived_url, "day": day}
