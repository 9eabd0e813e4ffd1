"""A page with nothing but the body's field, in the admin's frame: save cleans what came and shows it again."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
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
