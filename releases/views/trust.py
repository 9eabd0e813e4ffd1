"""What a reader, a finder of faults or a source has to know of the site itself: privacy, security.txt, and where to hand in documents."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from newsroom.http import FOR_A_DAY, NEVER_STORED, Request
from releases.addresses import absolute, machine_address
from releases.parts import FRAME
from releases.reading.privacy import facts
from releases.reading.public import in_every_language, public, render_page

# A landing page shall be made of nothing but itself: no script, no font, no picture, no address of another.
LANDING_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@public()
def privacy(request: Request) -> HttpResponse:
    """What is kept of readers, said by the settings, so that it stays true."""
    request.parts.add(FRAME)
    return render_page(
        request,
        "releases/privacy.html",
        {"facts": facts(), "here": "privacy"},
        translations=in_every_language("privacy"),
    )


@require_safe
def security_txt(request: Request) -> HttpResponse:
    """RFC 9116: whom to tell of a fault. It is said to be right for two to three months, from whenever it is asked for."""
    if not settings.SECURITY_CONTACTS:
        raise Http404("no contact is set")
    month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {one}" for one in settings.SECURITY_CONTACTS]
    lines.append(f"Expires: {month + timedelta(days=92):%Y-%m-%dT%H:%M:%SZ}")
    if settings.SECURITY_KEY_FILE:
        lines.append(f"Encryption: {absolute(machine_address('security_key'))}")
    lines.append(f"Preferred-Languages: {', '.join(settings.FRAME_LANGUAGES)}")
    lines.append(f"Canonical: {absolute(machine_address('security_txt'))}")
    if settings.SECURITY_POLICY_URL:
        lines.append(f"Policy: {settings.SECURITY_POLICY_URL}")
    return _text("\n".join([*lines, ""]))


@require_safe
def security_key(request: Request) -> HttpResponse:
    """The public PGP key that messages about faults may be encrypted with."""
    if not settings.SECURITY_KEY_FILE:
        raise Http404("no key is set")
    try:
        return _text(settings.SECURITY_KEY_FILE.read_text())
    except OSError as error:
        raise Http404("the key cannot be read") from error


@require_safe
def securedrop(request: Request) -> HttpResponse:
    """Where documents can be handed in. It keeps SecureDrop's rules for such a page: stored by nobody, made of nothing but itself."""
    if not settings.SECUREDROP_URL:
        raise Http404("no SecureDrop is set")
    response = render_page(
        request, "releases/securedrop.html", {"securedrop_url": settings.SECUREDROP_URL, "here": "securedrop"},
        translations=in_every_language("securedrop"),
    )  # fmt: skip
    response.headers["Cache-Control"] = NEVER_STORED
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Security-Policy"] = LANDING_POLICY
    response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    return response


def _text(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": FOR_A_DAY})
