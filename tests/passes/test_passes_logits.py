"""The last activations of outputs are left out for the outputs alone; who else reads them gets them as drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import seqdsl
from seqdsl.api import analyze
from seqdsl.ir.verifier import verify
from seqdsl.passes.logits import LogitsError, leave_out_activations
from tests.compiled import compiled
from tests.passes.logit_pictures import ACTIVATIONS, PICTURES
from tests.random_pictures import random_picture

ROOT = Path(__file__).parents[2]


def models() -> Iterator[seqdsl.Model]:
    """All models of the examples, of the pinned pictures and of some random ones."""
    for folder in ("examples", "tests/pinned"):
        for path in sorted((ROOT / folder).glob("*.seq")):
            yield from compiled(path)
    for seed in range(60):
        # The generator seldom draws such an end: every dense layer gets one.
        text = random_picture(seed).replace("dense(", "dense(activation=sigmoid, units=")
        yield from analyze(text).models
    for name, text in PICTURES.items():
        yield seqdsl.compile(text, f"{name.replace(' ', '-')}.seq")


def test_what_comes_out_is_a_graph_with_the_same_weights() -> None:
    changed = 0
    for model in models():
        try:
            spec = leave_out_activations(model.spec)
        except LogitsError:
            continue
        changed += 1
        assert verify(spec.ir) == (), model.spec.picture
        assert (spec.counts, spec.pairs, spec.free) == (
            model.spec.counts,
            model.spec.pairs,
            model.spec.free,
        )
        # What an input is fed with may be another block's: the activation that has been left out.
        arguments = [[replace(item, feedback=None) for item in it.inputs] for it in (spec, model)]
        assert arguments[0] == arguments[1] and spec.outputs == model.spec.outputs
    assert changed >= 90


def kinds(name: str) -> list[tuple[str, str]]:
    """The letter and the layer with its activation of each block of a picture that gives logits."""
    spec = leave_out_activations(seqdsl.compile(PICTURES[name]).spec)
    return [
        (block.letter, str(block.layer.arguments.get("activation") or block.layer.kind))
        for block in (spec.blocks[index] for index in spec.order)
        if block.layer is not None
    ]


@pytest.mark.parametrize("word", ACTIVATIONS)
def test_every_activation_is_left_out(word: str) -> None:
    model = seqdsl.compile(f"Y   dense(4, {word})\n|\nX   input(3)\n")
    spec = leave_out_activations(model.spec)
    assert [(item.output, item.activation) for item in spec.left_out] == [("y", word)]
    assert spec.layers[0].arguments["activation"] is None
    for target in ("keras", "torch", "numpy"):
        linear = seqdsl.compile("Y   dense(4)\n|\nX   input(3)\n").source(target)
        body = model.source(target, logits=True)
        assert body.split('    """\n', 1)[1] == linear.split('    """\n', 1)[1]


@pytest.mark.parametrize("word", ["relu", "tanh", "softplus", "linear"])
def test_other_activations_are_none(word: str) -> None:
    model = seqdsl.compile(f"Y   dense(4, {word})\n|\nX   input(3)\n")
    with pytest.raises(LogitsError, match="no output ends in softmax, log_softmax or sigmoid"):
        model.source("torch", logits=True)


def test_the_activation_of_a_cell_is_part_of_its_recurrence() -> None:
    with pytest.raises(LogitsError):
        leave_out_activations(seqdsl.compile("Y Y   rnn(4, sigmoid)\n| |\nX X   input(3)\n").spec)


def test_another_reader_gets_the_activation() -> None:
    # The output reads D, H reads a new block above it.
    assert kinds("read") == [("D", "dense"), ("D", "softmax"), ("H", "tanh"), ("Z", "dense")]
    spec = leave_out_activations(seqdsl.compile(PICTURES["read masked"]).spec)
    added = spec.blocks[-1]
    assert added.kind == "activation" and added.masks


def test_a_shared_letter_keeps_its_activation_elsewhere() -> None:
    assert kinds("shared") == [("D", "dense"), ("D", "dense"), ("D", "softmax"), ("Z", "dense")]


def test_a_function_is_dropped_or_stands_beside() -> None:
    assert kinds("function") == [("D", "dense")]
    assert kinds("read function") == [
        ("D", "dense"),
        ("A", "sigmoid"),
        ("H", "tanh"),
        ("Z", "dense"),
    ]


def test_what_is_fed_is_what_is_drawn() -> None:
    assert kinds("fed")[1:] == [("Y", "dense"), ("Y", "sigmoid")]
    assert kinds("fed function") == [("D", "dense"), ("Y", "sigmoid")]
    # The same ids are chosen of logits.
    words = PICTURES["fed"].replace("(2, sigmoid)", "(2, softmax)")
    embedded = "E E ... E   embedding(2)\n| |     |\nZ Z ... Z   tokens(2, feedback=Y)"
    for row in ("Z Z ... Z   input(2, feedback=Y, choose=true)", embedded):
        model = seqdsl.compile(words.replace("Z Z ... Z   input(2, feedback=Y)", row))
        assert len(leave_out_activations(model.spec).blocks) == len(model.spec.blocks)


BESIDE = PICTURES["beside"]

PASSED_ON = """
Y Z
| |
| H
|/
C
|
D
|
X

X = input(3)
D = dense(4, softmax)
C = concat
H = dense(5)
Z = dense(2)
Y = output
"""


CALLED_WITHIN = """
model answer

S   dense(4, softmax)
|
X   input(4)

model twice

Z   dense(4)
|
S   answer
|
X   input(4)

model whole

Y   answer
|
T   twice
|
X   input(4)
"""


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        (CALLED_WITHIN, "`answer` ends in an activation that its other callers need"),
        (BESIDE.replace("sigmoid", "softmax"), "`y` holds values side by side"),
        (BESIDE.replace("(2, sigmoid)", "(2)"), "parts that end in `sigmoid` and others without"),
        (BESIDE.replace("(2, sigmoid)", "(2, softmax)"), "end in `sigmoid` and `softmax`"),
        (
            PASSED_ON,
            "`softmax` of the output `y` cannot be omitted: other rows read it through `C`",
        ),
        (
            PICTURES["fed"].replace("Y Y ... Y ", "Y Y ... Y   output\n| |     |\nD D ... D "),
            "the input `z` is fed with it through `Y`; let its `feedback=` name the row below `Y`",
        ),
    ],
)
def test_what_cannot_be_left_out_is_told(picture: str, message: str) -> None:
    with pytest.raises(LogitsError, match=message):
        leave_out_activations(seqdsl.compile(picture).spec)


def test_the_docstring_names_the_loss() -> None:
    model = seqdsl.compile(PICTURES["joined"])
    assert "SparseCategoricalCrossentropy(from_logits=True)" in model.source("keras", logits=True)
    torch = model.source("torch", logits=True)
    assert "nn.CrossEntropyLoss" in torch and "logits.transpose(1, 2)" in torch
    # Of vectors the classes are on the second axis anyway.
    assert "transpose" not in seqdsl.compile(PICTURES["vector"]).source("torch", logits=True)
    both = seqdsl.compile(PICTURES["shared"])
    assert "z: sigmoid\n            nn.BCEWithLogitsLoss()" in both.source("torch", logits=True)
    assert "BinaryCrossentropy(from_logits=True)" in both.source("keras", logits=True)
    for target in ("keras", "torch", "numpy"):
        assert "logits" not in both.source(target)
