"""The outbox of WebSub: feeds that changed are noted in the transaction that changed them, and told to the hub later."""

from releases.outbox.record import embargoes_changed, feeds_changed, paths_of, standing
from releases.outbox.sending import Sent, send_due, send_pings

__all__ = [
    "Sent",
    "embargoes_changed",
    "feeds_changed",
    "paths_of",
    "send_due",
    "send_pings",
    "standing",
]
