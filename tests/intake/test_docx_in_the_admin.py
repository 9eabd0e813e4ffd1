"""Bringing a Word file to the desk: as a plain form, and as what the script asks for."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from releases import workflow
from releases.models import Event, Release
from releases.workflow import Words
from tests.intake.hostile import encrypted
from tests.intake.word import docx, note, p, ref

pytestmark = pytest.mark.django_db
AT = "/admin/releases/release/docx/"
JSON = {"HTTP_ACCEPT": "application/json"}


def file(name="statement.docx", made=None):
    made = made or docx(
        p("Court upholds a ban", style="Title"), "Geneva, 10 June 2011", p("Words", ref(1), "."),
        footnotes=note(1, "Source."),
    )  # fmt: skip
    return SimpleUploadedFile(name, made.getvalue())


@pytest.fixture
def signed_in(client, writer):
    client.force_login(writer)
    return client


def test_asked_for_as_json_the_words_come_back_and_nothing_is_stored(signed_in):
    answer = signed_in.post(AT, {"file": file()}, **JSON)
    found = answer.json()
    assert (found["title"], found["date"], found["place"]) == ("Court upholds a ban", "2011-06-10", "Geneva")
    assert 'class="footnotes"' in found["body"]
    assert "1 note came along." in found["report"]
    assert not Release.objects.exists()
    assert not Event.objects.exists()


def test_without_scripts_the_file_becomes_a_draft_and_the_report_stands_on_its_page(signed_in):
    answer = signed_in.post(AT, {"file": file(), "language": "zh-hant"}, follow=True)
    release = Release.objects.get()
    assert answer.redirect_chain == [(f"/admin/releases/release/{release.pk}/change/", 302)]
    assert "1 note came along." in answer.content.decode()
    assert (release.state(), release.language) == ("draft", "zh-hant")
    assert (release.working.title, release.working.note_count, release.working.dateline) == (
        "Court upholds a ban", 1, "Geneva",
    )  # fmt: skip
    assert f"{release.working.publish_at:%Y-%m-%d}" == "2011-06-10"


def test_a_file_without_a_title_is_called_by_its_name(signed_in):
    signed_in.post(AT, {"file": file("joint_statement.docx", docx("Words."))})
    assert Release.objects.get().working.title == "joint statement"


def test_into_a_release_that_is_there_the_words_go_as_its_draft(signed_in, writer, make_topic):
    topic = make_topic("Torture")
    before = Words(title="Old", body="<p>Old.</p>", summary="Kept.", topics=[topic])
    release = workflow.save_draft(None, before, by=writer)
    signed_in.post(AT, {"file": file(), "release": release.pk})
    words = workflow.words_of(Release.objects.get().working)
    assert (words.title, words.summary, list(words.topics)) == ("Court upholds a ban", "Kept.", [topic])


def test_the_release_of_somebody_else_is_refused(signed_in, make_draft):
    release = make_draft()
    assert signed_in.post(AT, {"file": file(), "release": release.pk}).status_code == 403
    assert signed_in.get(AT, {"release": release.pk}).status_code == 403
    assert Release.objects.get().working.title == "A title"


@pytest.mark.parametrize("headers", [{}, JSON], ids=["form", "json"])
def test_what_cannot_be_read_is_said_and_nothing_is_stored(signed_in, headers):
    answer = signed_in.post(AT, {"file": file(made=encrypted())}, **headers)
    assert answer.status_code == 422
    assert "locked with a password" in answer.content.decode()
    assert not Release.objects.exists()


def test_no_file_at_all_is_said(signed_in):
    assert "Choose a Word file" in signed_in.post(AT, {}).content.decode()


def test_a_file_that_is_too_large_is_refused_before_it_is_received(signed_in, settings, monkeypatch):
    settings.DOCX_MAX_MB = 1
    monkeypatch.setattr(
        "django.http.request.HttpRequest._load_post_and_files", lambda *_: pytest.fail("received")
    )
    big = SimpleUploadedFile("big.docx", bytes(2 * 1024 * 1024))
    answer = signed_in.post(AT, {"file": big}, **JSON)
    assert answer.status_code == 413
    assert "larger than 1 MB" in answer.json()["error"]


def test_a_request_from_elsewhere_is_refused(writer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(writer)
    assert client.post(AT, {"file": file()}, **JSON).status_code == 403
    assert not Release.objects.exists()


def test_strangers_and_people_without_a_role_get_nothing(client, django_user_model):
    assert client.post(AT, {"file": file()}).status_code == 302
    client.force_login(django_user_model.objects.create_user("nobody", is_staff=True))
    assert client.post(AT, {"file": file()}).status_code == 403
    assert client.get(AT).status_code == 403


def test_form_and_list_offer_the_way_in(signed_in):
    for page in ("/admin/releases/release/", "/admin/releases/release/add/"):
        assert f'href="{AT}"' in signed_in.get(page).content.decode()
    page = signed_in.get(AT).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert "style=" not in page
