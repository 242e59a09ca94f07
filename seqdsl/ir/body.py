"""what an operation holds that is a graph itself: a base for it, below the operations of which graphs are made."""

from __future__ import annotations


class Body:
    """A graph as what an operation computes; `seqdsl.ir.graph.Graph` is the only one."""
