"""text in a code tree → what is in it: leaves are text where they are never broken, as users write it in templates.

``units=2 * n`` is an argument in a template, ``:, -self.n:`` the index of an emitter: both are pieces of Python that
somebody wrote, and no longer than an expression. Nothing that was put together from a tree is read here.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import TypeAlias

from seqdsl.python_syntax import parse_python
from seqdsl.targets.code.expressions import (
    Attribute,
    Binary,
    Call,
    Code,
    Index,
    Items,
    Keyword,
    Prefix,
    Text,
    enclosed,
    flat,
)

Path: TypeAlias = "tuple[str, ...]"
"""A name and the attributes behind it: ``("self", "units")``."""

_ATOM = re.compile(r'(?:([^\W\d]\w*)=)?("[^"\\]*"|[\w.]+)')
"""Most of what is asked: a number, a name, a quoted text, maybe with the name of an argument.

Python's parser takes ten times as long to say the same.
"""

_CONSTANTS = frozenset({"None", "True", "False"})

_NAMELESS = re.compile(r'(?:[^\w"]|\b\d+\b|\bNone\b|"[^"\\]*")*')
"""What certainly has no name in it, as ``:, -3:`` and ``..., None``."""

_OPERATORS: dict[type, tuple[str, int]] = {
    ast.Add: ("+", 1),
    ast.Sub: ("-", 1),
    ast.Mult: ("*", 2),
    ast.FloorDiv: ("//", 2),
    ast.Div: ("/", 2),
}
"""How an operator is written, and how close it binds."""

_UNKNOWN = ("", 0)


@lru_cache(maxsize=4096)
def read_argument(text: str) -> Code:
    """An argument of a call as a tree: ``units=2 * n`` is a keyword with a product.

    The tree is flat as it was read; what it cannot tell apart stays a text.

    Raises:
        SyntaxError: it is no argument.
    """
    atom = _ATOM.fullmatch(text)
    if atom is not None:
        # `4`, `"relu"`, `bias=False`: no parser is needed for most.
        name, value = atom.groups()
        return Text(value) if name is None else Keyword(name, Text(value))
    # A call has all forms of arguments: `2 * n`, `units=2 * n`, `*parts`.
    call = _expression(f"_({text})")
    assert isinstance(call, ast.Call)
    argument: Code = Text(text)
    if len(call.args) == 1 and not call.keywords:
        argument = _tree(call.args[0])
    elif len(call.keywords) == 1 and not call.args and call.keywords[0].arg is not None:
        argument = Keyword(call.keywords[0].arg, _tree(call.keywords[0].value))
    # Python's tree forgets how a text was written: 1e-5 is 1e-05 to it, and `(2 * n) + 1` has no brackets. Ours
    # would write `-(a + b)` as `-a + b`. All of these stay texts.
    return argument if flat(argument) == text else Text(text)


@lru_cache(maxsize=4096)
def read_index(text: str) -> tuple[tuple[Code | None, ...], ...]:
    """The parts of an index, each with what is between its colons: of ``:, n:`` two times two parts."""
    # `:, -self.n:` -> ((None, None), (-self.n, None))        `..., None` -> ((...,), (None as a text,))
    node = _expression(f"_[{text}]")
    assert isinstance(node, ast.Subscript)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return tuple(
        tuple(None if end is None else _tree(end) for end in _ends(part)) for part in parts
    )


def _ends(part: ast.expr) -> list[ast.expr | None]:
    if not isinstance(part, ast.Slice):
        return [part]
    return [part.lower, part.upper, *([] if part.step is None else [part.step])]


def _tree(node: ast.expr) -> Code:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        symbol, rank = _OPERATORS[type(node.op)]
        # What is on the right binds closer than the operator, or has brackets: `n - (k - 1)`.
        parts = (_operand(node.left, rank), _operand(node.right, rank + 1))
        return Binary(symbol, parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return Prefix("-", _tree(node.operand))
    if isinstance(node, ast.Attribute):
        return Attribute(_tree(node.value), node.attr)
    if isinstance(node, ast.Subscript):
        return Index(_tree(node.value), ast.unparse(node.slice))
    if isinstance(node, ast.Call) and not node.keywords:
        return Call(_tree(node.func), tuple(map(_tree, node.args)))
    if isinstance(node, ast.Tuple | ast.List):
        opening, closing = "()" if isinstance(node, ast.Tuple) else "[]"
        # `(n,)` keeps its comma, or it would be a number in brackets.
        only = isinstance(node, ast.Tuple) and len(node.elts) == 1
        return Items(opening, tuple(map(_tree, node.elts)), f",{closing}" if only else closing)
    return Text(ast.unparse(node))


def _operand(node: ast.expr, rank: int) -> Code:
    """An operand of an operator, in brackets if it binds less than ``rank``."""
    inner = _tree(node)
    # `2 * (n % 2)`: what is not in the table, as `%`, keeps its brackets. Names and calls need none.
    own = _OPERATORS.get(type(node.op), _UNKNOWN)[1] if isinstance(node, ast.BinOp) else rank
    return enclosed(inner) if own < rank else inner


@lru_cache(maxsize=4096)
def path_in_text(text: str) -> Path | None:
    """The name, with its attributes, that a text is; ``None``: it is a number, a quoted text or an expression."""
    parts = tuple(text.split("."))
    return parts if text not in _CONSTANTS and all(map(str.isidentifier, parts)) else None


@lru_cache(maxsize=4096)
def paths_in_text(text: str) -> frozenset[Path]:
    """The names that a piece of an expression reads, each with the attributes behind it."""
    path = path_in_text(text)
    if path is not None:
        return frozenset([path])
    return frozenset() if _NAMELESS.fullmatch(text) else _paths(_expression(f"_({text})"))


@lru_cache(maxsize=4096)
def paths_in_index(text: str) -> frozenset[Path]:
    """The names that an index reads: ``self.n`` of ``:, -self.n:``."""
    return frozenset() if _NAMELESS.fullmatch(text) else _paths(_expression(f"_[{text}]"))


def _expression(text: str) -> ast.expr:
    (statement,) = parse_python(text).body
    assert isinstance(statement, ast.Expr)
    return statement.value


def _paths(node: ast.AST) -> frozenset[Path]:
    """The paths in a tree of Python, without the ``_`` around what was asked."""
    names: set[Path] = set()
    pending = [node]
    while pending:
        here = pending.pop()
        path = _path(here)
        # `self.lstm.weight` is one path, of `f(x).n` only what is below the dot has some.
        if path is None:
            pending += ast.iter_child_nodes(here)
        else:
            names.add(path)
    return frozenset(names - {("_",)})


def _path(node: ast.AST) -> Path | None:
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        of = _path(node.value)
        return None if of is None else (*of, node.attr)
    return None
