"""What is hidden, in every state, and what is out beside it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from releases import workflow
from releases.models import Release
from releases.workflow import Words
from releases.workflow.public_change import public_change
from tests.leaks.crawl import SLUG, TITLE, TOPIC, WORD, secret


@pytest.fixture
def hide(module_makers, chief):
    """Make a release in a state in which readers may not see the secret words; a topic that is used by it alone."""

    made = module_makers
    make_draft, make_release, make_topic, editor = made.draft, made.release, made.topic, made.editor

    def make(state):
        topic = make_topic(f"{TOPIC} {state}")
        name = f"{SLUG}-{state.replace(' ', '-')}-x"  # none is the beginning of another
        due = timezone.now() + timedelta(days=2)
        colour = f"#{abs(hash(state)) % 0xFFFFFF:06x}"
        shown = secret(topics=[topic], picture=module_makers.picture(size=(240, 200), colour=colour))
        words = {**shown, "slug": name}
        if state == "draft over live":
            plain = make_release("Out with a draft over it", slug=name)
            made = workflow.save_draft(plain, Words(TITLE, **shown), by=editor)
        elif state == "returned and rewritten":
            made = workflow.submit(make_draft(TITLE, **words), by=editor)
            made = workflow.return_draft(made, by=chief, comment="Not so.")
            made = _rewritten(made, editor)
        elif state == "replaced before its time":
            made = _rewritten(make_release(TITLE, publish_at=due, **words), editor)
        elif state == "superseded":
            made = _rewritten(make_release(TITLE, **words), editor)
        elif state == "withdrawn before its time":
            made = make_release(TITLE, publish_at=due, **words)
            # As the workflow does not do it, which knows of a withdrawal only what readers could see before.
            with transaction.atomic(), public_change(made, at=timezone.now()):
                made.withdrawn_at, made.withdrawal_notice = timezone.now(), WORD
                made.save()
        elif state == "withdrawn":
            made = workflow.withdraw(
                make_release(TITLE, **words), by=editor, notice="Withdrawn for safety.", hide_title=True
            )
        elif state.startswith("scheduled"):
            made = make_release(TITLE, publish_at=due, **words)
            if state != "scheduled":
                made = workflow.save_draft(made, Words(TITLE, **shown), by=editor)
        else:
            made = make_draft(TITLE, publish_at=due, **words)
            if state != "draft":
                made = workflow.submit(made, by=editor)
            if state == "approved":
                made = workflow.approve(made, by=chief)
        made.refresh_from_db()
        assert str(made.state()) in (state, "published", "scheduled", "withdrawn")
        workflow.share_preview(made, by=editor, days=1)
        return made, topic.slug

    return make


def _rewritten(release, editor):
    """Its words replaced by others and published."""
    plain = Words("Rewritten", body="<p>Other words.</p>", publish_at=None)
    release = workflow.save_draft(Release.objects.get(pk=release.pk), plain, by=editor)
    return workflow.publish(Release.objects.get(pk=release.pk), by=editor)


@pytest.fixture(scope="module")
def others(module_makers):
    """What is out, so that there is something to follow: enough for a volume, in two languages, one with a picture."""
    shared = module_makers.topic("Shared")
    for number in range(21):
        module_makers.release(f"Already out {number}", topics=[shared])
    picture = module_makers.picture(size=(250, 200))
    module_makers.release(
        "已经", language="zh-hans", slug="out-zh", topics=[shared], picture=picture, picture_alt="A disc"
    )
    return shared


@pytest.fixture(autouse=True)
def _requests_have_one_name(requests_have_one_name):
    """Every answer here is compared with another."""
