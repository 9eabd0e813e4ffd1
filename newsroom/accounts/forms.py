"""The sign-in forms, where they differ from allauth's."""

import struct
from collections.abc import Callable
from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.cache import cache
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from newsroom.http import Request

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


class _CodeOnce:
    """A code opens the door once, for as long as it could be valid.

    allauth remembers a used code for one period only; with a tolerance of one step a code lives for three,
    so that somebody who looked over a shoulder could use it again.
    """

    # Of the form that this is mixed into.
    fields: dict[str, forms.Field]
    user: User
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("placeholder", None)
        self.fields["code"].widget.attrs |= {"autofocus": True, "inputmode": "numeric", "spellcheck": "false"}

    def clean_code(self) -> str:
        """Refuse a code of the app that has been used before."""
        code: str = super().clean_code()  # type: ignore[misc]  # of that form
        if self.authenticator.type == Authenticator.Type.TOTP:
            lifetime = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
            digits = "".join(filter(str.isalnum, code))
            if not cache.add(f"accounts.code-used.{self.user.pk}.{digits}", True, lifetime):
                raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_CodeOnce, mfa_forms.AuthenticateForm):
    """The second step of signing in."""


class ReauthenticateForm(_CodeOnce, mfa_forms.ReauthenticateForm):
    """Confirming who one is, by code."""


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
    def clean_credential(self) -> Any:
        """Return the key that the credential proves."""
        return self._refuse(super().clean_credential)  # type: ignore[misc]  # of the form


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


class ReauthenticateWebAuthnForm(_CredentialOfKnownKey, webauthn_forms.ReauthenticateWebAuthnForm):
    """Confirming who one is, by key."""
