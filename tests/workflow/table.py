"""The whole table of verb, role and state, written out by hand, and a maker for each state."""

from datetime import timedelta

from django.utils import timezone

from releases import workflow
from releases.models import Release
from releases.workflow import Words

# Upper case: live words and no draft, or no live words at all; with "+d" a draft lies over live words, with "+s" a
# submitted one, with "+a" an approved one.
STATES = ("D", "S", "A", "E", "E+d", "E+s", "P", "P+d", "P+s", "P+a", "W", "W+d", "W+s")
# verb: the states in which it is possible. The draft, where there is one, plans a date in the future.
POSSIBLE = {
    "save draft": set(STATES),
    "discard draft": {"E+d", "E+s", "P+d", "P+s", "P+a", "W+d", "W+s"},
    "restore": set(STATES),
    "submit": {"D", "E+d", "P+d", "W+d"},
    "return": {"S", "A", "E+s", "P+s", "P+a", "W+s"},
    "approve": {"S", "E+s", "P+s", "W+s"},
    "schedule": {"D", "S", "A", "E+d", "E+s"},
    "unschedule": {"E", "E+d", "E+s"},
    "publish": {"D", "S", "A", "E+d", "E+s", "P+d", "P+s", "P+a", "W", "W+d", "W+s"},
    "correct": {"P+d", "P+s", "P+a"},
    "withdraw": {"P", "P+d", "P+s", "P+a"},
    "hand over": set(STATES),
    "change address": set(STATES),
    "tie": set(STATES),
    "translate": set(STATES),
}
# How many events a verb leaves that touches several releases.
EVENTS = {"tie": 2, "translate": 3}
# Whom the role lets. A writer does their own alone; a live address (E, P, W) moves by editors only.
WRITERS = {
    "save draft", "discard draft", "restore", "submit", "hand over", "change address", "tie", "translate",
}  # fmt: skip
# What readers are told besides the words.
PROMISES = {"change address", "tie"}
ROLES = ("author", "other writer", "editor", "chief", "nobody")


def allowed(verb: str, role: str, state: str) -> bool:
    """What the table says."""
    if state not in POSSIBLE[verb]:
        return False
    if role == "author":
        return verb in WRITERS and not (verb in PROMISES and state[0] in "EPW")
    if role == "other writer":
        return verb == "translate" and state[0] == "P"
    return role in {"editor", "chief"}


def make(state: str, author, editor, *, text=None, later_text=None):
    """A release of `author` in `state`; `text` are further words of it, `later_text` those of the draft over live ones."""
    future = timezone.now() + timedelta(days=3)
    at = timezone.now() - timedelta(hours=3)
    date = future if state[0] in "DSAE" else None
    release = workflow.save_draft(
        None, Words(f"In {state}", publish_at=date, **(text or {})), by=author, at=at
    )
    first, *over = state.split("+")
    if first in "SA":
        release = workflow.submit(release, by=author, at=at)
    if first == "A":
        release = workflow.approve(release, by=editor, at=at)
    if first in "EPW":
        release = workflow.publish(release, by=editor, at=at)
    if first == "W":
        release = workflow.withdraw(release, by=editor, notice="Gone.", at=at)
    if over:
        due = future + timedelta(hours=1) if first == "E" else None
        words = Words(f"Changed in {state}", publish_at=due, **(later_text or {}))
        release = workflow.save_draft(release, words, by=author, at=at)
    if over in (["s"], ["a"]):
        release = workflow.submit(release, by=author, at=at)
    if over == ["a"]:
        release = workflow.approve(release, by=editor, at=at)
    return release


def in_chinese(editor):
    """What readers see in another language: what "tie" is tried with."""
    return workflow.publish(
        workflow.save_draft(None, Words("In Chinese"), by=editor, language="zh-hans"), by=editor
    )


def do(verb: str, release, user, target):
    """Do `verb` with whatever it needs besides."""
    call = {
        "save draft": lambda: workflow.save_draft(release, Words("Typed anew"), by=user),
        "discard draft": lambda: workflow.discard_draft(release, by=user),
        "restore": lambda: workflow.restore(release, release.revisions.order_by("number")[0], by=user),
        "submit": lambda: workflow.submit(release, by=user),
        "return": lambda: workflow.return_draft(release, by=user, comment="Name the source."),
        "approve": lambda: workflow.approve(release, by=user),
        "schedule": lambda: workflow.schedule(release, by=user),
        "unschedule": lambda: workflow.unschedule(release, by=user),
        "publish": lambda: workflow.publish(release, by=user),
        "correct": lambda: workflow.correct(release, by=user, note="A figure was wrong."),
        "withdraw": lambda: workflow.withdraw(release, by=user, notice="Gone."),
        "hand over": lambda: workflow.hand_over(release, to=target, by=user),
        "change address": lambda: workflow.readdress(release, slug="elsewhere", by=user),
        "tie": lambda: workflow.tie(release, Release.objects.get(slug="in-chinese"), by=user),
        "translate": lambda: workflow.translate(release, "zh-hant", by=user),
    }
    return call[verb]()
