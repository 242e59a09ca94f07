"""What is printed of a graph reads back as the same graph, and what is no graph is refused with its place."""

from __future__ import annotations

import random

import pytest

import seqdsl
from seqdsl.ir import parse, parse_all
from seqdsl.ir.text.errors import IrSyntaxError
from seqdsl.ir.text.parser import LARGEST_TEXT, parse_size
from seqdsl.ir.text.sizes import size_text
from seqdsl.ir.verifier import verify
from seqdsl.size import Size
from tests.ir.graphs import CHUNKS, drawn, random_graphs

TEXT = """\
model forecast {
  parameter units = 16
  length n {minimum=3, multiple=1}
  layer @lstm = lstm(units=units, bidirectional=false) : 8 -> units
  layer @dense = dense(units=3, activation=softmax) : units -> 3 {kernel: [units, 3], bias: [3]}
  input %x : float32[n, 8]
  %x = placeholder input() : float32[n, 8]
  %lstm = scan @lstm(%x) {uses=[final]} : float32[n, units]
  %dense = apply @dense(%lstm.final) : float32[3]
  output y = %dense : float32[3]
}
"""


def test_drawn_pictures() -> None:
    assert len(drawn()) > 100
    for graph in drawn():
        assert parse(str(graph)) == graph


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_pictures(chunk: int, request: pytest.FixtureRequest) -> None:
    count = request.config.getoption("--random-pictures")
    first = request.config.getoption("--first-seed")
    for seed, graph in random_graphs(chunk, count, first):
        assert parse(str(graph)) == graph, f"seed {seed}\n{graph}"


def test_several_graphs() -> None:
    graphs = drawn()[:3]
    assert parse_all("\n".join(map(str, graphs))) == graphs
    assert parse_all("# nothing\n") == ()
    with pytest.raises(IrSyntaxError, match="2 models are here; expected one model"):
        parse(TEXT * 2)


@pytest.mark.parametrize("name", ["half", "train", "class"])
def test_a_called_picture_may_have_the_name_of_what_no_variable_may(name: str) -> None:
    """It becomes a class, `Half`, and its layers are `half_a` and `half_b`."""
    called = f"model {name}\n\nY  dense(4)\n|\nX  input(4)\n"
    caller = f"model main\n\nB  {name}\n|\nA  {name}\n|\nX  input(4)\n"
    graph = seqdsl.compile(f"{called}\n{caller}").ir
    assert parse(str(graph)) == graph


def test_the_meaning() -> None:
    graph = parse(TEXT)
    assert graph.free == ("n",) and graph.defaults == {"units": 16}
    _, lstm, dense = graph.nodes
    assert lstm.scan is not None and lstm.scan.body.states == ("h", "c")
    assert dense.layer is not None and dense.layer.arguments["bias"] is None
    assert graph.outputs[0].n == Size.of(1)


def test_layout_and_comments_say_nothing() -> None:
    """Neither line breaks nor comments change what is read; the order of statements of one kind does."""
    words = TEXT.replace("\n", "  # why\n\n").replace(", ", " ,\n ")
    assert parse(words) == parse(TEXT)


n, k, units = (Size.of(name) for name in ("n", "k", "units"))


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (Size.of(0), "0"),
        (2 * units + 8, "2 * units + 8"),
        (n - 3, "n - 3"),
        (-units + 32, "32 - units"),
        (-1 * n, "-n"),
        ((n + 1) // 2, "((n + 1) // 2)"),
        (n * k // (k + 1), "((k * n) // (k + 1))"),
        (((n + 1) // k) // (n + 2), "((((n + 1) // k)) // (n + 2))"),
        (units * n // 3 + 2, "((n * units) // 3) + 2"),
    ],
)
def test_sizes(size: Size, text: str) -> None:
    assert parse_size(size_text(size)) == size
    assert parse_size(text) == size


def test_half_a_size_is_not_rounded() -> None:
    half = Size.of("n") * parse_size("1 / 2")
    assert size_text(half) == "n / 2" and parse_size("n / 2") == half
    assert parse_size("n // 2") != half


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("model forecast", "model", "1:7: cannot read '{' here; expected the name of a model"),
        ("}\n  length", "}\n  breadth", ""),
        ("length n", "breadth n", "3:3: cannot read"),
        ("output y = %dense : float32[3]\n}\n", "", "the text ends too early"),
        ("units = 16", "class = 16", "2:13: `class` has a meaning of its own"),
        ("units = 16", "un__its = 16", "2:13: `un__its` has a meaning of its own"),
        ("units = 16", "Units = 16", "2:13: `Units` is not a name"),
        ("@dense = dense", "@self = dense", "5:9: `self` has a meaning"),
        ("parameter units", f"parameter {'u' * 61}", "2:13: a name has 61 characters"),
        ("units = 16", "units = units", "2:21: this is not a number; expected a number"),
        ("minimum=3", "minimum=99999999999", "3:21: 99999999999 is not a number of steps"),
        ("minimum=3", "maximum=3", "3:13: unknown attribute; expected `minimum=` or `multiple=`"),
        ("lstm(units", "lstn(units", "4:17: unknown layer `lstn`"),
        ("bidirectional=false", "bidirectional=no", "4:49: `no` is neither true nor false"),
        ("activation=softmax", "colour=softmax", "5:33: `dense` has no such argument; expected `units=`"),
        ("dense(units=3, ", "dense(", "5:18: `dense` needs its units; expected `units=`"),
        ("{kernel: [units, 3]", "{kernel: [units, 4]", "`dense` has the weight `kernel: [units, 3]`"),
        ("bias: [3]}", "bias: [3], more: [3]}", "`dense` has no weight `more`"),
        ("apply @dense", "apply @dance", "9:18: `@dance` is not defined"),
        ("apply @dense", "supply @dense", "9:12: unknown operation `supply`; expected `placeholder`"),
        ("scan @lstm(%x)", "scan @lstm(%z)", "8:22: `%z` is not defined"),
        ("scan @lstm(%x)", "scan @lstm()", "8:11: `operand` is missing; expected `operand=`"),
        ("scan @lstm(%x)", "scan @lstm(%x, direction=up)", "`up` cannot be used here; expected `forward`"),
        ("scan @lstm(%x)", "scan @lstm(%x, speed=3)", "expected `direction=`"),
        ("scan @lstm(%x)", "scan @dense(%x)", "8:16: `dense` is not a cell"),
        ("uses=[final]", "uses=[all]", "`all` cannot be used here"),
        ("uses=[final]", "uses=[final], uses=[final]", "`uses` is set twice"),
        ("%lstm.final", "%lstm.first", "`first` is not a part of a value; expected `final`"),
        ("%lstm.final", "scan(%lstm)", "`scan` cannot be used here"),
        ("%lstm.final", "valid_first(%lstm.final)", "only the whole value of a node"),
        ("%dense = apply", "%lstm = apply", "`%lstm` is not defined, or not by its name alone"),
        ("%dense = apply", "%dense#7 = apply", "the nodes' numbers are not those from 0 on"),
        (": float32[n, 8]\n  %x", ": float16[n, 8]\n  %x", "6:14: unknown type `float16`"),
        (": float32[3]\n  output", ": int32[3]\n  output", "only tokens are int32"),
        (": float32[3]\n}", ": float32[1, 2, 3]\n}", "float32 values do not have 3 axes here"),
        ("float32[n, units]", "float32[n, units * 2.5]", "8:62: 2.5 is not a whole number"),
        ("float32[n, units]", "float32[n // 0, units]", "division by 0"),
        ("float32[n, units]", "float32[n, 3 / units]", "only a number divides without a rest"),
        ("float32[n, units]", f"float32[n, {'9' * 30}]", "this number is too long"),
        ("float32[n, units]", "float32[n, 3037000500 * 3037000500]", "this size is too large"),
        ("float32[n, units]", f"float32[n, {'units * ' * 80}1]", "too many factors"),
        ("float32[n, units]", f"float32[n, {'(' * 200}1{')' * 200}]", "too deep"),
        ("(%lstm.final)", f"({'flatten(' * 200}%lstm{')' * 200})", "too deep"),
        ("(%lstm.final)", f"(%lstm{'[0 of 1]' * 5000})", "too deep"),
    ],
)  # fmt: skip
def test_errors(old: str, new: str, message: str) -> None:
    assert TEXT.count(old) == 1 or not message
    with pytest.raises(IrSyntaxError) as error:
        parse(TEXT.replace(old, new) if message else "?")
    assert message in str(error.value)
    assert error.value.__cause__ is None and error.value.line >= 1 and error.value.column >= 1


def test_a_text_that_is_too_long() -> None:
    with pytest.raises(IrSyntaxError, match="are the most"):
        parse("#" * (LARGEST_TEXT + 1))


def test_many_terms() -> None:
    many = " + ".join(f"a{number}" for number in range(40))
    with pytest.raises(IrSyntaxError, match="too many terms"):
        parse_size(f"({many}) * ({many})")


def test_any_text() -> None:
    """Whatever is cut, doubled or swapped in a text, it is a graph or refused."""
    generator = random.Random(7)
    texts = [str(graph) for graph in drawn()[:40]]
    refused = 0
    for _ in range(1_500):
        text = generator.choice(texts)
        at, length = generator.randrange(len(text)), generator.choice((1, 1, 2, 5, 30))
        other = generator.choice(texts)
        start = generator.randrange(len(other))
        text = (
            text[:at] + other[start : start + generator.choice((0, 1, 3, 20))] + text[at + length :]
        )
        try:
            for graph in parse_all(text):
                # What the text says may make no sense; that is said, not raised.
                verify(graph)
        except IrSyntaxError:
            refused += 1
    assert refused > 500
