"""A newsroom with a release in every state, and the pages that staff see of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from releases import workflow
from releases.models import Event
from releases.workflow import Words
from releases.workflow import topics as vocabulary_verbs
from tests.makers import body_with
from tests.pictures.conftest import photo

ADD = "/admin/releases/release/add/"


@pytest.fixture
def pages(
    editor, chief, make_user, make_topic, make_draft, make_release, settings, tmp_path
) -> dict[str, str]:
    """Name of a page: its address."""
    settings.MEDIA_ROOT = tmp_path / "media"
    picture = workflow.add_picture(photo(), name="On the wall.jpg", by=editor)
    topics = [make_topic(name) for name in ("Archives", "Harbours", "Law, Land", "Rule Of Law", "Old Word")]
    filed = {"topics": topics[:2], "notes": 2, "summary": "In short.", "dateline": "Saltmere"}
    draft = make_draft("A draft about the harbour", **filed)
    submitted = workflow.submit(make_draft("Submitted about the harbour", **filed), by=editor)
    approved = workflow.submit(make_draft("Approved about the harbour", **filed), by=editor)
    approved = workflow.approve(approved, by=chief)
    returned = workflow.submit(make_draft("Returned about the harbour", **filed), by=editor)
    returned = workflow.return_draft(returned, by=chief, comment="Say who closed it.")
    make_draft("A plan", publish_at=timezone.now() + timedelta(days=1))
    scheduled = make_release("Scheduled", publish_at=timezone.now() + timedelta(days=2, hours=1), **filed)
    shown = {"picture": picture, "picture_alt": "A red disc"}
    published = make_release("Published about the harbour", **filed, **shown)
    over = make_release("Published, with a draft", **filed)
    changed = Words("Published, with another title", body_with(3), topics=tuple(topics[1:3]))
    over = workflow.save_draft(over, changed, by=chief)
    workflow.translate(published, "zh-hans", by=editor)
    make_draft("Of the harbour in another language", language="bo")
    withdrawn = workflow.withdraw(make_release("Withdrawn", **filed), by=editor, notice="It was wrong.")
    for one in (draft, workflow.share_preview(draft, by=editor, days=3, note="The translator")):
        assert one.pk
    closed = workflow.share_preview(draft, by=editor, days=1, note="A partner")
    workflow.revoke_preview(closed, by=editor)
    merged = topics[4]
    vocabulary_verbs.merge(merged, topics[1], by=chief)
    topic, person = topics[0], make_user("walter", "writer")
    base, vocabulary = "/admin/releases/release/", "/admin/releases/topic/"
    states = {
        "draft": draft, "submitted": submitted, "approved": approved, "returned": returned,
        "scheduled": scheduled, "published": published, "published with a draft": over, "withdrawn": withdrawn,
    }  # fmt: skip
    return {
        "desk": "/admin/",
        "list": base,
        "list, searched": f"{base}?q=harbour&state=draft",
        "list, nothing found": f"{base}?q=zzz",
        "add": ADD,
        **{f"form: {state}": f"{base}{release.pk}/change/" for state, release in states.items()},
        "history": f"{base}{over.pk}/history/",
        "compare": f"{base}{over.pk}/compare/",
        "preview": f"{base}{draft.pk}/preview/widths/",
        "links": f"{base}{draft.pk}/links/",
        "open links": f"{base}links/",
        "translations": f"{base}{published.pk}/translations/",
        "translations, found": f"{base}{published.pk}/translations/?q=harbour",
        "before it goes out": f"{base}{over.pk}/confirm/publish/?seen={over.working.save_number}",
        "calendar": f"{base}calendar/",
        "word file": f"{base}docx/",
        "topics": vocabulary,
        "topic": f"{vocabulary}{topic.pk}/change/",
        "topic, merged": f"{vocabulary}{merged.pk}/change/",
        "new topic": f"{vocabulary}add/",
        "merge": f"{vocabulary}{topic.pk}/merge/",
        "merge, previewed": f"{vocabulary}{topic.pk}/merge/?into={topics[1].pk}",
        "split": f"{vocabulary}{topic.pk}/split/",
        "split, releases": f"{vocabulary}{topic.pk}/split/?into={topics[2].pk}&into={topics[3].pk}",
        "retire": f"{vocabulary}{topic.pk}/retire/",
        "changes, with undo": f"{vocabulary}changes/",
        "record": "/admin/releases/event/",
        "one event": f"/admin/releases/event/{Event.objects.first().pk}/change/",
        "pictures": "/admin/releases/picture/",
        "picture": f"/admin/releases/picture/{picture.pk}/change/",
        "new picture": "/admin/releases/picture/add/",
        "picture, deleted": f"/admin/releases/picture/{picture.pk}/delete/",
        "sources": "/admin/releases/source/",
        "people": "/admin/accounts/user/",
        "person": f"/admin/accounts/user/{person.pk}/change/",
        "new person": "/admin/accounts/user/add/",
        "signing in": "/accounts/2fa/",
        "no such page": "/admin/nowhere/",
    }


@pytest.fixture
def staff(window: Callable[..., Page], chief) -> Page:
    """A chief's browser: chiefs see everything."""
    return window(chief, viewport={"width": 768, "height": 900}, reduced_motion="reduce")
