"""The WSGI entry point: pages that are held are answered first, and Django does the rest."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django_application = get_wsgi_application()

from newsroom.delivery.page_cache import in_front_of  # noqa: E402  what it is made of asks for settings

application = in_front_of(django_application)
