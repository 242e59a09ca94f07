"""The passes for recurrent rows leave loops alone, and work beside them."""

from __future__ import annotations

from seqdsl.ir.builder import Builder
from seqdsl.ir.tensors import concat, delay
from seqdsl.model.undrawn import specification
from seqdsl.passes.loop_bodies import loop_bodies
from seqdsl.passes.loop_phases import cut_loops
from seqdsl.passes.stacked_rnn import rows_of, stack_rows
from tests.targets.loop_graphs import ended, fed_back, prompted


def test_rows_in_a_loop_are_no_stack() -> None:
    b = Builder("rows")
    x, before = b.input("x", 3, 4), b.later(5, 4)
    below = b.gru(b.gru(x, 5, name="a"), 5, name="b")
    lower = b.gru(concat(below, before), 5, name="lower")
    upper = b.gru(lower, 5, name="upper")
    b.bind(before, delay(upper))
    b.output(upper)
    spec = stack_rows(specification(b.build()))
    stacks = [rows_of(node) for node in spec.blocks if node.index in spec.order and rows_of(node)]
    assert stacks == [("a", "b")]


def test_a_plain_loop_is_not_cut() -> None:
    spec = specification(fed_back())
    assert cut_loops(spec) is spec


def test_a_prompt_is_computed_before_the_loop() -> None:
    spec = cut_loops(specification(prompted()))
    names = [spec.nodes[index].name for index in spec.order]
    assert names[:5] == ["x", "h_known", "h_own", "d", "h"]
    _, bodies = loop_bodies(spec)
    (body,) = bodies.values()
    assert [node.name for node in body.nodes] == ["h_own", "d"]
    assert str(body.count) == "5"


def test_what_comes_after_a_loop_is_computed_after_it() -> None:
    spec = cut_loops(specification(ended()))
    _, bodies = loop_bodies(spec)
    (body,) = bodies.values()
    assert len(body.nodes) == 2
    # Two known steps, a loop, two known steps: the layer is applied in three places.
    assert sum(node.layer is not None and node.layer.name == "h" for node in spec.nodes) == 3
