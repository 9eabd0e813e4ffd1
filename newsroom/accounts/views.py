"""The pages of one's own account that allauth does not have."""

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core.internal.ratelimit import handler429
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom.http import Request
from releases.numbers import whole

from . import record, sessions
from .forms import FirstPasswordForm, InvitationForm, LanguageForm
from .invitations import accept, state_of
from .models import Invitation, User
from .notices import dismiss
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


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def devices(request: Request) -> HttpResponse:
    """Where one is signed in; each can be ended, and all others at once."""
    if request.method == "POST" and "others" in request.POST:
        sessions.end_others(request, request.user)
        return redirect("account_devices")
    if request.method == "POST":
        found = sessions.of(request.user).filter(pk=whole(request.POST.get("session")) or 0).first()
        if found is not None:
            sessions.end(found, request=request)
        return redirect("account_devices")
    rows = sessions.of(request.user).order_by("-last_at", "-pk")
    return render(request, "account/devices.html", {"rows": rows, "own": request.session.get(sessions.KEY)})


@require_http_methods(["GET", "HEAD", "POST"])
def left(request: Request) -> HttpResponse:
    """For how many seconds this session goes on if nobody does anything: {left}. To POST it is to do something."""
    if not request.user.is_authenticated:
        return JsonResponse({"left": 0})
    return JsonResponse({"left": int(sessions.time_left(request).total_seconds())})


@require_POST
@login_required
def notices(request: Request) -> HttpResponse:
    """The owner has seen what the desk tells of their account."""
    if last := whole(request.POST.get("seen")):
        dismiss(request.user, last)
    return redirect("admin:index")


@require_safe
@login_required
def confirmed(request: Request) -> HttpResponse:
    """Where somebody comes out who has confirmed in a second window who they are."""
    return render(request, "account/confirmed.html")


def too_many(request: HttpRequest) -> HttpResponse:
    """The answer to more attempts from one address, or of one person, than are allowed."""
    name = request.POST.get("login", "")[:150]
    person = record.asking(request) or find_person(name)
    digest = "" if person else record.digest_of_name(name, timezone.now())
    record.count("limit reached", person=person, name=digest, request=request)
    response: HttpResponse = handler429(request)
    return response
