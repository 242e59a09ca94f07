"""trees → their parts: what is asked of every tree, whatever it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lark import Token, Tree

from seqdsl.ir.names import name_problem
from seqdsl.ir.text.errors import error_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.text.errors import Item


def bare(tree: Item) -> Item:
    """What an expression consists of, if it is one thing without signs and factors; else the expression."""
    if isinstance(tree, Tree) and tree.data == "expression":
        # A sign that is not there is None, which Lark's types do not know.
        parts: list[Any] = tree.children
        if len(parts) == 2 and parts[0] is None and len(parts[1].children) == 1:
            inner: Item = parts[1].children[0]
            return inner
    return tree


def checked_name(token: Item, *, unnamed: bool = False) -> str:
    """The text of a token that may become an identifier.

    Raises:
        IrSyntaxError: it may not.
    """
    name = str(token).lstrip("%@").partition("#")[0]
    if problem := name_problem(name, unnamed=unnamed):
        raise error_at(token, problem)
    return name


def arguments_of(tree: Item | None) -> Iterator[tuple[Token | None, Tree[Token]]]:
    """The arguments of a call or of what is in braces, each with its keyword if it has one."""
    keywords: set[str] = set()
    for item in getattr(tree, "children", ()):
        if item is None:
            continue
        keyword, value = item.children
        if keyword is not None and str(keyword) in keywords:
            raise error_at(keyword, f"`{keyword}` is set twice")
        keywords.add(str(keyword))
        yield keyword, value
