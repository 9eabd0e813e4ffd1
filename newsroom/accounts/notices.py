"""What the owner of an account is told of it on the desk: until they say that they have seen it, and then never again.

Mail will hang on the same list: it is what `unseen` gives that is to be sent, to the address that the person had before.
"""

from django.db.models import Q

from .models import AccessEntry, User

NOTICED = (
    "new device", "repeated failures", "recovery code", "password changed", "factor added", "factor removed", "codes renewed",
)  # fmt: skip
MOST = 5


def unseen(user: User) -> list[AccessEntry]:
    """The latest things that the owner should know and has not dismissed. Their own first factor and password are none."""
    told = Q(kind__in=NOTICED) | Q(kind="password set", by=None)
    found = AccessEntry.objects.filter(told, person=user, pk__gt=user.notices_seen)
    return list(found.select_related("by").order_by("-pk")[:MOST])


def dismiss(user: User, last: int) -> None:
    """The owner has seen everything up to this entry."""
    User.objects.filter(pk=user.pk, notices_seen__lt=last).update(notices_seen=last)
