"""Called pictures as members of loops: of one step, and of whole rows that look back only, step by step."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.ir import parse
from seqdsl.ir.verifier import verify as verify_graph
from seqdsl.pipeline import analyze
from seqdsl.verify.pool import verify
from tests.unsaved import UNSAVED

HEAD = r"""
model head

Y     dense(2, tanh)
|
B     add
|\
| H   dense(width)
| |
| N   layernorm
|/
X     input(width)

width = 3
"""
PADDED = """
model padded_loop

  Y   Y   Y   Y   head(width=4)
  |   |   |   |
  D---D---D---D   rnn(4)
 /|  /|  /|  /|
S Z y Z y Z y Z

S = input(2)
Z = input(3, mask=0)
"""
OWN = """
model own_output

  G---G---G---G   gru(3)
  |   |   |   |
  Y   Y   Y   Y   head(width=5)
 /|  /|  /|  /|
y X y X y X y X   input(3)
"""
BLOCK = r"""
model inner

Y-Y-...-Y   gru(width)
| |     |
X X ... X   input(width)

width = 2

model block

B   B   ... B
|\  |\      |\
| T | T ... | T
|/  |/      |/
G   G   ... G
|   |       |
C   C   ... C
|   |       |
X   X   ... X

X = input(width)
C = conv(width, 2, padding=causal)
G = inner(width=width)
T = attention(G, causal=true)
B = add
width = 3
"""
STACKED = """
model block

B-B-...-B   lstm(4)
| |     |
A-A-...-A   lstm(4)
| |     |
X X ... X   input(width)

width = 4
"""
OWN_LOOP = r"""
model block

A   A   ... A     concat
|\  |\      |\
| P | P ... | P   position(1, most=9)
|   |       |
D   D   ... D     dense(3, tanh)
|\  |\      |\
d X d X ... d X   input(width)

width = 4
"""
CALLS = """
model calls_in_loop

  Y   Y ...   Y   dense(2, tanh)
  |   |       |
  S   S ...   S
  |   |       |
  B   B ...   B   dense(4)
  |   |       |
  R   R ...   R
  |   |       |
  A   A ...   A   dense(4)
 /|  /|      /|
y Z y Z ... y Z

Z = input(3)
R = block(width=4)
S = block(width=4)
"""
IDS = """
model reader

Y-Y-...-Y   gru(3)
| |     |
W W ... W   embedding(4)
| |     |
X X ... X   tokens(6)

model own_ids

Y Y Y Y   argmax
| | | |
S S S S   dense(6)
| | | |
R R R R   reader
| | | |
Z y y y

Z = tokens(6)
"""
NOISE = """
model noisy

N N ... N   sample(normal)
| |     |
Y-Y-...-Y   gru(4)
| |     |
X X ... X   input(3)

model loop_noisy

  Y   Y   Y   Y   dense(1)
  |   |   |   |
  T   T   T   T   noisy
  |   |   |   |
  A   A   A   A   concat
 /|  /|  /|  /|
y Z y Z y Z y Z

Z = input(2)
"""
WARM = """
model piece

Y     dense(3, tanh)
|
X     input(3)

model warm_half

    Y Y Y
    | | |
    H H H
    | | |
D-D-D-D-D
| | | | |
X X X y y

X = input(1, name=past)
D = lstm(3)
H = piece
Y = dense(1)
"""
FED = """
model run

Y-Y-...-Y   gru(3)
| |     |
X X ... X   input(4)

model free_loop

Y   Y ...   Y   dense(2)
|   |       |
R   R ...   R   run
|   |       |
A   A ...   A   concat
|\\  |\\      |\\
y Z y Z ... y Z

Z = input(2, feedback=Y)
"""
KNOWN = r"""
model block

A   A   ... A   add
|\  |\      |\
| T | T ... | T   attention(N, heads=2, causal=true)
| | | |     | |
| N | N ... | N   layernorm
| | | |     | |
| C | C ... | C   conv(4, 2, padding=causal)
|/  |/      |/
X   X   ... X   input(4)

model known_first

      Y Y Y   dense(4)
      | | |
S S S S S S   block
| | | | | |
R R R R R R   block
| | | | | |
D D D D D D   dense(4)
| | | | | |
X X X y y y

X = input(4)
"""
CODED = r"""
model pos_block

A   A   ... A     add
|\  |\      |\
| P | P ... | P   position(4, most=9)
|   |       |
H---H--...--H     gru(4)
|   |       |
X   X   ... X     input(4)

model coded

  Y   Y ...   Y   dense(4)
  |   |       |
  B   B ...   B   pos_block
  |   |       |
  A   A ...   A   dense(4)
 /|  /|      /|
y Z y Z ... y Z

Z = input(3)
"""
DRAWN = "model head\n\nY   sample(normal)\n|\nH   dense(4)\n|\nX   input(4)\n"
DRAWN_OF_PARTS = """
model head

    Y     sample(normal)
    |
    M     mean
    |
  +-+-+
  |   |
  P   P   split
  |   |
  +-+-+
    |
    H     dense(8)
    |
    X     input(4)
"""


@pytest.mark.parametrize("text", [PADDED, OWN])
def test_a_loop_applies_a_called_picture_at_each_step(text: str) -> None:
    model = seqdsl.compile(HEAD + text, "looped.seq")
    graph = model.ir
    assert verify_graph(graph) == () and parse(str(graph)) == graph
    # In Keras the loop's layer holds the model: one picture tells.
    report = verify(
        [model], ["torch", "numpy", *(["keras"] if text == PADDED else [])], checks=UNSAVED
    )
    assert report.results and not [item.message for item in report.results if not item.passed]


ROWS = {
    "a block that calls another one, twice": BLOCK + CALLS,
    "the same weights twice, and padding": BLOCK
    + CALLS.replace("S = block(width=4)\n", "").replace("S", "R").replace("(3)", "(3, mask=0)"),
    "padding at the end": BLOCK + CALLS.replace("input(3)", "input(3, mask=0, padding=end)"),
    "rows that are one stack in PyTorch, and padding": STACKED
    + CALLS.replace("input(3)", "input(3, mask=0)"),
    "a loop of its own, and numbers of steps": OWN_LOOP + CALLS,
    "ids of the loop": IDS,
    "noise": NOISE,
    "known steps first": WARM,
    "known steps, and a whole row": WARM.replace("Y     ", "Y-Y-...-Y   ")
    .replace("|\nX     ", "| |     |\nX X ... X   ")
    .replace("dense(3, tanh)", "gru(3)"),
    "an input that is fed back as well": FED,
    "known steps of two blocks, by attention and windows": KNOWN,
    "trained codes of its steps": CODED,
}
IN_KERAS = (
    "a block that calls another one, twice",
    "rows that are one stack in PyTorch, and padding",
    "noise",
    "known steps, and a whole row",
    "known steps of two blocks, by attention and windows",
    "trained codes of its steps",
)


@pytest.mark.parametrize("name", ROWS)
def test_a_loop_calls_a_picture_for_a_whole_row(name: str) -> None:
    model = seqdsl.compile(ROWS[name], "looped.seq")
    graph = model.ir
    assert verify_graph(graph) == () and parse(str(graph)) == graph
    report = verify(
        [model], ["torch", "numpy", *(["keras"] if name in IN_KERAS else [])], checks=UNSAVED
    )
    assert report.results and not [item.message for item in report.results if not item.passed]


def test_what_is_called_is_explained_as_one_row_of_the_loop() -> None:
    text = seqdsl.compile(BLOCK + CALLS, "looped.seq").explain()
    assert (
        "`A`, `R`, `B`, `S` and `Y` run together, step by step: `A` reads `Y` one step earlier."
        in " ".join(text.split())
    )


LOOKS_AHEAD = {
    "statistics": (
        "C = conv(width, 2, padding=causal)",
        "C = batchnorm",
        "`C` of `block` normalizes by the statistics",
    ),
    "a window": (
        ", padding=causal",
        "",
        "`C` of `block` reads steps of `A` that are computed later",
    ),
    "attention": (", causal=true", "", "`T` of `block` reads all steps of `Y` of `inner` at once"),
    "both directions": ("Y-Y-...-Y", "Y<Y<...<Y", "`Y` of `inner` does not run from left to right"),
}


@pytest.mark.parametrize(("old", "new", "message"), LOOKS_AHEAD.values(), ids=LOOKS_AHEAD)
def test_what_looks_ahead_within_a_call_is_in_no_loop(old: str, new: str, message: str) -> None:
    assert BLOCK.count(old) == 1
    (found,) = [
        item for item in analyze(BLOCK.replace(old, new) + CALLS).diagnostics if item.is_error
    ]
    assert (found.code, message in found.message) == ("SEQ218", True), found
    # The place in the called picture is shown beside the call.
    (place, _), *_ = found.related
    assert place.line <= len(BLOCK.splitlines()) < found.span.line


def test_no_step_of_a_loop_has_statistics_of_all() -> None:
    (found,) = [
        item
        for item in analyze(HEAD.replace("layernorm", "batchnorm") + PADDED).diagnostics
        if item.is_error
    ]
    assert found.code == "SEQ218" and "normalizes by the statistics of all steps" in found.message


def test_keras_draws_the_numbers_of_a_called_picture_before_its_loop() -> None:
    model = seqdsl.compile(DRAWN + PADDED.replace("(width=4)", ""), "drawn.seq")
    assert "self.head_y(" in model.source("torch")
    report = verify([model], ["keras", "torch"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]


def test_keras_draws_none_in_what_is_more_than_layers_on_a_vector() -> None:
    model = seqdsl.compile(DRAWN_OF_PARTS + PADDED.replace("(width=4)", ""), "drawn.seq")
    assert "self.head_y(" in model.source("torch")
    with pytest.raises(ValueError, match="which draws numbers"):
        model.source("keras")
