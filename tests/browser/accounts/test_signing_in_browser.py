"""Passkeys under the strict content policy, keyboard, accessibility and small screens of the pages of signing in."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Page, expect

from newsroom.accounts.models import OpenSession, User, assign_role
from tests.accounts.conftest import PASSWORD, SECRET, code_of
from tests.browser.axe import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def anna(transactional_db: None) -> User:
    user = User.objects.create_user("anna", password=PASSWORD)
    assign_role(user, "chief")
    return user


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complained of: blocked by the content policy, script errors. Must stay empty."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "favicon" not in message.location["url"]:
            found.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


@pytest.fixture
def key(page: Page) -> Callable[..., None]:
    """A platform passkey in the machine; `key(present=False)` makes its owner turn it down."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    number = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def answer(*, verified: bool) -> None:
        session.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": verified})

    return answer


@pytest.fixture
def door(live_server, settings, page: Page, anna: User) -> str:
    settings.SECOND_FACTOR_REQUIRED = True
    page.set_default_timeout(30_000)
    return f"http://localhost:{live_server.thread.port}"


def give_password(page: Page, door: str, then: str = "/admin/") -> None:
    page.goto(f"{door}{then}")
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    # Whoever goes on too early cuts the sign-in off.
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


def set_up_passkey(page: Page, *, alone: bool) -> None:
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_label("Name of the key").fill("Anna's laptop")
    if alone:
        page.get_by_label("Can sign me in on its own").check()
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_passkey_is_set_up_by_force_and_then_opens_the_door_alone(page, door, anna, key, complaints):
    give_password(page, door, "/admin/accounts/user/?q=an")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
    set_up_passkey(page, alone=True)
    page.get_by_role("link", name="I have saved them: continue").click()
    expect(page).to_have_url(f"{door}/admin/accounts/user/?q=an")

    page.goto(f"{door}/accounts/2fa/")
    sign_out(page)
    page.goto(f"{door}/admin/accounts/user/?q=an")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{door}/admin/accounts/user/?q=an")
    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless


def test_a_key_can_be_the_second_step_after_the_password(page, door, anna, key, complaints):
    give_password(page, door)
    set_up_passkey(page, alone=False)
    page.goto(f"{door}/accounts/2fa/")
    sign_out(page)
    give_password(page, door, "/admin/accounts/user/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page).to_have_url(f"{door}/admin/accounts/user/")


def test_a_passkey_whose_owner_is_not_recognised_opens_nothing_and_says_so(page, door, anna, key, complaints):
    give_password(page, door)
    set_up_passkey(page, alone=True)
    page.goto(f"{door}/accounts/2fa/")
    sign_out(page)
    key(verified=False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used")
    expect(page).to_have_url(f"{door}/accounts/login/")


def test_a_passkey_of_somebody_made_inactive_opens_nothing(page, door, anna, key, complaints):
    give_password(page, door)
    set_up_passkey(page, alone=True)
    page.goto(f"{door}/accounts/2fa/")
    sign_out(page)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Not active")
    page.goto(f"{door}/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_an_app_is_set_up_and_used_with_the_keyboard_alone(page, door, anna, complaints):
    give_password(page, door)
    page.get_by_role("link", name="Set up an app").press("Enter")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    secret = page.locator("#authenticator_secret").inner_text()
    page.keyboard.press("Tab")
    page.get_by_label("Code from the app").fill(code_of(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    codes = page.locator(".signin-codes code").all_inner_texts()
    page.goto(f"{door}/accounts/2fa/")
    sign_out(page)
    give_password(page, door)
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{door}/admin/")


def test_without_scripts_password_and_code_open_the_door(browser, door, anna):
    TOTP.activate(anna, SECRET)
    page = browser.new_context(java_script_enabled=False).new_page()
    give_password(page, door)
    expect(page.get_by_text("Passkeys need a browser that supports them")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    page.get_by_label("Code").fill(code_of())
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{door}/admin/")
    page.context.close()


PAGES = [
    "/accounts/2fa/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/keys/{key}/edit/",
    "/accounts/2fa/webauthn/keys/{key}/remove/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/reauthenticate/",
    "/accounts/2fa/webauthn/reauthenticate/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/inactive/",
    "/admin/accounts/user/",
    "/admin/accounts/user/add/",
    "/admin/accounts/user/{anna}/change/",
    "/admin/accounts/user/{berta}/link/",
    "/admin/accounts/user/{berta}/sessions/",
    "/admin/accounts/accessentry/",
    "/accounts/devices/",
    "/accounts/invitation/",
    "/accounts/confirmed/",
]


def look(page: Page, where: str) -> list[str]:
    """What axe finds, and, but for the admin's lists, what has to be scrolled sideways."""
    found = faults_of(page, where, widths=(320, 1280))
    return [fault for fault in found if "/admin/" not in where or not fault.endswith("px too wide")]


def test_every_page_is_accessible_and_fits_a_telephone(page, door, anna, key):
    page.goto(f"{door}/accounts/login/")
    found = look(page, "sign in")
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill("not-it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("is wrong")
    found += look(page, "wrong password")
    give_password(page, door)
    found += look(page, "set up")
    page.goto(f"{door}/accounts/2fa/totp/activate/")
    found += look(page, "app")
    page.goto(f"{door}/accounts/2fa/")
    set_up_passkey(page, alone=True)
    TOTP.activate(anna, SECRET)
    made = Authenticator.objects.get(type="webauthn").pk
    berta = User.objects.create_user("berta", password=PASSWORD)
    for path in PAGES:
        path = path.format(key=made, anna=anna.pk, berta=berta.pk)
        answer = page.goto(f"{door}{path}")
        assert answer.ok, path
        found += look(page, path)
    page.context.clear_cookies()
    RecoveryCodes.activate(anna)
    give_password(page, door)
    assert found + look(page, "second step") == []


def test_a_sign_in_link_is_opened_and_its_secret_is_sent_in_no_address(page, door, anna, complaints):
    give_password(page, door)
    set_up_app(page)
    page.goto(f"{door}/admin/accounts/user/add/")
    page.get_by_label("Sign-in name").fill("nora")
    page.get_by_label("Writer").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("It is shown this once.")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    link = page.get_by_label("Link").input_value()
    page.context.clear_cookies()

    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer')}"))
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your password")
    page.get_by_label("Password", exact=True).fill("ochre-41-lanterns")
    page.get_by_label("Password again").fill("ochre-41-lanterns")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
    assert [one for one in asked if link.partition("#")[2] in one] == []
    page.go_back()
    assert "#" not in page.url


def test_a_page_warns_before_its_session_ends_and_goes_on_where_somebody_answers(
    page, door, anna, complaints
):
    give_password(page, door)
    set_up_app(page)
    page.goto(f"{door}/admin/")

    def look(*, minutes: int) -> None:
        OpenSession.objects.update(last_at=timezone.now() - timedelta(minutes=minutes))
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    look(minutes=59)
    expect(page.get_by_role("alert")).to_contain_text("you will be signed out in two minutes")
    assert faults_of(page, "the warning", widths=(320, 1280)) == []
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert OpenSession.objects.get().last_at > timezone.now() - timedelta(minutes=1)
    look(minutes=62)
    expect(page.get_by_role("alert")).to_contain_text("You are signed out, because nobody did anything here.")
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()


def set_up_app(page: Page) -> None:
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_label("Code from the app").fill(code_of(page.locator("#authenticator_secret").inner_text()))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
