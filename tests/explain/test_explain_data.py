"""Shapes of real data: what does not fit, and sketches that have exactly the shapes they are for."""

from __future__ import annotations

import re
import textwrap

import pytest

from seqdsl.api import Model, analyze
from seqdsl.explain import sketches
from seqdsl.explain.arrays import Array, read_array
from seqdsl.explain.data import data_findings, data_notes

ALIGNED = "Y Y Y   dense({w})\n| | |\nH-H-H   lstm(16)\n| | |\nX X X   input(4)\n"
ONE = "    Y   dense({w})\n    |\nH-H-H   lstm(16)\n| | |\nX X X   input(4)\n"
LAST = "  Y Y   dense({w})\n  | |\nH-H-H   lstm(16)\n| | |\nX X X   input(4)\n"
FREE = "Y ..n.. Y   dense({w})\n|       |\nH ..n.. H   lstm(16)\n|       |\nX ..n.. X   input(4)\n"
VECTOR = "Y   dense({w})\n|\nX   input(4)\n"
TOKENS = "    Y   dense({w}, softmax)\n    |\nH-H-H   lstm(16)\n| | |\nW W W   embedding(5)\n| | |\nX X X   tokens(9)\n"


# An input beside the sequence: each of the two takes an array.
PAIR = """
    Y     dense({w})
    |
    +-+
    | |
H-H-H |   lstm(16)
| | | |
X X X Z

X = input(4)
Z = input(4)
"""


def shapes(model: Model) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    return (
        [tuple(map(model.length, item.shape)) for item in model.inputs],
        [tuple(map(model.length, item.shape)) for item in model.outputs],
    )


def found(text: str, data: str = "", target: str = "") -> list[str]:
    (model,) = analyze(text).models
    arrays = [read_array(item) for item in data.split(";") if item]
    targets = [read_array(item) for item in target.split(";") if item]
    return [item.code for item in data_findings(model.spec, arrays, targets)]


@pytest.mark.parametrize(
    ("picture", "data", "target", "codes"),
    [
        (ALIGNED, "9,3,4", "9,3,1", []),
        (ALIGNED, "None,3,4", "9,3,1", []),
        (ALIGNED, "9,3,4", "8,3,1", ["SEQ502"]),
        (ALIGNED, "9,3", "", ["SEQ503"]),
        (ALIGNED, "9", "", ["SEQ503"]),
        (ALIGNED, "9,3,4,2", "", ["SEQ503"]),
        (ALIGNED, "9,3,2", "", ["SEQ504"]),
        (ALIGNED, "9,20,4", "", ["SEQ505"]),
        (ALIGNED, "9,20,4", "9,20,1", ["SEQ505"]),
        (ALIGNED, "9,20,4", "9,25,1", ["SEQ505", "SEQ507"]),
        (ALIGNED, "9,20,2", "", ["SEQ504", "SEQ505"]),
        (ALIGNED, "9,4,3", "", ["SEQ506"]),
        (ALIGNED, "", "9,2,1", ["SEQ507"]),
        (ALIGNED, "", "9,2,7", ["SEQ507", "SEQ510"]),
        (ALIGNED, "", "9,1", ["SEQ508"]),
        (ALIGNED, "", "9", ["SEQ508"]),
        (ALIGNED, "", "9,3", ["SEQ511"]),
        (ALIGNED, "9,3,4;9,3,4", "", ["SEQ501"]),
        (ALIGNED, "z=9,3,4", "", ["SEQ501"]),
        (PAIR, "9,3,4;9,4", "", []),
        (PAIR, "x=9,3,4;z=9,4", "", []),
        (PAIR, "9,3,4", "", ["SEQ501"]),
        (PAIR, "z=9,4", "", ["SEQ501"]),
        (PAIR, "", "9,1;9,1", ["SEQ501"]),
        (ONE, "9,3,4", "9,1", []),
        (ONE, "", "9", ["SEQ511"]),
        (ONE, "", "9,3,1", ["SEQ509"]),
        (ONE, "", "9,5", ["SEQ510"]),
        (LAST, "9,3,4", "9,3,1", ["SEQ507"]),
        (FREE, "9,77,4", "9,77,1", []),
        (FREE, "9,77,3", "", ["SEQ504"]),
        (VECTOR, "9,4", "9,1", []),
        (VECTOR, "9,6,4", "", ["SEQ503"]),
        (VECTOR, "9", "", ["SEQ503"]),
        (TOKENS, "9,3", "9,1", []),
        (TOKENS, "9,3,1", "", ["SEQ503"]),
        (TOKENS, "9,3,9", "", ["SEQ503"]),
        (TOKENS, "9,5", "", ["SEQ505"]),
    ],
)
def test_what_does_not_fit(picture: str, data: str, target: str, codes: list[str]) -> None:
    assert (
        found(picture.format(w=1).replace("dense(1, softmax)", "dense(1)"), data, target) == codes
    )


VIDEO = (
    "      Y   dense(2)\n      |\nH-H-H-H   lstm(8)\n| | | |\nF F F F   flatten\n| | | |\n"
    "X X X X   input(8, 6, 3)\n"
)
IMAGE = "Y   conv2d(5, 3)\n|\nX   input(8, 6, 3)\n"
SENTENCES = (
    "    Y   dense(2)\n    |\nH-H-H   lstm(8)\n| | |\nF F F   flatten\n| | |\nW W W   embedding(5)\n| | |\n"
    "X X X   tokens(50, 12)\n"
)


@pytest.mark.parametrize(
    ("picture", "data", "target", "code", "hint"),
    [
        (
            VIDEO,
            "9,4,8,6,3",
            "9,2",
            "",
            "has its channels last, as the Keras model takes it; for PyTorch: "
            "`x.transpose(0, 1, 4, 2, 3)`",
        ),
        (
            VIDEO,
            "9,4,3,8,6",
            "",
            "",
            "has its channels first, as the PyTorch model takes it; for Keras: "
            "`x.transpose(0, 1, 3, 4, 2)`",
        ),
        (VIDEO, "9,3,4,8,6", "", "SEQ506", "`x.transpose(0, 2, 3, 4, 1)`"),
        (VIDEO, "9,4,6,8,3", "", "SEQ506", "`x.transpose(0, 1, 3, 2, 4)`"),
        (VIDEO, "9,8,6,3", "", "SEQ503", "stack 4 of them, (samples, 4, 8, 6, 3)"),
        (VIDEO, "9,4,8,6", "", "SEQ503", "add an axis: `x[..., None]`"),
        (VIDEO, "9,5,3,8,6", "", "SEQ505", "draw 5 nodes"),
        (VIDEO, "9,4,3,9,9", "", "SEQ513", "`input(9, 9, 3)`"),
        (VIDEO, "9,4,9,9,3", "", "SEQ513", "`input(9, 9, 3)`"),
        (VIDEO, "9,4,8,6,1", "", "SEQ513", "`input(8, 6, 1)`"),
        (IMAGE, "9,3,8,6", "9,5,8,6", "", "`y`, (9, 5, 8, 6), has its channels first"),
        (IMAGE, "", "9,8,6,4", "SEQ513", ""),
        (SENTENCES, "9,3,12", "", "", ""),
        (SENTENCES, "9,3,10", "", "SEQ513", "`tokens(50, 10)`"),
        (SENTENCES, "9,4,12", "", "SEQ505", "draw 4 nodes"),
        (SENTENCES, "9,36", "", "SEQ503", "reshape it to (samples, 3, 12)"),
        (SENTENCES, "9,3,12,50", "", "SEQ503", "`x.argmax(-1)`"),
    ],
)
def test_data_of_grids(picture: str, data: str, target: str, code: str, hint: str) -> None:
    assert found(picture, data, target) == [code] * bool(code)
    (model,) = analyze(picture).models
    arrays, targets = ([read_array(text)] if text else [] for text in (data, target))
    told = [str(item.hint) for item in data_findings(model.spec, arrays, targets)]
    assert hint in " ".join([*told, *data_notes(model.spec, arrays, targets)])


def test_images_as_large_as_they_have_channels_may_be_either() -> None:
    (model,) = analyze(VIDEO.replace("8, 6, 3", "3, 3, 3")).models
    assert data_notes(model.spec, [read_array("9,4,3,3,3")], []) == []


@pytest.mark.parametrize("target", ["9", "9,1"])
def test_labels_as_ids(target: str) -> None:
    assert found(ONE.replace("dense({w})", "dense(5, softmax)"), "", target) == ["SEQ512"]
    assert found(ALIGNED.replace("dense({w})", "dense(5, softmax)"), "", "9,3") == ["SEQ512"]


@pytest.mark.parametrize(
    ("picture", "target", "ids"),
    [(ALIGNED, "9,3", True), (ONE, "9", True), (FREE, "9,77", True), (ALIGNED, "9,3,10", False)],
)
def test_ids_fit_logits_and_that_is_said(picture: str, target: str, ids: bool) -> None:
    (model,) = analyze(picture.format(w=10)).models
    arrays = [read_array(target)]
    assert data_findings(model.spec, [], arrays) == []
    notes = data_notes(model.spec, [], arrays)
    assert [f"{arrays[0]}, fits as ids of 10 classes" in note for note in notes] == [True] * ids


@pytest.mark.parametrize("layer", ["dense(10, relu)", "gru(10)"])
def test_what_is_not_logits_is_not_read_as_such(layer: str) -> None:
    text = ALIGNED.replace("dense({w})", layer)
    assert found(text, "", "9,3") == ["SEQ508"]


def test_ids_with_an_axis_too_many_may_be_meant() -> None:
    (model,) = analyze(ONE.format(w=10)).models
    (finding,) = data_findings(model.spec, [], [read_array("9,1")])
    assert finding.code == "SEQ510" and "drop the last axis: `y[:, 0]`" in str(finding.hint)


def test_units_that_are_no_steps_are_told() -> None:
    (model,) = analyze(ALIGNED.format(w=1)).models
    (finding,) = data_findings(model.spec, [read_array("9,16,4")], [])
    assert "not the number of steps" in finding.related[0][1]


@pytest.mark.parametrize(
    ("text", "name", "axes"),
    [
        ("1000,20,4", None, (1000, 20, 4)),
        ("(1000, 20, 4)", None, (1000, 20, 4)),
        ("(1000,)", None, (1000,)),
        ("x=None,20,4", "x", (None, 20, 4)),
    ],
)
def test_shapes_are_read_as_people_write_them(
    text: str, name: str | None, axes: tuple[int | None, ...]
) -> None:
    assert read_array(text) == (name, axes)


@pytest.mark.parametrize("text", ["", "many", "1000;20", "1000,20,x", "1e3,2", "=1,2", "9" * 40])
def test_what_is_no_shape(text: str) -> None:
    with pytest.raises(ValueError, match="is not a valid shape"):
        read_array(text)


@pytest.mark.parametrize("steps", [2, 6, 20, 30, 31, 100])
@pytest.mark.parametrize("count", [2, 5, 25, 30, 32, 200])
def test_sketches_have_the_shapes_they_are_for(steps: int, count: int) -> None:
    for name, result in (
        ("encoder_decoder", (count, 3)),
        ("last", (count, 3)),
        ("padded", (count, 3)),
    ):
        text = getattr(sketches, name)(steps, count, 7, 3)
        if text is None:
            fits = count < steps - 1 if name == "last" else steps < count
            assert count > sketches.WIDEST or not fits
            continue
        analysis = analyze(text)
        assert not analysis.diagnostics, text
        (model,) = analysis.models
        assert shapes(model) == ([(steps, 7)], [result])
        assert name.split("_")[0] in model.topology


@pytest.mark.parametrize("steps", [2, 6, 32, 100])
def test_sketches_of_one_value_and_of_all(steps: int) -> None:
    for text, result in (
        (sketches.one(steps, 7, 3), (3,)),
        (sketches.aligned(steps, 7, 3), (steps, 3)),
    ):
        analysis = analyze(text)
        assert not analysis.diagnostics
        assert shapes(analysis.models[0]) == ([(steps, 7)], [result])


@pytest.mark.parametrize("data", ["9,20,4", "9,6,2"])
@pytest.mark.parametrize("target", ["9,25,1", "9,4,3", "9,2", "9"])
def test_what_is_drawn_in_an_answer_takes_the_data(data: str, target: str) -> None:
    (model,) = analyze(ALIGNED.format(w=1)).models
    findings = data_findings(model.spec, [read_array(data)], [read_array(target)])
    hint = next(item.hint for item in findings if item.code in ("SEQ507", "SEQ508"))
    pictures = re.findall(r":\n\n((?:  .*\n?)+)", hint)
    assert pictures
    for picture in pictures:
        (drawn,) = analyze(textwrap.dedent(picture)).models
        arrays = [read_array(data)], [read_array(target)]
        left = data_findings(drawn.spec, *arrays)
        assert [item.code for item in left] == (["SEQ511"] if target == "9" else [])


@pytest.mark.parametrize("target", ["9,2,1", "9,3,5", "9,4,1", "9"])
@pytest.mark.parametrize("cell", ["gru(7)", "lstm(units)"])
def test_sketches_keep_the_recurrent_layer_of_the_picture(cell: str, target: str) -> None:
    """They drew `lstm(32)`, whatever the user had."""
    stacked = "Y Y Y   dense(2)\n| | |\nH-H-H   {cell}\n| | |\nG-G-G   rnn(5)\n| | |\nX X X   input(4)\n\nunits = 21\n"
    (model,) = analyze(stacked.format(cell=cell)).models
    findings = data_findings(model.spec, [read_array("9,3,4")], [read_array(target)])
    drawn = [item.hint for item in findings if "input(4)" in item.hint]
    assert drawn or target == "9,3,5"
    for hint in drawn:
        assert cell.replace("units", "21") in hint
        assert "(32)" not in hint and "rnn" not in hint


FED = "Y Y Y\n| | |\nH-H-H\n| | |\n{} Z Z\n\nZ = input(4, feedback=Y)\nY = dense(4)\nH = gru(5)\n"
"""A row of inputs that are fed back, from the first step on or after a vector that comes first."""


@pytest.mark.parametrize(
    ("first", "count", "cut"), [("Z", 3, "target `s[:, 1:]`"), ("V", 2, "target `s`")]
)
def test_what_is_fed_is_the_target_one_step_earlier(first: str, count: int, cut: str) -> None:
    vectors = [Array("v", (9, 4))] * (first == "V")
    (model,) = analyze(FED.format(first) + "V = input(4)\n" * len(vectors)).models
    data, target = [Array("z", (9, count, 4)), *vectors], [Array("y", (9, 3, 4))]
    (note,) = data_notes(model.spec, data, target)
    assert "the data `s[:, :-1]`" in note and cut in note
    assert data_notes(model.spec, [], target) == []
