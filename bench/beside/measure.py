"""Fills the site of Wagtail with the texts that come in, and measures its pages: run in its own environment by `bench.beside`."""

import json
import os
import sys
import uuid
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import Path


def main(texts: Path) -> None:
    """Fill where nothing is there, ask, write."""
    from django.core.wsgi import get_wsgi_application

    from bench._ask import ask, cost_of, resident

    site = get_wsgi_application()
    fill(texts)
    found = {}
    for name, where in pages().items():
        found[name] = asdict(cost_of(site, where, lambda: None))
        print(
            f"{name:26}{found[name]['web']:8.2f} + {found[name]['database']:8.2f}",
            file=sys.stderr,
            flush=True,
        )
    ask(site, "/")
    Path(os.environ["BENCH_JSON"]).write_text(json.dumps({"pages": found, "memory": resident()}))


def pages() -> dict[str, str]:
    """Those of the newsroom's table that it has."""
    from django.db.models import Count

    from bench.beside.site.models import PER_PAGE, Topic, releases

    count = releases().count()
    one = releases()[count // 3]
    busiest = Topic.objects.annotate(number=Count("releases")).order_by("-number")[0]
    deep = max(1, busiest.releases.count() // PER_PAGE)
    rare = next(word for word in str(releases()[7].body).split() if word.startswith("X")).split(".")[0]
    topic, last = f"/topics/{busiest.slug}/", max(1, count // PER_PAGE)
    return {
        "release": one.get_url(),
        "front": "/",
        "front, deep": f"/?page={min(400, last)}",
        "topic": topic,
        "topic, deep": f"{topic}?page={deep}",
        "a month": f"/archive/{one.date.year}/{one.date.month}/",
        "topic index": "/topics/",
        "feed, rss": "/feed.rss",
        "search, common word": "/search/?q=world",
        "search, two words": "/search/?q=world+long",
        "search, rare word": f"/search/?q={rare}",
    }


def fill(texts: Path) -> None:
    """Pages, footnotes, topics and the search's index, as saving them one by one would leave them."""
    from django.contrib.contenttypes.models import ContentType
    from django.core.management import call_command
    from django.db import connection
    from wagtail.models import Locale, Page, Site
    from wagtail_footnotes.models import Footnote

    from bench.beside.site.models import ReleaseIndexPage, ReleasePage, Topic

    call_command("migrate", verbosity=0)
    if ReleasePage.objects.exists():
        return
    root = Page.objects.get(depth=1)
    front = root.add_child(instance=ReleaseIndexPage(title="Latest", slug="latest"))
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=front, is_default_site=True, site_name="Beside")
    locale, kind = Locale.get_default(), ContentType.objects.get_for_model(ReleasePage)
    filed = ReleasePage.topics.through
    with texts.open(encoding="utf-8") as lines:
        named = json.loads(next(lines))
        topics = {name: Topic.objects.create(name=name, slug=slug) for name, slug in named.items()}
        place = 0
        while portion := [json.loads(line) for line in islice(lines, 500)]:
            notes, tied = [], []
            for text in portion:
                place += 1
                identities = [str(uuid.uuid4()) for _ in text["notes"]]
                page = ReleasePage(
                    path=front.path + _steps(place), depth=front.depth + 1, numchild=0, title=text["title"][:255],
                    draft_title=text["title"][:255], slug=f"text-{text['number']}", content_type=kind, locale=locale,
                    live=True, url_path=f"{front.url_path}text-{text['number']}/", date=datetime.fromisoformat(text["day"]),
                    summary=text["summary"], body=json.dumps([{"type": "paragraph", "value": _rich(text, identities)}]),
                )  # fmt: skip
                page.save_base(raw=False)
                notes += [
                    Footnote(
                        page=page,
                        uuid=identity,
                        locale=locale,
                        text=f'<p>{note} <a href="https://example.org/1">report</a></p>',
                    )
                    for identity, note in zip(identities, text["notes"], strict=True)
                ]
                tied += [filed(releasepage=page, topic=topics[name]) for name in text["topics"]]
            Footnote.objects.bulk_create(notes)
            filed.objects.bulk_create(tied)
            print(f"  {place} pages", file=sys.stderr, flush=True)
    Page.objects.filter(pk=front.pk).update(numchild=place)
    call_command("update_index", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _steps(number: int) -> str:
    """A step of treebeard's path: four digits to the base of 36."""
    found = ""
    for _ in range(4):
        number, rest = divmod(number, 36)
        found = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + found
    return found


def _rich(text: dict[str, list[str]], identities: list[str]) -> str:
    paragraphs = []
    for number, words in enumerate(text["paragraphs"]):
        mark = (
            f'<footnote id="{identities[number]}">[{identities[number][:6]}]</footnote>'
            if number < len(identities)
            else ""
        )
        paragraphs.append(f"<p>{words}{mark}</p>")
    return "".join(paragraphs)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.beside.site.settings"
    import django

    django.setup()
    main(Path(sys.argv[1]))
