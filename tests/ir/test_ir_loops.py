"""Loops: which nodes are one, what their steps read, and what no loop can have."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from seqdsl.ir import parse
from seqdsl.ir.builder import Builder
from seqdsl.ir.direction import Direction
from seqdsl.ir.graph import Graph
from seqdsl.ir.json import from_json, to_json
from seqdsl.ir.loop_sources import Beside, Combined, Lag, Look, Outer, Piece, Source, Zero
from seqdsl.ir.loops import Loop, find_loops
from seqdsl.ir.problems import InvalidGraph, Rule
from seqdsl.ir.tensors import Tensor, concat, delay, flatten, join, repeat
from seqdsl.layers import Combination


def fed_back() -> Graph:
    """A decoder that reads what it gave one step before; its first step reads `s`, its state is that of `x`."""
    b = Builder("fed_back")
    x, s = b.input("x", 3, 5), b.input("s", 1)
    before = b.later(1, 4)
    encoder = b.lstm(x, 8, name="encoder")
    y = b.dense(b.lstm(before, 8, initial=encoder, name="decoder"), 1, name="d")
    b.bind(before, delay(y, s))
    b.output(y)
    return b.build()


def warmed_up(padding: str = "causal") -> Graph:
    """Four known steps first, then three of its own."""
    b = Builder("warmed_up")
    x, own = b.input("x", 3, 4), b.later(3, 3)
    h = b.gru(join(x, own), 8, name="h")
    c = b.conv(h, 6, 3, padding=padding, name="c")
    y = b.dense(c[3:], 3, name="d")
    b.bind(own, y[:-1])
    b.output(y)
    return b.build()


def asking() -> Graph:
    """A decoder that asks a memory with its state of one step before, and reads known steps beside the answer."""
    b = Builder("asking")
    n = b.length("n", minimum=2)
    x, z = b.input("x", 6, n), b.input("z", 2, 4)
    memory = b.gru(x, 8, name="memory")
    before = b.later(8, 4)
    asked = b.attention(before, memory, name="asked")
    d = b.gru(concat(z, asked), 8, initial=memory, name="d")
    b.bind(before, delay(d, memory.final))
    b.output(b.dense(d, 2), "y")
    return b.build()


def alone() -> Graph:
    """A layer that reads itself, from zero on."""
    b = Builder("alone")
    n = b.length("n", minimum=2)
    x, before = b.input("x", 3, n), b.later(4, n)
    y = b.dense(concat(x, before), 4, name="d", activation="tanh")
    b.bind(before, delay(y))
    b.output(y)
    return b.build()


GRAPHS = (fed_back, warmed_up, asking, alone)


def shown(source: Source, graph: Graph) -> str:
    match source:
        case Outer(of, shift):
            name = graph.nodes[of.block].name  # type: ignore[union-attr]
            return name if shift is None else f"{name}[t + {shift}]"
        case Lag(member, _, steps):
            return f"{graph.nodes[member].name} {steps} before"
        case Zero(features):
            return f"0 of {features}"
        case Beside(parts):
            return f"[{', '.join(shown(part, graph) for part in parts)}]"
        case Combined(how, parts):
            return f"{how}({', '.join(shown(part, graph) for part in parts)})"


def pieces(found: tuple[Piece, ...], graph: Graph) -> list[str]:
    return [f"{item.start}:+{item.count} {shown(item.read, graph)}" for item in found]


def described(graph: Graph) -> list[dict[str, object]]:
    return [
        {
            f"{graph.nodes[member.node].name} from {member.start}, {member.steps}": [
                pieces(read.pieces, graph) for read in member.reads
            ]
            for member in loop.members
        }
        for loop in find_loops(graph)
    ]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            fed_back,
            {
                "decoder from 0, 4": [["0:+1 s", "1:+3 d 1 before"]],
                "d from 0, 4": [["0:+4 decoder 0 before"]],
            },
        ),
        (
            warmed_up,
            {
                "h from 0, 7": [["0:+4 x[t + 0]", "4:+3 d 1 before"]],
                "c from 0, 7": [["0:+7 h 0 before"]],
                "d from 3, 4": [["0:+4 c 0 before"]],
            },
        ),
        (
            asking,
            {
                "asked from 0, 4": [["0:+1 memory", "1:+3 d 1 before"]],
                "d from 0, 4": [["0:+4 [z[t + 0], asked 0 before]"]],
            },
        ),
        (
            alone,
            {
                "d from 0, n": [
                    ["0:+1 [x[t + 0], 0 of 4]", "1:+n - 1 [x[t + 0], d 1 before]"],
                ],
            },
        ),
    ],
)
def test_what_steps_read(made: Callable[[], Graph], expected: dict[str, object]) -> None:
    graph = made()
    assert described(graph) == [expected]


def test_windows_look_back() -> None:
    (loop,) = find_loops(warmed_up())
    looks = [read.look for member in loop.members for read in member.reads]
    assert looks == [Look.STEP, Look.WINDOW, Look.STEP]
    assert pieces(loop.members[1].reads[0].before, warmed_up()) == ["0:+2 0 of 8"]


@pytest.mark.parametrize("made", GRAPHS)
def test_text_and_json_keep_loops(made: Callable[[], Graph]) -> None:
    graph = made()
    assert parse(str(graph)) == graph
    assert from_json(to_json(graph)) == graph


def test_graphs_without_circles_have_no_loop() -> None:
    b = Builder("plain")
    b.output(b.dense(b.lstm(b.input("x", 3, 4), 8), 2))
    assert find_loops(b.build()) == ()


def test_two_loops_one_after_the_other() -> None:
    b = Builder("two")
    x, first, second = b.input("x", 3, 4), b.later(3, 4), b.later(2, 4)
    y = b.dense(concat(x, first), 3, name="one")
    z = b.dense(concat(y, second), 2, name="other")
    b.bind(first, delay(y))
    b.bind(second, delay(z))
    b.output(z)
    graph = b.build()
    loops: tuple[Loop, ...] = find_loops(graph)
    assert [[graph.nodes[m.node].name for m in loop.members] for loop in loops] == [
        ["one"],
        ["other"],
    ]


def test_order_puts_members_side_by_side() -> None:
    b = Builder("apart")
    x, before = b.input("x", 3, 4), b.later(3, 4)
    h = b.gru(before, 8, name="h")
    other = b.dense(x, 5, name="other")
    y = b.dense(concat(h, other), 3, name="y")
    b.bind(before, delay(y))
    b.output(y, "z")
    graph = b.build()
    assert [graph.nodes[index].name for index in graph.order] == ["x", "other", "h", "y", "z"]


def _wrong(make: Callable[[Builder, Tensor, Tensor], Tensor]) -> Callable[[], Graph]:
    def made() -> Graph:
        b = Builder("wrong")
        x, before = b.input("x", 3, 4), b.later(3, 4)
        y = make(b, x, before)
        b.bind(before, delay(y))
        b.output(y)
        return b.build()

    return made


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda b, x, before: b.dense(b.gru(before, 8, direction=Direction.BACKWARD), 3),
            "forward",
        ),
        (lambda b, x, before: b.conv(before, 3, 3), "not there yet"),
        (lambda b, x, before: b.dense(repeat(flatten(before), 4), 3), "all steps at once"),
        (lambda b, x, before: b.attention(x, before), "all steps at once"),
        (lambda b, x, before: b.apply("batchnorm", before), "statistics"),
        (
            lambda b, x, before: b.dense(repeat(b.reduce(Combination.MAX, before), 4), 3),
            "all steps",
        ),
        (lambda b, x, before: b.rnn(x, 3, initial=before[2]), "initial state"),
        (lambda b, x, before: b.rnn(join(before[1:], x[3:]), 3), "not there yet"),
    ],
)
def test_what_no_loop_can_have(
    make: Callable[[Builder, Tensor, Tensor], Tensor], message: str
) -> None:
    with pytest.raises(InvalidGraph, match=message) as caught:
        _wrong(make)()
    assert {problem.rule for problem in caught.value.problems} == {Rule.LOOPS}


def test_what_is_built_later_is_bound_once() -> None:
    b = Builder("open")
    x, before = b.input("x", 3, 4), b.later(3, 4)
    y = b.dense(concat(x, before), 3)
    b.output(y)
    with pytest.raises(ValueError, match="not bound"):
        b.build()
    with pytest.raises(ValueError, match="and once"):
        b.bind(x, y)
    b.bind(before, delay(y))
    with pytest.raises(ValueError, match="and once"):
        b.bind(before, y)
