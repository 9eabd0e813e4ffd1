"""How somebody gets in: the pages on which a chief makes, shows once and withdraws a sign-in link."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from newsroom.accounts import sessions
from newsroom.accounts.admin.access import page
from newsroom.accounts.invitations import invite, renew, withdraw
from newsroom.accounts.models import Invitation, User
from newsroom.accounts.people import end_sessions, has_second_factor
from releases import clock
from releases.numbers import whole

if TYPE_CHECKING:
    Pages = admin.ModelAdmin[User]
else:
    Pages = object

# What the admin's history says of a person, in the language of whoever reads it.
REMOVED, ENDED = gettext_noop("second factor (removed)"), gettext_noop("sessions (all ended)")
LINK = gettext_noop("sign-in link (made)")


class WaysIn(Pages):
    """Of the pages of people: nobody chooses a password for somebody else."""

    def get_urls(self) -> list[URLPattern]:
        """The page of somebody's sign-in link stands before Django's, which accept any path as a primary key."""
        link = self.admin_site.admin_view(self.link_view)
        places = self.admin_site.admin_view(self.sessions_view)
        return [
            path("<number:pk>/link/", link, name="accounts_user_link"),
            path("<number:pk>/sessions/", places, name="accounts_user_sessions"),
            *super().get_urls(),
        ]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Nobody chooses a password for somebody else: a link is made, and one's own is changed elsewhere."""
        pk = whole(id)
        if pk is None:
            raise Http404("no such person")
        if pk == request.user.pk:
            return redirect("account_change_password")
        if not self.has_change_permission(request, get_object_or_404(User, pk=pk)):
            raise PermissionDenied
        return redirect("admin:accounts_user_link", pk)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The link, this once."""
        return self._show_link(request, obj, invite(obj, request=request))

    def link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a sign-in link for somebody who forgot their password, or withdraw the one that is open."""
        person = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person.pk == request.user.pk:
            return redirect("account_change_password")
        if request.method == "POST" and "withdraw" in request.POST:
            if withdraw(person, request=request):
                messages.success(request, _("The link is withdrawn."))
            return redirect("admin:accounts_user_link", pk)
        if request.method == "POST" and "make" in request.POST and person.is_active:
            reset = "reset_factor" in request.POST
            token = renew(person, request=request, reset_factor=reset)
            self.log_change(request, person, logged(LINK, ENDED, *([REMOVED] if reset else [])))
            return self._show_link(request, person, token)
        context = {
            "person": person, "open": _open_link(person), "hours": settings.INVITATION_HOURS,
            "has_password": person.has_usable_password(), "has_factor": has_second_factor(person),
        }  # fmt: skip
        return page(request, "link", _("Sign-in link"), context)

    def sessions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where somebody is signed in; end one session, or all."""
        person = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person.pk == request.user.pk:
            return redirect("account_devices")
        if request.method == "POST":
            if "all" in request.POST:
                end_sessions(person, request=request)
                self.log_change(request, person, logged(ENDED))
            elif row := sessions.of(person).filter(pk=whole(request.POST.get("session")) or 0).first():
                sessions.end(row, request=request)
            return redirect("admin:accounts_user_sessions", pk)
        rows = sessions.of(person).order_by("-last_at", "-pk")
        return page(request, "sessions", _("Where they are signed in"), {"person": person, "rows": rows})

    def _show_link(self, request: HttpRequest, person: User, token: str) -> HttpResponse:
        address = request.build_absolute_uri(reverse("account_invitation"))
        context = {"person": person, "link": f"{address}#{token}", "open": _open_link(person)}
        return page(request, "link_made", _("Sign-in link"), context)

    @admin.display(description=_("sign-in link"))
    def way_in_short(self, user: User) -> str:
        """Whether somebody still has to choose a password."""
        if user.has_usable_password():
            return "–"
        open_until = user.open_until  # type: ignore[attr-defined]  # annotated in get_queryset
        return _until(open_until) if open_until else gettext("none, and no password")

    @admin.display(description=_("password"))
    def way_in(self, user: User) -> str:
        """How it stands with the password, and the way to the page of the link."""
        if not user.pk:
            return "–"
        link = _open_link(user)
        said = gettext("chosen by the person") if user.has_usable_password() else gettext("none yet")
        if link:
            said = ", ".join([said, gettext("sign-in link"), _until(link.expires_at)])
        return format_html(
            '{}. <a href="{}">{}</a> · <a href="{}">{}</a>',
            said,
            reverse("admin:accounts_user_link", args=[user.pk]),
            gettext("Sign-in link …"),
            reverse("admin:accounts_user_sessions", args=[user.pk]),
            gettext("Where they are signed in"),
        )


def _open_link(person: User) -> Invitation | None:
    return Invitation.objects.unused().filter(person=person, expires_at__gt=timezone.now()).first()


def _until(moment: datetime) -> str:
    return gettext("open until %(moment)s") % {
        "moment": date_format(clock.local(moment), gettext("j M Y, H:i"))
    }


def logged(*changed: str) -> list[dict[str, dict[str, list[str]]]]:
    """What the admin's history keeps of a change."""
    return [{"changed": {"fields": list(changed)}}]
