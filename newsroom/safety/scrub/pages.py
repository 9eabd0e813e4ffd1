"""The page on which a chief removes words, a release or a picture from everything. Words travel in posted forms alone: they are in no
address, no session and no log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from newsroom.accounts import record
from newsroom.accounts.reauthentication import confirmed
from newsroom.http import Request, ours
from newsroom.locks import hold
from newsroom.safety.scrub import preview, whole
from newsroom.safety.scrub.command import lines
from newsroom.safety.scrub.forms import WordsForm
from newsroom.safety.scrub.places import find
from newsroom.safety.scrub.remains import Scrubbed, finished, run
from newsroom.safety.scrub.spellings import look
from releases.admin.base import staff_page
from releases.admin.picture import thumbnail_url
from releases.models import Picture, Release
from releases.numbers import whole as number_of
from releases.permissions import may
from releases.text.removal import Removal
from releases.workflow import OtherRows, Refused
from releases.workflow.removal import pictures_of, rows_of, uses_of

View = Callable[[HttpRequest], HttpResponseBase]
# Writing a larger database anew is not done while a browser waits (bytes).
AT_ONCE: Final = 300 * 1024 * 1024


class Busy(Exception):
    """Another removal is under way."""


def _for_chiefs(view: View) -> View:
    """Whoever may not is refused, and is not asked once more who they are."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if not may(request.user, "remove words"):
            raise PermissionDenied
        return view(request)

    return guarded


@_for_chiefs
@confirmed
@sensitive_post_parameters()
def scrub(request: HttpRequest) -> HttpResponse:
    """GET begins; what is posted says which step comes next."""
    step = _STEPS.get(request.POST.get("step", ""), _begin)
    try:
        return step(ours(request))
    except Busy:
        problem = _(
            "Another removal is under way at this moment. Nothing was changed by yours: look again in a minute."
        )
    except OperationalError:
        problem = _(
            "The database is in use by somebody else, perhaps by another removal. Nothing was changed: try again in a minute."
        )
    return _begin(ours(request), problem=problem, status=409)


def _begin(
    request: Request, *, problem: str = "", status: int = 200, form: WordsForm | None = None
) -> HttpResponse:
    initial = {"by": _("[name removed]")}
    kept = WordsForm(request.POST) if "words" in request.POST else WordsForm(initial=initial)
    context = {
        "form": form or kept, "problem": problem,
        "release": _asked(request, "release"), "picture": _asked(request, "picture"),
    }  # fmt: skip
    return _page(request, "begin", _("Remove for somebody’s safety"), context, status=status)


def _asked(request: Request, name: str) -> str:
    """A number in the address tells no word, so a page may lead here with it."""
    found = number_of(request.GET.get(name))
    return str(found) if found is not None else request.POST.get(name, "")[:300]


# ------------------------------------------------------------------ words


def _spellings(request: Request) -> HttpResponse:
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _begin(request, form=form, status=422)
    data = form.cleaned_data
    found = look(data["spellings"], whole_words=not data["parts"])
    typed = [one for one in found if one.typed]
    unseen = [
        line
        for line in data["spellings"]
        if not any(Removal([line], "").stands_in(one.text) for one in typed)
    ]
    context = {
        "form": form,
        "typed": typed,
        "offered": [one for one in found if not one.typed],
        "unseen": unseen,
    }
    return _page(request, "spellings", _("Which spellings are meant?"), context)


def _places(request: Request, *, problem: str = "", status: int = 200) -> HttpResponse:
    data = request.POST.copy()
    # What was ticked is a spelling like one that was typed.
    data["words"] = "\n".join(dict.fromkeys([*lines(data.get("words", "")), *data.getlist("spelling")]))
    form = WordsForm(data)
    if not form.is_valid():
        return _begin(request, form=form, status=422)
    found = list(find(form.removal()))
    here = [one for one in found if not one.left]
    page, groups = preview.grouped(here, number_of(request.POST.get("page")))
    context = {
        "form": form, "spellings": form.cleaned_data["spellings"], "by": form.cleaned_data["by"], "number": len(here), "page": page,
        "groups": groups, "counted": preview.counted(here), "left": preview.left_to_people(found),
        "translations": preview.translations_without(here), "problem": problem,
    }  # fmt: skip
    return _page(request, "places", _("Every place"), context, status=status)


def _remove_words(request: Request) -> HttpResponse:
    form = WordsForm(request.POST)
    expected = number_of(request.POST.get("places"))
    if not form.is_valid() or expected is None:
        return _places(request)
    removal = form.removal()
    try:
        with _alone():
            done = run(
                removal, removal.spellings, by=request.user, expected=expected, at_once=_is_small(),
                access=lambda places: record.note("words removed", request=request, places=places),
            )  # fmt: skip
    except OtherRows as error:
        words = _(
            "There are %(count)d places by now, and not %(shown)d: somebody saved meanwhile. Nothing was changed; look at them again."
        )
        return _places(request, problem=words % {"count": error.count, "shown": expected}, status=409)
    return _done(request, done, kind="words", spellings=removal.spellings, none=not done.places)


# ------------------------------------------------------------------ a whole release, a picture


def _release(request: Request, *, problem: str = "", status: int = 200) -> HttpResponse:
    asked = request.POST.get("release", "")
    found = whole.release_at(asked)
    if len(found) != 1:
        words = _(
            "No release stands there: copy its address from the site, or its number from the address of its form."
        )
        if found:
            words = _(
                "Several releases stand there, one a language: say the number of the one that is meant."
            )
        return _begin(request, problem=problem or words, status=422)
    release = found[0]
    rows = rows_of(release)
    mentions = whole.mentions_of(release)
    page, groups = preview.grouped(mentions, 1)
    context = {
        "release": release, "state": release.state().label, "number": rows.total(), "rows": _kinds(rows),
        "pictures": pictures_of(release), "mentions": len(mentions), "groups": groups, "page": page, "problem": problem,
        "embargoed": release.live_id and not release.is_announced(),
    }  # fmt: skip
    return _page(request, "release", _("Remove a whole release"), context, status=status)


def _kinds(rows: Any) -> list[tuple[str, int]]:
    names = {
        "revision": _("revisions"), "version": _("stored versions of drafts"), "event": _("events of its history"),
        "correction": _("corrections"), "previewlink": _("preview links"), "address": _("addresses"), "formerpath": _("old paths"),
        "sourcecitation": _("records of cited sources"), "searchentry": _("entries of the search"),
    }  # fmt: skip
    known = [(name, rows[kind]) for kind, name in names.items() if rows[kind]]
    rest = rows.total() - sum(count for _name, count in known)
    return [*known, (_("other rows"), rest)] if rest else known


def _remove_release(request: Request) -> HttpResponse:
    release = Release.objects.filter(pk=number_of(request.POST.get("release")) or 0).first()
    if release is None:
        problem = _("This release is not there any more: somebody has removed it meanwhile.")
        return _begin(request, problem=problem, status=409)
    expected = number_of(request.POST.get("places"))
    verb = partial(
        whole.remove_release, release, expected=expected or 0,
        access=lambda rows: record.note("release removed", request=request, release=release.pk, rows=rows),
    )  # fmt: skip
    return _removed(request, verb, _release, kind="release")


def _removed(
    request: Request, verb: Callable[..., Scrubbed], look_again: Callable[..., HttpResponse], *, kind: str
) -> HttpResponse:
    """Do it, alone; what was saved meanwhile is to be looked at again."""
    try:
        with _alone():
            done = verb(by=request.user, at_once=_is_small())
    except OtherRows:
        problem = _("Something was saved meanwhile. Nothing was removed: look at it again.")
        return look_again(request, problem=problem, status=409)
    except Refused as refusal:
        return _begin(request, problem=" ".join(refusal.reasons), status=409)
    return _done(request, done, kind=kind)


def _picture(request: Request, *, problem: str = "", status: int = 200) -> HttpResponse:
    picture = whole.picture_at(request.POST.get("picture", ""))
    if picture is None:
        words = _("No such picture: copy the number from the address of its page in the library.")
        return _begin(request, problem=problem or words, status=422)
    revisions, versions = uses_of(*Picture.objects.filter(digest=picture.digest))
    releases = {one.release_id for one in revisions} | {one.revision.release_id for one in versions}
    context = {
        "picture": picture, "thumbnail": thumbnail_url(picture), "number": len(revisions) + len(versions), "revisions": len(revisions), "versions": len(versions),
        "releases": Release.objects.filter(pk__in=releases).select_related("live", "working").order_by("pk"), "problem": problem,
    }  # fmt: skip
    return _page(request, "picture", _("Remove a picture"), context, status=status)


def _remove_picture(request: Request) -> HttpResponse:
    picture = Picture.objects.filter(pk=number_of(request.POST.get("picture")) or 0).first()
    if picture is None:
        problem = _("This picture is not there any more: somebody has removed it meanwhile.")
        return _begin(request, problem=problem, status=409)
    expected = number_of(request.POST.get("places"))
    verb = partial(
        whole.remove_picture, picture, expected=-1 if expected is None else expected,
        access=lambda places: record.note("picture removed", request=request, places=places),
    )  # fmt: skip
    return _removed(request, verb, _picture, kind="picture")


# ------------------------------------------------------------------ what was done


def _bytes(request: Request) -> HttpResponse:
    """The second half alone, where the first left it for later."""
    spellings = lines(request.POST.get("words", ""))
    with _alone():
        done = finished(0, spellings, None)
    return _done(request, done, kind="bytes", spellings=spellings)


def _done(request: Request, done: Scrubbed, **context: Any) -> HttpResponse:
    return _page(request, "done", _("Removed"), {"done": done, **context})


def _is_small() -> bool:
    return preview.size_of_database() <= AT_ONCE


@contextmanager
def _alone() -> Iterator[None]:
    """One removal at a time on this machine; on others the database makes them wait. Raises Busy."""
    with open(Path(settings.DATA_DIR) / "scrub.lock", "w") as file:
        hold(file, Busy())
        yield


def _page(
    request: Request, name: str, title: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return staff_page(request, f"scrub/{name}", title, context, status=status)


_STEPS: Final[dict[str, Callable[[Request], HttpResponse]]] = {
    "spellings": _spellings, "places": _places, "remove": _remove_words,
    "release": _release, "remove release": _remove_release,
    "picture": _picture, "remove picture": _remove_picture, "bytes": _bytes,
}  # fmt: skip
