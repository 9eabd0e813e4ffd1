"""The pictures of a Word document: into the library, and the file is never believed about them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from releases.intake.docx import drawings, read
from releases.models import Event, Picture, Release
from tests.intake.hostile import encrypted
from tests.intake.word import DECLARATION, docx, drawing, p
from tests.pictures.conftest import own_storage, photo  # noqa: F401  a fixture, used by being here

AT = "/admin/releases/release/docx/"
JSON = {"HTTP_ACCEPT": "application/json"}


def test_a_picture_that_is_not_in_the_file_is_named_in_the_report():
    drawn = drawing("i", "A crowd before the court")
    reading = read(docx(p("Before", drawn, "after."), links=[("i", "image", "media/image1.png")]))
    assert reading.body == "<p>Beforeafter.</p>"
    assert reading.pictures == ()
    assert reading.report.details["image"] == ["image1.png: A crowd before the court"]


def test_a_picture_on_another_site_is_never_fetched():
    link = '<Relationship Id="i" Type="x/image" Target="https://tracker.example/pixel.png" TargetMode="External"/>'
    relations = f'{DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{link}</Relationships>'
    reading = read(docx(p("Text.", drawing("i")), parts={"word/_rels/document.xml.rels": relations}))
    assert reading.pictures == ()
    assert reading.report.details["image"] == ["pixel.png"]


def test_a_picture_is_found_once_with_what_is_said_about_it():
    itself = "A picture containing text\n\nDescription automatically generated with medium confidence"
    reading = read(
        docx(
            p("One", drawing("i", "A crowd before the court")), p("Again", drawing("i")), p("Two", drawing("j", itself)),
            links=[("i", "image", "media/image1.png"), ("j", "image", "media/image2.png")],
            parts={"word/media/image1.png": b"\x89PNG", "word/media/image2.png": b"\x89PNG"},
        )
    )  # fmt: skip
    assert [(one.part, one.name) for one in reading.pictures] == [
        ("word/media/image1.png", "A crowd before the court"),
        ("word/media/image2.png", "A picture containing text"),
    ]


# ---------------------------------------------------------------------- into the library


def png(colour="#b03020", size=(900, 600)):
    return photo(size, kind="PNG", colour=colour).getvalue()


def with_pictures(*contents, said=()):
    """A document that shows these, in order; `said` about them."""
    names = [f"media/image{n}.png" for n in range(len(contents))]
    said = dict(enumerate(said))
    return docx(
        "Words.",
        *(p(drawing(f"i{n}", said.get(n, ""))) for n in range(len(contents))),
        links=[(f"i{n}", "image", name) for n, name in enumerate(names)],
        parts={f"word/{name}": content for name, content in zip(names, contents, strict=True)},
    )


@pytest.fixture
def post(client, writer):
    client.force_login(writer)

    def send(made, **more):
        return client.post(AT, {"file": SimpleUploadedFile("statement.docx", made.getvalue())}, **more)

    return send


@pytest.mark.django_db
def test_pictures_come_into_the_library_with_a_name_to_find_them_by(post, writer):
    report = post(with_pictures(png(), png("blue"), said=["A crowd / a court"]), **JSON).json()["report"]
    assert (
        "2 pictures are in the library now: choose one under “Picture”, and say what it shows. "
        "(A crowd / a court; image1.png)" in report
    )
    assert set(Picture.objects.values_list("name", "added_by")) == {
        ("A crowd a court", writer.pk), ("statement, image1.png", writer.pk),
    }  # fmt: skip
    assert set(Event.objects.values_list("verb", flat=True)) == {"add picture"}
    assert not Release.objects.exists()


@pytest.mark.django_db
def test_the_same_file_brought_again_makes_no_second_picture(post):
    for _once_more in range(2):
        post(with_pictures(png()))
    assert Release.objects.count() == 2
    assert Picture.objects.count() == 1


@pytest.mark.django_db
def test_without_scripts_the_report_on_the_drafts_page_tells_of_them(client, post):
    answer = post(with_pictures(png()))
    assert "1 picture is in the library now" in client.get(answer["Location"]).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x01\x00\x00\x00 an EMF drawing", "upload a JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "upload a JPEG"),
        (png()[:300], "may be damaged"),
        (png(size=(40, 40)), "too small"),
        (b"", "upload a JPEG"),
    ],
    ids=["emf", "svg", "cut off", "tiny", "empty"],
)
def test_what_cannot_be_shown_is_named_with_the_reason_and_the_rest_comes_in(post, content, reason):
    found = post(with_pictures(content, png()), **JSON).json()
    assert found["body"] == "<p>Words.</p><p>[🖼 image0.png]</p><p>[🖼 image1.png]</p>"
    (left_out,) = [line for line in found["report"] if line.startswith("1 picture was left out.")]
    assert "image0.png" in left_out
    assert reason in left_out
    assert Picture.objects.count() == 1


@pytest.mark.django_db
def test_a_picture_of_more_pixels_than_may_be_unpacked_here_is_left_out_undecoded(post, monkeypatch):
    file = io.BytesIO()
    Image.new("1", (5000, 4000)).save(file, "PNG")
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("it was decoded"))
    (left_out,) = [
        line for line in post(with_pictures(file.getvalue()), **JSON).json()["report"] if "left out" in line
    ]
    assert "more than 12 million pixels" in left_out
    assert not Picture.objects.exists()


@pytest.mark.django_db
def test_a_picture_larger_than_the_setting_is_left_out_unread(post, settings):
    settings.PICTURE_MAX_MB = 1
    found = post(with_pictures(bytes(1024 * 1024 + 1)), **JSON).json()
    assert "1 picture was left out. (image0.png: it is too large, or broken)" in found["report"]


@pytest.mark.django_db
def test_no_more_come_in_than_somebody_can_wait_for(post, monkeypatch):
    monkeypatch.setattr(drawings, "MAX_PICTURES", 2)
    report = post(with_pictures(*(png(colour) for colour in ("red", "green", "blue"))), **JSON).json()[
        "report"
    ]
    assert "1 picture was left out. (image2.png)" in report
    assert Picture.objects.count() == 2


@pytest.mark.django_db
def test_of_a_file_that_is_refused_no_picture_is_kept(post):
    assert post(encrypted(), **JSON).status_code == 422
    assert not Picture.objects.exists()
    assert not Event.objects.exists()
