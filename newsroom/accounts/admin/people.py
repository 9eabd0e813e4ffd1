"""People in the admin, shaped for a chief: who they are, what they may do, and help when they cannot get in."""

from typing import Any

import allauth.account.admin
import allauth.mfa.admin  # noqa: F401  both register what is taken off below
from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from newsroom.accounts import record
from newsroom.accounts.admin.ways_in import ENDED, REMOVED, WaysIn, logged
from newsroom.accounts.invitations import withdraw
from newsroom.accounts.models import ROLES, Invitation, User, assign_role, role_of
from newsroom.accounts.people import change_role, end_sessions, find_person, remove_second_factor
from newsroom.accounts.reauthentication import Confirmed
from newsroom.http import user_of
from releases.admin.base import StaffAdmin
from releases.workflow.previews import end_links_of

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # the way allauth documents

# Roles say everything that groups, and secrets are nobody's to look at. E-mail addresses stand with the person.
for _model in list(admin.site._registry):
    if _model is Group or _model._meta.app_label in ("account", "mfa"):
        admin.site.unregister(_model)


# Of which the record of access says what it was before, and what it is now.
RECORDED = ("username", "first_name", "last_name", "email", "is_active")


class RoleField(forms.ChoiceField):
    """Exactly one of the three roles."""

    def __init__(self) -> None:
        super().__init__(label=_("Role"), choices=list(ROLES.items()), widget=forms.RadioSelect)


LABELS = {"username": _("Sign-in name")}
HELP_TEXTS = {
    "username": _("Letters, digits and @ . + - _"),
    "email": _("Not needed for signing in."),
    "is_active": _(
        "Untick when somebody leaves: they are signed out at once, and their name stays on their work."
    ),
}


class NewPersonForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes none at run time
    """A new person: name and role. They choose the password themselves, by the link that is made with them."""

    role = RoleField()

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email")
        labels = LABELS
        help_texts = HELP_TEXTS

    def clean_username(self) -> str:
        """The name as it is compared and stored; one that somebody has, in whatever capitals, is refused beside its field."""
        name = User.normalize_username(self.cleaned_data["username"])
        if find_person(name):
            raise self.instance.unique_error_message(User, ["username"])
        return str(name)

    def save(self, commit: bool = True) -> User:
        """Without a password nobody signs in."""
        self.instance.set_unusable_password()
        user: User = super().save(commit)
        return user


class PersonForm(UserChangeForm):  # type: ignore[type-arg]  # it takes none at run time
    """Somebody who is here already. Nobody changes their own role, or locks themselves out."""

    role = RoleField()
    password = None  # type: ignore[assignment]  # the way Django takes a field off a form
    acting: User | None = None

    class Meta(UserChangeForm.Meta):
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active")  # type: ignore[assignment]  # Django's own is "__all__"
        labels = LABELS
        help_texts = HELP_TEXTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" not in self.fields:
            return
        # Of somebody inactive, too, the role is shown that they had.
        groups = {group.name for group in self.instance.groups.all()}
        self.fields["role"].initial = next(
            (role for role in reversed(ROLES) if role in groups), role_of(self.instance)
        )
        if self.acting is not None and self.acting.pk == self.instance.pk:
            self.fields["role"].disabled = self.fields["is_active"].disabled = True
            self.fields["role"].help_text = _("Another chief can change your role.")


class RoleFilter(admin.SimpleListFilter):
    """Narrow the list to one role."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the three roles."""
        return list(ROLES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Keep the people of the role that was picked."""
        return queryset.filter(groups__name=self.value()) if self.value() in ROLES else queryset


@admin.register(User)
class PersonAdmin(Confirmed, WaysIn, StaffAdmin[User], UserAdmin):  # type: ignore[type-arg]  # it takes none at run time
    """Chiefs only. People are never deleted, for the event log names them: they are made inactive."""

    verbs = {"view": "change people", "add": "change people", "change": "change people"}
    form = PersonForm
    add_form = NewPersonForm
    add_form_template = None
    list_display = (
        "username",
        "full_name",
        "email",
        "role",
        "second_factor",
        "way_in_short",
        "is_active",
        "last_login",
    )
    list_filter = ("is_active", RoleFilter)
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username", "pk")
    filter_horizontal = ()
    actions = ("remove_second_factors", "sign_out")
    readonly_fields = ("way_in", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email", "role", "is_active")}),
        (_("Signing in"), {"fields": ("way_in", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "first_name", "last_name", "email", "role")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Fetch roles and second factors with the list, in a fixed number of queries."""
        factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(
            type=Authenticator.Type.RECOVERY_CODES
        )
        links = Invitation.objects.unused().filter(person=OuterRef("pk"), expires_at__gt=timezone.now())
        people: QuerySet[User] = (
            super()
            .get_queryset(request)
            .prefetch_related("groups")
            .annotate(has_factor=Exists(factors), open_until=Subquery(links.values("expires_at")[:1]))
        )
        return people

    @admin.display(description=_("full name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        """Show first and last name."""
        return user.get_full_name()

    @admin.display(description=_("role"))
    def role(self, user: User) -> str:
        """Show the role in words."""
        role = role_of(user)
        return str(ROLES[role]) if role else "–"

    @admin.display(description=_("second factor"), boolean=True, ordering="has_factor")
    def second_factor(self, user: User) -> bool:
        """Show whether an app or a passkey is set up."""
        return bool(user.has_factor)  # type: ignore[attr-defined]  # annotated in get_queryset

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Tell the form who is acting; the class is made anew for each request."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.acting = request.user
        return form

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save the person and their role; somebody made inactive is out everywhere at once."""
        before = User.objects.filter(pk=obj.pk).values(*RECORDED).first()
        super().save_model(request, obj, form, change)
        if before is None:
            assign_role(obj, form.cleaned_data["role"])
            record.note("person added", person=obj, request=request, role=[None, form.cleaned_data["role"]])
        elif "role" in form.changed_data:
            change_role(obj, form.cleaned_data["role"], request=request)
        if before and before["is_active"] != obj.is_active:
            record.note(
                "rights changed", person=obj, request=request, active=[before["is_active"], obj.is_active]
            )
            if not obj.is_active:
                end_sessions(obj, request=request)
                withdraw(obj, request=request)
        if before:
            record.note_changes(obj, before, RECORDED[:-1], request=request)
        if change and (ended := end_links_of(User.objects.get(pk=obj.pk), by=user_of(request))):
            words = ngettext(
                "%d preview link that they had made is closed.",
                "%d preview links that they had made are closed.",
                ended,
            )
            messages.info(request, words % ended)

    @admin.action(description=_("Remove the second factor (lost phone or key)"), permissions=["change"])
    def remove_second_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let the people picked set up a new second factor when they next sign in."""
        for user in self._changeable(request, queryset):
            remove_second_factor(user, request=request)
            self.log_change(request, user, logged(REMOVED, ENDED))
            text = _("%(name)s has no second factor now and is signed out everywhere.") % {
                "name": user.display_name
            }
            messages.success(request, text)

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """End every session of the people picked."""
        for user in self._changeable(request, queryset):
            end_sessions(user, request=request)
            self.log_change(request, user, logged(ENDED))
            messages.success(request, _("%(name)s is signed out everywhere.") % {"name": user.display_name})

    def _changeable(self, request: HttpRequest, queryset: QuerySet[User]) -> list[User]:
        """Keep those whom the acting person may change, saying whom not."""
        people = list(queryset)
        for user in people:
            if not self.has_change_permission(request, user):
                messages.error(request, _("%(name)s was not changed.") % {"name": user.display_name})
        return [user for user in people if self.has_change_permission(request, user)]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let chiefs change people, except that only a superuser changes a superuser."""
        out_of_reach = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not out_of_reach
