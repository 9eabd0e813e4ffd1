"""The files of pictures, for whoever may see them."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from releases.models import Picture
from releases.pictures import names_of
from releases.views.discovery import open_to_all

TYPES = {"avif": "image/avif", "jpg": "image/jpeg"}
# Withdrawing a release takes its picture from readers; what a browser keeps by itself is gone as soon as a page is.
MAX_AGE = 60


@require_safe
def picture(request: HttpRequest, uuid: UUID, name: str) -> HttpResponse:
    """A file of a picture that a visible release shows; 404 for every other."""
    found = Picture.objects.visible().filter(uuid=uuid).first()
    if found is None:
        raise Http404("no such picture")
    response = file_of(request, found, name)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return open_to_all(response)


def file_of(request: HttpRequest, found: Picture, name: str) -> HttpResponse:
    """A file that readers get of a picture, or 304; who may have it is the caller's matter."""
    if name not in names_of(found.width):
        raise Http404("no such picture")
    etag = quote_etag(f"{found.digest[:24]}-{name}")
    response = get_conditional_response(request, etag=etag)
    if response is None:
        kind = TYPES[name.rpartition(".")[2]]
        try:
            with default_storage.open(found.path(name)) as file:
                response = HttpResponse(file.read(), content_type=kind)
        except FileNotFoundError as error:
            raise Http404("no such picture") from error
    response.headers["ETag"] = etag
    return response
