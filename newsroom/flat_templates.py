"""Templates laid out flat: which block of which parent stands where is found out once, and not for each page.

Django renders a template as a tree. For each page it looks for the blocks of the parent anew, translates each constant anew, and asks
three functions for each variable: with a page of eighty nodes that took as long as all its queries. Here a template becomes a list
of strings and functions when it is first rendered. What this module does not know renders itself, as before; what it knows
gives the same, to the byte (`tests/newsroom/test_flat_templates.py`). Templates are written, and overridden, as everywhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from functools import lru_cache
from html import escape
from types import SimpleNamespace
from typing import Any, cast

from django.conf import settings
from django.template import Engine, Node, NodeList, Template, TemplateDoesNotExist
from django.template.base import (
    FilterExpression,
    Origin,
    TextNode,
    Variable,
    VariableNode,
    render_value_in_context,
)
from django.template.context import Context
from django.template.defaulttags import CommentNode, ForNode, IfNode, LoadNode, TemplateLiteral
from django.template.library import SimpleNode
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockNode, ExtendsNode, IncludeNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

# A node that is none of these may remember something of a rendering (`cycle`), and begins anew each time that it is included.
_WITHOUT_MEMORY = (SimpleNode, StaticNode, TranslateNode, BlockTranslateNode)
Piece = str | Callable[[Context], str]


class Loader(cached.Loader):
    """Keeps templates as Django's does, and lays them out. While somebody develops they stay trees, whose errors name a line."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        """A template, found once."""
        template: Template = super().get_template(template_name, skip)
        if not self.engine.debug and not isinstance(template.nodelist, Flat):
            template.nodelist = Flat(template)
        return template


class Flat(NodeList):
    """The nodes of a template, and how they are laid out."""

    def __init__(self, template: Template) -> None:
        super().__init__(template.nodelist)
        self.contains_nontext = template.nodelist.contains_nontext
        self._template = template
        self._pieces: Sequence[Piece] | None = None

    def render(self, context: Context) -> SafeString:
        """What the tree would render. Where one that extends it is rendered as a tree, that says which blocks stand here."""
        if not context.autoescape or BLOCK_CONTEXT_KEY in context.render_context:
            return super().render(context)
        pieces = self._pieces
        if pieces is None:
            pieces = self._pieces = _Layout(self._template).pieces
        # Once, since each constant and each number needs it. Whatever changes it within is rendered as a tree.
        outside, spoken = getattr(context, _SPOKEN, None), get_language()
        setattr(context, _SPOKEN, spoken)
        try:
            return SafeString(_joined(pieces, context))
        finally:
            setattr(context, _SPOKEN, outside)


# The language of a rendering, as an attribute of its context: no template can name it.
_SPOKEN = "spoken_when_laid_out"


def _joined(pieces: Sequence[Piece], context: Context) -> str:
    return "".join([one if isinstance(one, str) else one(context) for one in pieces])


class _Layout:
    """Lays out one template with its parents."""

    def __init__(self, template: Template) -> None:
        self.engine: Engine = template.engine
        self.names: set[str | None] = {template.name}
        self.included = False
        try:
            self.pieces: Sequence[Piece] = _merged(self._template(template, {}))
        except _NotFlatError:
            # `NodeList.render`, of the nodes as they are.
            self.pieces = [cast(Piece, node.render_annotated) for node in template.nodelist]

    def _template(self, template: Template, blocks: Mapping[str, BlockNode]) -> Iterator[Piece]:
        """`blocks` are those of templates that extend it."""
        if "block." in template.source:  # it asks for the block that it stands in the place of
            raise _NotFlatError
        for node in template.nodelist:
            if isinstance(node, ExtendsNode):
                yield from self._template(self._other(node.parent_name), {**node.blocks, **blocks})
            else:
                yield from self._node(node, blocks)

    def _other(self, name: Any) -> Template:
        """The template that is named there, if that is a constant, and none that is being laid out."""
        if name.is_var or name.filters or name.var in self.names or not isinstance(name.var, str):
            raise _NotFlatError
        self.names.add(name.var)
        return self.engine.get_template(name.var)

    def _nodes(self, nodes: NodeList, blocks: Mapping[str, BlockNode]) -> Sequence[Piece]:
        return _merged(piece for node in nodes for piece in self._node(node, blocks))

    def _node(self, node: Node, blocks: Mapping[str, BlockNode]) -> Iterator[Piece]:
        if isinstance(node, TextNode):
            yield node.s
        elif isinstance(node, LoadNode | CommentNode):
            return
        elif isinstance(node, BlockNode):
            yield from _scoped(self._nodes(blocks.get(node.name, node).nodelist, blocks))
        elif type(node) is VariableNode:
            yield _shown(node.filter_expression)
        elif isinstance(node, IfNode):
            yield self._chosen(node, blocks)
        elif type(node) is ForNode:
            yield self._repeated(node, blocks)
        elif type(node) is TranslateNode and _is_constant(node):
            yield _said(node)
        elif type(node) is BlockTranslateNode and not node.asvar and not node.message_context:
            yield _told(node)
        elif type(node) is SimpleNode:
            yield _called(node)
        elif type(node) is IncludeNode and not node.extra_context and not node.isolated_context:
            yield from self._included(node)
        elif self.included and not isinstance(node, _WITHOUT_MEMORY):
            raise _NotFlatError
        else:
            yield node.render

    def _chosen(self, node: IfNode, blocks: Mapping[str, BlockNode]) -> Piece:
        branches = [
            (_true if condition is None else _condition(condition), self._nodes(nodes, blocks))
            for condition, nodes in node.conditions_nodelists
        ]

        def chosen(context: Context) -> str:
            for condition, pieces in branches:
                if condition(context):
                    return _joined(pieces, context)
            return ""

        return chosen

    def _repeated(self, node: ForNode, blocks: Mapping[str, BlockNode]) -> Piece:
        """The loop is Django's; what it repeats is laid out."""
        found: Any = copy(node)
        found.nodelist_loop = [_Repeated(self._nodes(node.nodelist_loop, blocks))]
        return cast(Piece, found.render)

    def _included(self, node: IncludeNode) -> Iterator[Piece]:
        names, included = set(self.names), self.included
        self.included = True
        try:
            pieces = _merged(self._template(self._other(node.template), {}))
        except (_NotFlatError, TemplateDoesNotExist):
            yield node.render
        else:
            yield from _scoped(pieces)
        finally:
            self.names, self.included = names, included  # another place may include it as well


class _Repeated:
    """Stands in a loop for the nodes in it."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces

    def render_annotated(self, context: Context) -> str:
        """Once."""
        return _joined(self._pieces, context)


class _NotFlatError(Exception):
    """It has to be rendered as a tree."""


def _merged(pieces: Iterator[Piece]) -> Sequence[Piece]:
    """With strings that follow each other as one."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece != "":
            found.append(piece)
    return found


def _scoped(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """What they set in the context is gone behind them."""
    if all(isinstance(one, str) for one in pieces):
        yield from pieces
        return

    def scoped(context: Context) -> str:
        with context.push():
            return _joined(pieces, context)

    yield scoped


def _shown(expression: FilterExpression) -> Piece:
    """A variable."""
    resolve = _looked_up(expression, expression.resolve)

    def shown(context: Context) -> str:
        try:
            value = resolve(context)
        except UnicodeDecodeError:  # as `VariableNode` has it
            return ""
        return _as_html(value, context)

    return shown


def _as_html(value: Any, context: Context) -> str:
    if type(value) is str:
        return escape(value)
    if type(value) is int and context.use_l10n is None:
        return _number(value, getattr(context, _SPOKEN), settings.USE_THOUSAND_SEPARATOR)
    return value if type(value) is SafeString else render_value_in_context(value, context)


@lru_cache(1_000)
def _number(value: int, language: str | None, separated: bool) -> str:
    """By what its form depends on."""
    return str(render_value_in_context(value, Context()))


def _looked_up(expression: FilterExpression, otherwise: Callable[[Context], Any]) -> Callable[[Context], Any]:
    """The value of an expression. Where anything about it is unusual (nothing there, or something to be called) it is `otherwise`."""
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
            value = context[first]
            for bit in rest:
                if callable(value):
                    return otherwise(context)
                value = _within(value, bit)
        except Exception:
            return otherwise(context)
        if callable(value):
            return otherwise(context)
        for filter_, values, is_safe in filters:
            found = filter_(value, *values)
            value = mark_safe(found) if is_safe and isinstance(value, SafeData) else found
        return value

    return looked_up


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


def _called(node: SimpleNode) -> Piece:
    """A tag that is a function."""
    values = [_looked_up(one, one.resolve) for one in node.args]
    named = {name: _looked_up(one, one.resolve) for name, one in node.kwargs.items()}

    def called(context: Context) -> str:
        found = [value(context) for value in values]
        if node.takes_context:
            found.insert(0, context)
        output = node.func(*found, **{name: value(context) for name, value in named.items()})
        if node.target_var is not None:
            context[node.target_var] = output
            return ""
        if type(output) is str:
            return escape(output)
        return output if type(output) is SafeString else conditional_escape(output)

    return called


def _condition(token: Any) -> Callable[[Context], Any]:
    """Of an `if`. The operators are Django's, and their operands are looked up as above."""
    evaluate: Callable[[Context], Any] = _operand(token).eval
    return evaluate


def _operand(token: Any) -> Any:
    if isinstance(token, TemplateLiteral):
        literal: Any = token  # the stubs know of other literals
        return SimpleNamespace(eval=_looked_up(literal.value, literal.eval))
    found = copy(token)
    for name in ("first", "second"):
        if getattr(found, name, None) is not None:
            setattr(found, name, _operand(getattr(found, name)))
    return found


def _true(context: Context) -> bool:
    return True


def _is_constant(node: TranslateNode) -> bool:
    expression = node.filter_expression
    is_literal = getattr(expression.var, "literal", None) is not None and not expression.filters
    return is_literal and not node.asvar and not node.message_context


def _said(node: TranslateNode) -> Piece:
    """A constant, translated once for each language."""
    ready: dict[str | None, str] = {}

    def said(context: Context) -> str:
        language: str | None = getattr(context, _SPOKEN)
        found = ready.get(language)
        if found is None:
            found = ready[language] = node.render(context)
        return found

    return said


def _told(node: BlockTranslateNode) -> Piece:
    """A sentence with variables in it."""
    counter, countervar = node.counter, node.countervar
    is_counted = bool(node.plural and countervar and counter)
    one, names = node.render_token_list(node.singular)
    many, more = node.render_token_list(node.plural) if is_counted else ("", [])
    ready: dict[str | None, str] = {}

    def told(context: Context) -> str:
        number: Any = counter.resolve(context) if counter and is_counted else 0
        given = {name: value.resolve(context) for name, value in node.extra_context.items()}
        with context.push(given):
            if is_counted and countervar:
                context[countervar] = number
            try:
                language: str | None = getattr(context, _SPOKEN)
                if is_counted:
                    sentence = ngettext(one, many, number)
                elif (known := ready.get(language)) is not None:
                    sentence = known
                else:
                    sentence = ready[language] = gettext(one)
                return sentence % {name: _as_html(context[name], context) for name in (*names, *more)}
            except (KeyError, TypeError, ValueError):
                pass  # a variable that is not there, no number, or a translation that is no format: Django knows what then
        return node.render(context)

    return told
