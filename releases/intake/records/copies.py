"""Archived copies of sources in an export: of all that is known of a source, the one thing that people said."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from releases.intake.records.fields import Record, Wrong
from releases.models.source import Source, source_key
from releases.sources import faults_of
from releases.text.links import address_of, host_of
from releases.workflow.sources import copy_changed


def take_copy(record: Record, *, at: datetime, dry: bool) -> int:
    """One source's line: 1 if its copy is kept, 0 where a copy is named already."""
    url, address = record.text("url", most=20_000), record.text("archived_url")
    try:
        day = date.fromisoformat(record.text("archived_on"))
    except ValueError as error:
        raise Wrong(_("“archived_on” should be a day such as 2011-06-10.")) from error
    if address_of(url) != url or not address:
        raise Wrong(_("“url” should be a whole web address, and “archived_url” that of its copy."))
    if faults := faults_of(url, address, day, today=timezone.localdate(at)):
        raise Wrong(" ".join(faults.values()))
    with transaction.atomic():
        source = Source.objects.filter(key=source_key(url)).first()
        if source is not None and source.archived_on is not None:
            return 0
        if not dry:
            source = source or Source(key=source_key(url), url=url, host=host_of(url))
            source.archived_url, source.archived_on = address, day
            source.save()
            copy_changed(source, at=at)
    return 1
