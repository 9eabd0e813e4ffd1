"""What all staff pages share: the table of permissions, Django's own log and history, and the addresses of one's own."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from newsroom.accounts.models import User
from releases.admin.base import StaffAdmin, WorkflowAdmin
from releases.models import Event, Picture, Release, Source, Topic
from releases.permissions import TABLE, may

pytestmark = pytest.mark.django_db
OURS = [Event, Picture, Release, Source, Topic, User]
ACTIONS = ("view", "add", "change", "delete")


def pages_of(model):
    return admin.site._registry[model]


def may_on_page(request, model, action):
    pages = pages_of(model)
    return getattr(pages, f"has_{action}_permission")(request)


@pytest.mark.parametrize("model", OURS)
def test_the_pages_of_every_model_of_ours_ask_the_table(model):
    pages = pages_of(model)
    assert isinstance(pages, WorkflowAdmin if model is not User else StaffAdmin)
    assert pages.verbs.keys() <= {*ACTIONS}
    assert {*pages.verbs.values()} <= TABLE.keys()


@pytest.mark.parametrize("role", ["writer", "editor", "chief"])
@pytest.mark.parametrize("model", OURS)
def test_a_page_lets_somebody_do_what_the_table_says_and_nothing_without_a_verb(rf, make_user, model, role):
    request = rf.get("/")
    request.user = make_user("somebody", role)
    found = {action: may_on_page(request, model, action) for action in ACTIONS}
    verbs = pages_of(model).verbs
    assert found == {action: action in verbs and may(request.user, verbs[action]) for action in ACTIONS}


def test_the_table_behind_each_page_is_this_one():
    assert {model.__name__: dict(pages_of(model).verbs) for model in OURS} == {
        "Event": {"view": "view record"},
        "Picture": {"view": "view pictures", "add": "add picture", "delete": "delete picture"},
        "Release": {"view": "view", "add": "create", "change": "save draft"},
        "Source": {"view": "view sources", "change": "archive source"},
        "Topic": {"view": "create", "add": "change topics", "change": "change topics"},
        "User": {"view": "change people", "add": "change people", "change": "change people"},
    }  # fmt: skip


@pytest.mark.parametrize("model", [Event, Picture, Source])
def test_djangos_history_leads_to_the_page_itself(client, chief, model):
    client.force_login(chief)
    name = f"admin:releases_{model._meta.model_name}"
    answer = client.get(reverse(f"{name}_history", args=[7]))
    assert (answer.status_code, answer.url) == (302, reverse(f"{name}_change", args=[7]))


def test_what_the_event_log_holds_is_not_in_djangos_own_as_well(client, chief, make_picture):
    client.force_login(chief)
    client.post(reverse("admin:releases_topic_add"), {"name": "Wells", "slug": "", "synonyms": ""})
    topic = Topic.objects.get()
    client.post(
        reverse("admin:releases_topic_change", args=[topic.pk]),
        {"name": "Springs", "slug": "", "synonyms": ""},
    )
    client.post(reverse("admin:releases_picture_delete", args=[make_picture().pk]), {"post": "yes"})
    client.post(
        reverse("admin:releases_release_add"), {"title": "A title", "body": "<p>Words.</p>", "language": "en"}
    )
    done = {"add topic", "rename topic", "delete picture"}
    assert done <= {*Event.objects.values_list("verb", flat=True)}
    assert Release.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("model", [Event, Picture, Release, Source, Topic])
def test_every_page_of_ones_own_asks_for_a_sign_in_first(client, model):
    pages = pages_of(model)
    own = [name for _route, _view, name in pages.own_urls() if name != "signed_in"]
    assert own
    for pattern in pages.get_urls()[: len(own)]:
        names = dict.fromkeys(pattern.pattern.converters, 1) | (
            {"uuid": "5a9a2ba2-3d6c-4a2c-8f0e-3c5f2d6a1b11", "name": "x", "verb": "publish"}
        )
        wanted = {name: names[name] for name in pattern.pattern.converters}
        answer = client.get(reverse(f"admin:{pattern.name}", kwargs=wanted))
        assert answer.status_code == 302, pattern.name
        assert answer.url.startswith(reverse("admin:login")), pattern.name


def test_a_refusal_keeps_what_was_typed_in_the_form(client, chief, make_topic):
    make_topic("Wells")
    client.force_login(chief)
    answer = client.post(
        reverse("admin:releases_topic_add"), {"name": "WELLS", "slug": "", "synonyms": "Springs"}
    )
    assert answer.status_code == 200
    assert "Springs" in answer.text
    assert Topic.objects.count() == 1


def test_a_release_page_of_a_stranger_s_draft_is_none(client, make_draft, make_user):
    release = make_draft()
    client.force_login(make_user("walter", "writer"))
    assert client.get(reverse("admin:releases_release_history", args=[release.pk])).status_code == 404
