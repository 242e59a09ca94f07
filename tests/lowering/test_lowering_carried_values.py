"""What delayed nodes read of the call before: names, shapes, order, and what cannot be cut."""

from __future__ import annotations

import pytest

from seqdsl.pipeline import analyze
from tests.lowering.pictures import codes, compiled

LOOP = """
        Y   Y   ...   Y     dense(2)
        |   |         |
      *-H---H---...---H-*   lstm(4)
       /|  /|        /|
      y X y X   ... y X
"""
IDS = """
        Y   Y ...   Y     argmax
        |   |       |
      *-H---H-...---H-*   gru(4)
       /|  /|      /|
      E | E | ... E |     embedding(3)
      | | | |     | |
      y X y X ... y X
"""
TWO_BACK = """
        Y     Y     Y     Y
        |     |     |     |
      *-H-----H-----H-----H-*
       / \\   / \\   / \\   / \\
      /   X /   X /   X /   X
     /     /     /     /
    /     /     /     /
   /     /     /     /
  y     y     y     y
"""
STEP = """
   Y     dense(2)
   |
*--H--*  lstm(4)
  /|
 y X
"""
FED = {
    "a value": (LOOP, "h_state_h(4) h_state_c(4) y_state(2)"),
    "an id": (IDS, "h_state(4) y_state()"),
    # What `h` gives is the row's own hidden state, which passes on once.
    "the row's own": (LOOP.replace("y X", "h X"), "h_state_h(4) h_state_c(4)"),
    "a name": (LOOP.replace("e(2)", "e(2, name=last)"), "h_state_h(4) h_state_c(4) last_state(2)"),
    "a parameter": (LOOP.replace("e(2)", "e(size)"), "h_state_h(4) h_state_c(4) y_state(size)"),
    "two steps back": (TWO_BACK, "h_state(4) y_state(2, 5)"),
    # Each call is one step.
    "one node": (STEP, "h_state_h(4) h_state_c(4) y_state(2)"),
    "one node and its own": (STEP.replace("y X", "h X"), "h_state_h(4) h_state_c(4)"),
    # Nothing is to be cut: what is before the first step stays zero.
    "taken alone": (LOOP.replace("H-*", "H"), "h_state_h(4) h_state_c(4)"),
    "given alone": (LOOP.replace("*-H", "  H", 1), "h_state_h(4) h_state_c(4)"),
}


@pytest.mark.parametrize("ends", ["*--H", "H--*"])
def test_a_step_without_both_ends_has_no_step_before(ends: str) -> None:
    drawn = STEP.replace("*--H--*", ends if ends[0] == "*" else f"   {ends}")
    (found,) = codes(drawn, "X = input(3)")
    assert found.startswith("SEQ216 3:")


@pytest.mark.parametrize(("picture", "found"), FED.values(), ids=FED)
def test_what_passes_on(picture: str, found: str) -> None:
    definitions = ["X = input(3)", "size = 2"] if "size" in picture else ["X = input(3)"]
    definitions += ["H = gru(4)", "Y = dense(5)"] if picture is TWO_BACK else []
    states = compiled(picture, *definitions).spec.states
    assert " ".join(f"{item.name}({', '.join(map(str, item.shape))})" for item in states) == found
    assert all(item.dtype == ("float32" if item.shape else "int32") for item in states)


CONVOLUTION = LOOP.replace("dense(2)", "conv(3, 3, padding=causal)")


def test_a_convolution_keeps_what_it_reads_beside_what_it_gave() -> None:
    states = compiled(CONVOLUTION, "X = input(3)").spec.states
    assert [(item.name, len(item.shape)) for item in states][2:] == [("y_state", 2), ("y_last", 1)]


PAST = """
        Y   Y   Y     attention(causal=true)
        |   |   |
        +---+---+
        |   |   |
      *-H---H---H-*   gru(4)
       /|  /|  /|
      y X y X y X
"""
UNCUT = {
    "a drawn start": (LOOP.replace("y X", "S X", 1), "S = input(2)", "SEQ317 3:3"),
    "same padding": (CONVOLUTION.replace("causal", "same"), "", "SEQ317 1:3"),
    "a row without its own ends": (
        LOOP.replace("dense(2)", "gru(2)").replace("Y   Y   ...   Y", "Y---Y---...---Y"),
        "",
        "SEQ317 1:3",
    ),
    "a backward row": (
        LOOP.replace("dense(2)", "gru(2)").replace("Y   Y   ...   Y", "Y<<<Y<<<...<<<Y"),
        "",
        "SEQ216 5:1",
    ),
    "a bidirectional row": (
        LOOP.replace("dense(2)", "gru(2)").replace("Y   Y   ...   Y", "Y===Y===...===Y"),
        "",
        "SEQ216 5:1",
    ),
    "statistics of all steps": (LOOP.replace("dense(2)", "batchnorm"), "", "SEQ218 1:3"),
    "attention over the steps so far": (
        PAST,
        "",
        "SEQ317 1:3",
    ),
}


@pytest.mark.parametrize(("picture", "definition", "found"), UNCUT.values(), ids=UNCUT)
def test_what_cannot_be_cut(picture: str, definition: str, found: str) -> None:
    assert found in codes(picture, "X = input(3)", *([definition] if definition else []))


CALLING = """
model called

{body}

model top

Y   Y ...   Y
|   |       |
A   A ...   A
|\\  |\\      |\\
y X y X ... y X

Y = called
A = add
X = input(3)
"""


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Y   dense(3)\n|\nX   input(3)", []),
        (
            "Y<Y<...<Y   gru(3)\n| |     |\nX X ... X   input(3)",
            ["SEQ218: `Y` of `called` does not run from left to right"],
        ),
        ("Y-Y-...-Y   gru(3)\n| |     |\nX X ... X   input(3)", []),
    ],
)
def test_a_loop_calls_pictures_that_look_back(body: str, found: list[str]) -> None:
    problems = analyze(CALLING.format(body=body)).diagnostics
    assert [f"{item.code}: {item.message.partition(',')[0]}" for item in problems] == found
