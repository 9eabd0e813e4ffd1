"""Several processes that make pages; each ends when the one that started it does, however that ends."""

import os
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, Generic, TypeVar, cast

from django.db import connections

Task = TypeVar("Task")
Result = TypeVar("Result")


class WorkerFailed(Exception):
    """A page could not be made; the message is the traceback."""


class Workers(Generic[Task, Result]):
    """`count` copies of this process that do `work`. With one there is no copy: this process does it itself."""

    def __init__(self, count: int, work: Callable[[Task], Result]) -> None:
        self._work = work
        self._pipes: list[Connection] = []
        self._pids: list[int] = []
        if count > 1:
            # No connection of a database may be shared between processes.
            connections.close_all()
            for _ in range(count):
                self._start()

    def _start(self) -> None:
        ours, theirs = Pipe()
        pid = os.fork()
        if pid == 0:
            # An end that stayed open here would hide from the others that the one who asks is gone.
            for one in (*self._pipes, ours):
                one.close()
            try:
                self._serve(theirs)
            finally:
                os._exit(0)
        theirs.close()
        self._pipes.append(ours)
        self._pids.append(pid)

    def _serve(self, pipe: Connection) -> None:
        while True:
            try:
                task = pipe.recv()
            except (EOFError, KeyboardInterrupt):
                return
            try:
                answer: tuple[Any, str] = (self._work(task), "")
            except Exception:
                answer = (None, traceback.format_exc())
            pipe.send(answer)

    def run(self, tasks: Iterator[Task], go_on: Callable[[], bool]) -> Iterator[Result]:
        """The results as they come. Where `go_on` says no, no further task is begun, and those under way are finished."""
        if not self._pipes:
            for task in tasks:
                if not go_on():
                    return
                yield self._work(task)
            return
        idle, busy = list(self._pipes), []
        while True:
            while idle and go_on() and (following := next(tasks, None)) is not None:
                pipe = idle.pop()
                pipe.send(following)
                busy.append(pipe)
            if not busy:
                return
            for ready in cast("list[Connection]", wait(busy)):
                busy.remove(ready)
                idle.append(ready)
                try:
                    result, failure = ready.recv()
                except EOFError:
                    raise WorkerFailed("A process that made pages was killed.") from None
                if failure:
                    raise WorkerFailed(failure)
                yield result

    def close(self) -> None:
        """Let the processes end, and wait for them."""
        for pipe in self._pipes:
            pipe.close()
        for pid in self._pids:
            os.waitpid(pid, 0)
        self._pipes, self._pids = [], []
