"""The sign-in forms, where they differ from allauth's."""

import struct
from collections.abc import Callable
from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, validate_totp_code
from allauth.mfa.webauthn import forms as webauthn_forms
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from newsroom.http import Request

from . import invitations, limits, record
from .languages import language_of_browser, offered
from .models import User


class LoginForm(account_forms.LoginForm):
    """Name and password, each with a label in place of a placeholder."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Name")
        self.fields["login"].widget.attrs |= {
            "autofocus": True,
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """A new password in place of one's own. Whoever guesses at the old one, at an open laptop, leaves a trace."""

    def clean_oldpassword(self) -> str:
        """The present password; a wrong one is put on record."""
        try:
            return str(super().clean_oldpassword())
        except ValidationError:
            record.failed("confirmation failed", person=self.user, request=context.request)
            raise


class _InOwnLanguage(forms.RadioSelect):
    """Languages by their own names, each marked as what it is."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `lang`."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["lang"] = value
        return option


class LanguageForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes none at run time
    """The language of staff pages, for the person who asks."""

    class Meta:
        model = User
        fields = ("language",)

    def __init__(self, request: Request, data: QueryDict | None = None) -> None:
        super().__init__(data, instance=request.user)
        names = offered()
        as_asked = _("As the browser asks: %(language)s") % {"language": names[language_of_browser(request)]}
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of staff pages"),
            choices=[("", as_asked), *names.items()],
            required=False,
            widget=_InOwnLanguage,
        )


class InvitationForm(forms.Form):
    """The link that a chief has made, pasted whole, or what stands behind its #. A script fills it in where there is one."""

    link = forms.CharField(
        label=_("Link"),
        max_length=500,
        help_text=_("Paste the whole link here."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}),
    )
    REASONS = {
        "used": _("This link was used already. If that was not you, tell a chief at once."),
        "withdrawn": _("This link has been withdrawn. Ask a chief for a new one."),
        "expired": _("This link has expired. Ask a chief for a new one."),
    }

    def clean_link(self) -> str:
        """The link's secret; `invitation` is the row. Says why, where it cannot be used."""
        secret: str = self.cleaned_data["link"].strip().rpartition("#")[2]
        found = invitations.find(secret)
        if found is None:
            raise ValidationError(_("This is no link of this newsroom. Copy it again, whole."))
        if (state := invitations.state_of(found)) != "open":
            raise ValidationError(self.REASONS[state])
        self.invitation = found
        return secret


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # it takes none at run time
    """A password that the person chooses, whom a link has brought here."""

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        super().__init__(user, data)
        self.fields["new_password1"].label = _("Password")
        self.fields["new_password1"].widget.attrs["autofocus"] = True
        self.fields["new_password2"].label = _("Password again")
        self.fields["new_password2"].help_text = ""


class _Code:
    """A code of the app, or a recovery code. Each opens the door once, and neither is guessed without end.

    allauth counts by account alone, each attempt before it is looked at, so that whoever holds the password can keep the owner
    out; and it remembers a used code in the cache and for one period, where with a tolerance of one step it lives for three.
    """

    failure = "second step failed"

    # Of the form that this is mixed into.
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    user: User
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("placeholder", None)
        self.fields["code"].widget.attrs |= {"autofocus": True, "inputmode": "numeric", "spellcheck": "false"}

    def clean_code(self) -> str:
        """Return the code that is right, and remember of what it is one."""
        request, code = context.request, self.cleaned_data["code"]
        try:
            limits.demand(self.user, request)
        except ValidationError:
            record.count("limit reached", person=self.user, request=request)
            raise
        replayed = False
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
        for one in Authenticator.objects.filter(user=self.user, type__in=kinds).order_by("-type"):
            if not _is_right(one, code):
                continue
            replayed = one.type == Authenticator.Type.TOTP and not limits.use_once(self.user, code)
            if not replayed:
                one.user = self.user
                self.authenticator = one
                limits.right(self.user, request)
                return str(code)
        # One that was right a moment ago is no guess: a form is sent twice more often than it is stolen.
        if not replayed:
            limits.wrong(self.user, request)
        record.failed(self.failure, person=self.user, request=request)
        raise get_adapter().validation_error("incorrect_code")


def _is_right(authenticator: Authenticator, code: str) -> bool:
    if authenticator.type == Authenticator.Type.TOTP:
        return bool(validate_totp_code(get_adapter().decrypt(authenticator.data["secret"]), code))
    return bool(authenticator.wrap().validate_code(code))  # in a transaction that marks it as used


class AuthenticateForm(_Code, mfa_forms.AuthenticateForm):
    """The second step of signing in."""


class ReauthenticateForm(_Code, mfa_forms.ReauthenticateForm):
    """Confirming who one is, by code."""

    failure = "confirmation failed"


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    """Setting up an authenticator app. The secret waits in the session encrypted: sessions lie in the database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        session, adapter = context.request.session, get_adapter()
        if waiting := session.get(SECRET_SESSION_KEY):
            session[SECRET_SESSION_KEY] = adapter.decrypt(waiting)
        super().__init__(*args, **kwargs)
        session[SECRET_SESSION_KEY] = adapter.encrypt(self.secret)
        self.fields["code"].label = _("Code from the app")
        self.fields["code"].widget.attrs.pop("placeholder", None)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "spellcheck": "false"}


class CredentialField(forms.JSONField):
    """What the browser says of a passkey: a small flat object of plain ASCII, never drawn into a page again.

    Deep nesting ends json in a RecursionError, and escapes can smuggle in what a database or a page cannot hold.
    """

    widget = forms.HiddenInput
    longest, deepest = 100_000, 20

    def to_python(self, value: Any) -> Any:
        """Return the object, or refuse."""
        text = value or ""
        strange = not text.isascii() or "\\" in text or len(text) > self.longest
        if strange or text.count("{") + text.count("[") > self.deepest:
            raise get_adapter().validation_error("incorrect_code")
        found = super().to_python(text)
        if not isinstance(found, dict):
            raise get_adapter().validation_error("incorrect_code")
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Draw nothing: a credential is good for one attempt."""
        return None

    def prepare_value(self, value: Any) -> str:
        """Draw nothing."""
        return ""


class _Credential:
    """Refuse a forged credential in words: allauth and fido2 let some malformed ones end in an error page."""

    malformed = (TypeError, ValueError, LookupError, AttributeError, struct.error)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField()  # type: ignore[attr-defined]  # of the form that this is mixed into

    def _refuse(self, clean: Callable[[], Any]) -> Any:
        try:
            return clean()
        except self.malformed:
            raise get_adapter().validation_error("incorrect_code") from None


class _CredentialOfKnownKey(_Credential):
    """A signature is not guessed, so that it is not counted either: nobody can keep the owner from using a key."""

    failure = "second step failed"

    # Of the form that this is mixed into.
    cleaned_data: dict[str, Any]
    user: User | None

    def clean_credential(self) -> Any:
        """Return the key that the credential proves."""
        try:
            return self._refuse(self._proved)
        except ValidationError:
            # Which account a credential names is not known before it is proved.
            record.failed(self.failure, person=self.user, request=context.request, step="webauthn")
            raise

    def _proved(self) -> Any:
        credential = self.cleaned_data["credential"]
        webauthn.parse_authentication_response(credential)
        user = self.user or webauthn.extract_user_from_response(credential)
        return webauthn.complete_authentication(user, credential)


class AddWebAuthnForm(_Credential, webauthn_forms.AddWebAuthnForm):
    """Setting up a passkey or a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].max_length = 100
        self.fields["passwordless"].label = _("Can sign me in on its own, without the password")
        self.fields["passwordless"].help_text = _("It then always asks for your fingerprint, face or PIN.")

    def clean(self) -> Any:
        """Check the new key against what was asked of it."""
        return self._refuse(super().clean)


class AuthenticateWebAuthnForm(_CredentialOfKnownKey, webauthn_forms.AuthenticateWebAuthnForm):
    """The second step of signing in, by key."""


class LoginWebAuthnForm(_CredentialOfKnownKey, webauthn_forms.LoginWebAuthnForm):
    """Signing in by passkey alone."""

    failure = "failure"


class ReauthenticateWebAuthnForm(_CredentialOfKnownKey, webauthn_forms.ReauthenticateWebAuthnForm):
    """Confirming who one is, by key."""

    failure = "confirmation failed"
