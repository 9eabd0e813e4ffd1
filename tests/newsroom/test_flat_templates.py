"""A template that is laid out flat gives what Django's tree gives, to the byte."""

import pytest
from django import template
from django.template import Context, Engine, NodeList, TemplateDoesNotExist
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from newsroom.flat_templates import Flat
from tests.every_page import every_page

pytestmark = pytest.mark.django_db

TEMPLATES = {
    "base": "<t>{% block title %}Base{% endblock %}</t>{% block all %}[{% block inner %}in{% endblock %}]{% endblock %}{{ leaked }}",
    "child": "{% extends 'base' %}{% load i18n %}{% block title %}{{ one.title }} · {% translate 'Search' %}{% endblock %}",
    "grandchild": "{% extends 'child' %}{% load i18n %}{% block inner %}{% translate 'Search' as leaked %}{{ leaked }}{% endblock %}",
    "super": "{% extends 'child' %}{% block title %}{{ block.super }}!{% endblock %}",
    "of-super": "{% extends 'super' %}{% block inner %}deeper{% endblock %}",
    "by-variable": "{% extends parent %}{% block inner %}x{% endblock %}",
    "values": "{{ one.title }}{{ safe }}{{ number }}{{ none }}{{ absent }}{{ one.absent.more }}{{ call }}{{ one.call }}{{ list.1 }}"
    "{{ one.title|upper }}{{ float }}{{ list|length }}{{ one.raises }}{{ mapping.items }}{{ lazy }}",
    "ifs": "{% if absent %}a{% elif one.title == 'x' or number > 1 %}b{% else %}c{% endif %}{% if not call %}d{% endif %}"
    "{% if one.call %}e{% endif %}{% if number and none %}f{% else %}g{% endif %}{% if absent.more is None %}h{% endif %}",
    "include": "{% include 'values' %}{% include 'scope' %}{{ set }}{% include 'scope' with number=3 %}{% include 'scope' only %}"
    "{% include name %}{% include 'scope' %}{% include 'counted' %}{% include 'ifs' %}",
    "scope": "{% with set=number %}{{ set }}{% endwith %}{% cycle 'a' 'b' %}{% firstof absent number as set %}{{ set }}",
    "again": "{% if number %}{{ number }}{% include 'again' with number=none %}{% endif %}",
    "loop": "{% for item in list %}{% include 'child' %}{{ forloop.counter }}{{ item }}{% empty %}none{% endfor %}",
    "missing": "{% if absent %}{% include 'nowhere' %}{% endif %}here",
    "comment": "{# nothing #}{% comment %}{{ number }}{% endcomment %}{% autoescape off %}{{ one.title }}{% endautoescape %}",
    "filters": "{{ one.title|upper|lower }}{{ safe|upper }}{{ absent|default:'<x>' }}{{ list|slice:':1'|length }}{{ one.title|truncatechars:3 }}"
    "{{ number|add:number }}{{ one.title|default:none }}{{ safe|linebreaks }}{{ when|date:'Y' }}{{ one.absent|default:'-' }}{{ call|upper }}",
    "told": "{% load i18n %}{% blocktranslate with a=one.title b=safe %}{{ a }} {{ b }} {{ number }} 5 %{% endblocktranslate %}"
    "{% blocktranslate trimmed %} {{ absent }} {{ call }} {% endblocktranslate %}"
    "{% blocktranslate count n=list|length with t=one.title %}{{ t }}{% plural %}{{ n }} of {{ t }}{% endblocktranslate %}"
    "{% blocktranslate asvar said %}x{% endblocktranslate %}{{ said }}{% blocktranslate context 'month' %}May{% endblocktranslate %}",
    "called": "{% load simple %}{% echo one.title %}{% echo safe %}{% echo absent %}{% echo number one=one.title|upper %}"
    "{% echo one.call as kept %}{{ kept }}{% with_context 'name' %}",
    "counted": "{% load i18n %}{% blocktranslate count n=number %}{{ n }} release{% plural %}{{ n }} releases{% endblocktranslate %}"
    "{% translate one.title %}{% translate 'May' context 'month' %}{% translate 'Search'|upper %}{% translate '5 %' noop %}",
}


class One:
    title = "<a & 'b'>"

    def call(self):
        return "<called>"

    @staticmethod
    def called():
        return "<c>"

    @property
    def raises(self):
        raise QuietError


LIBRARIES = {"i18n": "django.templatetags.i18n", "simple": "tests.newsroom.test_flat_templates"}
register = template.Library()


@register.simple_tag
def echo(value, one=""):
    return f"{value!r}{one}" if one else value


@register.simple_tag(takes_context=True)
def with_context(context, name):
    return context[name]


class QuietError(Exception):
    silent_variable_failure = True


def engines():
    sources = ("django.template.loaders.locmem.Loader", TEMPLATES)
    return [
        Engine(loaders=[(loader, [sources])], libraries=LIBRARIES)
        for loader in ("newsroom.flat_templates.Loader", "django.template.loaders.cached.Loader")
    ]


def context():
    return {
        "one": One(), "safe": mark_safe("<b>"), "number": 1234, "none": None, "call": One.called, "list": [1, "<2>"], "float": 1.5,
        "name": "scope", "parent": "base", "mapping": {"a": 1}, "when": timezone.now(), "lazy": translation.gettext_lazy("Search"),
    }  # fmt: skip


@pytest.mark.parametrize("autoescape", [True, False])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_it_gives_what_the_tree_gives(name, language, autoescape):
    flat, tree = engines()
    with translation.override(language):
        for _ in range(2):  # laid out, and again from what is ready
            found, wanted = (
                one.get_template(name).render(Context(context(), autoescape=autoescape))
                for one in (flat, tree)
            )
            assert found == wanted
            assert type(found) is type(wanted)


def test_most_of_it_is_laid_out():
    flat, _tree = engines()
    template = flat.get_template("grandchild")
    template.render(Context(context()))
    pieces = template.nodelist._pieces
    assert pieces[0] == "<t>"
    assert len(pieces) < 8


def test_a_template_that_is_not_there_is_an_error_when_it_is_asked_for():
    flat, _tree = engines()
    with pytest.raises(TemplateDoesNotExist):
        flat.from_string("{% extends 'nowhere' %}").render(Context())


def test_while_somebody_develops_templates_stay_trees():
    engine = Engine(
        debug=True,
        loaders=[("newsroom.flat_templates.Loader", [("django.template.loaders.locmem.Loader", TEMPLATES)])],
    )
    assert type(engine.get_template("base").nodelist) is NodeList


def test_every_page_is_the_same(client, makers, settings, monkeypatch):
    settings.PUBLIC_HISTORY = True
    rendered, laid_out = [], Flat.render

    def both(self, context):
        found, tree = laid_out(self, context), NodeList.render(self, context)
        assert found == tree
        rendered.append(self)
        return found

    monkeypatch.setattr(Flat, "render", both)
    for language, pages in every_page(makers).items():
        for path, status in pages.items():
            assert client.get(path).status_code == status, (language, path)
    assert len(rendered) > 50
