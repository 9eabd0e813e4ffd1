"""The verb on sources: naming the archived copy that readers are led to, or taking it away again."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.models import Event, Source
from releases.permissions import may
from releases.sources import copy_errors
from releases.workflow.public_change import public_change
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
    with public_change(sources=[source], at=at):
        source.archived_url, source.archived_on = address, day
        source.save(update_fields=["archived_url", "archived_on"])
    Event.objects.create(
        user=by,
        verb="archive source",
        at=at,
        detail={"source": source.url, "before": before, "after": _said(source)},
    )
    return source


def _said(source: Source) -> dict[str, str]:
    """The copy as the record keeps it."""
    day = source.archived_on.isoformat() if source.archived_on else ""
    return {"address": source.archived_url, "day": day}
