"""graph: what a model computes, as data, so that pictures and frameworks need not know each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seqdsl.ir.graph import Graph


def parse(text: str) -> Graph:
    """Read the text of one graph; ``parse(str(graph))`` is ``graph``.

    Raises:
        IrSyntaxError: the text is not that of one graph (`seqdsl.ir.text.errors`).
    """
    # The parser's tables take a while; a compile needs none of them.
    from seqdsl.ir.text.parser import parse

    return parse(text)


def parse_all(text: str) -> tuple[Graph, ...]:
    """Read the text of any number of graphs.

    Raises:
        IrSyntaxError: the text is not one of graphs.
    """
    from seqdsl.ir.text.parser import parse_all

    return parse_all(text)
