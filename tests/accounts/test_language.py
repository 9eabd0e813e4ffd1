"""In which language staff pages speak: as the person chose, else as the browser asks; never on what readers see."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.cache import caches
from django.utils import timezone, translation

from newsroom.accounts.models import User
from releases import workflow
from releases.checklist import checklist
from releases.workflow import words_of
from tests.accounts.conftest import enter, sign_in

HANS, HANT = {"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}, {"accept-language": "zh-TW"}


@pytest.fixture
def staff(person, client):
    user = person("anna", "chief", app=True)
    enter(client)
    return user


def frame_of(client, path="/admin/", **headers):
    return client.get(path, headers=headers).headers["Content-Language"]


def test_staff_pages_speak_as_the_browser_asks(client, staff):
    assert (frame_of(client, **HANS), frame_of(client, **HANT), frame_of(client)) == (
        "zh-hans",
        "zh-hant",
        "en",
    )
    assert 'lang="zh-hant"' in client.get("/admin/", headers=HANT).text


@pytest.mark.parametrize("asked", ["bo", "ug", "ar", "xx-yy", ";;;", "*", "zh-hans;q=0", "a" * 3000])
def test_a_language_without_a_catalogue_gets_the_sites_own(client, staff, asked):
    assert frame_of(client, **{"accept-language": asked}) == "en"


def test_the_first_language_that_is_offered_counts(client, staff):
    assert frame_of(client, **{"accept-language": "bo,ug;q=0.9,zh-hk;q=0.8,en;q=0.5"}) == "zh-hant"


def test_the_sign_in_page_speaks_as_the_browser_asks(client, db):
    assert frame_of(client, "/accounts/login/", **HANS) == "zh-hans"


def test_what_somebody_chose_counts_more_than_their_browser(client, staff):
    answer = client.post("/accounts/language/", {"language": "zh-hant"}, headers=HANS)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    assert frame_of(client, **HANS) == "zh-hant"
    client.post("/accounts/language/", {"language": ""})
    assert frame_of(client, **HANS) == "zh-hans"


def test_a_choice_is_of_one_person_alone(client, staff, person):
    other = person("bela")
    client.post("/accounts/language/", {"language": "zh-hant"})
    other.refresh_from_db()
    assert other.language == ""


@pytest.mark.parametrize("wrong", ["bo", "xx", "zh_Hans", "../en"])
def test_a_language_that_is_not_offered_cannot_be_chosen(client, staff, wrong):
    assert client.post("/accounts/language/", {"language": wrong}).status_code == 200
    staff.refresh_from_db()
    assert staff.language == ""


def test_a_choice_that_is_offered_no_more_gives_way_to_the_browser(client, staff, settings):
    User.objects.update(language="zh-hant")
    settings.LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
    assert frame_of(client, **HANS) == "zh-hans"


def test_strangers_choose_no_language(client, db):
    assert (
        client.post("/accounts/language/", {"language": "zh-hans"})
        .headers["Location"]
        .startswith("/accounts/login/")
    )


def test_the_language_can_be_chosen_before_the_second_factor_is_set_up(client, person):
    person("bela")
    sign_in(client, "bela")
    assert client.get("/accounts/language/").status_code == 200
    client.post("/accounts/language/", {"language": "zh-hans"})
    assert frame_of(client, "/accounts/2fa/") == "zh-hans"


def test_the_page_of_languages_is_reached_from_every_staff_page_where_there_is_a_choice(
    client, staff, settings
):
    assert "/accounts/language/" in client.get("/admin/").text
    settings.LANGUAGES = [("en", "English")]
    assert "/accounts/language/" not in client.get("/admin/").text


@pytest.mark.parametrize("path", ["/", "/topics/", "/zh-hant/", "/follow/", "/robots.txt", "/nowhere/"])
def test_what_readers_see_is_decided_by_the_address(client, staff, path):
    staff.language = "zh-hans"
    staff.save()
    caches["pages"].clear()
    mine = client.get(path, headers=HANS)
    caches["pages"].clear()
    client.logout()
    theirs = client.get(path)
    assert mine.content == theirs.content
    assert mine.headers["Content-Language"] == theirs.headers["Content-Language"]
    assert "Accept-Language" not in mine.headers.get("Vary", "")


def test_links_from_staff_pages_to_readers_pages_keep_their_address(client, staff, make_release):
    release = make_release("Reeds")
    staff.language = "zh-hans"
    staff.save()
    assert f'href="{release.get_absolute_url()}"' in client.get("/admin/").text
    assert release.get_absolute_url().startswith("/releases/")


def test_staff_pages_are_kept_by_nobody_and_vary_by_language(client, staff):
    answer = client.get("/admin/")
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert {"Accept-Language", "Cookie"} <= {one.strip() for one in answer.headers["Vary"].split(",")}


def test_a_refusal_on_a_staff_page_speaks_the_persons_language(client, person):
    person("wen", "writer", app=True, language="zh-hans")
    enter(client, "wen")
    assert "没有权限" in client.get("/admin/accounts/user/").text


def test_the_history_of_a_person_speaks_the_readers_language(client, staff, person):
    other = person("bela", app=True)
    data = {"action": "remove_second_factors", "_selected_action": [other.pk]}
    client.post("/admin/accounts/user/", data)
    entry = LogEntry.objects.get()
    assert entry.get_change_message() == "Changed second factor (removed) and sessions (all ended)."
    page = client.get(f"/admin/accounts/user/{other.pk}/history/", headers=HANS).text
    assert "第二重验证（已移除）" in page


def test_a_browser_keeps_the_words_of_scripts_and_asks_whether_they_still_hold(client, staff):
    first = client.get("/admin/jsi18n/", headers=HANS)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-cache, private")
    again = {"if-none-match": first.headers["ETag"]}
    assert client.get("/admin/jsi18n/", headers=HANS | again).status_code == 304
    other = client.get("/admin/jsi18n/", headers=HANT | again)
    assert (other.status_code, "Insert footnote" in other.text) == (200, True)
    assert r"\u8a3b\u8173" in other.text.lower()


def test_strangers_get_no_words_of_scripts(client, db):
    assert client.get("/admin/jsi18n/").status_code == 302


def test_what_is_restored_says_so_in_the_sites_language(client, staff, make_release, editor):
    release = make_release("Reeds")
    release = workflow.save_draft(release, replace(words_of(release.live), title="Rushes"), by=staff)
    with translation.override("zh-hans"):
        release = workflow.restore(release, release.revisions.get(number=1), by=staff)
    assert release.working.comment == "Restored from revision 1"


@pytest.mark.parametrize("title", ["Untitled", "未命名"])
def test_a_draft_without_a_title_is_known_in_every_language(make_draft, title):
    assert "no-title" in [point.code for point in checklist(make_draft(title).working)]


def test_a_day_is_read_as_it_is_shown(client, staff):
    day = timezone.now().date() + timedelta(days=100)

    def asked(date):
        return client.get(f"/admin/releases/release/moment/?date={date}&time=03:19", headers=HANS).json()

    first = asked(day.isoformat())
    assert f"{day.year}年{day.month}月{day.day}日" in first["said"]
    assert asked(first["day"]) == first
