"""Every address: staff and machines without a language, readers under their language's prefix."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from newsroom.delivery import csp_reports, state
from newsroom.delivery.frame import favicon, script_words
from newsroom.http import ACCOUNTS, ADMIN
from newsroom.safety.scrub.pages import scrub
from releases.admin import desk
from releases.urls import unprefixed
from releases.views import pages

_ADMIN = ADMIN[1:]
urlpatterns = [
    # First, because readers ask most. No address of theirs is one of those below.
    *i18n_patterns(path("", include("releases.urls")), prefix_default_language=False),
    path("favicon.ico", favicon),
    path("csp-reports/", csp_reports.take, name="csp_reports"),
    path(ACCOUNTS[1:], include("newsroom.accounts.urls")),
    path(f"{_ADMIN}password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path(_ADMIN, admin.site.admin_view(desk.desk)),
    path(f"{_ADMIN}state/", admin.site.admin_view(state.state), name="state"),
    path(f"{_ADMIN}scrub/", admin.site.admin_view(scrub), name="scrub"),
    path(f"{_ADMIN}releases/", RedirectView.as_view(pattern_name="admin:index")),
    path(f"{_ADMIN}accounts/", RedirectView.as_view(pattern_name="admin:index")),
    # Django's pages that ask no permission of ours, or show what they found as its database row says: nothing here uses them.
    re_path(f"^{_ADMIN}(r|autocomplete)/", admin.site.admin_view(desk.no_such_page)),
    # Before Django's own address of this name, which knows only the admin's words.
    path(f"{_ADMIN}jsi18n/", admin.site.admin_view(script_words, cacheable=True)),
    path(_ADMIN, admin.site.urls),
    path("preview/<str:token>/", pages.shared_draft, name="preview"),
    path("preview/<str:token>/<str:name>", pages.shared_picture, name="preview_picture"),
    path("", include((unprefixed, "site"))),
]

handler400 = "releases.reading.errors.bad_request"
handler403 = "releases.reading.errors.forbidden"
handler404 = "releases.reading.errors.not_found"
handler429 = "newsroom.accounts.views.too_many"  # of allauth
handler500 = "newsroom.delivery.health.failed"
