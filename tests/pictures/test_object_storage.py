"""Pictures in S3-compatible storage: private, streamed, and a storage that is lost stops nothing but its pictures."""

import logging
import threading
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.test import Client
from django.urls import reverse

from newsroom import environment
from releases import workflow
from releases.intake.records import exporter, importer
from releases.models import Picture
from releases.pictures import MASTER, names_of
from releases.workflow import Refused, Words
from releases.workflow.pictures import clean_pictures
from tests.makers import Makers
from tests.pictures.conftest import photo
from tests.servers import free_port

pytest.importorskip("storages.backends.s3", reason="requirements-s3.txt is not installed")
moto = pytest.importorskip("moto.server", reason="moto is not installed")
object_storage = pytest.importorskip("newsroom.delivery.object_storage")
# boto3 warns of Pythons that it will leave behind.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:Boto3 will no longer support"),
]


@pytest.fixture(scope="module")
def server():
    """An S3 of moto's, and a bucket in it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    one = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    with mock.patch.dict("os.environ", {"MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": str(64 * 2**20)}):
        one.start()
    host, port = one.get_host_and_port()
    address = f"http://{host}:{port}"
    storage_at(address)._client.create_bucket(Bucket="newsroom-pictures")
    yield address
    one.stop()


def options(endpoint, folder="files"):
    url = f"s3://key:se%2Fcret@newsroom-pictures/{folder}?endpoint={endpoint}&region=us-east-1"
    with mock.patch.dict("os.environ", {"STORAGE_URL": url}):
        return environment.storage(environment.Env())


def storage_at(endpoint):
    return object_storage.ObjectStorage(**options(endpoint)["OPTIONS"])


@pytest.fixture
def bucket(server, settings, request):
    """The site keeps its pictures there, in a folder of the test's own."""
    settings.STORAGES = {**settings.STORAGES, "default": options(server, request.node.name[:60])}
    return storages["default"]


@pytest.fixture
def lost(bucket, settings):
    """`lost()`: from now on nobody answers there."""

    def lose():
        settings.STORAGES = {**settings.STORAGES, "default": options(f"http://127.0.0.1:{free_port()}")}

    return lose


def body(answer):
    return answer.getvalue()


def test_a_picture_is_kept_shown_and_taken_away(bucket, editor):
    picture = workflow.add_picture(photo(), name="one.jpg", by=editor)
    paths = [picture.path(name) for name in (MASTER, *names_of(picture.width))]
    assert all(bucket.exists(path) for path in paths)
    assert workflow.add_picture(photo(), name="again.jpg", by=editor) == picture
    release = Makers().release("Wells", slug="wells", picture=picture, picture_alt="A well")
    address = f"/pictures/{picture.uuid}/{names_of(picture.width)[0]}"
    answer = Client().get(address)
    content = body(answer)
    assert (answer.status_code, answer.streaming, int(answer["Content-Length"])) == (
        200,
        True,
        len(content),
    )
    assert bucket.open(picture.path(names_of(picture.width)[0])).read() == content
    assert Client().get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    head = Client().head(address)
    assert (head.status_code, head["Content-Length"], body(head)) == (200, answer["Content-Length"], b"")
    workflow.withdraw(release, by=editor, notice="Gone.")
    assert Client().get(address).status_code == 404
    spare = workflow.add_picture(photo(size=(900, 700)), name="spare.jpg", by=editor)
    with mock.patch("django.db.transaction.on_commit", lambda act: act()):
        workflow.delete_picture(spare, by=editor)
    assert not bucket.exists(spare.path(MASTER))
    assert bucket.exists(picture.path(MASTER))


def test_nobody_is_shown_the_address_of_the_bucket(bucket, editor, server):
    picture = workflow.add_picture(photo(), name="one.jpg", by=editor)
    Makers().release("Wells", slug="wells", picture=picture, picture_alt="A well")
    for path in (
        "/",
        "/releases/wells/",
        "/feeds/releases.rss",
        "/feeds/releases.json",
        "/api/releases.json",
        "/sitemap.xml",
    ):
        text = Client().get(path).text
        assert server not in text, path
        assert "newsroom-pictures" not in text, path
    with pytest.raises(NotImplementedError):
        bucket.url(picture.path(MASTER))
    acl = bucket._client.get_object_acl(
        Bucket="newsroom-pictures", Key=f"{bucket.location}/{picture.path(MASTER)}"
    )
    assert [one["Grantee"].get("URI") for one in acl["Grants"]] == [
        None
    ]  # its owner, and no group of everybody


def test_a_picture_comes_in_pieces(bucket):
    bucket.save("large.bin", ContentFile(b"x" * 300_000))
    pieces = list(bucket.open("large.bin").chunks(65_536))
    assert (len(pieces), sum(map(len, pieces))) == (5, 300_000)


def test_files_are_as_on_a_disk(bucket):
    assert default_storage.exists("")
    assert bucket.save("a/b.txt", ContentFile(b"one")) == "a/b.txt"
    assert bucket.save("a/b.txt", ContentFile(b"two!")) == "a/b.txt"
    assert (bucket.size("a/b.txt"), bucket.open("a/b.txt").read(), bucket.listdir("a")) == (
        4,
        b"two!",
        ([], ["b.txt"]),
    )
    assert bucket.get_modified_time("a/b.txt").tzinfo
    for ask in (bucket.open, bucket.size, bucket.get_modified_time):
        with pytest.raises(FileNotFoundError):
            ask("a/nothing.txt")
    bucket.delete("a/nothing.txt")
    bucket.delete("a/b.txt")
    assert not bucket.exists("a/b.txt")


def test_what_is_kept_there_can_be_taken_elsewhere_and_back(bucket, editor, tmp_path, settings):
    picture = workflow.add_picture(photo(), name="one.jpg", by=editor)
    Makers().release("Wells", slug="wells", picture=picture, picture_alt="A well")
    exporter.export_records(tmp_path / "out")
    with mock.patch.object(settings, "MEDIA_ROOT", tmp_path / "media"):
        assert importer.import_records(tmp_path / "out", dry=True).refused == 0
    assert list(clean_pictures()) == []
    assert importer.import_records(tmp_path / "out").refused == 0
    assert bucket.exists(picture.path(MASTER))


def test_a_lost_storage_leaves_readers_the_page_with_its_words(bucket, editor, lost, caplog):
    picture = workflow.add_picture(photo(), name="one.jpg", by=editor)
    Makers().release("Wells", slug="wells", picture=picture, picture_alt="A well in Saltmere")
    address = f"/pictures/{picture.uuid}/{names_of(picture.width)[0]}"
    lost()
    client = Client(raise_request_exception=False)
    page = client.get("/releases/wells/")
    assert (page.status_code, 'alt="A well in Saltmere"' in page.text) == (200, True)
    with caplog.at_level(logging.CRITICAL):
        answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"], answer["Retry-After"]) == (
        503,
        "no-store, private",
        "20",
    )
    connects = []
    with mock.patch("urllib3.connection.HTTPConnection.connect", side_effect=lambda: connects.append(1)):
        assert client.get(address).status_code == 503
    assert connects == []  # for some seconds nobody waits for it
    assert client.get("/feeds/releases.rss").status_code == 200


def test_a_lost_storage_tells_staff_what_to_do_and_loses_nothing(bucket, editor, lost, caplog):
    lost()
    client = Client()
    client.force_login(editor)
    with caplog.at_level(logging.CRITICAL):
        with pytest.raises(Refused) as refused:
            workflow.add_picture(photo(), name="one.jpg", by=editor)
        assert "upload the picture again in a moment" in refused.value.reasons[0]
        answer = client.post(reverse("admin:releases_picture_upload"), {"file": photo()})
        assert (answer.status_code, "could not be stored" in answer.json()["error"]) == (422, True)
    assert not Picture.objects.exists()
    made = workflow.save_draft(None, Words(title="Words", body="<p>Words.</p>"), by=editor)
    assert client.get(f"/admin/releases/release/{made.pk}/change/").status_code == 200


def test_a_full_disk_is_said_in_the_same_way(editor, settings, tmp_path, caplog):
    settings.MEDIA_ROOT = tmp_path
    full = mock.patch(
        "django.core.files.storage.FileSystemStorage._save",
        side_effect=OSError(28, "No space left on device"),
    )
    with full, caplog.at_level(logging.CRITICAL), pytest.raises(Refused, match="is full"):
        workflow.add_picture(photo(), name="one.jpg", by=editor)


def test_a_picture_whose_files_cannot_be_deleted_is_gone_all_the_same(bucket, editor, lost, caplog):
    picture = workflow.add_picture(photo(), name="one.jpg", by=editor)
    lost()
    with (
        caplog.at_level(logging.ERROR, "releases.models.picture"),
        mock.patch("django.db.transaction.on_commit", lambda act: act()),
    ):
        workflow.delete_picture(picture, by=editor)
    assert not Picture.objects.exists()
    assert picture.path(MASTER) in caplog.text


def test_many_threads_share_one_client(bucket):
    bucket.save("a.txt", ContentFile(b"one"))
    clients, read = [], []

    def ask():
        clients.append(id(bucket._client))
        read.append(bucket.open("a.txt").read())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(set(clients)), read) == (1, [b"one"] * 8)
