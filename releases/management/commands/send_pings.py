"""`manage.py send_pings`: tell the hub of the feeds that changed, embargoes' ends included; run it every minute."""

from django.core.management.base import BaseCommand

from newsroom.accounts import record
from releases import purges
from releases.outbox import send_due


class Command(BaseCommand):
    """Sends what is due, and what failed or was left behind before; caches in front, too."""

    help = "Tell the WebSub hub of the feeds that changed (WEBSUB_HUB). Run it every minute."

    def handle(self, **options: object) -> None:
        """One round."""
        sent = send_due()
        purges.send_due()
        record.expire_daily()
        self.stdout.write(f"{sent.notified} told, {sent.failed} to be tried again, {sent.given_up} given up")
