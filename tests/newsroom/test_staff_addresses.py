"""Where the addresses of staff pages begin: said in one place, and known to the pages that say an error."""

import ast
from pathlib import Path

import pytest
from django.urls import reverse

from newsroom.http import ACCOUNTS, ADMIN, STAFF_ADDRESSES

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent


def test_they_begin_where_the_addresses_of_the_site_say():
    assert (reverse("admin:index"), reverse("account_login")) == (ADMIN, f"{ACCOUNTS}login/")


def test_no_other_module_spells_them():
    spelled = {
        str(path.relative_to(ROOT))
        for package in ("newsroom", "releases")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith(STAFF_ADDRESSES)
    }
    assert spelled == {"newsroom/http.py"}


@pytest.mark.parametrize("path", ["/admin/releases/release/999/history/", "/admin/nothing/"])
def test_an_error_in_the_admin_leads_back_to_the_desk(client, editor, path):
    client.force_login(editor)
    answer = client.get(path)
    assert answer.status_code == 404
    assert f'<a href="{ADMIN}">Back to the desk</a>' in answer.text


@pytest.mark.parametrize("path", ["/releases/nothing/", "/topics/admin/"])
def test_an_error_of_a_public_page_does_not(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Back to the desk" not in answer.text
