"""The operator's page: what the site needs and whether it is there, and what browsers have stopped. For chiefs."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from newsroom.accounts.models.person import CHIEF, role_of
from newsroom.delivery import csp_reports, readiness
from newsroom.http import ours
from releases.admin.base import staff_page


def state(request: HttpRequest) -> HttpResponse:
    """GET shows it; POST forgets the reports of browsers."""
    if role_of(request.user) != CHIEF:
        raise PermissionDenied
    if request.method == "POST":
        csp_reports.forget()
        return HttpResponseRedirect(request.path)
    counted = [(name.partition(" "), count) for name, count in csp_reports.counted().items()]
    reports = [(rule, page, count) for (rule, _space, page), count in counted]
    context = {
        "found": readiness.found(anew=True),
        "reports": sorted(reports, key=lambda one: (-one[2], one)),
        "sentry": bool(settings.SENTRY_DSN),
        "metrics": bool(settings.METRICS_TOKEN),
    }
    return staff_page(ours(request), "state", _("How the site is"), context)
