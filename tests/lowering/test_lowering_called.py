"""Models that call other models of their file: what compiles, what does not, and where it is said."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.ir import parse
from seqdsl.ir.expressions import ConcatPlaces
from seqdsl.ir.json import from_json, to_json
from seqdsl.ir.operations import Call
from seqdsl.ir.verifier import verify
from seqdsl.pipeline import analyze
from seqdsl.verify.parameter_variation import compiled_with

PART = """
model part
{part}

model whole
{whole}
"""
VECTOR = "V   dense(units)\n|\nX   input(3)\n\nunits = 2"
TOWER = "    V   dense(2)\n    |\nH-H-H   gru(4)\n| | |\nX X X   input(3)"
FREE = "G G ... G   gru(4)\n| |     |\nX X ... X   input(3)"
IDS = "    V   dense(2)\n    |\nH-H-H   gru(4)\n| | |\nW W W   embedding(3)\n| | |\nX X X   tokens(20)"
NODE = "  T   part\n  |\n+-+-+\n| | |\nZ Z Z   {read}"
GROUPS = "  T    ...    T     part\n  |           |\n+-+-+       +-+-+\n| | |       | | |\nZ Z Z  ...  Z Z Z   {read}"
BESIDE = (
    "T   T  ...  T   part\n|\\  |\\      |\\\n| D | D ... | D   dense(3)\n|/  |/      |/\n"
    "Z   Z  ...  Z   input(3)"
)
ROW = "T T T   part\n| | |\nZ Z Z   input(3)"


def text(part: str, whole: str) -> str:
    """A file of two models."""
    return PART.format(part=part, whole=whole)


def calls(file: str) -> list[Call]:
    """The calls of the last model of a file."""
    nodes = seqdsl.compile(file).ir.nodes
    return [node.operation for node in nodes if isinstance(node.operation, Call)]


@pytest.mark.parametrize(
    ("part", "whole", "each"),
    [
        (VECTOR, ROW, [True]),
        (VECTOR, "T   part\n|\nZ   input(3)", [False]),
        (TOWER, NODE.format(read="input(3)"), [False]),
        (IDS, NODE.format(read="tokens(20)"), [False]),
        (FREE, ROW, [False]),
        # Each node has a bus of its own: two applications of one set of weights.
        (
            TOWER,
            "  T       T   part\n  |       |\n+-+-+   +-+-+\n| | |   | | |\nZ Z Z   Z Z Z   input(3)",
            [False] * 2,
        ),
    ],
)
def test_how_a_model_is_applied(part: str, whole: str, each: list[bool]) -> None:
    assert [call.each for call in calls(text(part, whole))] == each


PAIR = "  V   dense(2)\n  |\nH-H   gru(4)\n| |\nX X   input(3)"
BUS = "T ... T   part\n|     |\n+-----+\n|\n+-+\n| |\nZ Z   input(3)"
UNEVEN = (
    "T   T   T  ...  T   part\n|   |\\  |\\      |\\\n|   | D | D ... | D   dense(3)\n|   |/  |/      |/\n"
    "Z   Z   Z  ...  Z   input(3)"
)


@pytest.mark.parametrize(
    ("part", "whole", "shape"),
    [
        (TOWER, GROUPS.format(read="input(3)"), "[_t1 + 2, 2]"),
        (IDS, GROUPS.format(read="tokens(20)"), "[_t1 + 2, 2]"),
        # Two rows: the value below, and what `D` makes of it.
        (PAIR, BESIDE, "[_t1, 2]"),
        # A sequence for each node is a grid that its step holds.
        (
            FREE.replace("G G ", "G ").replace("| | ", "| ").replace("X X ", "X "),
            BESIDE,
            "[_t1, 2, 4]",
        ),
    ],
    ids=["groups", "ids", "two rows", "a sequence for each"],
)
def test_the_wires_of_each_node_of_a_row_are_the_steps_of_what_it_calls(
    part: str, whole: str, shape: str
) -> None:
    (call,) = calls(text(part, whole))
    assert call.each
    assert isinstance(call.operand, ConcatPlaces)
    graph = seqdsl.compile(text(part, whole)).ir
    assert f": float32{shape}" in str(graph).splitlines()[-3]
    assert verify(graph) == ()
    assert parse(str(graph)) == graph
    assert from_json(to_json(graph)) == graph
    # Places of several widths are no grid.
    if "concat_places([%z, %dense_d])" in str(graph):
        wrong = str(graph).replace(
            "concat_places([%z, %dense_d])", "concat_places([%z, concat_features([%z, %z])])"
        )
        assert any("%part_t" in problem.where for problem in verify(parse(wrong)))


@pytest.mark.parametrize(
    ("part", "whole", "code", "message"),
    [
        (VECTOR, ROW.replace("input(3)", "input(4)"), "SEQ134", "takes 3 features, and reads 4"),
        (TOWER, NODE.format(read="tokens(9)"), "SEQ134", "reads token ids"),
        (IDS, NODE.format(read="input(3)"), "SEQ134", "ids of 20 tokens, and reads features"),
        (IDS, NODE.format(read="tokens(9)"), "SEQ134", "ids of 20 tokens, and reads ids of 9"),
        (TOWER, ROW, "SEQ134", "gives a vector"),
        (
            TOWER,
            "T   part\n|\n+-+\n| |\nZ Z   input(3)",
            "SEQ134",
            "takes 3 steps, and reads 2",
        ),
        (FREE, NODE.format(read="input(3)"), "SEQ134", "gives a sequence"),
        (PAIR, GROUPS.format(read="input(3)"), "SEQ134", "takes 2 steps, and reads 3 here"),
        (FREE, BESIDE, "SEQ134", "takes at least 3 steps, and reads 2 here"),
        (PAIR, BESIDE.replace("dense(3)", "dense(4)"), "SEQ134", "takes 3 features, and reads 4"),
        (IDS, GROUPS.format(read="tokens(20, mask=0)"), "SEQ134", "several steps of a masked row"),
        (TOWER, GROUPS.format(read="input(3, mask=0)"), "SEQ134", "several steps of a masked row"),
        (PAIR, BUS, "SEQ134", "a bus leads the same steps to all nodes"),
        (PAIR, UNEVEN, "SEQ134", "some nodes of this row have fewer wires"),
        (TOWER.replace("gru(4)", "whole"), NODE.format(read="input(3)"), "SEQ131", "calls itself"),
        (
            TOWER.replace("H-H-H", "H-H-H--*"),
            NODE.format(read="input(3)"),
            "SEQ132",
            "state that passes",
        ),
        (VECTOR, ROW.replace("part", "part(other=3)"), "SEQ302", "has no argument `other`"),
        (VECTOR, ROW.replace("part", "part(units=0)"), "SEQ304", "cannot be used"),
    ],
)
def test_what_does_not_fit(part: str, whole: str, code: str, message: str) -> None:
    found = next(item for item in analyze(text(part, whole)).diagnostics if item.is_error)
    assert (found.code, message in found.message) == (code, True), found
    # Both places: the call, and the called picture.
    assert bool(found.related) == (code in ("SEQ131", "SEQ132", "SEQ134"))


def test_a_called_model_with_errors_is_reported_once() -> None:
    analysis = analyze(text(VECTOR.replace("dense(units)", "dnse(units)"), ROW))
    assert [item.code for item in analysis.diagnostics if item.is_error] == ["SEQ301"]
    assert not analysis.models


def test_the_order_of_the_file_is_free() -> None:
    first, second = text(VECTOR, ROW).split("model whole")
    models = analyze(f"model whole{second}\n{first}").models
    assert [model.name for model in models] == ["whole", "part"]


def test_the_graph_in_text_and_json() -> None:
    graph = seqdsl.compile(text(VECTOR, ROW.replace("part", "part(units=4)"))).ir
    assert verify(graph) == ()
    assert parse(str(graph)) == graph
    assert from_json(to_json(graph)) == graph
    # %part_t gives 4 features: the model's own default is 2.
    wrong = str(graph).replace("part(units=4)", "part()")
    assert any("%part_t" in problem.where for problem in verify(parse(wrong)))


def test_values_reach_what_is_called() -> None:
    model = seqdsl.compile(text(VECTOR, f"{ROW.replace('part', 'part(units=wide)')}\n\nwide = 5"))
    assert model.parameters["keras"] == 3 * 5 + 5
    wider = compiled_with(model, {"wide": 7})
    assert wider is not None
    assert wider.spec.counts["keras"] == 3 * 7 + 7
    assert str(wider.spec.nodes[-1].features.value(wider.spec.defaults)) == "7"


FED = (
    "Y Y ... Y   dense(9)\n| |     |\nT T ... T   part\n| |     |\nW W ... W   embedding(3)\n"
    "| |     |\nZ Z ... Z   tokens(9, feedback=Y)"
)


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        ("G-G-...-G   gru(3)\n| |     |\nX X ... X   input(3)", []),
        ("G=G=...=G   gru(3)\n| |     |\nX X ... X   input(3)", ["SEQ322"]),
        ("V   dense(3)\n|\nX   input(3)", []),
    ],
)
def test_a_called_model_between_an_output_and_what_it_is_fed_to(
    part: str, codes: list[str]
) -> None:
    found = analyze(text(part, FED)).diagnostics
    assert [item.code for item in found if item.is_error] == codes
    assert all("at `T`" in item.message for item in found if item.is_error)


# What does not fit is told with numbers, and with the mend of its own.
OPEN = "S ... S   part\n|     |\nZ ... Z   {read}"
LONG = "Y-Y-Y-...-Y   gru(4)\n| | |     |\nX X X ... X   input(3)"
CLOSED = "T T T   part\n| | |\nZ Z Z   {read}"


@pytest.mark.parametrize(
    ("part", "whole", "message", "hint"),
    [
        (
            FREE,
            OPEN.format(read="input(3)"),
            "at least 3 steps, and reads at least 2",
            "`S S ... S`",
        ),
        (LONG, OPEN.format(read="input(3)"), "at least 4 steps, and reads", "`S S S ... S`"),
        (LONG, CLOSED.format(read="input(3)"), "and reads 3 here", "draw one node more in the row"),
        (LONG, CLOSED.format(read="input(3, 3)"), "and reads 3 here", "as many places"),
        (VECTOR, CLOSED.format(read="input(3, 3)"), "features alone", "`mean(grid)`"),
        (VECTOR, CLOSED.format(read="input(4)"), "reads 4", "`dense(3)`"),
        (TOWER, NODE.format(read="tokens(9)"), "token ids", "`embedding(3)`"),
        (IDS, NODE.format(read="input(3)"), "reads features", "`tokens(20)`"),
        (
            "A A A   argmax\n| | |\nX X X   input(5)",
            "E E E   embedding(3)\n| | |\nT T T   part\n| | |\nZ Z Z   input(5)",
            "what `part` gives",
            "put the embedding into `part`",
        ),
    ],
)
def test_each_misfit_has_a_hint_of_its_own(part: str, whole: str, message: str, hint: str) -> None:
    (found,) = [item for item in analyze(text(part, whole)).diagnostics if item.is_error]
    assert (message in found.message, hint in found.hint) == (True, True), found


def test_a_model_that_calls_one_of_a_circle_is_reported_with_it() -> None:
    file = "model top\nV   whole\n|\nX   input(3)\n" + text("V   whole\n|\nX   input(3)", ROW)
    found = [item.code for item in analyze(file).diagnostics if item.is_error]
    assert "SEQ131" in found
