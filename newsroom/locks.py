"""The lock of an open file: one process holds it, and the system lets go of it when that process ends, however it ends."""

import fcntl
from typing import IO


def hold(file: IO[str], refusal: Exception) -> None:
    """Hold it, without waiting. Raises `refusal` where another process does."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise refusal from None
