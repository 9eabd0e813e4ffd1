"""Where the newsroom differs from allauth: what is limited, what is said, and how secrets are stored."""

import base64
import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context, ratelimit
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qrcode import QRCode
from qrcode.image.svg import SvgPathImage

from . import record
from .devices import has_proved_factor, is_known, remember
from .models import AccessEntry, User
from .people import find_person


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in with a name and a password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The name or the password is wrong."),
        "incorrect_password": _("Wrong password."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: a chief or the operator makes accounts."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Answer for somebody who has left exactly as for a wrong password."""
        user = super().authenticate(request, **credentials)
        if user is None or user.is_active:
            return user
        self.authentication_failed(request, **credentials)
        return None

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Know the browser again, once all steps are passed in it; say where it was not known."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not is_known(request, user):
            if AccessEntry.objects.filter(person=user, kind="sign in")[1:2]:
                record.note("new device", person=user, by=user, request=request)
            if has_proved_factor(request, user) or not settings.SECOND_FACTOR_REQUIRED:
                remember(request, response, user)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse where there were too many wrong passwords already.

        allauth counts each attempt first and takes the right ones back: of eight right ones at once it refused three. Here only
        what was wrong is counted, afterwards. As many attempts as the server answers at once may so be made beyond the limit.
        """
        key = self._get_login_attempts_cache_key(request, **credentials)
        if not ratelimit.consume(request, action="login_failed", key=key, dry_run=True):
            record.count("limit reached", **self._told_of(request, credentials))
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a wrong password, and put it on record: never the password itself."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        ratelimit.consume(request, action="login_failed", key=key)
        kind = "confirmation failed" if request.user.is_authenticated else "failure"
        record.failed(
            kind, person=find_person(credentials["username"]), name=credentials["username"], request=request
        )

    def _told_of(self, request: HttpRequest, credentials: dict[str, Any]) -> dict[str, Any]:
        person = find_person(credentials["username"])
        name = "" if person else record.digest_of_name(credentials["username"], timezone.now())
        return {"person": person, "name": name, "request": request}

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Do not ask again, minutes after signing in, for what has just been typed."""
        request = context.request
        since = time.time() - account_settings.REAUTHENTICATION_TIMEOUT
        if any(record["at"] > since for record in get_authentication_records(request, request.user)):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth counts failures by account alone: any stranger could lock an editor out by typing nonsense
        # five times. Counted by account and address, a stranger locks out only their own address.
        # Guessing from many addresses still meets the second factor.
        account = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account}|{self.get_client_ip(request)}"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator apps, passkeys and recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong, has expired, or was used before."),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database, so that a stolen copy of it opens no account."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Undo `encrypt`, also under a retired key (SECRET_KEY_FALLBACKS).

        Raises ValidationError where no key fits. Never returns a default: codes made from an empty secret
        are known to everybody.
        """
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ValidationError(
                _(
                    "Your second factor can no longer be read, because the site's secret key was changed. "
                    "Ask a chief to remove it, then set it up again."
                ),
                code="unreadable_secret",
            ) from None

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code as an SVG element that stands in the page: no data: address, no style attribute."""
        code = QRCode(border=4)
        code.add_data(url)
        return str(code.make_image(image_factory=SvgPathImage).to_string(encoding="unicode"))

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """Propose a name that tells keys apart."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the organisation, not the host, in the browser's passkey window."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": mfa_settings.TOTP_ISSUER or entity["name"]}


def _cipher() -> MultiFernet:
    """Return what encrypts with the present secret key and decrypts with the retired ones too."""
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(secret_key: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"newsroom.accounts second factor")
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
