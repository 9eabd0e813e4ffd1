"""What readers get of a whole newsroom, address by address; as a program it prints it: `-m tests.intake.readers`."""

import hashlib
import json
import os
import re
from html import unescape

ELSEWHERE = ("/admin", "/static/", "/media/", "/healthz", "/readyz")
# Of what there is for every topic and for every search, one language and one kind of feed are enough.
ENOUGH = re.compile(r"/zh[^/]+/topics/.+|.*/topics/[^/]+/feed\..*|[^?]*\?.*|.*/cite\.(?:txt|bib|ris)")
LINK = re.compile(r'(?:href|src)="(?:http://testserver)?(/[^"#]*)|<(?:loc|link)>http://testserver(/[^<#]*)<')
MOST = 2000


def public(client, more=()):
    """By address: status, where it leads, and a digest of every byte. Follows each link from where readers begin."""
    from django.conf import settings

    prefixes = ["" if code == settings.LANGUAGE_CODE else f"/{code}" for code, _name in settings.LANGUAGES]
    waiting = [
        f"{prefix}{path}" for prefix in prefixes for path in ("/", "/search/?q=Claim", "/feeds/releases.atom")
    ]
    waiting += ["/sitemap.xml", "/robots.txt", "/topics/rule-of-law/feed.rss", *more]
    found = {}
    while waiting:
        address = waiting.pop()
        if address in found or address.startswith(ELSEWHERE):
            continue
        assert len(found) < MOST, "the site leads on for ever"
        response = client.get(address)
        content = response.getvalue()
        place = response.headers.get("Location", "")
        found[address] = [response.status_code, place, hashlib.sha256(content).hexdigest()]
        if "xml" in response.headers["Content-Type"] or "html" in response.headers["Content-Type"]:
            links = [unescape(one or other) for one, other in LINK.findall(content.decode())]
            waiting += [link for link in links if not ENOUGH.fullmatch(link)]
    return found


def addresses():
    """Every address that a release has or had, whoever may open it."""
    from releases.addresses import address
    from releases.models import Address, FormerPath, FormerSlug

    rows = Address.objects.values_list("language", "slug")
    return sorted(
        [address("release", slug, language=language) for language, slug in rows]
        + [address("topic", slug) for slug in FormerSlug.objects.values_list("slug", flat=True)]
        + list(FormerPath.objects.values_list("path", flat=True))
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.intake.site_settings")
    import django
    from django.test import Client

    django.setup()
    print(json.dumps(public(Client(), addresses())))
