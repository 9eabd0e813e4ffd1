"""`python -m newsroom.serve`: the site as in production. It is imported once, and its processes are forked from this one."""

import gc
import logging
import os
import resource
import signal
import socket
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if __name__ == "__main__":
    # Until all is imported next to nothing of it is garbage: to look for it would take a sixth of the start.
    gc.disable()

from newsroom.wsgi import application  # first of all: it sets Django up

# isort: split

from django.conf import settings

import newsroom.urls  # noqa: F401  every page needs it, so that all processes share it
from newsroom.delivery.server import STOP_ANSWERING, Crowd, Server

if TYPE_CHECKING:
    from types import FrameType

log = logging.getLogger(__name__)

FILES = 65_536  # that a process may have open, where the system lets it
PAUSE = 1.0  # seconds before a process that ended by itself is replaced
STOPS = (signal.SIGTERM, signal.SIGINT)


def main() -> int:
    """Serves until a signal ends it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, most), most))
    try:
        listening = listen(settings.BIND, settings.PORT)
    except OSError as error:
        log.error("Nothing can be served at %s, port %s: %s.", settings.BIND, settings.PORT, error.strerror)
        return 1
    settle()
    return Processes(listening).run()


def settle() -> None:
    """All is imported: the collectors leave alone what is there, and what processes share."""
    gc.freeze()  # with the little that is garbage: to find it would take as long as a tenth of the imports
    gc.enable()


def listen(host: str, port: int) -> socket.socket:
    """Raises OSError where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host.strip("[]"), port))
        listening.listen(1024)
    except OSError:
        listening.close()
        raise
    return listening


class Stopped(Exception):
    """This process was told to stop."""


class Processes:
    """The processes that serve, and this one, which starts and ends them."""

    def __init__(self, listening: socket.socket) -> None:
        self.listening = listening
        self.running: set[int] = set()

    def run(self) -> int:
        """Returns the exit status."""
        for one in STOPS:
            signal.signal(one, self._stop)
        with suppress(Stopped):
            while True:
                while len(self.running) < settings.WEB_CONCURRENCY:
                    self._start()
                pid, status = os.waitpid(-1, 0)
                self.running.discard(pid)
                said = os.waitstatus_to_exitcode(status)
                log.error("A process that served has ended (%s); another one takes its place.", said)
                time.sleep(PAUSE)
        return self._end()

    def _start(self) -> None:
        parent = os.getpid()
        # A signal that comes now is for whoever has said what it does with it.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        pid = os.fork()
        if not pid:
            _serve(self.listening, parent)
        self.running.add(pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)

    def _stop(self, _signal: int, _frame: "FrameType | None") -> None:
        for one in STOPS:
            signal.signal(one, signal.SIG_IGN)
        raise Stopped

    def _end(self) -> int:
        self.listening.close()
        until = time.monotonic() + STOP_ANSWERING + 5
        self._tell(signal.SIGTERM)
        while self.running:
            pid, _status = os.waitpid(-1, os.WNOHANG)
            self.running.discard(pid)
            if not pid:
                time.sleep(0.05)
            if time.monotonic() > until:
                self._tell(signal.SIGKILL)
        return 0

    def _tell(self, what: signal.Signals) -> None:
        for pid in self.running:
            with suppress(ProcessLookupError):
                os.kill(pid, what)


def _serve(listening: socket.socket, parent: int) -> None:
    """In a process of its own, until it is told to stop or its parent is gone; never returns."""
    status = 1
    try:
        crowd = Crowd(of_one=settings.CONNECTIONS_PER_ADDRESS)
        server = Server(application, listening, threads=settings.WEB_THREADS, crowd=crowd, parent=parent)
        for one in STOPS:
            signal.signal(one, server.stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        server.run()
        status = 0
    except BaseException:
        log.exception("A process that serves has failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)  # what this process has inherited is not its own to end


if __name__ == "__main__":
    sys.exit(main())
