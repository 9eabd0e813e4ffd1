"""A page with nothing but the body's field, in the admin's frame: save cleans what came and shows it again.

It is served without a database: pages pass the site's middleware, static files come from memory.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import admin
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.test.testcases import QuietWSGIRequestHandler
from django.urls import include, path

from releases.text.clean import clean
from releases.widgets import BodyEditor

# name of the page -> what its form last sent, and what the cleaner made of it
SENT: dict[str, str] = {}
STORED: dict[str, str] = {}

_TEMPLATE = """{% extends "admin/base_site.html" %}{% load static %}
{% block extrahead %}<link rel="icon" href="data:,">{{ form.media }}{% endblock %}
{% block extrastyle %}<link rel="stylesheet" href="{% static 'admin/css/forms.css' %}">{% endblock %}
{% block content %}<div id="content-main"><form method="post" class="aligned">{% csrf_token %}
<fieldset class="module aligned"><div class="form-row"><div class="flex-container">{{ form.title.label_tag }}{{ form.title }}</div></div>
<div class="form-row"><div class="flex-container">{{ form.body.label_tag }}{{ form.body }}</div></div></fieldset>
<div class="submit-row"><input type="submit" class="default" name="_save" value="Save"></div></form></div>{% endblock %}"""


class BodyForm(forms.Form):
    """A release's form, cut down to what the editor meets."""

    title = forms.CharField(required=False, widget=forms.TextInput(attrs={"class": "vTextField"}))
    body = forms.CharField(required=False, strip=False, label="Text", widget=BodyEditor)


def page(request: HttpRequest, name: str) -> HttpResponse:
    """Show the stored body of the page `name`; on POST store the cleaned one."""
    if request.method == "POST":
        # A form sends its line ends as CRLF; the body has none.
        SENT[name] = request.POST["body"].replace("\r\n", "\n")
        STORED[name] = clean(SENT[name]).html
        return HttpResponseRedirect(request.path)
    form = BodyForm(initial={"title": name, "body": STORED.get(name, "")})
    template = engines["django"].from_string(_TEMPLATE)
    return HttpResponse(template.render({"form": form, "title": name}, request))


urlpatterns = [
    # Under admin/, where pages are never cached.
    path("admin/editing/<slug:name>/", page),
    path("accounts/", include("newsroom.accounts.urls")),
    path("admin/", admin.site.urls),
]


class _Pages(WSGIHandler):
    """The site's middleware over this module's addresses, whatever the settings name."""

    def resolve_request(self, request: WSGIRequest):  # type: ignore[no-untyped-def]  # as in Django
        request.urlconf = __name__
        return super().resolve_request(request)


@contextmanager
def serving() -> Iterator[str]:
    """Serve the pages in a thread; gives their address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.daemon_threads = True
    server.set_app(StaticFilesHandler(_Pages()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
