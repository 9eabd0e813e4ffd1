"""Django's `date` and `time` by the newsroom's clock, in every template: theirs end with an error where the calendar ends."""

from datetime import datetime
from typing import Any

from django import template
from django.template import defaultfilters
from django.utils import timezone

from releases import clock

register = template.Library()


@register.filter(expects_localtime=False, is_safe=False)
def date(value: Any, form: str | None = None) -> str:
    """As Django's."""
    return defaultfilters.date(_local(value), form)


@register.filter(expects_localtime=False, is_safe=False)
def time(value: Any, form: str | None = None) -> str:
    """As Django's."""
    return defaultfilters.time(_local(value), form)


def _local(value: Any) -> Any:
    return clock.local(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
