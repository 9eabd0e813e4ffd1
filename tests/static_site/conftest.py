"""Two newsrooms, each made once a module: one with every kind of page in every language, and a small one to be written out."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import override_settings

from releases import workflow
from releases.models import FormerPath, Release
from releases.static_site import bake, inventory, state
from releases.static_site import mirror as mirrors
from releases.workflow import topics
from tests.every_page import every_page
from tests.makers import Makers


@pytest.fixture(scope="module")
def newsroom(module_makers):
    """Everything; also lists of two pages, a former address, a topic that was merged, and a path of an older site."""
    with override_settings(PUBLIC_HISTORY=True):
        every_page(module_makers)
        _crossings(module_makers, 21)
        yield module_makers


@pytest.fixture(scope="module")
def small(module_makers):
    """Two languages, a translation, a picture, notes, something withdrawn and something moved."""
    languages = [("en", "English"), ("zh-hans", "简体中文")]
    with override_settings(PUBLIC_HISTORY=True, LANGUAGES=languages):
        made = module_makers
        water = made.topic("Water, Wells", names={"zh-hans": "水井"})
        shown = {"picture": made.picture(), "picture_alt": "A well", "summary": "Wells were counted."}
        first = made.release("The wells of Varn", slug="wells", topics=[water], notes=2, **shown)
        second = made.release(
            "瓦恩的水井", language="zh-hans", slug="水井", topics=[water], body="<p>人权与水井。</p>"
        )
        workflow.tie(first, second, by=made.editor)
        gone = made.release("Withdrawn words", slug="gone")
        workflow.withdraw(gone, by=made.editor, notice="A person is in danger.")
        _crossings(made, 4)
        yield made


def _crossings(made: Makers, count: int) -> None:
    bridges, ferries = made.topic("Bridges"), made.topic("Ferries")
    for number in range(count):
        release = made.release(f"Crossing {number}", topics=[bridges], notes=1)
    workflow.readdress(release, slug="the-last-crossing", by=made.editor)
    topics.merge(ferries, bridges, by=made.user("charles", "chief"))
    workflow.sign_mirrors(["https://mirror.example.net/"], key=Ed25519PrivateKey.generate())
    FormerPath.objects.create(path="/node/17", release=Release.objects.get(pk=release.pk))


@pytest.fixture(scope="module")
def few_static_files():
    """Two of the frame's, in place of three hundred."""
    every = inventory.static_files()
    few = {path: every[path] for path in ("/static/css/base.css", "/static/img/favicon.png")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bake, "static_files", lambda: few)
        yield


@dataclass
class Baker:
    """Bakes into a folder of the test's own, in which everything stands already."""

    folder: Path

    def __call__(self):
        return bake.bake(self.folder, jobs=1)


@pytest.fixture(scope="module")
def once_baked(small, few_static_files, tmp_path_factory):
    """The small newsroom, baked."""
    place = tmp_path_factory.mktemp("baked")
    with override_settings(DATA_DIR=place / "data"):
        bake.bake(place / "www", jobs=1)
        yield place / "www"


def copy_of(made, place):
    """A folder, with what is known of it, in another place."""
    folder = place / made.name
    shutil.copytree(made, folder)
    shutil.copy(state.place_of(made, "sqlite3"), state.place_of(folder, "sqlite3"))
    return folder


@pytest.fixture
def baked(once_baked, tmp_path):
    """A copy of it that a test may change, with what is known of it."""
    return Baker(copy_of(once_baked, tmp_path))


@pytest.fixture
def unbaked(small, few_static_files, tmp_path):
    """A folder of which nothing is known."""
    return Baker(tmp_path / "www")


KEY = Ed25519PrivateKey.generate()


@dataclass
class Mirrorer:
    """Mirrors into a folder of the test's own, in which everything stands already."""

    folder: Path

    def __call__(self, **options):
        return mirrors.mirror(self.folder, key=KEY, jobs=1, **options)

    def read(self, name):
        return (self.folder / name).read_text("utf-8")

    def files(self):
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file()
        }


@pytest.fixture(scope="module")
def once_mirrored(small, tmp_path_factory):
    """The small newsroom, mirrored."""
    place = tmp_path_factory.mktemp("mirrored")
    with override_settings(DATA_DIR=place / "data"):
        mirrors.mirror(place / "copy", key=KEY, jobs=1)
        yield place / "copy"


@pytest.fixture
def mirrored(once_mirrored, tmp_path):
    """A copy of it that a test may change, with what is known of it."""
    return Mirrorer(copy_of(once_mirrored, tmp_path))
