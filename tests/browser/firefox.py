"""The machine's own Firefox, driven by its own protocol: Playwright knows only the one that it has changed itself.

Marionette: a line of TCP, each message its length, a colon and JSON
(https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html).
"""

import json
import socket
import subprocess
import time
from itertools import count
from pathlib import Path
from types import TracebackType

CONTROL = "\ue009"


class Firefox:
    """A browser without a window; leave the `with` block, and it is gone."""

    def __init__(self, program: str, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        folder.mkdir()
        (folder / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
        self.process = subprocess.Popen(
            [program, "--headless", "--marionette", "--no-remote", "--profile", str(folder), "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.numbers = count(1)
        try:
            self.line = self._connected(port)
            self._heard()  # its greeting
            self.say("WebDriver:NewSession")
        except BaseException:
            self.process.kill()
            self.process.wait(30)
            raise

    def __enter__(self) -> "Firefox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.line.close()
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(30)

    def say(self, command: str, **what: object) -> object:
        """One command of WebDriver or Marionette, and its value."""
        message = json.dumps([0, next(self.numbers), command, what]).encode()
        self.line.sendall(b"%d:%b" % (len(message), message))
        _, _, error, value = self._heard()
        assert error is None, error
        return value

    def goto(self, address: str) -> None:
        self.say("WebDriver:Navigate", url=address)

    def run(self, script: str, *args: object) -> object:
        """The value that a function's body returns in the page."""
        return self.say("WebDriver:ExecuteScript", script=script, args=list(args))["value"]

    def press(self, letter: str) -> None:
        """A letter with the control key held."""
        keys = [("keyDown", CONTROL), ("keyDown", letter), ("keyUp", letter), ("keyUp", CONTROL)]
        actions = [{"type": kind, "value": key} for kind, key in keys]
        self.say("WebDriver:PerformActions", actions=[{"type": "key", "id": "keys", "actions": actions}])

    def _connected(self, port: int) -> socket.socket:
        for _ in range(300):
            try:
                line = socket.create_connection(("127.0.0.1", port), timeout=120)
            except OSError:
                assert self.process.poll() is None, "Firefox ended before it could be spoken to"
                time.sleep(0.2)
            else:
                return line
        raise AssertionError("Firefox does not answer")

    def _heard(self) -> object:
        length = b""
        while (byte := self.line.recv(1)) != b":":
            assert byte, "Firefox has hung up"
            length += byte
        message = b""
        while len(message) < int(length):
            message += self.line.recv(int(length) - len(message))
        return json.loads(message)
