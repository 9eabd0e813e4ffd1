"""Copies elsewhere that readers are led to: of what releases cite, and of the site itself."""

import base64
from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.models import Event, MirrorList, Source
from releases.permissions import may
from releases.signing import Key, public_pem
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


@transaction.atomic
def sign_mirrors(addresses: Iterable[str], *, key: Key, at: datetime | None = None) -> MirrorList:
    """Sign the list of mirrors and publish it in place of the one before. It stands in every feed."""
    at = at or timezone.now()
    lines = [
        "newsroom mirrors 1",
        f"site {settings.SITE_URL}",
        f"signed {at.astimezone(UTC).isoformat(timespec='seconds')}",
        *(f"mirror {one}" for one in addresses),
    ]
    text = "".join(f"{line}\n" for line in lines)
    signature = base64.b64encode(key.sign(text.encode())).decode()
    with public_change(everywhere=True, at=at):
        return MirrorList.objects.create(text=text, signature=signature, key=public_pem(key), signed_at=at)
