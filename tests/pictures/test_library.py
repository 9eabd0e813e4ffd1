"""Bringing pictures, choosing them in the form, and deleting those that no release has."""

import pytest
from django.contrib import admin
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.urls import reverse

from releases import workflow
from releases.checklist import checklist
from releases.models import Event, Picture, Release
from releases.pictures import MASTER, names_of
from releases.workflow import Words
from tests.pictures.conftest import photo

pytestmark = pytest.mark.django_db
BRING = "/admin/releases/picture/bring/"


def upload(**options):
    file = photo(**options)
    return SimpleUploadedFile("On the wall.JPG", file.getvalue(), "image/jpeg")


def paths(picture):
    return [picture.path(name) for name in (MASTER, *names_of(picture.width))]


def test_a_picture_comes_in_once_however_often_it_is_brought(make_picture):
    first, second = make_picture(), make_picture("again.jpg")
    assert first == second
    assert all(default_storage.exists(path) for path in paths(first))
    assert [event.verb for event in Event.objects.filter(verb="add picture")] == ["add picture"]


def test_what_a_crash_left_of_a_file_is_written_anew(make_picture, own_storage):
    picture = make_picture()
    path = own_storage / picture.path("400.jpg")
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    (own_storage / picture.path(MASTER)).unlink()
    Picture.objects.all().delete()
    make_picture()
    assert path.read_bytes() == whole


def test_its_name_is_plain_words_on_one_line(make_picture):
    assert make_picture("C:\\camera\\on the\nwall\x00.jpg").name == "on the wall .jpg"
    assert len(make_picture("x" * 999, colour="#2030b0").name) == 200
    assert make_picture("", colour="#20b030").name == "picture"


def test_the_form_brings_one_at_once(client, writer):
    client.force_login(writer)
    answer = client.post(BRING, {"file": upload()})
    assert answer.status_code == 200
    picture = Picture.objects.get()
    assert answer.json() == {
        "uuid": str(picture.uuid), "name": "On the wall.JPG", "size": "900 × 600",
        "small": f"/admin/releases/picture/file/{picture.uuid}/400.jpg",
    }  # fmt: skip
    assert client.get(answer.json()["small"]).status_code == 200


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"words", "not a picture that can be shown"), (photo().getvalue()[:2000], "cannot be read"), (photo((50, 50)).getvalue(), "too small")],
    ids=["words", "broken", "tiny"],
)  # fmt: skip
def test_what_is_no_picture_is_refused_in_words(client, writer, content, said):
    client.force_login(writer)
    answer = client.post(BRING, {"file": SimpleUploadedFile("x.jpg", content)})
    assert answer.status_code == 422
    assert said in answer.json()["error"]
    assert not Picture.objects.exists()


def test_too_large_a_file_is_refused_before_it_is_read(client, writer, settings, monkeypatch):
    settings.PICTURE_MAX_MB = 0
    client.force_login(writer)
    monkeypatch.setattr(workflow, "add_picture", lambda *_, **__: pytest.fail("it was read"))
    answer = client.post(BRING, {"file": SimpleUploadedFile("x.jpg", b"x" * 70_000)})
    assert answer.status_code == 413
    assert "larger than 0 MB" in answer.json()["error"]


def test_bringing_needs_the_forms_token(writer):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(writer)
    assert client.post(BRING, {"file": upload()}).status_code == 403


def form_of(release, **more):
    words = release.current
    return {
        "title": words.title, "body": words.body, "slug": release.slug, "slug_was": release.slug,
        "language": release.language, "seen": words.save_number, "uuid": release.uuid, **more,
    }  # fmt: skip


def test_without_scripts_the_form_takes_the_file_itself(client, make_draft, writer):
    draft = make_draft(by=writer)
    client.force_login(writer)
    address = reverse("admin:releases_release_change", args=[draft.pk])
    client.post(address, form_of(draft, picture_file=upload(), picture_alt="A disc", _save="1"))
    current = Release.objects.get().current
    assert (current.picture, current.picture_alt) == (Picture.objects.get(), "A disc")
    client.post(
        address, form_of(Release.objects.get(), picture=current.picture.uuid, picture_remove="on", _save="1")
    )
    assert Release.objects.get().current.picture is None


def test_a_form_that_fails_keeps_the_picture_that_came_with_it(client, make_draft, writer):
    draft = make_draft(by=writer)
    client.force_login(writer)
    address = reverse("admin:releases_release_change", args=[draft.pk])
    page = client.post(address, form_of(draft, title="", picture_file=upload(), _save="1"))
    assert page.status_code == 200
    assert f'name="picture" value="{Picture.objects.get().uuid}"' in page.text


def test_a_file_that_is_no_picture_is_said_at_its_field_and_nothing_is_lost(client, make_draft, writer):
    draft = make_draft(by=writer)
    client.force_login(writer)
    address = reverse("admin:releases_release_change", args=[draft.pk])
    file = SimpleUploadedFile("x.jpg", b"words")
    page = client.post(address, form_of(draft, title="Typed anew", picture_file=file, _save="1"))
    assert "not a picture that can be shown" in page.text
    assert "Typed anew" in page.text


@pytest.mark.parametrize("value", ["nonsense", "00000000-0000-4000-8000-000000000000", "\x00"])
def test_a_made_up_picture_is_an_error_of_the_field(client, make_draft, writer, value):
    draft = make_draft(by=writer)
    client.force_login(writer)
    address = reverse("admin:releases_release_change", args=[draft.pk])
    page = client.post(address, form_of(draft, picture=value, _save="1"))
    assert page.status_code == 200
    assert "choose another" in page.text or "Null characters" in page.text


def test_autosave_keeps_the_picture_and_its_words(client, make_picture, make_draft, writer):
    draft, picture = make_draft(by=writer), make_picture(by=writer)
    client.force_login(writer)
    data = form_of(draft, picture=picture.uuid, picture_alt="A\ndisc", picture_caption="Drawn by us.")
    answer = client.post(reverse("admin:releases_release_autosave", args=[draft.pk]), data)
    assert answer.status_code == 200, answer.text
    current = Release.objects.get().current
    assert (current.picture, current.picture_alt, current.picture_caption) == (
        picture,
        "A disc",
        "Drawn by us.",
    )


def test_a_picture_without_words_for_those_who_do_not_see_it_may_not_go_out(make_picture, make_draft, editor):
    draft = make_draft(picture=make_picture())
    assert "no-alt" in {point.code for point in checklist(draft.current) if point.blocks}
    with pytest.raises(workflow.Refused, match="no description"):
        workflow.publish(draft, by=editor)
    words = make_draft(picture_caption="Of nothing")
    assert "no-picture" in {point.code for point in checklist(words.current) if not point.blocks}


def test_only_what_no_release_has_is_deleted_and_its_files_go(
    client, make_picture, make_draft, editor, writer, django_capture_on_commit_callbacks
):
    used, spare = make_picture(), make_picture(colour="#2030b0")
    make_draft(picture=used)
    client.force_login(writer)
    assert client.post(f"/admin/releases/picture/{spare.pk}/delete/", {"post": "yes"}).status_code in {
        302,
        403,
        404,
    }
    assert Picture.objects.filter(pk=spare.pk).exists()
    client.force_login(editor)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/releases/picture/{spare.pk}/delete/", {"post": "yes"})
        client.post(f"/admin/releases/picture/{used.pk}/delete/", {"post": "yes"})
    assert list(Picture.objects.all()) == [used]
    assert not any(default_storage.exists(path) for path in paths(spare))
    assert all(default_storage.exists(path) for path in paths(used))
    with pytest.raises(workflow.Refused, match="cannot be deleted"):
        workflow.delete_picture(used, by=editor)
    assert Event.objects.filter(verb="delete picture").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_database_keeps_a_picture_that_a_revision_has(make_picture, make_draft):
    picture = make_picture()
    make_draft(picture=picture)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM releases_picture WHERE id = %s", [picture.pk])


def test_the_library_lists_finds_and_says_where_a_picture_is(
    client, make_picture, make_release, editor, django_assert_max_num_queries
):
    picture = make_picture("wall.jpg")
    make_picture("river.jpg", colour="#2030b0")
    make_release("Shown", picture=picture, picture_alt="A disc")
    client.force_login(editor)
    page = client.get("/admin/releases/picture/?q=wall").text
    assert "wall.jpg" in page
    assert "river.jpg" not in page
    assert ">Shown</a>" in client.get(f"/admin/releases/picture/{picture.pk}/change/").text
    found = client.get(reverse("admin:releases_picture_choices"), {"q": "riv\x00er"}).json()["pictures"]
    assert [one["name"] for one in found] == ["river.jpg"]
    page = client.post("/admin/releases/picture/add/", {"file": SimpleUploadedFile("x.jpg", b"words")})
    assert "not a picture that can be shown" in page.text
    assert client.post("/admin/releases/picture/add/", {"file": upload(colour="#20b030")}).status_code == 302
    assert Picture.objects.count() == 3


def test_the_same_words_with_another_picture_are_another_text(make_picture, make_draft, editor):
    draft = make_draft()
    number = draft.current.save_number
    words = Words(draft.current.title, draft.current.body, picture=make_picture())
    saved = workflow.save_draft(draft, words, by=editor)
    assert saved.current.save_number == number + 1
    assert workflow.save_draft(saved, words, by=editor).current.save_number == number + 1


def test_two_people_who_look_at_a_picture_at_once_each_see_their_own_releases(
    rf, make_picture, make_draft, writer, chief
):
    picture = make_picture(by=writer)
    make_draft(title="A draft of the chief", picture=picture, by=chief)
    library = admin.site._registry[Picture]

    def looks(user):
        request = rf.get(reverse("admin:releases_picture_change", args=[picture.pk]))
        request.user = user
        return library.change_view(request, str(picture.pk))

    answer = looks(writer)
    looks(chief)  # before the writer's page is rendered
    assert "A draft of the chief" not in answer.render().content.decode()
