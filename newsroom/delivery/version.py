"""Which version of the site this process runs, with which settings: pages that another one made are not shown by it."""

import hashlib
from functools import cache

from django.conf import settings

# What machines of one site may have each for itself, and what is secret.
_NOT_IN_PAGES = frozenset(
    {
        "ALLOWED_HOSTS", "BASE_DIR", "CACHES", "CSRF_COOKIE_NAME", "DATABASES", "DATA_DIR", "LOCALE_PATHS", "LOGGING", "MEDIA_ROOT",
        "PAGE_CACHE_MB", "PORT", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "SESSION_COOKIE_NAME", "STATICFILES_DIRS", "STATIC_ROOT",
        "TASKS", "TEMPLATES",
    }
)  # fmt: skip
_SOURCES = ("newsroom/**/*.py", "releases/**/*.py", "releases/**/*.json", "templates/**/*", "locale/**/*.mo")


@cache
def of_site() -> str:
    """Another one for any other code, template, translation, static file or setting. By what the files say, so that it is the same
    on every machine."""
    found = hashlib.sha256()
    for name in sorted(dir(settings)):
        if name.isupper() and name not in _NOT_IN_PAGES:
            found.update(f"{name}={getattr(settings, name)!r}\n".encode())
    files = [one for pattern in _SOURCES for one in settings.BASE_DIR.glob(pattern) if one.is_file()]
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    for one in sorted({*files, *([manifest] if manifest.is_file() else [])}):
        found.update(hashlib.sha256(one.read_bytes()).digest())
    return found.hexdigest()[:16]
