"""Who sees a picture: readers while a release that they see shows it, staff by their role."""

from datetime import timedelta

import feedparser
import pytest
from django.urls import reverse
from django.utils import timezone

from releases import editions, workflow
from releases.models import PreviewLink, Release
from releases.parts import release_part
from releases.pictures import names_of
from releases.purges import key_of, keys_of_change
from releases.workflow import Words
from releases.workflow.words import words_of

pytestmark = pytest.mark.django_db


def files(picture):
    return [f"/pictures/{picture.uuid}/{name}" for name in names_of(picture.width)]


def answers(client, picture):
    return {client.get(path).status_code for path in files(picture)}


def test_readers_see_it_while_a_visible_release_shows_it(client, make_picture, make_release, editor):
    picture = make_picture()
    assert answers(client, picture) == {404}
    release = make_release(picture=picture, picture_alt="A disc")
    assert answers(client, picture) == {200}
    workflow.withdraw(release, by=editor, notice="Withdrawn.")
    assert answers(client, picture) == {404}


def test_a_picture_under_embargo_is_seen_at_its_moment_and_not_before(
    client, make_picture, make_release, monkeypatch
):
    picture, due = make_picture(), timezone.now() + timedelta(days=1)
    make_release(picture=picture, picture_alt="A disc", publish_at=due)
    for moment, status in ((due - timedelta(microseconds=1), 404), (due, 200)):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert answers(client, picture) == {status}


def test_the_picture_of_a_draft_over_live_words_and_one_that_was_replaced_are_not_seen(
    client, make_picture, make_release, editor
):
    old, new = make_picture(), make_picture(colour="#2030b0")
    release = make_release(picture=old, picture_alt="A red disc")
    draft = Words("A title", picture=new, picture_alt="A blue disc")
    workflow.save_draft(release, draft, by=editor)
    assert (answers(client, old), answers(client, new)) == ({200}, {404})
    workflow.publish(Release.objects.get(), by=editor)
    assert (answers(client, old), answers(client, new)) == ({404}, {200})


def test_only_the_files_that_readers_need_are_there(client, make_picture, make_release):
    picture = make_picture()
    make_release(picture=picture, picture_alt="A disc")
    for name in (
        "master.jpg",
        "1600.jpg",
        "400.png",
        "..",
        "%2e%2e%2fmaster.jpg",
        "a" * 300,
        "%00",
        "card.jpg%00",
    ):
        assert client.get(f"/pictures/{picture.uuid}/{name}").status_code == 404, name
    assert client.get(f"/pictures/{picture.uuid.int}/400.jpg").status_code == 404


def test_a_file_is_answered_304_and_says_how_long_it_may_be_kept(client, make_picture, make_release):
    picture = make_picture()
    make_release(picture=picture, picture_alt="A disc")
    first = client.get(files(picture)[0])
    assert first.headers["Content-Type"] == "image/avif"
    assert first.headers["Cache-Control"] == "public, max-age=60, immutable"
    assert "Surrogate-Key" not in first.headers
    assert not first.cookies
    again = client.get(files(picture)[0], headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_caches_that_are_told_know_which_releases_show_it(
    client, make_picture, make_release, editor, settings
):
    settings.PURGE_URLS = ["http://cache.example/"]
    picture = make_picture()
    first = make_release("One", picture=picture, picture_alt="A disc")
    second = make_release("Two", picture=picture, picture_alt="A disc")
    make_release("Three")
    answer = client.get(files(picture)[0])
    assert set(answer.headers["xkey"].split()) == {
        key_of("site"),
        *(key_of(release_part(one.pk)) for one in (first, second)),
    }
    assert answer.headers["Surrogate-Control"] == "max-age=86400"
    then = editions.current()
    workflow.withdraw(first, by=editor, notice="Gone.")
    purged = keys_of_change(editions.changed_between(then, editions.current()))
    assert key_of(release_part(first.pk)) in purged


def test_a_file_is_never_read_whole(client, make_picture, make_release, monkeypatch):
    picture = make_picture()
    make_release(picture=picture, picture_alt="A disc")
    answer = client.get(files(picture)[0])
    assert answer.streaming
    assert int(answer.headers["Content-Length"]) == len(answer.getvalue())
    assert client.head(files(picture)[0]).status_code == 200


def test_staff_see_by_their_role(client, make_picture, make_draft, make_user, editor, writer):
    theirs, own = make_picture(), make_picture(colour="#2030b0", by=writer)
    other = make_user("wanda", "writer")
    for user, sees in ((editor, {theirs, own}), (writer, {own}), (other, set())):
        client.force_login(user)
        for picture in (theirs, own):
            path = reverse("admin:releases_picture_file", args=[picture.uuid, "400.jpg"])
            assert client.get(path).status_code == (200 if picture in sees else 404)
        listed = client.get(reverse("admin:releases_picture_choices")).json()["pictures"]
        assert {one["uuid"] for one in listed} == {str(one.uuid) for one in sees}
    draft = make_draft(by=editor, picture=theirs)
    workflow.hand_over(draft, to=other, by=editor)
    assert (
        client.get(reverse("admin:releases_picture_file", args=[theirs.uuid, "400.jpg"])).status_code == 200
    )


def test_a_writer_cannot_take_a_picture_that_is_not_theirs_to_see(make_picture, make_draft, writer):
    picture = make_picture()
    with pytest.raises(workflow.Refused, match="may not use this picture"):
        make_draft(by=writer, picture=picture)
    draft = make_draft(by=writer)
    with pytest.raises(workflow.Refused, match="may not use this picture"):
        workflow.save_draft(draft, Words("A title", picture=picture), by=writer)


def test_strangers_get_nothing_from_the_addresses_of_staff(client, make_picture):
    picture = make_picture()
    for name, args in (("file", [picture.uuid, "400.jpg"]), ("choices", []), ("changelist", [])):
        assert client.get(reverse(f"admin:releases_picture_{name}", args=args)).status_code == 302
    assert client.post(reverse("admin:releases_picture_upload")).status_code == 302


def test_a_link_for_outsiders_shows_the_picture_of_its_draft_until_it_is_closed(
    client, make_picture, make_draft, editor
):
    picture, other = make_picture(), make_picture(colour="#2030b0")
    draft = make_draft(picture=picture, picture_alt="A disc")
    workflow.share_preview(draft, by=editor, days=1)
    link = PreviewLink.objects.get()
    address = f"/preview/{link.token}"
    page = client.get(f"{address}/")
    assert f"{address}/800.jpg" in page.text
    shown = client.get(f"{address}/800.jpg")
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store, private")
    assert (answers(client, picture), answers(client, other)) == ({404}, {404})
    workflow.revoke_preview(link, by=editor)
    assert client.get(f"{address}/800.jpg").status_code == 404


def test_the_page_the_feeds_and_other_sites_show_it(client, make_picture, make_release):
    picture = make_picture(size=(2000, 1000))
    release = make_release(
        picture=picture, picture_alt='A disc & a "wall" <b>', picture_caption="Drawn by us."
    )
    page = client.get(release.get_absolute_url()).text
    assert 'alt="A disc &amp; a &quot;wall&quot; &lt;b&gt;"' in page
    assert "<figcaption>Drawn by us.</figcaption>" in page
    assert f'content="http://testserver/pictures/{picture.uuid}/card.jpg"' in page
    largest = f"http://testserver/pictures/{picture.uuid}/1600.jpg"
    assert largest in page.split("application/ld+json")[1]
    for kind in ("rss", "atom", "json"):
        assert largest in client.get(f"/feeds/releases.{kind}").text
    entry = feedparser.parse(client.get("/feeds/releases.rss").content).entries[0]
    media = {"url": largest, "type": "image/jpeg", "medium": "image", "width": "1600", "height": "800"}
    assert entry.media_content == [media]
    assert (
        "/card.jpg"
        in client.get(f"/oembed.json?url=http://testserver{release.get_absolute_url()}").json()[
            "thumbnail_url"
        ]
    )


def test_compare_and_restore_keep_it(make_picture, make_release, editor, client):
    old, new = make_picture("old.jpg"), make_picture("new.jpg", colour="#2030b0")
    release = make_release(picture=old, picture_alt="A red disc")
    words = words_of(release.live)
    workflow.save_draft(
        release, Words(words.title, words.body, picture=new, picture_alt="A blue disc"), by=editor
    )
    client.force_login(editor)
    page = client.get(f"/admin/releases/release/{release.pk}/compare/").text
    assert "<del>old" in page
    assert "<ins>new" in page
    assert "<del>red</del>" in page
    restored = workflow.restore(Release.objects.get(), release.live, by=editor)
    assert (restored.working.picture, restored.working.picture_alt) == (old, "A red disc")
