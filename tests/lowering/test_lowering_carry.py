"""State that passes from call to call: names, order, and what cannot be cut."""

from __future__ import annotations

import pytest

from seqdsl.ir.carry import Carry
from seqdsl.ir.operations import Convolve, Scan
from seqdsl.pipeline import analyze
from tests.lowering.pictures import codes, compiled

STREAM = """
      Y Y ... Y     dense(2)
      | |     |
    *-H-H-...-H-*   lstm(4)
      | |     |
      F F ... F     conv(5, 3, padding=causal, dilation=2)
      | |     |
      X X ... X     input(3)
    """


def states(picture: str, *definitions: str) -> str:
    model = compiled(picture, *definitions)
    return " ".join(f"{item.name}({', '.join(map(str, item.shape))})" for item in model.spec.states)


def test_a_causal_convolution_on_the_way_keeps_its_last_inputs() -> None:
    assert states(STREAM) == "f_state(4, 3) h_state_h(4) h_state_c(4)"
    operations = {block.letter: block.operation for block in compiled(STREAM).spec.blocks}
    assert isinstance(operations["F"], Convolve) and operations["F"].carry is Carry.BOTH
    assert isinstance(operations["H"], Scan) and operations["H"].carry is Carry.BOTH


def test_with_one_end_nothing_else_keeps_state() -> None:
    assert states(STREAM.replace("*-H", "  H")) == "h_state_h(4) h_state_c(4)"
    assert states(STREAM.replace("H-*", "H  ")) == "h_state_h(4) h_state_c(4)"


def test_a_window_of_one_step_keeps_nothing() -> None:
    assert states(STREAM.replace("conv(5, 3", "conv(5, 1")) == "h_state_h(4) h_state_c(4)"


NAMES = [
    ("a letter", "*-H-H-*   gru(4)\n  | |\n  X X     input(3)", (), "h_state(4)"),
    ("a name", "*-H-H-*   gru(4, name=decoder)\n  | |\n  X X     input(3)", (), "decoder_state(4)"),
    ("no letter", "*-O-O-*   rnn(4)\n  | |\n  X X     input(3)", (), "rnn_state(4)"),
    (
        "an input of that name",
        "*-H-H-*   gru(4)\n  | |\n  X X     input(3, name=h_state)",
        (),
        "h_state_2(4)",
    ),
    (
        "a parameter",
        "*-H-H-*   gru(units)\n  | |\n  X X     input(3)",
        ("units = 4",),
        "h_state(units)",
    ),
]


@pytest.mark.parametrize(
    ("picture", "definitions", "found"), [n[1:] for n in NAMES], ids=[n[0] for n in NAMES]
)
def test_names(picture: str, definitions: tuple[str, ...], found: str) -> None:
    assert states(picture, *definitions) == found


def test_states_are_in_the_order_of_columns_then_upward() -> None:
    picture = """
          D D
          | |
      G-G-G-G-*
      | | | |
      | | H-H-*
      | | | |
      A A B B
    """
    found = states(
        picture, "A = input(2)", "B = input(2)", "G = gru(3)", "H = gru(2)", "D = dense(1)"
    )
    assert found == "g_state(3) h_state(2)"


UNCUT = [
    ("same padding", STREAM.replace(", padding=causal", ""), ["SEQ317 5:3"]),
    (
        "a row without its own ends",
        STREAM.replace("    *-H", "      H")
        .replace("H-*", "H")
        .replace(
            "      F F ... F     conv(5, 3, padding=causal, dilation=2)",
            "    *-F-F-...-F-*   gru(5)",
        ),
        ["SEQ317 3:3"],
    ),
]


@pytest.mark.parametrize(("picture", "found"), [u[1:] for u in UNCUT], ids=[u[0] for u in UNCUT])
def test_what_cannot_be_cut(picture: str, found: list[str]) -> None:
    assert codes(picture) == found


ABOVE = [
    ("a mean", "Y     dense(2)\n|\nM     mean\n|", "SEQ317 3:3"),
    ("attention", "A A A   attention\n| | |", "SEQ317 1:3"),
    ("a run back", "B<B<B   gru(2)\n| | |", "SEQ317 1:3"),
    ("a bidirectional run", "B=B=B   gru(2)\n| | |", "SEQ317 1:3"),
]


@pytest.mark.parametrize(("above", "found"), [a[1:] for a in ABOVE], ids=[a[0] for a in ABOVE])
def test_what_cannot_stand_above(above: str, found: str) -> None:
    rows = [f"  {row}" for row in above.split("\n")]
    bus = ["  +-+-+", "  | | |"] if "mean" in above or "attention" in above else []
    below = ["*-H-H-H-*   gru(4)", "  | | |", "  X X X     input(3)"]
    assert found in codes("\n".join([*rows, *bus, *below]))


def test_a_mean_at_all_steps_cannot_be_read() -> None:
    picture = """
        Y Y Y     dense(2)
        | | |
        M M M     mean
        | | |
        +-+-+
        | | |
      *-H-H-H-*   gru(4)
        | | |
        X X X     input(3)
    """
    assert codes(picture) == ["SEQ317 3:3"]


COUNTED = """
      A   A   A
     /|  /|  /|
    P | P | P |
      |   |   |
    *-H---H---H-*
      |   |   |
      X   X   X
"""


@pytest.mark.parametrize("code", ["position(4, most=9)", "position(4, sin)"])
def test_a_position_keeps_its_number(code: str) -> None:
    definitions = ("A = add", f"P = {code}", "H = gru(4)", "X = input(3)")
    assert states(COUNTED, *definitions) == "p_state() h_state(4)"
    (number, state) = compiled(COUNTED, *definitions).spec.states
    assert (number.dtype, state.dtype) == ("int32", "float32")


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("position(4)", "SEQ303 3:1"),
        # As many as are drawn: there is none for the next call.
        ("position(4, most=3)", "SEQ303 3:1"),
        ("learned(4)", "SEQ317 3:1"),
    ],
)
def test_codes_of_one_call_cannot_go_on(code: str, found: str) -> None:
    assert codes(COUNTED, "A = add", f"P = {code}", "H = gru(4)", "X = input(3)") == [found]


def test_with_one_end_a_position_begins_anew() -> None:
    definitions = ("A = add", "P = position(4)", "H = gru(4)", "X = input(3)")
    assert states(COUNTED.replace("H-*", "H"), *definitions) == "h_state(4)"


def test_the_last_step_may_be_read() -> None:
    picture = "      Y   dense(2)\n      |\n*-H-H-H-*   gru(4)\n  | | |\n  X X X     input(3)"
    assert states(picture) == "h_state(4)"


def test_a_vector_at_all_steps_may_be_read() -> None:
    picture = """
      *-H---H---H-*
        |\\  |\\  |\\
        | | | | | |
        | +-|-+-|-+
        | | |   |
        | V |   |
        |   |   |
        X   X   X
    """
    assert states(picture, "X = input(3)", "V = input(2)", "H = gru(4)") == "h_state(4)"


CALLED = """
model block

{body}
| |     |
X X ... X   input(3)

model top

  Y Y ... Y   dense(2)
  | |     |
*-H-H-...-H-*
  | |     |
  S S ... S
  | |     |
  X X ... X

H = gru(4)
S = {called}
X = input(3)
"""
NESTED = "\n\nmodel outer\n\nB B ... B   block\n| |     |\nX X ... X   input(3)\n\nmodel top"


@pytest.mark.parametrize(
    ("body", "is_cut"),
    [
        ("B-B-...-B   gru(3)", False),
        ("B=B=...=B   gru(3)", False),
        ("B B ... B   conv(3, 2, padding=causal)", False),
        ("B B ... B   attention(X, causal=true)", False),
        ("B B ... B   dense(3)", True),
    ],
)
def test_a_called_picture_keeps_no_state(body: str, is_cut: bool) -> None:
    # A piece of the sequence begins with nothing in it, where the whole goes on.
    text = CALLED.format(body=body, called="block")
    nested = text.replace("\nmodel top", NESTED.lstrip("\n"), 1).replace("S = block", "S = outer")
    for picture in (text, nested):
        found = [item.code for item in analyze(picture).diagnostics if item.is_error]
        assert found == ([] if is_cut else ["SEQ317"])
