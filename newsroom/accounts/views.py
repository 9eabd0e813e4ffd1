"""The pages of one's own account that allauth does not have."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from newsroom.http import Request

from .forms import LanguageForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def language(request: Request) -> HttpResponse:
    """Choose the language of staff pages."""
    form = LanguageForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        return redirect("admin:index")
    return render(request, "account/language.html", {"form": form})
