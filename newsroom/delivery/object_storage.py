"""Pictures in S3-compatible storage. In a module of its own, because its client is imported by those alone who have one."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from types import SimpleNamespace
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

log = logging.getLogger(__name__)

CONNECT_TIMEOUT, READ_TIMEOUT, ATTEMPTS = 2, 5, 2  # seconds, twice
# For how long nobody asks for a file after the storage did not answer: readers' pages need the threads that would wait for it.
PAUSE = 3.0
_NOT_THERE = {"404", "NoSuchKey", "NotFound"}


class LostStorage(OSError):
    """The storage does not answer, or refuses what is asked."""


class ObjectStorage(S3Storage):
    """Files are private, and shown by our own addresses alone. Whatever befalls the storage is an `OSError`, as of a disk."""

    def __init__(self, *, addressing_style: str, **options: Any) -> None:
        config = Config(
            connect_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            signature_version="s3v4",
            s3={"addressing_style": addressing_style},
            # Others than Amazon's know no newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(client_config=config, use_threads=False, file_overwrite=True, **options)
        # A client may be shared by threads, and each takes megabytes.
        self._connections = SimpleNamespace()
        self._paused_until = 0.0

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError("Files are saved whole, not written to.")
        if monotonic() < self._paused_until:
            raise LostStorage("The storage did not answer a moment ago.")
        with self._told(name):
            found = self._client.get_object(Bucket=self.bucket_name, Key=self._key(name))
        return _Streamed(self, found["Body"], name, found["ContentLength"])

    def _save(self, name: str, content: File[bytes]) -> str:
        with self._told(name):
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        """One that is not there is no matter."""
        with self._told(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether there is such a file; the storage itself is always there."""
        if not name:
            return True
        try:
            self._head(name)
        except FileNotFoundError:
            return False
        return True

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        """Folders and files."""
        with self._told(name):
            folders, files = super().listdir(name)
            return folders, files

    def size(self, name: str) -> int:
        """In bytes."""
        return int(self._head(name)["ContentLength"])

    def get_modified_time(self, name: str) -> datetime:
        """When it was saved."""
        saved: datetime = self._head(name)["LastModified"]
        return saved

    def url(self, name: str | None, *args: Any, **options: Any) -> str:
        """None: only our own addresses ask who may see a file."""
        raise NotImplementedError("A file of the storage has no address of its own.")

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def _key(self, name: str) -> str:
        return str(self._normalize_name(name))

    def _head(self, name: str) -> dict[str, Any]:
        with self._told(name):
            found: dict[str, Any] = self._client.head_object(Bucket=self.bucket_name, Key=self._key(name))
            return found

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """The client's errors, as those of a file."""
        try:
            yield
        except ClientError as error:
            said = error.response
            if str(said.get("Error", {}).get("Code")) in _NOT_THERE:
                raise FileNotFoundError(name) from error
            self._failed(error, lost=said.get("ResponseMetadata", {}).get("HTTPStatusCode", 500) >= 500)
        except (BotoCoreError, Boto3Error) as error:
            self._failed(error, lost=True)
        else:
            self._paused_until = 0.0

    def _failed(self, error: Exception, *, lost: bool) -> None:
        if lost:
            self._paused_until = monotonic() + PAUSE
        raise LostStorage(f"The storage fails: {error}") from error


class _Streamed(File[bytes]):
    """A file as it comes from the storage: read once, from its beginning."""

    def __init__(self, storage: ObjectStorage, body: Any, name: str, size: int) -> None:
        super().__init__(body, name)
        self._storage, self._body, self._size = storage, body, size

    @property
    def size(self) -> int:
        """In bytes."""
        return self._size

    def read(self, amount: int = -1) -> bytes:
        """The next bytes, or all."""
        with self._storage._told(self.name or ""):
            found: bytes = self._body.read(amount if amount >= 0 else None)
            return found
