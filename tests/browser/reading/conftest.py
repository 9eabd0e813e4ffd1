"""A published release of the usual shape, and a browser in front of it."""

import pytest

from releases import workflow


def cite(number, key, nth=""):
    return f'<sup class="footnote-ref"><a href="#fn-{key}" id="fnref-{key}{nth}">{number}</a></sup>'


PADDING = "<p>" + "Words that fill the page so that there is something to scroll. " * 30 + "</p>"
BODY = (
    f"<p>The river rose{cite(1, 'aaaa')} and the ferry was stopped on May 30{cite(2, 'bbbb')}; it rose again.{cite(1, 'aaaa', '-2')}</p>"
    f"<ul><li><p>A list of names.{cite(3, 'cccc')}</p></li><li><p>Another point.</p></li></ul>"
    "<h2>A part</h2>"
    f"<blockquote><p>Nobody was told.{cite(4, 'dddd')}</p></blockquote>"
    "<table><tbody><tr><th><p>Landing</p></th><th><p>Families moved out of their houses</p></th><th><p>Administration</p></th>"
    f"<th><p>Compensation</p></th></tr><tr><td><p>Varn</p></td><td><p>1,204{cite(5, 'eeee')}</p></td><td><p>Survey office</p></td>"
    "<td><p>none</p></td></tr></tbody></table>"
    '<p>In Chinese <span lang="zh-hans">芦苇</span>, in Uyghur <span lang="ug" dir="rtl">قومۇش</span>.</p>'
    f"{PADDING * 6}"
    '<ol class="footnotes"><li id="fn-aaaa"><p>Survey office, <a href="https://example.org/1">“Levels.”</a></p></li>'
    '<li id="fn-bbbb"><p>Harbour Gazette, June 1.</p><p>Confirmed by letter.</p></li>'
    '<li id="fn-cccc"><p>Own file.</p></li><li id="fn-dddd"><p><em>Ibid.</em></p></li>'
    '<li id="fn-eeee"><p>https-less source</p></li></ol>'
)


@pytest.fixture
def shown(live_server, make_release, make_topic, editor):
    """The address of a release with notes everywhere, neighbours, topics and a translation."""
    topics = [
        make_topic(name)
        for name in ("Land, Property, Housing", "Rule Of Law", "Non-Governmental Organization (NGO)")
    ]
    make_release("An earlier release", topics=topics)
    release = make_release(
        "On the eve of an anniversary", summary="In short.", dateline="Varn", body=BODY, topics=topics
    )
    other = make_release("蘆葦", language="zh-hant", body="<p>本報告。</p>", topics=topics)
    workflow.tie(release, other, by=editor)
    make_release("قومۇشلۇق", language="ug", body="<p>دەريا كېلىشىمى.</p>", topics=topics)
    make_release("འདམ་བུ།", language="bo", body="<p>གྲོང་ཚོ་གསུམ།</p>", topics=topics)
    return live_server.url + release.get_absolute_url()
