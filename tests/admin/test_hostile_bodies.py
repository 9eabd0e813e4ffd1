"""Hostile bodies through the form and out on the page: nothing executes, nothing is a 500, nothing honest is lost."""

import re

import pytest

from releases.models import Release
from tests.admin.pressing import press

pytestmark = pytest.mark.django_db
ADD = "/admin/releases/release/add/"
EXECUTES = re.compile(
    r"<(script|iframe|object|embed|svg|math|style|form|base|meta)\b|\son\w+\s*=|javascript:", re.I
)


@pytest.fixture
def send(client, editor):
    client.force_login(editor)

    def post(body):
        return press(client, ADD, {"title": "Title", "language": "en", "body": body, "_publish": ""})

    return post


@pytest.mark.parametrize(
    "body",
    [
        "<p>honest</p><script>alert(1)</script>",
        '<p onclick="alert(1)" style="x:y">honest</p>',
        '<p><a href="javascript:alert(1)">honest</a></p>',
        '<p><a href="java\tscript:alert(1)">honest</a></p>',
        "<p>honest</p><svg><p><style><!--</style><img src=x onerror=alert(1)>--></style></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>honest",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">honest</p></noscript>',
        "<p>honest</p><template><script>alert(1)</script></template>",
        '<p>honest</p><ol class="footnotes"><li id="fn-aaaa1" onclick="x"></li></ol>',
        "<p>honest \ufffd \u202e \u2028 \ue000</p>",
    ],
)
def test_what_would_execute_goes_and_honest_words_stay(send, client, body):
    assert send(body).status_code == 302
    release = Release.objects.visible().get()
    assert "honest" in release.live.body_text
    client.logout()
    for address in (
        release.get_absolute_url(),
        "/feeds/releases.rss",
        "/feeds/releases.atom",
        "/feeds/releases.json",
    ):
        response = client.get(address)
        assert response.status_code == 200
        assert not EXECUTES.search(release.live.body_page)
    assert "alert" not in EXECUTES.sub("", release.live.body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<p>nul\x00here</p>", "Null characters are not allowed"),
        ("<p>" + "too much " * 250_000 + "</p>", "too long"),
        ("<blockquote>" * 10_000 + "deep" + "</blockquote>" * 10_000, "too deep"),
    ],
    ids=["NUL", "2 MB", "10,000 deep"],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(send, body, reason):
    response = send(body)
    assert response.status_code == 200
    assert reason in response.content.decode()
    assert not Release.objects.exists()


def test_a_request_of_nine_megabytes_is_answered_with_a_page_and_no_500(send):
    assert send("<p>" + "x" * 9_000_000 + "</p>").status_code in {400, 413}


def test_lone_surrogates_cannot_reach_the_database(client, editor):
    client.force_login(editor)
    raw = b"title=Title&language=en&_publish=&body=%3Cp%3Ehonest%ED%A0%80words%3C%2Fp%3E"
    response = client.post(ADD, raw, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 302
    Release.objects.get().working.body.encode("utf-8")
