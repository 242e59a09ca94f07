"""Masked sequences that go into called pictures: the graph, and what cannot go in or come out."""

from __future__ import annotations

from dataclasses import replace

import pytest

import seqdsl
from seqdsl.ir import parse
from seqdsl.ir.json import from_json, to_json
from seqdsl.ir.operations import Call
from seqdsl.ir.verifier import verify
from seqdsl.lowering import called
from seqdsl.pipeline import analyze
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Span

WHOLE = "    Y   mean\n    |\n+-+-+-+\n| |   |\nS S...S   part\n| |   |\n{read}"
MASKED = "Z Z...Z   input(3, mask=0)"
IDS = "G-G-...-G   gru(3)\n| |     |\nW W ... W   embedding(3{mask})\n| |     |\nX X ... X   tokens(9)"
STEP = "G-G-...-G   gru(3)\n| |     |\nX X ... X   input(3{mask})"
# `Y` begins behind all of the steps that are read, of which there may be any number.
LATER = (
    "                M   mean\n                |\n                +-------+\n                |       |\n"
    "                Y ..n.. Y   dense(3)\n                |       |\nD--...--D-------D--...--D   rnn(2)\n"
    "|       |       |       |\nX ..n.. X       y ..n.. y   input(3)"
)
THREE = "  T   part\n  |\n+-+-+\n| | |\nZ Z Z   input(3, mask=0)"
BOTH = (
    "        R   add\n        |\n    +---+---+\n    |       |\n    P       Q\n    |       |\n+-+-+-+ +-+-+-+\n"
    "| |   | | |   |\nS S...S S S...S\n| |   | | |   |\nZ Z...Z U U...U\n\nS = part\nZ = input(3, mask=0)\n"
    "U = input(3)\nP = mean\nQ = max"
)


def text(part: str, whole: str) -> str:
    """A file of two models."""
    return f"model part\n\n{part}\n\nmodel whole\n\n{whole}\n"


def test_a_mask_goes_in_and_comes_out() -> None:
    graph = seqdsl.compile(text(STEP.format(mask=""), BOTH)).ir
    calls = [node for node in graph.nodes if isinstance(node.operation, Call)]
    masks = [node.operation.masks for node in calls if isinstance(node.operation, Call)]
    # One letter, with a mask and without one: what it gives is masked where what it reads is.
    assert [len(one) for one in masks] == [1, 0]
    assert [node.masks for node in calls] == masks
    assert verify(graph) == ()
    assert parse(str(graph)) == graph
    assert from_json(to_json(graph)) == graph


def test_a_call_without_its_mask_is_no_graph() -> None:
    graph = seqdsl.compile(text(STEP.format(mask=""), BOTH)).ir
    nodes = tuple(
        replace(node, operation=replace(node.operation, masks=()))
        if isinstance(node.operation, Call)
        else node
        for node in graph.nodes
    )
    found = [item.message for item in verify(replace(graph, nodes=nodes))]
    assert any("with a mask is called without one" in item for item in found)


@pytest.mark.parametrize(
    ("part", "read", "message", "hint"),
    [
        (STEP.format(mask=", mask=0"), MASKED, "marks padding itself", "remove `mask=`"),
        (
            IDS.format(mask=", mask=true"),
            "Z Z...Z   tokens(9, mask=4)",
            "marks padding itself",
            "remove `mask=true`",
        ),
        (
            IDS.format(mask=", mask=true"),
            "Z Z...Z   tokens(9)",
            "gives a masked sequence",
            "`tokens(9, mask=0)`",
        ),
        (
            STEP.format(mask=", mask=0"),
            "Z Z...Z   input(3)",
            "gives a masked sequence",
            "`input(3, mask=0)`",
        ),
    ],
)
def test_what_marks_padding_twice_or_too_deep(
    part: str, read: str, message: str, hint: str
) -> None:
    found = [
        item for item in analyze(text(part, WHOLE.format(read=read))).diagnostics if item.is_error
    ]
    assert [item.code for item in found] == ["SEQ134"], found
    assert message in found[0].message
    assert hint in found[0].hint
    assert found[0].related


def test_rows_of_a_called_loop_may_begin_later() -> None:
    assert not analyze(text(LATER, THREE)).diagnostics


def test_a_picture_without_a_meaning_for_masks_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """No picture is known to have a meaning without a mask only: whatever is found wrong is shown."""
    problem = Diagnostic("SEQ311", "not known with a mask", Span(4, 1, 2), "set it")
    monkeypatch.setattr(called, "_masked", lambda *_: (None, (problem,)))
    (found,) = analyze(text(STEP.format(mask=""), WHOLE.format(read=MASKED))).diagnostics
    assert (found.code, "cannot read the masked sequence" in found.message) == ("SEQ134", True)
    assert (found.hint, found.related) == (
        "set it",
        ((problem.span, "in `part`: not known with a mask"),),
    )


ASKS = (
    "A   A   A     attention(X, causal=true)\n|   |   |\nP   P   P     position(3, sin)\n"
    "  X   X   X   input(3{mask})"
)
FED = "Y Y Y   dense(3)\n| | |\nS S S   part\n| | |\nZ Z Z   input(3, feedback=Y{mask})"


def test_padding_that_a_called_model_marks_itself_cannot_run_free() -> None:
    """Its steps are computed among the caller's then, whose row has no mask."""
    marked = text(ASKS.format(mask=", mask=0"), FED.format(mask=""))
    (found,) = (item for item in analyze(marked).diagnostics if item.is_error)
    assert found.code == "SEQ322"
    assert "at `S`, the model that it calls marks padding" in found.message
    assert "in the input of the model that calls it" in (found.hint or "")
    outside = text(ASKS.format(mask=""), FED.format(mask=", mask=0"))
    assert "def generate" in seqdsl.compile(outside).source("numpy")
    # Without `feedback=` each model is called as it is.
    assert "def generate" not in seqdsl.compile(marked.replace(", feedback=Y", "")).source("numpy")
