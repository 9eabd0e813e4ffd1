"""Files that are sent: where they wait while a request lasts, and what is said where there is no room for them."""

import logging
import tempfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse

from newsroom.http import uploads
from releases.reading import errors

log = logging.getLogger(__name__)


class WaitingFile(TemporaryUploadedFile):
    """Django's, in `uploads` and not in the system's folder: what somebody sends is a draft, too."""

    def __init__(
        self,
        name: str,
        content_type: str,
        size: int,
        charset: str | None,
        extra: dict[str, bytes] | None = None,
    ) -> None:
        folder = uploads()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=folder)  # noqa: SIM115  it lasts as long as the request
        UploadedFile.__init__(self, file, name, content_type, size, charset, extra)


class UploadHandler(TemporaryFileUploadHandler):
    """Django's for large files. Where their folder takes none the file is left out and `request.unstored` says so; what stands behind it
    in the form is read all the same."""

    file: TemporaryUploadedFile

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.lost = False

    def new_file(self, *args: Any, **options: Any) -> None:
        """One more begins."""
        FileUploadHandler.new_file(self, *args, **options)
        self.lost = False
        try:
            self.file = WaitingFile(
                self.file_name or "", self.content_type or "", 0, self.charset, self.content_type_extra
            )
        except OSError as error:
            self._lose(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of it."""
        if self.lost:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._lose(error)

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """The file, or None where it was lost."""
        if self.lost:
            return None
        try:
            return super().file_complete(file_size)
        except OSError as error:
            self._lose(error)
            return None

    def _lose(self, error: OSError) -> None:
        self.lost = True
        log.error("A file that was sent could not be kept: %s", error.strerror or type(error).__name__)
        if self.request is not None:
            vars(self.request)["unstored"] = True
        with suppress(
            OSError, AttributeError
        ):  # what is still to be written fails once more, or there is none
            self.file.close()


class UploadFaultMiddleware:
    """Answers a form of which a file was lost on its way, before any view takes it for one without a file."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        """503, with the words of the form. Each is protected (CSRF), so by now it has been read."""
        return errors.no_room(request) if getattr(request, "unstored", False) else None
