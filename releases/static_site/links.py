"""Addresses inside a page or a feed, turned into ones that lead from file to file, wherever the folder lies."""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from urllib.parse import quote, unquote, urljoin

# A tag that may hold an address, with quoted values that may hold ">". Text holds no "<" of its own.
_TAG = re.compile(r"<(?:a|link|img|source|script|form)\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_ATTRIBUTE = re.compile(r'\s(href|src|srcset|action)="([^"]*)"')
# For search engines and other sites: the site's own, whole address is what is meant.
_WHOLE = re.compile(r'\srel="canonical"')
# What only a server answers.
_SERVED = re.compile(r'\s(?:type="application/json\+oembed"|rel="search")')
_MODULE = re.compile(r'\stype="module"')
# A stylesheet or a module names others.
_NAMES = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
_KEPT = "/~:@!$&'()*+,;=-._"


class Links:
    """`files` gives the file (from the root on) of each address of the site, decoded, with its query string. `need` is told of each
    static file that a page shows, by its path, and says under which name it stands, or None."""

    def __init__(
        self, files: Mapping[str, str], site: str, static: str, need: Callable[[str], str | None]
    ) -> None:
        self.files, self.site, self.static, self.need = files, site, static, need
        self._tags: dict[tuple[str, str], str] = {}

    def page(self, html: str, *, path: str, root: str) -> str:
        """A page with its links relative. `path` is its own address, `root` leads from its file to the folder's root."""

        def tag(found: re.Match[str]) -> str:
            written = found[0]
            if 'href="#' in written:
                return written
            # Most tags of a page stand in every other one: the topic index, the masthead.
            key = (path if '="?' in written else root, written)
            made = self._tags.get(key)
            if made is None:
                made = self._tag(written, path, root)
                if len(self._tags) < 20_000:
                    self._tags[key] = made
            return made

        return _TAG.sub(tag, html)

    def _tag(self, tag: str, path: str, root: str) -> str:
        if _WHOLE.search(tag):
            return tag
        if _SERVED.search(tag):
            return ""

        def attribute(found: re.Match[str]) -> str:
            name, value = found[1], unescape(found[2])
            if name == "srcset":
                parts = [one.strip().split(" ") for one in value.split(",")]
                made = ", ".join(" ".join((self.link(first, path, root), *rest)) for first, *rest in parts)
            else:
                made = self.link(value, path, root)
            return f' {name}="{escape(made)}"'

        made = _ATTRIBUTE.sub(attribute, tag)
        # A browser loads no module from a disk. Those of public pages import nothing, and are as good as plain scripts.
        return _MODULE.sub(" defer", made) if made.startswith("<script") else made

    def link(self, href: str, path: str, root: str) -> str:
        """Where a link leads from a file: to another file; to the site for what only a server answers; else as it is."""
        inside = self.inside(href, path)
        if inside is None:
            return href
        address, mark, fragment = inside.partition("#")
        file = self.file_of(address)
        return f"{root}{quote(file, safe=_KEPT + '?%')}{mark}{fragment}" if file else self.site + inside

    def inside(self, href: str, path: str = "/") -> str | None:
        """The path, query string and fragment of an address of this site; None for every other."""
        if href.startswith(self.site + "/"):
            return href.removeprefix(self.site)
        if href.startswith("//") or not href or re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", href):
            return None
        return urljoin(path, href)

    def file_of(self, address: str) -> str | None:
        """The file of an address, decoded; of a question its page with the question, which a script there may answer."""
        path, mark, query = address.partition("?")
        path = unquote(path)
        if path.startswith(self.static):
            return self.need(path)
        for known in (f"{path}?{query}" if mark else path, path, f"{path}/"):
            if known in self.files:
                file = self.files[known]
                return f"{file}?{query}" if mark and file.endswith("search/index.html") else file
        return None

    def feed(self, xml: str, *, base: str, root: str) -> str:
        """A feed whose addresses lead to `base` (a whole address that ends in a slash), where that is known: feeds are read far from
        the folder, and RSS and JSON Feed know no relative addresses. Identifiers stay what they are for ever."""
        style = re.compile(r'(<\?xml-stylesheet href=")([^"]*)"')
        xml = style.sub(lambda one: f'{one[1]}{escape(self.link(unescape(one[2]), "/", root))}"', xml)
        if not base:
            return xml

        def address(found: re.Match[str]) -> str:
            if found[1]:
                return found[0]
            inside = unescape(found[0]).removeprefix(self.site)
            address, mark, fragment = inside.partition("#")
            file = self.file_of(address)
            return escape(f"{base}{quote(file, safe=_KEPT + '?%')}{mark}{fragment}") if file else found[0]

        return re.sub(rf"(<id>)?{re.escape(self.site)}/[^\"<>\s\\']*", address, xml)


def named_in(text: str) -> list[str]:
    """The files that a stylesheet names."""
    return [one or other for one, other in _NAMES.findall(text)]
