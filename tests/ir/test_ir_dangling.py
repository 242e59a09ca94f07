"""A graph whose references lead nowhere can be printed: who reads the verifier's words looks at the text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from seqdsl.ir import parse
from seqdsl.ir.expressions import FinalState, Value
from seqdsl.ir.graph import Graph
from seqdsl.ir.operations import PassedState
from seqdsl.ir.problems import Rule
from seqdsl.ir.text.errors import IrSyntaxError
from seqdsl.ir.verifier import verify
from tests.ir.test_ir_verifier import CHANGED, TEXT

GRAPH = parse(TEXT)


def changed(name: str, **fields: Any) -> Graph:
    nodes = (
        replace(node, operation=replace(node.operation, **fields)) if node.name == name else node
        for node in GRAPH.nodes
    )
    return replace(GRAPH, nodes=tuple(nodes))


DANGLING = [
    (changed("some", operand=Value(77)), "apply @some(%?77)"),
    (changed("some", operand=Value(-1)), "apply @some(%?-1)"),
    (changed("y", operand=FinalState(77)), "identity output(%?77.final)"),
    (changed("decoder", initial=PassedState(77)), "initial=passed_state(%?77)"),
    (
        replace(GRAPH, outputs=(replace(GRAPH.outputs[0], block=77), *GRAPH.outputs[1:])),
        "output y = %?77 :",
    ),
    (
        replace(GRAPH, inputs=(replace(GRAPH.inputs[0], block=-2), *GRAPH.inputs[1:])),
        "input ids = %?-2 :",
    ),
    (replace(GRAPH, order=(*GRAPH.order, 77)), "\n  %?77\n"),
]


@pytest.mark.parametrize(("graph", "shown"), DANGLING)
def test_references_to_nowhere_are_shown(graph: Graph, shown: str) -> None:
    assert {item.rule for item in verify(graph)} & {Rule.REFERENCES, Rule.ORDER}
    assert shown in str(graph)
    # A text that shows one is none: nothing is loaded that leads nowhere.
    with pytest.raises(IrSyntaxError):
        parse(str(graph))


def test_nodes_that_the_order_leaves_out_are_shown_behind_the_others() -> None:
    text = str(replace(GRAPH, order=GRAPH.order[:-3]))
    lines = [line.split(" = ")[0].split("#")[0] for line in text.splitlines() if " = " in line]
    assert [line.strip() for line in lines][-4:-1] == ["%some", "%late", "%y"]


@pytest.mark.parametrize("place", range(len(CHANGED)))
def test_whatever_is_wrong_with_a_graph_it_can_be_printed(place: int) -> None:
    change, _, _ = CHANGED[place]
    graph = change(GRAPH)
    assert verify(graph)
    assert str(graph).startswith("model ")


def test_a_graph_prints_as_before() -> None:
    assert str(GRAPH) == str(parse(str(GRAPH)))
    assert "%?" not in str(GRAPH)
