"""A server process: its loop over the connections, the queue in front of its threads, and how it stops."""

import logging
import os
import select
import socket
import threading
import time
from collections import Counter, OrderedDict, deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import Error

from newsroom.delivery import limits
from newsroom.delivery.connections import Channel, Patience, Question
from newsroom.delivery.heads import Busy, TooMany

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

log = logging.getLogger(__name__)

HEAD_BYTES = 16 * 1024
# In memory; what is larger lies in a file that has no name. A thousand connections may have as much at once.
BODY_IN_MEMORY, ANSWER_IN_MEMORY = 16 * 1024, 128 * 1024
SENT_AHEAD = 128 * 1024
SWEEP = 1.0  # seconds between two looks at who is overdue
AT_ONCE = 16  # connections that are accepted before others are looked at
STOP_WAITING, STOP_ANSWERING = 3.0, 25.0  # seconds


class Crowd(NamedTuple):
    """How many connections there may be: in all, and of one address. Where there are more, who has waited longest without a whole
    request makes room. Behind proxies an address is known with a request, so there its requests are counted. The bytes are those of
    all bodies that are being sent by strangers."""

    connections: int = 2_000
    of_one: int = 100
    strangers_bytes: int = 64 * limits.MEGABYTE


class FairQueue:
    """Takes turns between addresses, so that who asks for much waits for themselves."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[Any]] = OrderedDict()
        self._length = 0

    def append(self, task: "Channel | Question") -> None:
        """At the end of its address's turn."""
        self._waiting.setdefault(task.address, deque()).append(task)
        self._length += 1

    def popleft(self) -> "Channel | Question":
        """The next address's first."""
        address, tasks = next(iter(self._waiting.items()))
        task: Channel | Question = tasks.popleft()
        if tasks:
            self._waiting.move_to_end(address)
        else:
            del self._waiting[address]
        self._length -= 1
        return task

    def __len__(self) -> int:
        return self._length


class Dispatcher(ThreadedTaskDispatcher):
    """The threads."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.queue_logger.setLevel(logging.ERROR)  # a line for each request that has to wait
        self.queue = FairQueue()
        self.set_thread_count(threads)


class Server(TcpWSGIServer):
    """Listens on a socket that other processes may share."""

    channel_class = Channel

    def __init__(
        self,
        application: "WSGIApplication",
        listening: socket.socket,
        *,
        threads: int = 4,
        patience: Patience = Patience(),  # noqa: B008  it never changes
        crowd: Crowd = Crowd(),  # noqa: B008
        parent: int = 0,
    ) -> None:
        self.patience, self.crowd, self.parent = patience, crowd, parent
        self.stopping, self.stop_began = False, 0.0
        # Those whose requests threads have; and those on which something happened, so that it is looked at what they wait for.
        self.busy: set[Channel] = set()
        self._touched: deque[Any] = deque()
        self._of_address: dict[str, set[Channel]] = {}
        # The address whose request each of them has sent the head of, and the bytes of it that a stranger has sent.
        self._clients: dict[Channel, str] = {}
        self._under_way: Counter[str] = Counter()
        self._bytes: dict[Channel, int] = {}
        self._bytes_in_all = 0
        self._watched: dict[int, int] = {}
        self._epoll = select.epoll()
        self._loop = threading.get_ident()
        adjustments = Adjustments(
            sockets=[listening], threads=threads, ident=None, backlog=1024, clear_untrusted_proxy_headers=False,
            max_request_header_size=HEAD_BYTES, max_request_body_size=limits.upload_bytes() + 1, inbuf_overflow=BODY_IN_MEMORY,
            outbuf_overflow=ANSWER_IN_MEMORY, recv_bytes=64 * 1024, log_socket_errors=False,
        )  # fmt: skip
        # The system holds so much of an answer that is not taken, for each connection.
        adjustments.socket_options = [
            (socket.SOL_TCP, socket.TCP_NODELAY, 1),
            (socket.SOL_SOCKET, socket.SO_SNDBUF, SENT_AHEAD),
        ]
        where = (listening.family, listening.type, listening.proto, listening.getsockname())
        super().__init__(
            application, {}, True, listening, Dispatcher(threads), adjustments, where, bind_socket=False
        )
        for one in list(self._map.values()):
            self.touch(one)

    # ------------------------------------------------------------------ the loop

    def run(self) -> None:
        """Until it was told to stop, and everything that had begun is answered."""
        self._loop = threading.get_ident()
        swept = time.monotonic()
        while not (self.stopping and self._has_ended()):
            self._watch()
            for descriptor, flags in self._epoll.poll(self._pause()):
                one = self._map.get(descriptor)
                if one is not None:
                    wasyncore.readwrite(one, flags)
                    self.touch(one)
            now = time.monotonic()
            if now - swept >= SWEEP:
                swept = now
                if self.parent and os.getppid() != self.parent:
                    self.stopping = True  # whoever would have ended this process was killed
                for one in list(self.active_channels.values()):
                    if one.overdue(now, self.patience):
                        one.give_up()
        self.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._map, ignore_all=True)
        self._epoll.close()

    def _pause(self) -> float:
        if self._touched:
            return 0.0
        return 0.1 if self.stopping else SWEEP

    def _watch(self) -> None:
        """Tell the system what to wait for, where that has changed."""
        self._touched.extend(self.busy)
        for _ in range(len(self._touched)):
            one = self._touched.popleft()
            descriptor = one._fileno
            if descriptor is None or self._map.get(descriptor) is not one:
                continue
            if isinstance(one, Channel):
                one.settle()
            flags = (select.EPOLLIN if one.readable() else 0) | (
                select.EPOLLOUT if one.writable() and not one.accepting else 0
            )
            known = self._watched.get(descriptor)
            if known is None:
                # Of the processes that listen the system wakes one.
                only = select.EPOLLEXCLUSIVE if one.accepting else 0
                self._epoll.register(descriptor, flags | only)
            elif known != flags:
                self._epoll.modify(descriptor, flags)
            self._watched[descriptor] = flags

    def touch(self, one: Any) -> None:
        """Something has happened on this connection."""
        self._touched.append(one)
        self.pull_trigger()

    def pull_trigger(self) -> None:
        """Wakes the loop, unless it is the loop itself that calls."""
        if threading.get_ident() != self._loop:
            self.trigger.pull_trigger()

    def readable(self) -> bool:
        return True

    # ------------------------------------------------------------------ who is there

    def handle_accept(self) -> None:
        """Several at once; the system says only that there are some."""
        for _ in range(AT_ONCE):
            before = len(self.active_channels)
            super().handle_accept()
            if len(self.active_channels) == before:
                return
            self._make_room()

    def handle_error(self) -> None:
        """Of a connection that could not be taken: the others are served."""
        log.exception("A connection could not be taken")

    def _make_room(self) -> None:
        """The newest connection is the last of its address; where that has too many, or all have, another one goes."""
        newest = next(reversed(self.active_channels.values()))
        mates = self._of_address[newest.peer]
        behind_proxies = limits.behind_proxies()
        if self.crowd.of_one and len(mates) > self.crowd.of_one and not behind_proxies:
            self._drop_one_of(mates)
        elif len(self.active_channels) > self.crowd.connections:
            self._drop_one_of(self.active_channels.values())

    def _drop_one_of(self, channels: Any) -> None:
        waiting = [one for one in channels if one.waits]
        if waiting:
            min(waiting, key=lambda one: one.since).give_up()

    def enters(self, channel: Channel) -> None:
        """A connection is there."""
        self._of_address.setdefault(channel.peer, set()).add(channel)
        self.touch(channel)

    def leaves(self, channel: Channel) -> None:
        """A connection is no more, though a thread may still have its request."""
        mates = self._of_address.get(channel.peer, set())
        mates.discard(channel)
        if not mates:
            self._of_address.pop(channel.peer, None)
        self.ended(channel)
        if self._watched.pop(channel._fileno, None) is not None:
            with suppress(OSError, ValueError):
                self._epoll.unregister(channel._fileno)

    def is_under_way(self, channel: Channel) -> bool:
        """Whether the head of its request is there."""
        return channel in self._clients

    def no_room_for(self, channel: Channel, strangers_bytes: int = 0) -> Error | None:
        """A request is there as far as its head, and so many bytes of its body; returns why it cannot be taken."""
        if channel not in self._clients:
            self._clients[channel] = channel.address
            self._under_way[channel.address] += 1
        self._bytes_in_all += strangers_bytes - self._bytes.pop(channel, 0)
        self._bytes[channel] = strangers_bytes
        if limits.behind_proxies() and 0 < self.crowd.of_one < self._under_way[channel.address]:
            return TooMany("wait until what you sent before is answered")
        if strangers_bytes and self._bytes_in_all > self.crowd.strangers_bytes:
            return Busy("too much is being sent at the moment; try again in a minute")
        return None

    def ended(self, channel: Channel) -> None:
        """Its request is answered, or will never be whole. The loop says so, and no thread."""
        self.busy.discard(channel)
        self._bytes_in_all -= self._bytes.pop(channel, 0)
        if (address := self._clients.pop(channel, None)) is not None:
            self._under_way[address] -= 1
            if not self._under_way[address]:
                del self._under_way[address]

    def _has_ended(self) -> bool:
        now = time.monotonic()
        if not self.stop_began:
            self.stop_began = now
            self._epoll.unregister(self._fileno)
            self.del_channel()
            self.socket.close()
        for one in list(self.active_channels.values()):
            late = now - self.stop_began > STOP_WAITING
            if one.waits and (one.request is None or late):
                one.give_up()
        return not self.active_channels or now - self.stop_began > STOP_ANSWERING

    def stop(self, *_: object) -> None:
        """What has begun is answered, and nothing new is taken. May be called by a handler of signals."""
        if self.stopping:
            return  # it knows; it may have ended, and its descriptors may be somebody else's by now
        self.stopping = True
        self.trigger.pull_trigger()
