"""Lines that nobody wrote in good faith: said with their numbers, and nothing of them half kept."""

import json

import pytest
from django.urls import reverse

from releases.intake.records import jsonl
from releases.intake.records.exporter import export_records
from releases.intake.records.format import LINES
from releases.intake.records.importer import import_records
from releases.models import Event, FormerSlug, Release, Topic
from tests.intake.lines import AT, lines, release, revision


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of its own for each test."""
    settings.MEDIA_ROOT = tmp_path / "media"


def topic(slug, **more):
    return {"kind": "topic", "slug": slug, "name": slug.title(), **more}


def event(verb, detail, **more):
    return {"kind": "event", "verb": verb, "at": AT, "detail": detail, **more}


# ---------------------------------------------------------------------- the line itself

JUNK = [
    None,
    True,
    0,
    -1,
    1e400,
    10**30,
    "",
    " ",
    "\ud800",
    "a\x00b",
    [],
    [[]],
    [None],
    {},
    {"a": {}},
    "x" * 5000,
]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "raw",
    [b"\xff\xfe{}", b"{", b'{"kind": NaN}', b'{"kind": 1e999}', b"null", b'"release"', b"[" * 50_000, b"\x00" * 9,
     b'{"a":' * 50_000, b'{"kind": ' + b"9" * 5000 + b"}"],
)  # fmt: skip
def test_what_is_no_json_is_said_with_its_number(tmp_path, raw):
    path = lines(tmp_path, release(1), "HERE", release(2))
    path.write_bytes(path.read_bytes().replace(b"HERE", raw))
    result = import_records(path)
    assert (result.added, result.refused) == (2, 1)
    assert result.problems[0][0].startswith("line 3")


@pytest.mark.django_db
def test_a_line_without_end_is_passed_over_and_the_next_keeps_its_number(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonl, "MAX_LINE", 5000)
    long = json.dumps(release(7, slug="x" * 20_000))
    result = import_records(lines(tmp_path, release(1), long, release(2), "junk"))
    assert (result.added, result.refused) == (2, 2)
    assert [place for place, _why in result.problems] == ["line 3", "line 5"]
    assert "longer than" in result.problems[0][1]


KINDS = ["person", "topic", "release", "event", "source", "file", "end", "other", 7, None, []]
# Every second of all pairs, as the white fields of a chessboard; all of them in the deep run.
PAIRS = [
    pytest.param(
        junk, kind, id=f"{str(junk)[:12]}-{kind}", marks=pytest.mark.deep if (row + column) % 2 else ()
    )
    for row, junk in enumerate(JUNK)
    for column, kind in enumerate(KINDS)
]


@pytest.mark.django_db
@pytest.mark.parametrize(("junk", "kind"), PAIRS)
def test_a_value_of_any_kind_in_any_place_is_refused_or_harmless(client, tmp_path, kind, junk):
    """One line of that kind with junk for every name that the format knows."""
    names = [
        "slug",
        "uuid",
        "username",
        "name",
        "names",
        "description",
        "synonyms",
        "former_slugs",
        "merged_into",
        "retired_at",
        "role",
        "email",
        "language",
        "created_at",
        "revisions",
        "events",
        "corrections",
        "addresses",
        "former_paths",
        "refilings",
        "live",
        "working",
        "translation_group",
        "verb",
        "at",
        "detail",
        "by",
        "path",
        "sha256",
        "size",
        "url",
        "archived_url",
        "archived_on",
        "publish_at",
        "withdrawn_at",
    ]
    good = {
        "person": {"username": "somebody"}, "topic": topic("torture"), "release": release(2),
        "event": event("add topic", {"name": "Torture", "topics": ["torture"]}),
    }.get(kind if isinstance(kind, str) else "", {})  # fmt: skip
    every = [{**good, "kind": kind, name: junk} for name in names]
    import_records(lines(tmp_path, topic("law"), release(1), *every, end=False))
    assert Release.objects.filter(slug="release-1").exists()
    for address in ("/", "/topics/", "/releases/", "/feeds/releases.rss", "/sitemap.xml"):
        assert client.get(address).status_code == 200
    export_records(tmp_path / "out")
    assert (tmp_path / "out" / LINES).read_text("utf-8")


@pytest.mark.django_db
def test_text_that_is_no_text_loses_what_cannot_be_kept(tmp_path):
    line = json.dumps(release(1, revisions=[revision(title="a\ud800b\x00c\U0001f600")]))
    result = import_records(lines(tmp_path, topic("law", synonyms=["\x00Recht", "\udfff"]), line))
    assert (result.added, result.refused) == (1, 0)
    assert {why for _place, why in result.problems} == {"Characters that cannot be kept were left out."}
    assert Release.objects.get().working.title == "a\ufffdbc\U0001f600"
    assert Topic.objects.get().synonyms == ["Recht", "\ufffd"]


# ---------------------------------------------------------------------- releases


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["a/b", "..", ".", "a b", "2011", "a\nb", "/", "x" * 151, None, ["a"]])
def test_an_address_that_no_reader_could_open_is_refused(tmp_path, slug):
    result = import_records(lines(tmp_path, release(1, slug=slug), release(2, addresses=[["en", slug]])))
    assert (result.added, result.refused) == (0, 2)
    assert [place[:6] for place, _why in result.problems] == ["line 2", "line 3"]


@pytest.mark.django_db
def test_of_two_lines_of_one_release_the_second_is_refused(tmp_path):
    again = release(1, slug="other", addresses=[["en", "other"]])
    upper = release(1, uuid=release(1)["uuid"].upper(), slug="third", addresses=[])
    result = import_records(lines(tmp_path, release(1), again, upper))
    assert (result.added, result.known, result.refused) == (1, 0, 2)
    assert Release.objects.get().slug == "release-1"
    assert result.problems[0][0].startswith("line 3")


@pytest.mark.django_db
def test_what_the_database_refuses_is_said_with_its_line_and_leaves_no_row(tmp_path):
    bad = release(2, withdrawn_at=AT, events=[{"verb": "create", "at": AT, "revision": 1}])
    result = import_records(lines(tmp_path, release(1), bad, release(3)))
    assert (result.added, result.refused) == (2, 1)
    assert "line 3 (release-2)" in result.problems[0][0]
    assert not Event.objects.exists()
    assert set(Release.objects.values_list("slug", flat=True)) == {"release-1", "release-3"}


@pytest.mark.django_db
def test_details_of_events_may_be_anything_but_deep(client, tmp_path, chief):
    deep = {"a": 1}
    for _ in range(30):
        deep = {"a": deep}
    happened = [
        {"verb": "create", "at": AT, "revision": 1, "detail": {"comment": [1], "note": {}, "number": "x"}}
    ]
    result = import_records(
        lines(tmp_path, release(1, events=happened), release(2, events=[{**happened[0], "detail": deep}]))
    )
    assert (result.added, result.refused) == (1, 1)
    client.force_login(chief)
    kept = Release.objects.get()
    for name, arguments in (
        ("release_change", [kept.pk]), ("release_history", [kept.pk]), ("event_changelist", []), ("event_export", []),
    ):  # fmt: skip
        response = client.get(reverse(f"admin:releases_{name}", args=arguments))
        assert response.status_code == 200
        assert response.getvalue()


# ---------------------------------------------------------------------- the vocabulary


@pytest.mark.django_db
def test_merges_that_lead_in_a_circle_or_nowhere_are_left_out(client, tmp_path):
    every = [
        topic("one", merged_into="two"), topic("two", merged_into="three"), topic("three", merged_into="one"),
        topic("self", merged_into="self"), topic("lost", merged_into="nowhere"), topic("fine", merged_into="one"),
    ]  # fmt: skip
    result = import_records(lines(tmp_path, *every))
    assert result.topics == 6
    assert [place for place, _why in result.problems] == ["line 2 (one)", "line 5 (self)", "line 6 (lost)"]
    merged = dict(Topic.objects.exclude(merged_into=None).values_list("slug", "merged_into__slug"))
    assert merged == {"two": "three", "three": "one", "fine": "one"}
    assert client.get("/topics/two/").status_code == 301
    dry = import_records(lines(tmp_path, *every), dry=True)
    assert len(dry.problems) == 0  # all of them are known by now


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [{"name": "!!"}, {"name": " "}, {"name": "ﷺ" * 40}, {"slug": "a/b"}, {"slug": "x" * 101}, {"names": {"zh-hans": 7}},
     {"names": ["x"]}, {"synonyms": "x"}, {"former_slugs": ["a/b"]}, {"merged_into": 7}, {"retired_at": "soon"}],
)  # fmt: skip
def test_a_topic_that_could_not_be_made_by_hand_is_refused(tmp_path, changes):
    result = import_records(lines(tmp_path, topic("fine"), {**topic("bad", former_slugs=["was"]), **changes}))
    assert result.refused == 1 or changes.get("name", "")[0] == "ﷺ"  # SQLite has no limits
    assert result.problems[0][0].startswith("line 3") if result.refused else True
    assert Topic.objects.filter(slug="fine").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verb", "detail"),
    [("add topic", {}), ("rename topic", {"before": {}, "after": {}, "topics": ["law"]}), ("merge topics", {"topics": []}),
     ("split topic", {"topic": "x", "into": ["y"], "made": [["x", "law"]], "topics": ["law"]}),
     ("split topic", {"topic": "x", "into": [7], "made": [], "topics": ["law"]}),
     ("split topic", {"topic": "x", "into": [], "made": [1], "topics": ["law"]}),
     ("retire topic", {"name": 7, "topics": ["law"]}), ("undo", {"topics": ["law"]}),
     ("undo", {"what": "x", "undone": "y", "topics": ["law"]})],
)  # fmt: skip
def test_a_change_of_the_vocabulary_that_nobody_could_show_or_undo_is_refused(tmp_path, verb, detail):
    result = import_records(lines(tmp_path, topic("law"), event(verb, detail)))
    assert (result.events, result.refused) == (0, 1)
    assert result.problems[0][0].startswith("line 3")


@pytest.mark.django_db
def test_changes_of_the_vocabulary_that_name_what_is_not_there_can_be_shown(client, tmp_path, chief):
    uuid = "00000000-0000-4000-8000-000000000099"
    said = [
        event("undo", {"what": "merge topics", "undone": 99, "topics": ["nobody", None]}),
        event(
            "split topic",
            {"topic": "L", "into": ["X"], "made": [[uuid, "law"], [None, None]], "topics": ["law"]},
        ),
        event("something new", {"anything": [1]}),
    ]
    result = import_records(lines(tmp_path, topic("law"), *said))
    assert (result.events, result.refused) == (3, 0)
    client.force_login(chief)
    for name in ("topic_changelist", "event_changelist"):
        assert client.get(reverse(f"admin:releases_{name}")).status_code == 200
    law = Topic.objects.get()
    assert client.get(reverse("admin:releases_topic_change", args=[law.pk])).status_code == 200


@pytest.mark.django_db
def test_a_vocabulary_is_kept_whole_or_not_at_all(tmp_path, monkeypatch):
    """Cut off between a topic and its former addresses, the next run finds nothing half done."""
    every = [
        topic("one", former_slugs=["was-one"]),
        topic("two", merged_into="one", former_slugs=["was-two"]),
    ]
    path = lines(tmp_path, *every)
    create = FormerSlug.objects.create

    def cut(**fields):
        if fields["slug"] == "was-two":
            raise KeyboardInterrupt
        return create(**fields)

    monkeypatch.setattr(FormerSlug.objects, "create", cut)
    with pytest.raises(KeyboardInterrupt):
        import_records(path)
    assert not Topic.objects.exists()
    monkeypatch.undo()
    import_records(path)
    assert set(FormerSlug.objects.values_list("slug", flat=True)) == {"was-one", "was-two"}
    assert Topic.objects.get(slug="two").merged_into.slug == "one"
