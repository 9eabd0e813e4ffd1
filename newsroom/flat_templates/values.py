"""Values in templates that are laid out flat: variables, constants, conditions, and how each is written as HTML."""

from collections.abc import Callable, Sequence
from copy import copy
from functools import lru_cache
from html import escape
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.template.base import FilterExpression, Variable, render_value_in_context
from django.template.context import Context
from django.template.defaulttags import TemplateLiteral
from django.utils.safestring import SafeData, SafeString, mark_safe

# The language of a rendering, as an attribute of its context: no template can name it.
SPOKEN = "spoken_when_laid_out"


def as_html(value: Any, context: Context) -> str:
    """As `render_value_in_context` writes it."""
    if type(value) is str:
        return escape(value)
    if type(value) is int and context.use_l10n is None:
        return _number(value, getattr(context, SPOKEN), settings.USE_THOUSAND_SEPARATOR)
    return value if type(value) is SafeString else render_value_in_context(value, context)


@lru_cache(1_000)
def _number(value: int, language: str | None, separated: bool) -> str:
    """By what its form depends on."""
    return str(render_value_in_context(value, Context()))


def looked_up_by(
    expression: FilterExpression, otherwise: Callable[[Context], Any]
) -> Callable[[Context], Any]:
    """The value of an expression. Where anything about it is unusual (nothing there, or an error) it is `otherwise`."""
    variable = expression.var
    if not isinstance(variable, Variable):
        return otherwise if expression.filters else lambda context: variable
    lookups = variable.lookups
    if not lookups or variable.translate or not all(map(_is_plain, expression.filters)):
        return otherwise if expression.filters or variable.translate else lambda context: variable.literal
    first, *rest = lookups
    filters = [
        (filter_, [mark_safe(value) for _is_variable, value in values], getattr(filter_, "is_safe", False))
        for filter_, values in expression.filters
    ]

    def looked_up(context: Context) -> Any:
        try:
            value = _asked(context[first])
            for bit in rest:
                value = _asked(_within(value, bit))
        except Exception:
            return otherwise(context)
        for filter_, values, is_safe in filters:
            found = filter_(value, *values)
            value = mark_safe(found) if is_safe and isinstance(value, SafeData) else found
        return value

    return looked_up


def _asked(value: Any) -> Any:
    """What a function gives that asks for nothing, as `page.has_next`; whatever is no such function itself."""
    if not callable(value):
        return value
    if getattr(value, "do_not_call_in_templates", False) or getattr(value, "alters_data", False):
        raise TypeError("it is not called")
    return value()


def _within(value: Any, bit: str) -> Any:
    """What is called so in something: as a key if it has any, else as an attribute."""
    if hasattr(type(value), "__getitem__"):
        try:
            return value[bit]
        except (TypeError, KeyError):
            pass
    return getattr(value, bit)


def _is_plain(step: tuple[Any, Sequence[tuple[bool, Any]]]) -> bool:
    """Whether a filter asks for nothing but the value and constants."""
    filter_, values = step
    wants_more = getattr(filter_, "expects_localtime", False) or getattr(filter_, "needs_autoescape", False)
    return not wants_more and not any(is_variable for is_variable, _value in values)


def condition_of(token: Any) -> Callable[[Context], Any]:
    """The condition of an `if`. The operators are Django's, and their operands are looked up as above."""
    evaluate: Callable[[Context], Any] = _operand(token).eval
    return evaluate


def _operand(token: Any) -> Any:
    if isinstance(token, TemplateLiteral):
        literal: Any = token  # the stubs know of other literals
        return SimpleNamespace(eval=looked_up_by(literal.value, literal.eval))
    found = copy(token)
    for name in ("first", "second"):
        if getattr(found, name, None) is not None:
            setattr(found, name, _operand(getattr(found, name)))
    return found
