"""The API's description: valid OpenAPI, and what the API really answers is as it says."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from releases import workflow
from releases.workflow import Words

pytestmark = pytest.mark.django_db
# https://spec.openapis.org/oas/3.1/schema/2022-10-07 as the OpenAPI Initiative publishes it (Apache 2.0).
OPENAPI = Path(__file__).parent / "fixtures" / "openapi-3.1.schema.json"
FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value):
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uri", raises=ValueError)
def is_whole(value):
    return not isinstance(value, str) or (
        bool(urlsplit(value).netloc) and urlsplit(value).scheme in {"http", "https"}
    )


@pytest.fixture
def document(client):
    return client.get("/api/openapi.json").json()


@pytest.fixture
def described(document):
    """The errors of an answer against what the document says of its status."""
    registry = Registry().with_resource("urn:document", Resource(document, DRAFT202012))
    responses = document["paths"]["/api/releases.json"]["get"]["responses"]

    def errors(response):
        media = responses[str(response.status_code)]["content"]
        assert response.headers["Content-Type"].partition(";")[0] in media
        wanted = {"$ref": f"urn:document{media['application/json']['schema']['$ref']}"}
        found = Draft202012Validator(wanted, registry=registry, format_checker=FORMATS)
        return [error.message for error in found.iter_errors(response.json())]

    return errors


@pytest.fixture
def newsroom(make_release, make_topic, make_picture, editor):
    """Releases of every shape, in three languages, more than a page."""
    land = make_topic("Land, Property", names={"zh-hans": "土地"})
    whole = make_release(
        "Whole",
        notes=3,
        topics=[land],
        summary="S",
        dateline="Varn",
        picture=make_picture(),
        picture_alt="A disc",
    )
    workflow.save_draft(whole, Words(title="Whole, mended", body=whole.live.body), by=editor)
    workflow.correct(whole, by=editor, note="Was wrong.")
    make_release("Bare")
    make_release("二", language="zh-hans", topics=[land])
    make_release("قومۇش", language="ug")
    for number in range(20):
        make_release(f"Number {number}", publish_at=timezone.now() - timedelta(days=number + 1))


def test_the_description_is_valid_openapi(document):
    schema = json.loads(OPENAPI.read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    for one in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(one)


def test_the_schema_of_openapi_objects_to_what_is_wrong(document):
    """Else the test above would say nothing."""
    schema = json.loads(OPENAPI.read_text(encoding="utf-8"))
    document["paths"]["/api/releases.json"]["get"]["parameters"][0]["in"] = "nowhere"
    assert list(Draft202012Validator(schema).iter_errors(document))


def test_every_answer_is_as_described(client, newsroom, described):
    asked, seen = "/api/releases.json?limit=7", 0
    while asked:
        response = client.get(asked)
        assert described(response) == [], asked
        seen += len(response.json()["releases"])
        asked = (response.json()["next"] or "").removeprefix("http://testserver")
    assert seen == 24
    for query in (
        "language=zh-hans",
        "topic=land-property",
        "limit=100",
        "language=bo",
        "limit=0",
        "after=x",
        "topic=none",
    ):
        assert described(client.get(f"/api/releases.json?{query}")) == [], query


def test_the_description_objects_to_what_is_wrong(client, newsroom, described):
    response = client.get("/api/releases.json")
    whole = response.json()
    for name, value in (
        ("published", "yesterday"),
        ("url", "/releases/whole/"),
        ("word_count", "9"),
        ("secret", 1),
    ):
        wrong = {**whole, "releases": [{**whole["releases"][0], name: value}]}
        response.json = lambda wrong=wrong: wrong
        assert len(described(response)) == 1, name


def test_every_parameter_that_is_described_is_heard_and_no_other(client, newsroom, document):
    named = {one["name"] for one in document["paths"]["/api/releases.json"]["get"]["parameters"]}
    whole = client.get("/api/releases.json").json()
    for name in ("language", "topic", "limit", "after"):
        assert client.get(f"/api/releases.json?{name}=nothing").status_code == 400
    assert named == {"language", "topic", "limit", "after"}
    assert client.get("/api/releases.json?page=2&q=x&uuid=y&offset=3").json() == whole
