"""How static files are stored for serving: under names that hold their content's hash, compressed beforehand, and the style
sheets that pages share joined to one."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites `import` in native modules, so that a changed module is a new address everywhere."""

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """Join the sheets of `settings.STYLESHEETS` as they come, then name and compress everything by its content.

        On a slow line each sheet that a page waits for costs a turn of its own.
        """
        if not dry_run:
            for joined, names in settings.STYLESHEETS.items():
                self._store(joined, b"\n".join(self._read(name, paths) for name in names))
                paths[joined] = (self, joined)
        yield from super().post_process(paths, dry_run, **options)
        self._urls.clear()

    def url(self, name: str | None, force: bool = False) -> str:
        """Found once: each page has some, and taking one apart takes longer than a look-up in the database's answer."""
        found = None if force or name is None else self._urls.get(name)
        if found is None:
            found = str(super().url(name, force))
            if name is not None and not force:
                self._urls[name] = found
        return found

    @cached_property
    def _urls(self) -> dict[str, str]:
        return {}

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Under their hashed names alone: no page leads to the others, and compressing is most of what collecting costs."""
        yield from super().compress_files(set(self.hashed_files.values()) & set(paths))

    def _read(self, name: str, paths: dict[str, Any]) -> bytes:
        source, path = paths[name]
        with source.open(path) as file:
            content: bytes = file.read()
            return content

    def _store(self, name: str, content: bytes) -> None:
        if self.exists(name):
            self.delete(name)
        self._save(name, ContentFile(content))
