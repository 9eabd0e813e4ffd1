"""The environment, read by type: the `.env` file, the database and caches that addresses name, and what production refuses."""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
import django
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from newsroom.delivery.sqlite import Connection

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1", "testserver"}
# What production refuses unless ACCEPTED_RISKS names it.
HTTP, SUBDOMAINS, ONE_FACTOR = "http", "subdomains", "one-factor"


def read_environment(base: Path) -> Env:
    """The environment, filled up from the file ENV_FILE (by default `.env` beside manage.py): what is set already wins.

    Also makes whatever this process writes readable for this account alone: it may hold drafts.
    """
    os.umask(0o077)
    env = Env()
    file = Path(os.environ.get("ENV_FILE") or base / ".env")
    if file.is_file():
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise ImproperlyConfigured(
                f"Other accounts can read {file}, where the secret key stands: chmod 600 {file}"
            )
        env.read_env(str(file), recurse=False)
    return env


def secret_key(env: Env, data_dir: Path) -> str:
    """SECRET_KEY, or what the file `secret_key` in DATA_DIR holds (`make serve` makes one), or nothing."""
    key = env.str("SECRET_KEY", "")
    with suppress(OSError):
        key = key or (data_dir / "secret_key").read_text().strip()
    return key


# How connections to PostgreSQL are made, whoever makes them: a server that vanished is given up soon, and reported as gone, though
# no packet says so.
_POSTGRESQL = {
    "connect_timeout": 5, "tcp_user_timeout": 10_000, "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3,
}  # fmt: skip
REPLICA_CONNECT_TIMEOUT = 2  # seconds; the primary can answer in its place


def pooler(env: Env) -> str:
    """What kind of pooler DATABASE_URL leads to: "transaction", or none."""
    mode = env.str("DATABASE_POOLER", "")
    if mode not in {"", "transaction"}:
        raise ImproperlyConfigured(f"DATABASE_POOLER must be transaction or empty, not {mode!r}.")
    return mode


def databases(env: Env, data_dir: Path, *, pooled: bool) -> dict[str, dict[str, Any]]:
    """DATABASES for DATABASE_URL, by default SQLite in DATA_DIR, and for REPLICA_URLS: "replica-1" and so on. `pooled`: all these
    are poolers that hand each transaction to another session."""
    own = f"sqlite:///{data_dir / 'newsroom.sqlite3'}"
    primary = _address("DATABASE_URL", env.str("DATABASE_URL", "") or own)
    if primary["ENGINE"] == "django.db.backends.sqlite3":
        if pooled:
            raise ImproperlyConfigured("DATABASE_POOLER is for PostgreSQL, and DATABASE_URL names SQLite.")
        with suppress(OSError):  # SQLite itself says best what is wrong with a place
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        primary["OPTIONS"] = {
            # A reader never waits for a writer (WAL); a writer takes its lock at once instead of failing half-way
            # (IMMEDIATE); what was committed survives a power cut (FULL). A thread caches 16 MB: a search that reads many
            # texts is a seventh faster than with SQLite's 2 MB.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-16000;",
            "factory": Connection,
        }
    found = {"default": primary}
    urls: list[str] = env.list("REPLICA_URLS", [])
    for number, url in enumerate(urls, 1):
        replica = _address("REPLICA_URLS", url)
        if primary["ENGINE"] != replica["ENGINE"] or not _is_postgresql(replica):
            raise ImproperlyConfigured(
                "REPLICA_URLS names replicas of PostgreSQL; DATABASE_URL is their primary."
            )
        replica["OPTIONS"]["connect_timeout"] = REPLICA_CONNECT_TIMEOUT
        # Tests have one database, which is its own replica.
        replica["TEST"] = {"MIRROR": "default"}
        found[f"replica-{number}"] = replica
    if pooled:
        for one in found.values():
            # The next transaction is another session's: nothing may be left in one.
            one.update(DISABLE_SERVER_SIDE_CURSORS=True, CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=False)
    return found


def direct_database(env: Env) -> dict[str, Any] | None:
    """Where `migrate` finds the server itself (DATABASE_DIRECT_URL), if other processes go through a pooler."""
    if not (url := env.str("DATABASE_DIRECT_URL", "")):
        return None
    found = _address("DATABASE_DIRECT_URL", url)
    if not _is_postgresql(found):
        raise ImproperlyConfigured(
            "DATABASE_DIRECT_URL names the PostgreSQL server that DATABASE_URL leads to by a pooler."
        )
    return found


def _address(name: str, url: str) -> dict[str, Any]:
    """As Django wants it; raises ImproperlyConfigured without the address, which may hold a password."""
    try:
        # Opening a connection takes longer than all the queries of a page, on SQLite too; so it is kept (seconds).
        found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(
            f"{name} must be an address such as postgres://user:password@host/name."
        ) from error
    if _is_postgresql(found):
        found["OPTIONS"] = {**_POSTGRESQL, **found.get("OPTIONS", {})}
    return found


def _is_postgresql(database: dict[str, Any]) -> bool:
    return "postgresql" in database["ENGINE"]


# Ours survive the faults of a cache; the one in memory counts bytes, because a page may have one kilobyte or four hundred.
_BACKENDS = {
    "FileBasedCache": "newsroom.delivery.cache_backends.FileCache",
    "LocMemCache": "newsroom.delivery.cache_backends.MemoryCache",
    "RedisCache": "newsroom.delivery.cache_server.ServerCache",
}


def caches(env: Env, data_dir: Path, *, megabytes: int) -> dict[str, dict[str, Any]]:
    """CACHES for CACHE_URL and PAGE_CACHE_URL; `megabytes` is how much a process holds in memory.

    Sign-in limits need a cache that all processes share, so the embedded default is in files. Pages have another one:
    emptying it must not forget who has tried how many passwords.
    """
    if megabytes < 1:
        raise ImproperlyConfigured("PAGE_CACHE_MB must be at least 1.")
    found = {
        "default": env.dj_cache_url("CACHE_URL", f"file://{data_dir / 'cache'}"),
        "pages": env.dj_cache_url("PAGE_CACHE_URL", env.str("CACHE_URL", "locmem://pages")),
    }
    # Django's 300 entries would let a flood of made-up names push out the counts of wrong passwords.
    entries = {"default": 50_000, "pages": 5_000}
    for alias, cache in found.items():
        name = cache["BACKEND"].rpartition(".")[2]
        if name in _BACKENDS:
            cache["BACKEND"] = _BACKENDS[name]
        if name == "LocMemCache":
            if alias == "pages":
                cache["BACKEND"] = "newsroom.delivery.cache_backends.PageMemory"
            cache.setdefault("OPTIONS", {}).setdefault("MAX_BYTES", megabytes * 1024 * 1024)
        if name == "FileBasedCache":
            cache.setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", entries[alias])
    found["pages"]["KEY_PREFIX"] = "pages"
    return found


def storage(env: Env) -> dict[str, Any]:
    """Where pictures are kept: STORAGE_URL, by default MEDIA_ROOT. Raises ImproperlyConfigured without the address, which may hold
    a secret."""
    url = env.str("STORAGE_URL", "")
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    example = "s3://bucket/folder?endpoint=https://s3.example.net&region=eu-central-1"
    try:
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        is_bucket = parts.scheme == "s3" and bool(parts.hostname) and parts.port is None
    except ValueError:
        is_bucket = False
    if not is_bucket:
        raise ImproperlyConfigured(f"STORAGE_URL must be an address such as {example}.")
    if unknown := set(asked) - {"endpoint", "region", "style"}:
        raise ImproperlyConfigured(
            f"STORAGE_URL knows endpoint, region and style, not {sorted(unknown)[0]!r}; such as {example}."
        )
    if endpoint := asked.get("endpoint"):
        demand_whole_address("The endpoint of STORAGE_URL", endpoint)
    if asked.get("style", "auto") not in {"auto", "path", "virtual"}:
        raise ImproperlyConfigured("The style of STORAGE_URL must be path or virtual.")
    if bool(parts.username) != bool(parts.password):
        raise ImproperlyConfigured("STORAGE_URL names a key without its secret, or a secret without its key.")
    if not (find_spec("storages") and find_spec("boto3")):
        raise ImproperlyConfigured(
            "STORAGE_URL needs more packages: pip install --require-hashes -r requirements-s3.txt"
        )
    return {
        "BACKEND": "newsroom.delivery.object_storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": parts.netloc.rpartition("@")[2],
            "location": unquote(parts.path).strip("/"),
            "endpoint_url": endpoint or None,
            "region_name": asked.get("region") or None,
            # Bucket before the host is Amazon's way; most others want it in the path.
            "addressing_style": asked.get("style") or ("path" if endpoint else "auto"),
            "access_key": unquote(parts.username) if parts.username else None,
            "secret_key": unquote(parts.password) if parts.password else None,
        },
    }


# Django's own from version 6 on, and the package that it was made from before (`newsroom.tasks`).
TASKS = "django_tasks" if django.VERSION < (6, 0) else "django.tasks"


def tasks(env: Env) -> dict[str, dict[str, Any]]:
    """TASKS for TASKS_BACKEND; by default what is to be done is done at once."""
    return {"default": {"BACKEND": env.str("TASKS_BACKEND", f"{TASKS}.backends.immediate.ImmediateBackend")}}


def host_of(address: str) -> str:
    """The name of the machine that an address of the web leads to."""
    return urlsplit(address).hostname or ""


def onion(name: str, value: str) -> str:
    """An address without its last slash; raises ImproperlyConfigured for one that is not of an onion service."""
    if value and not (urlsplit(value).scheme in {"http", "https"} and host_of(value).endswith(".onion")):
        raise ImproperlyConfigured(
            f"{name} must be the address of an onion service, http://….onion, not {value!r}."
        )
    return value.rstrip("/")


def contacts(name: str, values: Sequence[str], mail: str) -> list[str]:
    """Addresses as security.txt wants them (RFC 9116); where none is set, the organisation's e-mail."""
    found = [one if ":" in one else f"mailto:{one}" for one in values or filter(None, [mail])]
    for one in found:
        if not one.startswith(("mailto:", "https://", "tel:")) or not one.isprintable() or " " in one:
            raise ImproperlyConfigured(
                f"{name} must be mail addresses or addresses that begin with https, not {one!r}."
            )
    return found


def key_file(name: str, value: str) -> Path | None:
    """A file with a public PGP key in letters."""
    if not value:
        return None
    try:
        text = Path(value).read_text(errors="replace")
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: {value} cannot be read ({error.strerror}).") from error
    if "BEGIN PGP PUBLIC KEY BLOCK" not in text or "PRIVATE KEY" in text:
        raise ImproperlyConfigured(
            f"{name} must name a file with a public PGP key in letters (gpg --export --armor)."
        )
    return Path(value)


def token(name: str, value: str) -> str:
    """A secret that is long enough; raises ImproperlyConfigured for another."""
    if value and (len(value) < 24 or not value.isascii() or not value.isprintable()):
        raise ImproperlyConfigured(f"{name} must be at least 24 random letters and digits.")
    return value


def demand_whole_address(name: str, value: str) -> None:
    """Raises ImproperlyConfigured unless the setting `name` is a whole address of the web."""
    if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
        raise ImproperlyConfigured(
            f"{name} must be a whole address such as https://news.example.org, not {value!r}."
        )


def at_least(name: str, value: int, least: int) -> int:
    """The value; raises ImproperlyConfigured for a smaller one."""
    if value < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}, not {value}.")
    return value


def headers(name: str, value: str) -> dict[str, str]:
    """Headers of a request, "name: value" each, separated by semicolons or line ends."""
    found = {}
    for line in filter(None, (one.strip() for one in value.replace("\n", ";").split(";"))):
        header, colon, said = line.partition(":")
        if not (colon and header.isascii() and header.strip()):
            raise ImproperlyConfigured(f"{name} must be headers such as 'xkey: {{keys}}', not {line!r}.")
        found[header.strip()] = said.strip()
    return found


def demand_safe_development(hosts: Sequence[str]) -> None:
    """Raises ImproperlyConfigured where DEBUG would be seen by others."""
    if public := [host for host in hosts if host not in LOCAL_HOSTS]:
        raise ImproperlyConfigured(
            f"DEBUG shows the site's secrets to visitors and ALLOWED_HOSTS names {public[0]}, which is not this "
            "machine: unset DEBUG, or serve localhost alone."
        )


def demand_safe_production(
    *, key: str, site_url: str, hosts: Sequence[str], second_factor: bool, accepted: Sequence[str]
) -> None:
    """Raises ImproperlyConfigured for the first unsafe value, naming its setting. `accepted` are the risks that are meant."""
    if unknown := set(accepted) - {HTTP, SUBDOMAINS, ONE_FACTOR}:
        raise ImproperlyConfigured(
            f"ACCEPTED_RISKS knows {HTTP}, {SUBDOMAINS} and {ONE_FACTOR}, not {sorted(unknown)[0]!r}."
        )
    if not key:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set: give the site a long random one and keep it "
            "(python -c 'import secrets; print(secrets.token_urlsafe(50))')."
        )
    if len(key) < 50 or len(set(key)) < 5:
        raise ImproperlyConfigured("SECRET_KEY is too short to be safe: use at least 50 random characters.")
    if any("*" in host for host in hosts):
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS has a wildcard, so that anybody could make the site sign links to their own host: "
            "name each host."
        )
    dotted = [host for host in hosts if host.startswith(".")]
    if dotted and SUBDOMAINS not in accepted:
        raise ImproperlyConfigured(
            f"ALLOWED_HOSTS has {dotted[0]}, which lets in every subdomain, whoever runs it: name each host. "
            f"If this is meant, set ACCEPTED_RISKS={SUBDOMAINS}."
        )
    address = urlsplit(site_url)
    if address.scheme == "http" and address.hostname not in LOCAL_HOSTS and HTTP not in accepted:
        raise ImproperlyConfigured(
            f"SITE_URL is {site_url}: without https everybody on the way reads passwords and drafts. "
            f"If this is meant, set ACCEPTED_RISKS={HTTP}."
        )
    if not second_factor and ONE_FACTOR not in accepted:
        raise ImproperlyConfigured(
            "SECOND_FACTOR_REQUIRED is off, so a stolen password opens every draft: leave it on. "
            f"If this is meant, set ACCEPTED_RISKS={ONE_FACTOR}."
        )
