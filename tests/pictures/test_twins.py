"""The same picture brought by two people, neither of whom may know that the other has it."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from releases import workflow
from releases.models import Picture
from releases.pictures import MASTER
from releases.workflow import Refused, Words
from releases.workflow.pictures import clean_picture
from tests.admin.test_verbs_by_url import form_of
from tests.pictures.conftest import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(make_user):
    return make_user("wanda", "writer")


@pytest.fixture
def hidden(writer):
    return workflow.add_picture(photo(), name="arrest-on-friday.jpg", by=writer)


def test_a_twin_comes_in_under_its_own_name_and_can_be_used(client, hidden, other):
    client.force_login(other)
    file = SimpleUploadedFile("mine.jpg", photo().read(), "image/jpeg")
    answer = client.post(
        "/admin/releases/picture/bring/", {"file": file}, headers={"accept": "application/json"}
    )
    assert answer.json()["name"] == "mine.jpg"
    assert answer.json()["uuid"] != str(hidden.uuid)
    picture = Picture.objects.get(uuid=answer.json()["uuid"])
    draft = workflow.save_draft(None, Words("With it", picture=picture, picture_alt="A field."), by=other)
    assert draft.working.picture == picture
    assert "friday" not in client.get("/admin/releases/picture/").text


def test_what_one_may_see_is_brought_once(hidden, writer, editor, make_release, other):
    assert workflow.add_picture(photo(), name="again.jpg", by=writer) == hidden
    assert workflow.add_picture(photo(), name="again.jpg", by=editor) == hidden
    make_release("Out", picture=hidden, picture_alt="A field.", by=editor)
    assert workflow.add_picture(photo(), name="again.jpg", by=other) == hidden
    assert Picture.objects.count() == 1


def test_the_files_stay_as_long_as_one_of_the_two(hidden, other, editor, django_capture_on_commit_callbacks):
    twin = workflow.add_picture(photo(), name="mine.jpg", by=other)
    path = twin.path(MASTER)
    with django_capture_on_commit_callbacks(execute=True):
        workflow.delete_picture(hidden, by=editor)
    assert default_storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):
        workflow.delete_picture(twin, by=editor)
    assert not default_storage.exists(path)


def test_a_picture_that_is_not_theirs_is_not_even_named_to_who_knows_its_number(client, hidden, other):
    draft = workflow.save_draft(None, Words("Mine"), by=other)
    client.force_login(other)
    address = f"/admin/releases/release/{draft.pk}"
    sent = form_of(draft, title="Mine, again", picture=str(hidden.uuid))
    for path in ("change/", "autosave/"):
        answer = client.post(f"{address}/{path}", sent)
        assert "friday" not in answer.text
        assert "no longer in the library" in answer.text
    with pytest.raises(Refused, match="may not use this picture"):
        workflow.save_draft(draft, Words("Mine", picture=hidden), by=other)


def test_cleaning_one_leaves_the_other_its_files(hidden, other):
    twin = workflow.add_picture(photo(), name="mine.jpg", by=other)
    path = hidden.path(MASTER)
    with default_storage.open(path) as file:
        master = file.read()
    default_storage.delete(path)
    default_storage.save(path, ContentFile(master[:2] + b"\xff\xfe\x00\x08secret" + master[2:]))
    for picture in (hidden, twin):
        assert clean_picture(picture)
    assert not default_storage.exists(path)
    for picture in Picture.objects.all():
        with default_storage.open(picture.path(MASTER)) as file:
            assert b"secret" not in file.read()
