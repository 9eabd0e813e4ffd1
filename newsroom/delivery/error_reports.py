"""Faults of the program, reported to whoever runs a Sentry: which exception, and where in the code. Nothing else leaves the site."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

Event = dict[str, Any]
_KEPT = ("event_id", "timestamp", "level", "platform", "release", "environment")
_KEPT_OF_FRAME = ("filename", "function", "module", "lineno", "in_app")


def start(dsn: str, *, environment: str, **more: Any) -> None:
    """Raises ImproperlyConfigured where the client is not installed. Called by the settings, once a process."""
    try:
        import sentry_sdk
    except ImportError as error:
        raise ImproperlyConfigured(
            'SENTRY_DSN is set, but its client is not installed: pip install "sentry-sdk>=2.30,<3"'
        ) from error
    try:
        sentry_sdk.init(
            dsn=dsn, environment=environment, before_send=scrubbed, include_local_variables=False,
            include_source_context=False, max_breadcrumbs=0, max_request_body_size="never", traces_sample_rate=0, server_name="-",
            auto_session_tracking=False, before_send_transaction=lambda _event, _hint: None, before_breadcrumb=lambda _crumb, _hint: None,
            **more,
        )  # fmt: skip
    except sentry_sdk.utils.BadDsn as error:
        raise ImproperlyConfigured(
            f"SENTRY_DSN is no address of a Sentry project ({type(error).__name__})."
        ) from error


def scrubbed(event: Any, _hint: object) -> Any:
    """What is known to say nothing of readers and drafts, and no more. Of an event without an exception nothing is left to say."""
    values = (event.get("exception") or {}).get("values") or []
    if not values:
        return None
    found: Event = {name: event[name] for name in _KEPT if name in event}
    found["exception"] = {"values": [_scrubbed_exception(one) for one in values]}
    if request := (event.get("tags") or {}).get("request"):
        found["tags"] = {"request": request}
    return found


def _scrubbed_exception(value: Event) -> Event:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "stacktrace": {
            "frames": [{name: one[name] for name in _KEPT_OF_FRAME if name in one} for one in frames]
        },
    }
