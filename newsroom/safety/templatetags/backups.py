"""What the desk says of the backups, to chiefs alone."""

from dataclasses import dataclass
from datetime import datetime

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.safety.backup import status
from releases.permissions import may
from releases.workflow.moments import span

register = template.Library()


@dataclass(frozen=True)
class Line:
    """A sentence; `warning` where somebody has to do something."""

    words: str
    warning: bool = False


@register.simple_tag
def backup_lines(user: User | AnonymousUser) -> list[Line]:
    """How old the last backup and the last drill are; nothing for whoever is no chief. Asks no database."""
    if not may(user, "change settings"):
        return []
    now = timezone.now()
    known = status.read(now)
    return [_of_backup(known, now), *([_of_drill(known, now)] if known.backup else [])]


def _of_backup(known: status.Status, now: datetime) -> Line:
    if known.backup is None:
        if not known.folder:
            return Line(_("No backups are made that this newsroom knows of. Ask whoever runs the machine."))
        return Line(_("No backup has been made yet. Tell whoever runs the machine."), warning=True)
    age = span(now - known.backup)
    if known.backup_is_old:
        return Line(
            _("The last backup was made %(age)s ago. Tell whoever runs the machine.") % {"age": age},
            warning=True,
        )
    return Line(_("The last backup was made %(age)s ago.") % {"age": age})


def _of_drill(known: status.Status, now: datetime) -> Line:
    if known.failed:
        words = _(
            "The last drill failed %(age)s ago: the backup could not be restored. Tell whoever runs the machine at once."
        )
        return Line(words % {"age": span(now - known.failed)}, warning=True)
    if known.drill is None:
        return Line(
            _("No backup has been restored yet to try it. Tell whoever runs the machine."), warning=True
        )
    age = span(now - known.drill)
    if known.drill_is_old:
        return Line(
            _("The last drill was %(age)s ago. Tell whoever runs the machine.") % {"age": age}, warning=True
        )
    return Line(
        _("The last drill was %(age)s ago: a backup was restored, compared, and nothing was missing.")
        % {"age": age}
    )
