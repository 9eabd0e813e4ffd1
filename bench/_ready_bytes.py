"""The floor: a Django site with one view and no middleware, which returns the bytes of a file that it has read once."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

READY = Path(os.environ["READY_BYTES"]).read_bytes()
if not settings.configured:
    settings.configure(SECRET_KEY="-" * 50)
settings.ROOT_URLCONF, settings.MIDDLEWARE, settings.ALLOWED_HOSTS = __name__, [], ["*"]


def ready(request: HttpRequest) -> HttpResponse:
    """The whole page."""
    return HttpResponse(READY, headers={"Content-Encoding": "gzip", "Content-Length": str(len(READY))})


urlpatterns = [path("", ready)]
application = get_wsgi_application()
