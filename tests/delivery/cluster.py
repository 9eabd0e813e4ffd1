"""Three web machines behind haproxy that share PostgreSQL with a replica, a cache server and S3, for tests of all of them."""

import http.client
import http.cookies
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path
from uuid import uuid4

import lxml.html
import pytest

from tests.machine import program
from tests.servers import Postgres, answers, free_port, wait_until

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "docs/operate/haproxy.cfg"
PASSWORD = "correct horse battery staple"
MACHINES = 3


def written(folder, port, of_machines):
    """The configuration with the addresses of a test, and without TLS."""
    text = CONFIGURATION.read_text()
    changes = {
        "    maxconn 10000\n": "    maxconn 200\n",
        "    bind :80\n": "",
        "    bind :443 ssl crt /etc/haproxy/news.example.org.pem alpn h2,http/1.1\n": f"    bind 127.0.0.1:{port}\n",
        "    http-request redirect scheme https code 301 unless { ssl_fc }\n": "",
        "    http-request set-header X-Forwarded-Proto https\n": "",
        "10.0.0.1": "127.0.0.1",
        ":8000": f":{of_machines}",
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "haproxy.cfg").write_text(text)
    return folder / "haproxy.cfg"


class Cluster:
    """Everything, in a folder. `code` is where the site's files lie: those of another version, perhaps."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.primary = Postgres(folder / "primary").make()
        stack.callback(self.primary.stop)
        self.standby = Postgres(folder / "standby").replica_of(self.primary)
        stack.callback(self.standby.stop)
        self.cache, self.storage, self.front = free_port(), free_port(), free_port()
        (folder / "cache").mkdir()
        self.cache_server = self.run(
            program("redis-server"), "--port", str(self.cache), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder / "cache")
        )  # fmt: skip
        self.run(
            sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.storage)
        )
        # Each has an address of its own; their port, by which cookies are named, is the same as on real machines.
        self.machines = free_port()
        self.processes: dict[int, subprocess.Popen] = {}
        self.run(program("haproxy"), "-f", str(written(folder, self.front, self.machines)))
        wait_until(
            lambda: answers(self.storage) and answers(self.cache) and answers(self.front), what="servers"
        )
        self.manage("migrate", "--verbosity", "0")
        self.manage(
            "shell",
            "-c",
            "from django.core.files.storage import default_storage as s; s._client.create_bucket(Bucket='files')",
        )
        self.manage("load_sample", "--verbosity", "0")
        self.manage("create_login", "ada", "--role", "chief", LOGIN_PASSWORD=PASSWORD)
        self.manage("collectstatic", "--noinput", "--verbosity", "0")

    def run(self, *command: str, **options) -> subprocess.Popen:
        """Until the end of the test."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
        process = subprocess.Popen(command, start_new_session=True, **{**quiet, **options})
        self.stack.callback(lambda: (end(process), process.wait(timeout=60)))
        return process

    def environ(self, number: int = 0) -> dict[str, str]:
        """Each machine has a DATA_DIR of its own; static files come with the version and are the same."""
        data = self.folder / f"machine-{number}"
        data.mkdir(exist_ok=True)
        with suppress(FileExistsError):
            if number:
                (data / "static").symlink_to(self.folder / "machine-0" / "static")
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept, "DEBUG": "0", "ENV_FILE": os.devnull, "SECRET_KEY": "0123456789" * 5 + "abc", "LOG_LEVEL": "CRITICAL",
            "SITE_URL": f"http://127.0.0.1:{self.front}", "PORT": str(self.machines), "DATA_DIR": str(data),
            "ALLOWED_HOSTS": ",".join(["127.0.0.1", *(address_of(one) for one in range(MACHINES))]),
            "DATABASE_URL": self.primary.url(), "REPLICA_URLS": self.standby.url(), "SECOND_FACTOR_REQUIRED": "0",
            "ACCEPTED_RISKS": "one-factor", "CACHE_URL": f"redis://127.0.0.1:{self.cache}/0", "TRUSTED_PROXY_COUNT": "1",
            "STORAGE_URL": f"s3://key:secret@files/pictures?endpoint=http://127.0.0.1:{self.storage}&region=us-east-1",
        }  # fmt: skip

    def manage(self, *command: str, code: Path = ROOT, **environ: str) -> str:
        """What it says."""
        return subprocess.run(
            [sys.executable, "manage.py", *command], cwd=code, env={**self.environ(), **environ}, check=True, text=True,
            stdout=subprocess.PIPE, timeout=600,
        ).stdout  # fmt: skip

    def start(self, number: int, code: Path = ROOT) -> None:
        """A machine, by the server that this version has."""
        host = address_of(number)
        environ = {**self.environ(number), "BIND": host, "WEB_CONCURRENCY": "1"}
        self.processes[number] = self.run(*server_of(code, host, self.machines), cwd=code, env=environ)
        wait_until(lambda: status_of(f"{at(self, number)}/healthz") == 200, what="a web machine", seconds=120)

    def kill(self, number: int) -> None:
        """As a power cut does."""
        end(self.processes[number])
        self.processes.pop(number).wait(timeout=60)


def address_of(number: int) -> str:
    """Of a machine, on this one."""
    return f"127.0.0.1{number + 1}"


def server_of(code: Path, host: str, port: int) -> list[str]:
    """The product's own; versions before it were served by gunicorn."""
    if (code / "newsroom/serve.py").exists():
        return [sys.executable, "-m", "newsroom.serve"]
    pytest.importorskip("gunicorn", reason="gunicorn, which served the version before, is not installed")
    return [sys.executable, "-m", "gunicorn", "newsroom.wsgi", "--bind", f"{host}:{port}", "--preload"]


def end(process: subprocess.Popen) -> None:
    """With all that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def status_of(address: str) -> int:
    """0 where nobody answers."""
    return Browser().get(address)[0]


class Cookies(urllib.request.BaseHandler):
    """Of one site, at whatever address it is asked: for readers it has only one."""

    def __init__(self) -> None:
        self.kept: http.cookies.SimpleCookie = http.cookies.SimpleCookie()

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        """Each is sent."""
        if self.kept:
            sent = "; ".join(f"{name}={one.coded_value}" for name, one in self.kept.items() if one.value)
            request.add_unredirected_header("Cookie", sent)
        return request

    def http_response(self, _request, response):
        """What is set is kept; what ends is empty."""
        for one in response.headers.get_all("Set-Cookie", ()):
            self.kept.load(one)
        return response


class Browser:
    """Keeps cookies, whichever machine set them."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(Cookies())

    def get(
        self, address: str, data: dict[str, str] | None = None, timeout: float = 60
    ) -> tuple[int, str, str]:
        """Status, page and the address that it came from in the end; where nothing came, 0 and why."""
        body = None if data is None else urllib.parse.urlencode(data).encode()
        try:
            with self.opener.open(address, body, timeout=timeout) as answer:
                return answer.status, answer.read().decode("utf-8", "replace"), answer.url
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode("utf-8", "replace"), address
        except (OSError, http.client.HTTPException) as error:
            return 0, repr(error), address

    def send(self, address: str, page: str, form: str = "", **fields: str) -> tuple[int, str, str]:
        """The form of a page, filled."""
        document = lxml.html.fromstring(page)
        forms = document.forms if not form else [document.get_element_by_id(form)]
        posted = next(
            one for one in forms if one.method == "POST" and "csrfmiddlewaretoken" in dict(one.form_values())
        )
        return self.get(address, {**dict(posted.form_values()), **fields})

    def sign_in(self, machine: str) -> None:
        _, page, address = self.get(f"{machine}/accounts/login/")
        status, _, where = self.send(address, page, login="ada", password=PASSWORD)
        assert (status, where.endswith("/admin/")) == (200, True)


def at(cluster, number):
    return f"http://{address_of(number)}:{cluster.machines}"


def write(browser, machine, title, **fields):
    """A draft, by its form; the address at which it is changed."""
    address = f"{machine}/admin/releases/release/add/"
    _, page, _ = browser.get(address)
    status, page, where = browser.send(
        address, page, "release_form", title=title, body=f"<p>Words of {title}.</p>", uuid=str(uuid4()), _save="", **fields
    )  # fmt: skip
    assert (status, "/change/" in where or title in page) == (200, True), page[:2000]
    return where


def publish(browser, machine, path, **fields):
    """By the button, at another machine perhaps."""
    _, page, _ = browser.get(f"{machine}{path}")
    _, page, where = browser.send(f"{machine}{path}", page, "release_form", _publish="", **fields)
    assert "/confirm/" in where, where
    document = lxml.html.fromstring(page)
    choice = document.xpath("//button[@name='do']/@value")[0]
    asking = document.xpath("//form[.//button[@name='do']]")[0]
    status, page, where = browser.get(where, {**dict(asking.form_values()), "do": choice})
    said = " ".join(lxml.html.fromstring(page).xpath("string(//*[contains(@class, 'messagelist')])").split())
    assert (status, "published" in said.lower()) == (200, True), (where, said, page[:300])
    return status, page, where


def path_of(address):
    return urllib.parse.urlsplit(address).path


def seen_everywhere(cluster, path, said, *, within=5.0):
    """How long it takes until every machine answers so: (status, words that the page has)."""
    began, status, words = time.monotonic(), *said
    for number in range(MACHINES):
        if number in cluster.processes:
            wait_until(
                lambda number=number: (found := Browser().get(at(cluster, number) + path))[0] == status and words in found[1],
                what=f"{path} at machine {number}", seconds=within,
            )  # fmt: skip
    return time.monotonic() - began


class Readers:
    """Some who read by haproxy without a pause; `failed` is what they did not get."""

    def __init__(self, cluster, many=4):
        self.front, self.failed, self.read = f"http://127.0.0.1:{cluster.front}", [], 0
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.go) for _ in range(many)]

    def go(self):
        browser = Browser()
        paths = ("/", "/releases/", "/topics/", "/feeds/releases.rss", "/search/?q=water", "/healthz")
        while not self.ended.is_set():
            for path in paths:
                status, page, _ = browser.get(f"{self.front}{path}", timeout=30)
                self.read += 1
                if status != 200:
                    self.failed.append((path, status, page[:200]))

    def __enter__(self):
        for one in self.threads:
            one.start()
        return self

    def __exit__(self, *args):
        self.ended.set()
        for one in self.threads:
            one.join()
