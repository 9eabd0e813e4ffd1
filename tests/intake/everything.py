"""A newsroom in which everything has happened, and an emptied one, for the tests of going out and coming in again."""

import io
import shutil
from datetime import date, timedelta

from django.conf import settings
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from releases import workflow
from releases.models import Event, FormerPath, Release, Source, Topic
from releases.models.topic import key_of
from releases.workflow import Words, topics
from releases.workflow.copies import archive_source
from releases.workflow.pictures import add_picture
from tests import database
from tests.makers import body_with


def topic(name, **fields):
    """A topic, which the sample newsroom may have already."""
    found = Topic.objects.filter(key=key_of(name)).first() or Topic(name=name)
    for field, value in fields.items():
        setattr(found, field, value)
    found.save()
    return found


def picture(by, colour="red"):
    """A picture in the library."""
    file = io.BytesIO()
    Image.new("RGB", (420, 300), colour).save(file, "PNG")
    file.seek(0)
    return add_picture(file, name=f"{colour}.png", by=by)


def newsroom_of_everything(make_user):
    """A newsroom in which everything has happened that an export has to carry."""
    writer, editor, chief = (make_user(name, name) for name in ("writer", "editor", "chief"))
    make_user("gone", "writer").delete()
    at = timezone.now() - timedelta(days=400)
    land, law, old = topic("Land, Property, Housing"), topic("Rule Of Law"), topic("Justice")
    uyghur = topic("Uyghurs, Uighurs", names={"zh-hans": "维吾尔人"}, synonyms=["Uygur"])

    def draft(title, *, language="en", slug="", publish_at=None, notes=3, filed=(), when=at):
        words = Words(
            title=title,
            body=body_with(notes),
            summary="Sum.",
            dateline="Geneva",
            topics=filed,
            publish_at=publish_at,
        )
        return workflow.save_draft(None, words, by=writer, language=language, slug=slug, at=when)

    first = draft("Corrected", publish_at=at, filed=[land, old])
    workflow.publish(first, by=editor, at=at)
    workflow.save_draft(
        first,
        Words(title="Corrected well", body=body_with(2), topics=[law, old]),
        by=writer,
        at=at + timedelta(days=1),
    )
    workflow.correct(first, by=editor, note="The number was 12.", at=at + timedelta(days=2))
    workflow.save_draft(
        first,
        Words(title="A draft over it", body="<p>Draft.</p>", topics=[law]),
        by=writer,
        at=at + timedelta(days=3),
    )
    moved = workflow.publish(
        draft("Moved", slug="old-place", publish_at=at + timedelta(days=5), filed=[old]),
        by=editor,
        at=at + timedelta(days=5),
    )
    workflow.readdress(moved, slug="new-place", by=editor)
    gone = workflow.publish(
        draft("Withdrawn", publish_at=at + timedelta(days=5)), by=editor, at=at + timedelta(days=5)
    )
    workflow.withdraw(gone, by=editor, notice="It named a witness.")
    chinese = workflow.publish(
        draft("撤下的文章", language="zh-hans", publish_at=at, filed=[uyghur]), by=editor, at=at
    )
    workflow.tie(chinese, Release.objects.get(pk=moved.pk), by=editor)
    workflow.publish(
        draft("Embargoed", publish_at=timezone.now() + timedelta(days=30), filed=[law]), by=editor
    )
    submitted = draft("Submitted")
    workflow.submit(submitted, by=writer)
    workflow.return_draft(submitted, by=editor, comment="Check note 2.")
    workflow.approve(workflow.submit(draft("Approved"), by=writer), by=editor)
    draft("Only a draft", notes=0)
    FormerPath.objects.create(path="/content/17?lang=en", release=moved)
    topics.merge(old, law, by=chief)
    topics.undo(Event.objects.filter(verb="merge topics").get(), by=chief)
    topics.merge(old, law, by=chief)
    topics.rename(land, topics.Naming(name="Land and Housing", names={}, slug="land"), by=chief)
    topics.split(law, {land: [Release.objects.get(pk=moved.pk)]}, by=chief)
    topics.retire(uyghur, by=chief)
    shown = Words(
        "With a picture", "<p>Words.</p>", publish_at=at, picture=picture(editor), picture_alt="A court"
    )
    workflow.publish(workflow.save_draft(None, shown, by=editor, at=at), by=editor, at=at)
    picture(editor, "green")  # which no release shows
    default_storage.save("papers/2011/a.bin", ContentFile(b"\x00\x01\xff"))


def extremes(make_user):
    """What is rare, long, odd or in another script."""
    editor = make_user("extreme", "editor")
    left = make_user("left", "writer")
    left.is_active = False
    left.save()
    boss = make_user("Boss", None)
    boss.is_superuser = True
    boss.save()
    tibetan = topic("བོད་ཀྱི་སྐད་ཡིག", names={"zh-hant": "藏語", "zh-hans": "藏语"}, description="Äöü & <b>")
    commas = topic("Major Event (Environment, Food Safety, Accident, etc.)")
    at = timezone.now() - timedelta(days=100, microseconds=1)
    group = []
    for number, (language, title) in enumerate(
        [
            ("en", "“=1+1” & <script>alert(1)</script> " + "long " * 50),
            ("zh-hans", "题" * 120),
            ("zh-hant", "ئۇيغۇر ‏أ𠀀😀"),
        ]
    ):
        words = Words(
            title, body_with(60 * number), summary="x" * 600, topics=[tibetan, commas], publish_at=at
        )
        group.append(
            workflow.publish(workflow.save_draft(None, words, by=editor, language=language, at=at), by=editor)
        )
    workflow.tie(group[0], *group[1:], by=editor)
    empty = workflow.save_draft(None, Words("Nothing in it"), by=left if left.is_active else editor, at=at)
    workflow.hand_over(empty, to=boss, by=boss)
    back = workflow.publish(
        workflow.save_draft(None, Words("Back again", "<p>One.</p>", publish_at=at), by=editor), by=editor
    )
    workflow.withdraw(back, by=editor, notice="<b>Not</b> right.\nAt all.")
    workflow.publish(back, by=editor)
    workflow.save_draft(back, Words("Back again", "<p>Two.</p>"), by=editor)
    workflow.publish(back, by=editor)
    workflow.withdraw(back, by=editor, notice="Gone for good.")
    workflow.save_draft(back, Words("Back again", "<p>A draft over what is withdrawn.</p>"), by=editor)
    later = workflow.save_draft(
        None, Words("Later", "<p>Soon.</p>", publish_at=timezone.now() + timedelta(days=9)), by=editor
    )
    workflow.readdress(workflow.publish(later, by=editor), slug="later-elsewhere", by=editor)
    source = Source.objects.filter(url="https://example.org/1").get()
    archive_source(source, address="https://archive.example/2020/x", day=date(2020, 2, 29), by=editor)


def emptied():
    """A newsroom as it is after its migrations."""
    database.bring_back()
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    for cache in caches.all():
        cache.clear()
