"""Pictures in S3-compatible storage are backed up and restored as those on a disk are."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from newsroom.safety.backup.errors import BackupError
from newsroom.safety.scrub import remains
from releases.models import Picture
from releases.models.picture import digest_of
from releases.pictures import MASTER, names_of
from releases.text.removal import Removal
from tests.pictures.test_object_storage import bucket, options, server  # noqa: F401  fixtures
from tests.safety.conftest import RAISED, elsewhere, sums

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:Boto3 will no longer support"),
]


@pytest.fixture
def pictured(site, bucket, makers):  # noqa: F811  the fixture
    """A newsroom with a picture that is shown, and another file."""
    makers.release("Wells", slug="wells", picture=makers.picture(), picture_alt="A well")
    default_storage.save("papers/a.txt", ContentFile(b"about Zanthorpe"))
    return site


def test_pictures_there_are_backed_up_and_restored_into_another_bucket(
    pictured, server, settings, tmp_path, migrated_once  # noqa: F811  the fixture
):  # fmt: skip
    picture, wanted = Picture.objects.get(), sums()
    paths = [picture.path(name) for name in (MASTER, *names_of(picture.width))]
    contents = {path: default_storage.open(path).read() for path in [*paths, "papers/a.txt"]}
    made = pictured.backup()
    assert (made.missing, made.files) == ([], len(contents))
    assert pictured.backup().new == 0
    with elsewhere(tmp_path / "elsewhere"):
        with pytest.raises(BackupError, match="storage holds files already") as refused:
            pictured.restore()
        assert "mv " not in str(refused.value)
        settings.STORAGES = {**settings.STORAGES, "default": options(server, "restored")}
        pictured.restore()
        found = sums()
        assert {name for name in wanted if wanted[name] != found[name]} == RAISED
        assert {path: default_storage.open(path).read() for path in contents} == contents
        assert digest_of(default_storage.open(paths[0]).read()) == picture.digest


def test_a_file_there_that_has_removed_words_is_named(pictured):
    assert remains.run(Removal(["Zanthorpe"], "…"), ["Zanthorpe"], by=None).hits == ["papers/a.txt"]
