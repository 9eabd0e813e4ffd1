"""Saying where else the site can be found."""

import base64
from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from releases.models import MirrorList
from releases.signing import Key, public_pem
from releases.workflow.public_change import public_change


@transaction.atomic
def sign_mirrors(addresses: Iterable[str], *, key: Key, at: datetime | None = None) -> MirrorList:
    """Sign the list of mirrors and publish it in place of the one before. It stands in every feed."""
    at = at or timezone.now()
    lines = [
        "newsroom mirrors 1",
        f"site {settings.SITE_URL}",
        f"signed {at.astimezone(UTC).isoformat(timespec='seconds')}",
        *(f"mirror {one}" for one in addresses),
    ]
    text = "".join(f"{line}\n" for line in lines)
    signature = base64.b64encode(key.sign(text.encode())).decode()
    with public_change(everywhere=True, at=at):
        return MirrorList.objects.create(text=text, signature=signature, key=public_pem(key), signed_at=at)
