"""Reports of faults: which exception, where in the code, and nothing else, whatever the client would send by itself."""

import json
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsroom.delivery import error_reports

MARKED = "Marked-Word-Of-A-Draft"
CODE = """
import json, logging, sys
from newsroom.delivery import error_reports
import sentry_sdk
from sentry_sdk.transport import Transport
sent = []
class Kept(Transport):
    def capture_envelope(self, envelope):
        sent.extend(item.payload.json for item in envelope.items if item.payload.json)
error_reports.start("https://key@reports.example/1", environment="production", transport=Kept)
def fails(draft):
    raise ValueError("it says " + draft)
sentry_sdk.set_user({"ip_address": "192.0.2.77", "username": "MARKED"})
sentry_sdk.set_context("draft", {"title": "MARKED"})
sentry_sdk.set_tag("title", "MARKED")
sentry_sdk.add_breadcrumb(message="MARKED")
sentry_sdk.capture_message("MARKED")
logging.error("MARKED %s", "MARKED")
try:
    fails("MARKED")
except ValueError as error:
    logging.exception("MARKED")
    sentry_sdk.capture_exception(error)
sentry_sdk.flush()
print(json.dumps(sent))
""".replace("MARKED", MARKED)


def test_what_leaves_the_site_is_the_exception_and_its_places():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    sent = json.loads(done.stdout)
    assert {one["exception"]["values"][-1]["type"] for one in sent} == {"ValueError"}
    assert "fails" in {
        frame["function"] for frame in sent[0]["exception"]["values"][-1]["stacktrace"]["frames"]
    }
    assert MARKED not in done.stdout
    assert "192.0.2.77" not in done.stdout


def test_an_event_without_an_exception_is_not_sent():
    assert error_reports.scrubbed({"message": MARKED, "level": "error"}, {}) is None


def test_without_its_client_the_site_does_not_start(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(ImproperlyConfigured, match="pip install"):
        error_reports.start("https://key@reports.example/1", environment="production")


def test_an_address_that_is_none_is_said_to_be_none():
    with pytest.raises(ImproperlyConfigured, match="SENTRY_DSN"):
        error_reports.start("reports.example", environment="production")


def test_its_client_is_imported_only_where_it_is_used():
    code = "import django; django.setup(); import sys; print('sentry_sdk' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environ()
    )
    assert done.stdout.strip() == "False"


def _environ():
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
