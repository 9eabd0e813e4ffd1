"""The site's own settings under an environment that suits tests, whatever the shell says."""

import os
import tempfile

os.environ["DEBUG"] = "0"
os.environ["SECRET_KEY"] = "for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz"
os.environ["SECOND_FACTOR_REQUIRED"] = "0"
os.environ["ACCEPTED_RISKS"] = "one-factor"
os.environ["ENV_FILE"] = os.devnull
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
os.environ["SITE_URL"] = "http://testserver"
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="newsroom-test-")
os.environ["LOG_LEVEL"] = "ERROR"
os.environ["CACHE_URL"] = "locmem://"
# Playwright's event loop lives in the test's thread; the ORM is used from there knowingly.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from newsroom.settings import *  # noqa: F403  settings are a flat list of names, and these are the site's own

# No test needs `collectstatic`, nor hashing that is slow on purpose.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]  # noqa: F405
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file, as on a real site: threads of one process lock each other's tables in a shared database in memory.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = (  # noqa: F405
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # noqa: F405
