"""The outbox of WebSub: feeds that changed are noted in the transaction that changed them, and told to the hub later."""

from releases.outbox.record import feeds_changed, filed
from releases.outbox.sending import Sent, send_due, send_pings

__all__ = ["Sent", "feeds_changed", "filed", "send_due", "send_pings"]
