"""Templates laid out flat: which block of which parent stands where is found out once, and not for each page.

Django renders a template as a tree. For each page it looks for the blocks of the parent anew, translates each constant anew, and asks
three functions for each variable: with a page of eighty nodes that took as long as all its queries. Here a template becomes a list
of strings and functions when it is first rendered. What this module does not know renders itself, as before; what it knows
gives the same, to the byte (`tests/newsroom/test_flat_templates.py`). Templates are written, and overridden, as everywhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from html import escape
from typing import Any, cast

from django.template import Engine, Node, NodeList, Template, TemplateDoesNotExist
from django.template.base import (
    FilterExpression,
    Origin,
    TextNode,
    VariableNode,
)
from django.template.context import Context
from django.template.defaulttags import CommentNode, ForNode, IfNode, LoadNode
from django.template.library import SimpleNode
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockNode, ExtendsNode, IncludeNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from newsroom.flat_templates.values import SPOKEN, as_html, condition_of, looked_up_by

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
        outside, spoken = getattr(context, SPOKEN, None), get_language()
        setattr(context, SPOKEN, spoken)
        try:
            return SafeString(_joined(pieces, context))
        finally:
            setattr(context, SPOKEN, outside)


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
            (_true if condition is None else condition_of(condition), self._nodes(nodes, blocks))
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
        repeated = cast(NodeList, node.nodelist_loop)  # the stubs say that it may be a list of strings
        found.nodelist_loop = [_Repeated(self._nodes(repeated, blocks))]
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
    resolve = looked_up_by(expression, expression.resolve)

    def shown(context: Context) -> str:
        try:
            value = resolve(context)
        except UnicodeDecodeError:  # as `VariableNode` has it
            return ""
        return as_html(value, context)

    return shown


def _called(node: SimpleNode) -> Piece:
    """A tag that is a function."""
    values = [looked_up_by(one, one.resolve) for one in node.args]
    named = {name: looked_up_by(one, one.resolve) for name, one in node.kwargs.items()}

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
        language: str | None = getattr(context, SPOKEN)
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
                language: str | None = getattr(context, SPOKEN)
                if is_counted:
                    sentence = ngettext(one, many, number)
                elif (known := ready.get(language)) is not None:
                    sentence = known
                else:
                    sentence = ready[language] = gettext(one)
                return sentence % {name: as_html(context[name], context) for name in (*names, *more)}
            except (KeyError, TypeError, ValueError):
                pass  # a variable that is not there, no number, or a translation that is no format: Django knows what then
        return node.render(context)

    return told
