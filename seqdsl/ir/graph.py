"""what a model means: its nodes, layers, arguments and results. Neither letters, places nor frameworks are known here.

Sizes are polynomials over the model's parameters and, where a length is free, over the names in `Graph.free`.
"""

from __future__ import annotations

from seqdsl.ir.ends import Feedback, Input, Output, Shape, State
from seqdsl.ir.nodes import UNMASKED, GraphData, Layer, Masking, Node, Parameter
from seqdsl.records import record

__all__ = [
    "UNMASKED",
    "Feedback",
    "Graph",
    "Input",
    "Layer",
    "Masking",
    "Node",
    "Output",
    "Parameter",
    "Shape",
    "State",
]


@record(frozen=True)
class Graph(GraphData):
    """A model; its attributes are those of `GraphData`."""

    def __str__(self) -> str:
        """The graph as text, which `seqdsl.ir.parse` reads back."""
        from seqdsl.ir.text.printer import graph_text

        return graph_text(self)
