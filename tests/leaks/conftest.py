"""Pictures as the tests of pictures make them, each test's files in a folder of its own."""

from tests.pictures.conftest import make_picture, own_storage  # noqa: F401  fixtures, used by being here
