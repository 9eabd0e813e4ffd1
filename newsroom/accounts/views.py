"""The pages of one's own account that allauth does not have."""

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core.internal.ratelimit import handler429
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from newsroom.http import Request

from . import record
from .forms import FirstPasswordForm, InvitationForm, LanguageForm
from .invitations import accept, state_of
from .models import Invitation, User
from .people import find_person

# In the session of a browser in which a link was opened: whose password is to be chosen.
INVITATION = "invitation"


def as_private(view: Callable[[Request], HttpResponse]) -> Callable[[Request], HttpResponse]:
    """`view`, which tells no other site that somebody was here. “no-referrer” would empty the Origin that forms are checked by."""

    @wraps(view)
    def private(request: Request) -> HttpResponse:
        response = view(request)
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return private


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def language(request: Request) -> HttpResponse:
    """Choose the language of staff pages."""
    form = LanguageForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        return redirect("admin:index")
    return render(request, "account/language.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@as_private
def invitation(request: Request) -> HttpResponse:
    """Where a sign-in link leads: the secret comes by a form, so that it stands in no address."""
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "account/invitation.html", {"form": form})
    if request.user.is_authenticated and "sign_out" not in request.POST:
        context = {"invitation": form.invitation, "token": form.cleaned_data["link"], "other": request.user}
        return render(request, "account/invitation.html", context)
    logout(request)
    request.session[INVITATION] = form.invitation.pk
    return redirect("account_first_password")


@require_http_methods(["GET", "HEAD", "POST"])
@as_private
@sensitive_post_parameters("new_password1", "new_password2")
def first_password(request: Request) -> HttpResponse:
    """Choose the password. Then comes the second step, or it is set up: `SecondFactorMiddleware` lets nobody past it."""
    found = Invitation.objects.select_related("person").filter(pk=request.session.get(INVITATION, 0)).first()
    if found is None:
        return redirect("account_invitation")
    if (state := state_of(found)) != "open":
        return _ended(request, state)
    form = FirstPasswordForm(found.person, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "account/first_password.html", {"form": form})
    if not accept(found, form.cleaned_data["new_password1"], request=request):
        return _ended(request, "used")
    del request.session[INVITATION]
    person = User.objects.get(pk=found.person_id)
    response: HttpResponse = perform_password_login(
        request, {"username": person.username}, Login(user=person)
    )
    return response


def _ended(request: Request, state: str) -> HttpResponse:
    del request.session[INVITATION]
    form = InvitationForm({"link": ""})
    form.errors["link"] = form.error_class([str(InvitationForm.REASONS[state])])
    return render(request, "account/invitation.html", {"form": form})


def too_many(request: HttpRequest) -> HttpResponse:
    """The answer to more attempts from one address, or of one person, than are allowed."""
    name = request.POST.get("login", "")[:150]
    person = record.asking(request) or find_person(name)
    digest = "" if person else record.digest_of_name(name, timezone.now())
    record.count("limit reached", person=person, name=digest, request=request)
    response: HttpResponse = handler429(request)
    return response
