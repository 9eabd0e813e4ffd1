"""What the form's script sends along with the words: which opened form they come from, and as whom they were written."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from releases.numbers import whole
from releases.workflow.receipts import LAST_TURN, Sending, kept

# Names of the fields; static/js/admin/press.js and autosave.js write them, the form's template the last one.
VISIT, TURN, FOLLOWS, WRITTEN_BY = "visit", "turn", "follows", "written_by"
MOST_FOLLOWED = 20


def sending_of(request: HttpRequest) -> Sending | None:
    """What is sent, or None from a page without scripts."""
    visit, turn = _uuid(request.POST.get(VISIT, "")), whole(request.POST.get(TURN))
    if visit is None or turn is None:
        return None
    follows = request.POST.get(FOLLOWS, "").split(",", MOST_FOLLOWED)[:MOST_FOLLOWED]
    return Sending(visit, min(turn, LAST_TURN - 1), tuple(found for one in follows if (found := _uuid(one))))


def by_another(request: HttpRequest) -> str:
    """Why these words are not taken: the page was opened by somebody else than who is signed in now; else empty."""
    written_by = request.POST.get(WRITTEN_BY, "")
    if not written_by or written_by == str(request.user.pk):
        return ""
    words = _(
        "You are signed in as %(who)s, and somebody else wrote this. Whoever wrote it signs in, and goes on."
    )
    return words % {"who": request.user}


@require_POST
def taken(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and what is kept of a visit of theirs: {user, another, taken: {turn, whole, seen, pk} or null}.

    Asked before a button's form leaves, so that a page whose session has ended, or whose server is gone, stays.
    """
    visit = _uuid(request.POST.get(VISIT, ""))
    found = kept(visit, by=request.user) if visit else None
    answer: dict[str, Any] = {"user": request.user.pk, "another": by_another(request), "taken": None}
    if found is not None:
        answer["taken"] = {
            "turn": found.turn, "whole": found.whole, "seen": found.save_number, "pk": found.release_id,
        }  # fmt: skip
    return JsonResponse(answer)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) <= 36 else None
    except ValueError:
        return None
