"""The pages of one's own account that allauth does not have."""

from allauth.core.internal.ratelimit import handler429
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from newsroom.http import Request

from . import record
from .forms import LanguageForm
from .people import find_person


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def language(request: Request) -> HttpResponse:
    """Choose the language of staff pages."""
    form = LanguageForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        return redirect("admin:index")
    return render(request, "account/language.html", {"form": form})


def too_many(request: HttpRequest) -> HttpResponse:
    """The answer to more attempts from one address, or of one person, than are allowed."""
    name = request.POST.get("login", "")[:150]
    person = record.asking(request) or find_person(name)
    digest = "" if person else record.digest_of_name(name, timezone.now())
    record.count("limit reached", person=person, name=digest, request=request)
    response: HttpResponse = handler429(request)
    return response
