"""Every kind of public page is HTML without an error, by the W3C's own checker (https://validator.github.io/validator/)."""

from collections import ChainMap

import pytest

from tests.every_page import every_page
from tests.html_checker import check, needs_checker

pytestmark = [pytest.mark.django_db, needs_checker]


def test_no_page_has_an_error(client, makers, make_picture, settings, tmp_path):
    settings.PUBLIC_HISTORY = True
    made = dict(ChainMap(*every_page(makers).values()))
    files = []
    for path, status in made.items():
        answer = client.get(path)
        assert answer.status_code == status, path
        files.append(tmp_path / f"{len(files):03}{path.replace('/', '_')[:60]}.html")
        files[-1].write_bytes(answer.content)
    assert check(*files) == []


def test_the_checker_objects_to_what_is_wrong(tmp_path):
    wrong = tmp_path / "wrong.html"
    wrong.write_text('<!doctype html><html lang="en"><title>x</title><p id="a"><p id="a"><img src="x">')
    assert len(check(wrong)) >= 2
