"""The buttons of the form: which there are, what they do, why some are not available, and what the page says afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import User
from releases import workflow
from releases.models import Release
from releases.models.release import State
from releases.permissions import may
from releases.workflow import reasons_against
from releases.workflow.moments import sentence
from releases.workflow.outlook import outlook
from releases.workflow.states import own_text


@dataclass(frozen=True)
class Button:
    """`saves`: what was typed is saved as the draft first. `safe`: it may be pressed while there are unsaved words."""

    name: str
    verb: str
    label: Any
    saves: bool = False
    safe: bool = False
    place: str = "row"


BUTTONS = (
    Button("_submit", "submit", _("Submit for approval"), saves=True),
    Button("_approve", "approve", _("Approve")),
    Button("_publish", "publish", _("Publish"), saves=True),
    Button("_schedule", "schedule", _("Schedule"), saves=True),
    Button("_correct", "correct", _("Publish as a correction"), saves=True, place="correct"),
    Button("_return", "return", _("Return to the author"), place="return"),
    Button("_unschedule", "unschedule", _("Unschedule"), place="more"),
    Button("_discard", "discard draft", _("Discard the draft"), safe=True, place="more"),
    Button("_hand_over", "hand over", _("Hand over"), place="hand_over"),
    Button("_withdraw", "withdraw", _("Withdraw"), safe=True, place="withdraw"),
)
# The button that leaves the stored text as it is.
TAKE_THEIRS = "_theirs"


def pressed_button(data: Mapping[str, Any]) -> Button | None:
    """The button that sent the form; None for plain "Save draft"."""
    return next((button for button in BUTTONS if button.name in data), None)


def do_verb(
    button: Button, release: Release, data: Mapping[str, Any], user: User, *, seen: int | None = None
) -> Release:
    """Do the verb of a button. Verbs that readers notice are confirmed first, in `confirm`."""
    comment = data.get("comment") or ""
    verbs: dict[str, Callable[[], Release]] = {
        "_submit": lambda: workflow.submit(release, by=user, comment=comment),
        "_approve": lambda: workflow.approve(release, by=user, comment=comment, seen=seen),
        "_return": lambda: workflow.return_draft(release, by=user, comment=comment, seen=seen),
        "_unschedule": lambda: workflow.unschedule(release, by=user, seen=seen),
        "_discard": lambda: workflow.discard_draft(release, by=user),
        "_withdraw": lambda: workflow.withdraw(
            release, by=user, notice=data.get("notice") or "", hide_title=bool(data.get("hide_title"))
        ),
        "_hand_over": lambda: _hand_over(release, data.get("hand_over_to"), user),
    }
    return verbs[button.name]()


def _hand_over(release: Release, to: User | None, user: User) -> Release:
    if to is None:
        reasons = reasons_against("hand over", release, by=user)
        raise workflow.Refused([*reasons, gettext("Choose the new author.")])
    return workflow.hand_over(release, to=to, by=user)


def buttons_for(
    user: User, release: Release | None
) -> tuple[dict[str, list[dict[str, Any]]], list[dict[str, Any]]]:
    """The buttons that `user` can press now, by their place; and the others, each with every reason against it."""
    found: dict[str, list[dict[str, Any]]] = {}
    refused = []
    for button in BUTTONS:
        reasons = _reasons(button, user, release)
        shown = {"name": button.name, "label": _label(button, release), "verb": button.verb}
        if not reasons:
            found.setdefault(button.place, []).append(shown)
        elif release is not None:
            refused.append({**shown, "reasons": reasons})
    return found, refused


def _reasons(button: Button, user: User, release: Release | None) -> list[str]:
    if release is None:
        possible = button.verb in {"publish", "schedule", "submit"} and may(user, button.verb)
        return [] if possible else [gettext("Write something first.")]
    state = release.state()
    if button.verb == "withdraw" and release.is_visible() and may(user, "withdraw", release):
        return []
    if button.saves and may(user, button.verb, release) and state in workflow.TABLE[button.verb]:
        # What is typed becomes the draft first. A missing draft or date is therefore no reason yet.
        if button.verb == "submit" and release.working and release.working.submitted_at:
            return reasons_against("submit", release, by=user)
        # Who wrote the stored text does not depend on what is typed.
        return own_text(release.working, user) if release.working and button.verb != "submit" else []
    return reasons_against(button.verb, release, by=user)


def _label(button: Button, release: Release | None) -> Any:
    if button.name == "_publish" and release is not None:
        if release.withdrawn_at:
            return gettext("Publish again")
        if release.is_visible():
            return gettext("Publish as a minor edit")
    return button.label


def success_message(release: Release, verb: str = "") -> str:
    """What `verb`, or a plain save, has done, and what will happen next."""
    state, next_step = release.state(), outlook(release) if release.live_id else ""
    if verb in {"publish", "schedule"} and state == State.SCHEDULED and release.publish_at:
        zone = ZoneInfo(settings.TIME_ZONE)
        return gettext("Scheduled: %s.") % sentence(release.publish_at, zone, timezone.now())
    if verb in {"publish", "correct"}:
        link = format_html('<a href="{}">{}</a>', release.get_absolute_url(), gettext("View it"))
        return format_html("{} {}", gettext("Published."), link)
    messages = {
        "hand over": gettext("Handed over: the author is now %s.") % release.created_by,
        "return": gettext("Returned to %s with your comment.") % release.created_by,
        "discard draft": gettext("The draft has been discarded; it stays in the history."),
        "unschedule": gettext("Unscheduled. It will not go out until it is published or scheduled again."),
        "withdraw": gettext("Withdrawn: the address now shows the notice."),
        "approve": gettext("Approved."),
        "submit": gettext("Submitted for approval."),
    }
    if verb in messages:
        return (
            f"{messages[verb]} {next_step}".strip()
            if verb in {"discard draft", "approve", "submit"}
            else messages[verb]
        )
    return (
        gettext("Saved as a draft. Readers do not see it.")
        if release.working
        else gettext("Nothing has changed.")
    )
