"""The lints: each fires on what is almost never meant, and is silent beside it."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze
from seqdsl.text.codes import CODES


def codes(text: str) -> list[str]:
    analysis = analyze(text, "lint.seq")
    assert analysis.models, [item.message for item in analysis.diagnostics]
    return [item.code for item in analysis.diagnostics]


CONSTANT = "Y Y Y   {layer}\n| | |\n+-+-+\n|\nX       input(8)\n"
TWO_WAY = "{top}\nB=B=B     lstm(4)\n| | |\nX X X     input(8)\n"
STACK = "Y   dense(1)\n|\nD   {layer}\n|\nX   input(8)\n"


@pytest.mark.parametrize(
    ("layer", "expected"),
    [("dense(2)", ["SEQ401"]), ("lstm(2)", []), ("output", ["SEQ401"]), ("gru(2)", [])],
)
def test_a_vector_at_every_step(layer: str, expected: list[str]) -> None:
    assert codes(CONSTANT.format(layer=layer)) == expected


def test_a_vector_at_every_step_beside_a_sequence_is_no_constant() -> None:
    text = "Y   Y   dense(2)\n|\\  |\\\nX | X |   input(3)\n  |   |\n  +---+\n  |\n  S       input(2)\n"
    assert codes(text) == []


def test_a_constant_row_under_a_recurrent_one() -> None:
    assert codes("H-H-H   lstm(4)\n| | |\n" + CONSTANT.format(layer="dense(2)")) == []


def test_a_constant_is_followed_upward() -> None:
    above = "Z Z Z   dense(3)\n| | |\n"
    (finding,) = analyze(above + CONSTANT.format(layer="dense(2, relu)")).diagnostics
    assert (finding.code, finding.span.line) == ("SEQ401", 1)
    assert finding.related[0][0].line == 3


def test_a_split_is_no_constant() -> None:
    assert codes(CONSTANT.format(layer="split").replace("input(8)", "input(9)")) == []


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("    Y     dense(2)\n    |", ["SEQ402"]),
        ("  Y Y     dense(2)\n  | |", []),
        ("Y Y Y     dense(2)\n| | |", []),
    ],
)
def test_the_last_step_of_a_bidirectional_row(top: str, expected: list[str]) -> None:
    assert codes(TWO_WAY.format(top=top)) == expected


def test_the_last_step_of_a_masked_bidirectional_row() -> None:
    text = TWO_WAY.format(top="    Y     dense(2)\n    |").replace("input(8)", "input(8, mask=0)")
    assert codes(text) == ["SEQ402"]


DECODERS = {
    # Beside what the decoder gave one step earlier.
    "beside": """
            D---D   gru(5)
           /|  /|
          d | d |
            |   |
        +---+---+
        |
    """,
    "state": """
        +---D-D   gru(12)
        |   | |
        |   Z Z   input(3)
        |
    """,
    # Of the first and the last step each direction has read all in one.
    "both ends": """
        Y   dense(2)
       /|
      / |
     /  |
    """,
}


@pytest.mark.parametrize(
    ("name", "expected"), [("beside", ["SEQ402"]), ("state", ["SEQ402"]), ("both ends", [])]
)
def test_the_last_step_of_a_bidirectional_row_in_a_decoder(name: str, expected: list[str]) -> None:
    text = f"{DECODERS[name].rstrip()}\n    B=B=B   lstm(6)\n    | | |\n    X X X   input(8)\n"
    assert codes(text) == expected


def test_the_last_step_of_a_bidirectional_row_at_every_step() -> None:
    text = "      D-D   gru(4)\n      | |\n    +-+-+\n    |\nB=B=B       lstm(6)\n| | |\nX X X       input(8)\n"
    assert codes(text) == ["SEQ402"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Y   dense(2)\n|\nH   lstm(4)\n|\nX   input(8)\n", ["SEQ403"]),
        ("n = 1\n\nY ..n..   dense(2)\n|\nH ..n..   lstm(4)\n|\nX ..n..   input(8)\n", []),
        ("E-E-D\n| | |\nX X Z\n\nX = input(3)\nZ = input(4)\nE = gru(5)\nD = gru(5)\n", []),
        ("Y ..n..   dense(2)\n|\nH ..n..   lstm(4)\n|\nX ..n..   input(8)\n", []),
    ],
)
def test_a_chain_of_one_step(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O\n|\nO\n|\nO\n", ["SEQ404"]),
        ("O\n|\nO\n|\nO\n|\nO\n", ["SEQ404"]),
        ("O\n|\nO\n", []),
        ("O\n|\nO   dense(10, relu)\n|\nO\n", []),
        ("  O\n  |\n  O\n  |\nO O\n| |\nO O\n", []),
    ],
)
def test_a_column_of_single_nodes(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        ("dense(1, softmax)", ["SEQ405"]),
        ("dense(1, log_softmax)", ["SEQ405"]),
        ("dense(2, softmax)", []),
        ("dense(1, sigmoid)", []),
        ("dense(classes, softmax)", ["SEQ405"]),
    ],
)
def test_a_softmax_over_one_unit(layer: str, expected: list[str]) -> None:
    text = f"Y Y   {layer}\n| |\nX X   input(8)\n"
    assert codes(text + ("\nclasses = 1\n" if "classes" in layer else "")) == expected


def test_an_unread_node_is_told_where_it_stands() -> None:
    (finding,) = analyze(
        "Y Y     dense(2)\n| |\nH H H   gru(8)\n| | |\nX X X   input(3)\n"
    ).diagnostics
    assert (finding.code, finding.span.line, finding.span.column) == ("SEQ406", 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "  Y Y   dense(2)\n  | |\nH H H   gru(8)\n| | |\nX X X   input(3)\n",
        "Y Y     dense(2)\n| |\nH<H<H   gru(8)\n| | |\nX X X   input(3)\n",
        "    Y     dense(2)\n    |\nD D D     dense(4, relu)\n| | |\nX X X     input(3)\n",
        "        Y   dense(2)\n        |\nB=B=B---+   gru(8)\n| | |\nX X X       input(3)\n",
        "  Y     dense(2)\n  |\n  F     conv(4, 3)\n  |\nX X X   input(3)\n",
    ],
)
def test_what_state_or_a_window_reaches_is_read(text: str) -> None:
    assert "SEQ406" not in codes(text)


def test_an_input_that_feeds_unread_steps_only() -> None:
    text = "  Y Y\n  | |\nH H H H H\n| | | | |\nX X X Z Z\n\nX = input(3)\nZ = input(3)\nH = gru(8)\nY = dense(2)\n"
    assert codes(text) == ["SEQ406", "SEQ407"]


def test_an_input_that_nothing_reads() -> None:
    assert codes("O O O\n") == ["SEQ407"]


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        ("dense(16)", ["SEQ408"]),
        ("dense(16, linear)", ["SEQ408"]),
        ("dense(16, relu)", []),
        ("layernorm", []),
    ],
)
def test_dense_rows_without_an_activation(layer: str, expected: list[str]) -> None:
    assert codes(STACK.format(layer=layer)) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Y   dense(4, softmax)", ["SEQ416"]),
        ("Y   dense(4, log_softmax)", ["SEQ416"]),
        # A class for each place, said so; for the whole image; a number for each place.
        ("Y   conv2d(4, 1, softmax)", []),
        ("Y   dense(4, softmax)\n|\nF   flatten", []),
        ("Y   dense(1, sigmoid)", []),
        # What reads the classes of all places is no slip.
        ("Y   mean(grid)\n|\nD   dense(4, softmax)", []),
    ],
)
def test_a_class_for_each_place_of_an_image(head: str, expected: list[str]) -> None:
    assert codes(f"{head}\n|\nC   conv2d(3, 3, relu)\n|\nX   input(6, 6, 1)\n") == expected


def test_a_linear_layer_under_a_recurrent_row() -> None:
    text = "H-H   lstm(4)\n| |\nD D   dense(3)\n| |\nX X   input(8)\n"
    assert codes(text) == []


@pytest.mark.parametrize(
    ("units", "expected"), [("3", ["SEQ409"]), ("4", []), ("width", ["SEQ409"])]
)
def test_as_many_units_as_steps(units: str, expected: list[str]) -> None:
    text = f"    Y   dense(1)\n    |\nH H H   gru({units})\n| | |\nX X X   input(8)\n"
    assert codes(text + ("\nwidth = 3\n" if units == "width" else "")) == expected


def test_units_that_nobody_wrote_are_nobodys_slip() -> None:
    assert codes("\n".join([" ".join("O" * 32), " ".join("|" * 32), " ".join("O" * 32)] * 1)) == []


FIRST_STEP = "Y         dense(2)\n|\nH H H H   lstm(6)\n| | | |\nX X X X   input(8)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FIRST_STEP, ["SEQ406"]),
        ("Y\n|\nH-H-H\n|\nX\n", ["SEQ406"]),
        # The last step in the run's direction has read all others.
        (FIRST_STEP.replace("H H H H", "H<H<H<H"), []),
        (FIRST_STEP.replace("Y      ", "      Y").replace("|\nH", "      |\nH"), []),
        (FIRST_STEP.replace("Y      ", "      Y").replace("|\nH H H H", "      |\nH<H<H<H"), ["SEQ406"]),
        # The row also leaves otherwise.
        ("Y       Z\n|       |\nH-H-H---+\n| | |\nX X X\n", []),
        # Steps that do not know of each other: one is picked.
        ("  Y       dense(2)\n  |\nX X X X   input(8)\n", []),
    ],
)  # fmt: skip
def test_the_first_step_of_a_run(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


STARTED = (
    "{top}\n+-H-H-H-+   {cell}(4)\n| | | |\nV X X X\n\nV = input(4)\nX = input(8)\nF = {head}\n"
)
LEAVING = "        F\n        |"


@pytest.mark.parametrize(
    ("top", "cell", "head", "expected"),
    [
        (LEAVING, "lstm", "output", ["SEQ411"]),
        (LEAVING, "lstm", "dense(2)", ["SEQ411"]),
        (LEAVING, "gru", "output", []),
        (LEAVING, "rnn", "output", []),
    ],
)
def test_one_value_as_both_states(top: str, cell: str, head: str, expected: list[str]) -> None:
    assert codes(STARTED.format(top=top, cell=cell, head=head)) == expected


def test_a_state_that_nobody_can_feed_back() -> None:
    """Layers on both sides: an image starts the question's LSTM, whose end is classified."""
    text = (
        "          Y   dense(3)\n          |\n+---H-H-H-+   lstm(4)\n|   | | |\nD   X X X\n|\nV\n\n"
        "V = input(7)\nX = input(8)\nD = dense(4, tanh)\n"
    )
    assert codes(text) == []
    assert codes(text.replace("dense(3)", "output")) == ["SEQ411"]


def test_a_start_whose_steps_are_read_but_not_its_end() -> None:
    text = STARTED.format(top="  F F F\n  | | |", cell="lstm", head="dense(2)").replace("H-+", "H")
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O O O\n|\nO\n", ["SEQ412"]),
        ("O O O\n| |\nO O\n", ["SEQ412"]),
        ("Y Y Y   dense(2)\n|\nX       input(8)\n", ["SEQ412"]),
        ("Y Y Y   dense(2)\n| | |\nD D D   layernorm\n|\nX       input(8)\n", ["SEQ412"]),
        # A run carries it on, a bus leads it there, a window reads it.
        ("H-H-H   lstm(2)\n|\nX       input(8)\n", []),
        ("O O O\n| | |\nO O O\n|\nO\n", []),
        ("O O O\n| | |\nO O O\n| | |\n+-+-+\n|\nO\n", []),
        # ... but not against its direction.
        ("H<H<H   lstm(2)\n|\nX       input(8)\n", ["SEQ412"]),
        ("H=H=H   lstm(2)\n|\nX       input(8)\n", []),
        # Nothing comes before the first input: the run begins with a constant.
        ("Y Y Y   dense(4)\n| | |\nD-D-D   gru(8)\n| | |\nE E E   dense(5)\n  | |\n  X X   input(9)\n", ["SEQ412"]),
    ],
)  # fmt: skip
def test_steps_that_are_the_same_for_every_input(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_a_start_symbol_under_a_decoder_is_not_the_same_for_every_input() -> None:
    """The state of an encoder reaches the step to which no wire leads."""
    text = (
        "      Y Y Y\n      | | |\nE-E-E-D-D-D\n| | |   | |\nX X X   Z Z\n\n"
        "X = input(3)\nZ = input(5)\nE = gru(4)\nD = gru(4)\nY = dense(2)\n"
    )
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("    O\n    |\nO O O\n", ["SEQ412"]),
        ("O\n|\nO O O\n", ["SEQ412"]),
        ("    Y\n    |\nX X X   input(8)\n", ["SEQ412"]),
        ("          O\n          |\nO O ... O O\n", ["SEQ412"]),
        # What is written is meant.
        ("    Y   dense(2)\n    |\nX X X   input(8)\n", []),
        # All steps are read, a run reads them, or there is only one.
        ("  O\n  |\n+-+-+\n| | |\nO O O\n", []),
        ("    O\n    |\nO O O\n| | |\nO O O\n", []),
        ("O\n|\nO\n", []),
    ],
)
def test_a_dense_layer_on_one_step(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


INTERLEAVED = (
    "M S   M S   M S\n|/    |/    |/\nH-----H-----H    gru(8)\n|     |     |\nX     X     X    input(4)\n\n"
    "M = dense(1)\nS = dense(1)\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (INTERLEAVED, ["SEQ413"]),
        ("M S M\n| | |\nX X X\n\nX = input(4)\nM = dense(1)\nS = dense(1)\n", []),
        ("M S M S M\n| | | | |\nX X X X X\n\nX = input(4)\nM = dense(1)\nS = dense(1)\n", ["SEQ413"]),
        ("H-H-H-H\n| | | |\nX Z X Z\n\nX = input(4)\nZ = input(4)\nH = gru(8)\n", ["SEQ413"]),
        ("M M S S M M S S\n| | | | | | | |\nX X X X X X X X\n\nX = input(4)\nM = dense(1)\nS = dense(1)\n", []),
        ("O O O O\n| | | |\nO O O O\n", []),
    ],
)  # fmt: skip
def test_letters_in_turn(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_any_number_of_letters_in_turn() -> None:
    """Three letters, and a long row whose letters almost repeat: no time out of proportion."""
    nodes = " ".join("MST" * 3)
    rest = f"\n{' '.join('|' * 9)}\n{' '.join('X' * 9)}\n\nX = input(4)\n"
    (finding,) = analyze(nodes + rest).diagnostics
    assert (finding.code, "`M` and `S` and `T`" in finding.message) == ("SEQ413", True)


DRAWN = [
    "    O\n    |\nO O O\n",
    "O O O\n|\nO\n",
    "Y Y ... Y   dense(2)\n  |     |\nX X ... X   input(8)\n",
    "    Y\n    |\nX X X   input(8)\n",
    "          Y\n          |\nX X ... X X   input(8)\n",
    " ".join("O" * 40) + "\n|\nO\n",
    INTERLEAVED,
    "M S T M S T\n| | | | | |\nX X X X X X\n\nX = input(4)\n",
    "H-H-H-H\n| | | |\nX Z X Z\n\nX = input(4)\nZ = input(4)\nH = gru(8)\n",
    "H-H-H-H-H-H\n| | | | | |\nX Z V X Z V\n\nX = input(4)\nZ = input(4)\nV = input(4)\nH = gru(8)\n",
    STARTED.format(top=LEAVING, cell="lstm", head="output"),
]


@pytest.mark.parametrize("text", DRAWN)
def test_what_is_drawn_in_a_hint_is_right(text: str) -> None:
    finding = next(item for item in analyze(text).diagnostics if item.code >= "SEQ411")
    _, _, drawing = finding.hint.partition("\n\n")
    analysis = analyze(drawing)
    assert analysis.models, drawing
    assert analysis.diagnostics == ()


@pytest.mark.parametrize(
    ("row", "below", "definitions"),
    [
        ("M S M S", "X X X X", ""),
        ("M S M S", "H-H-H-H\n| | | |\nX X X X", "H = gru(8)\n"),
        ("M S M S", "H H H H\n| | | |\nX X X X", "H = dense(8, relu)\n"),
    ],
)
def test_the_hint_for_letters_in_turn_holds_with_the_definitions(
    row: str, below: str, definitions: str
) -> None:
    """No state wires join steps of an input, or of a layer that has no state."""
    definitions += "X = input(4)\nM = dense(1)\nS = dense(3)\n"
    (finding,) = analyze(f"{row}\n| | | |\n{below}\n\n{definitions}").diagnostics
    _, _, drawing = finding.hint.partition("\n\n")
    analysis = analyze(f"{drawing}\n\n{definitions}")
    assert analysis.diagnostics == ()
    assert [output.name for output in analysis.models[0].spec.outputs] == ["m", "s"]


@pytest.mark.parametrize(
    ("text", "inputs", "outputs"),
    [
        ("O O O\n|\nO\n", 1, 3),
        ("O O O O\n      |\nO O O O\n", 4, 4),
        ("O O O O\n    | |\n    O O\n", 2, 4),
        ("O O O\n    |\nO O O O O\n", 3, 3),
    ],
)
def test_the_hint_for_steps_without_an_input_draws_as_many(
    text: str, inputs: int, outputs: int
) -> None:
    (finding,) = (item for item in analyze(text).diagnostics if item.code == "SEQ412")
    *_, top, _, _, _, bottom = ["", *finding.hint.splitlines()]
    assert (bottom.count("O"), top.count("O")) == (inputs, outputs)


NEXT_WORD = (
    "Y Y Y   {top}\n| | |\n{row}   gru(8)\n| | |\nE E E   embedding(4)\n| | |\nX X X   {words}\n"
)


@pytest.mark.parametrize(
    ("top", "row", "words", "expected"),
    [
        ("dense(9, softmax)", "H-H-H", "tokens(9)", ["SEQ422"]),
        ("dense(9, log_softmax)", "H-H-H", "tokens(9)", ["SEQ422"]),
        ("dense(9, softmax)", "H-H-H", "tokens(9, feedback=Y)", []),
        # Tags, logits that may be any vector, and what reads later words are no choice of the next word.
        ("dense(5, softmax)", "H-H-H", "tokens(9)", []),
        ("dense(9)", "H-H-H", "tokens(9)", []),
        ("dense(9, softmax)", "H=H=H", "tokens(9)", []),
    ],
)
def test_a_target_one_step_late(top: str, row: str, words: str, expected: list[str]) -> None:
    assert codes(NEXT_WORD.format(top=top, row=row, words=words)) == expected


def test_a_state_from_call_to_call_needs_no_feedback() -> None:
    lines = NEXT_WORD.format(top="dense(9, softmax)", row="H-H-H", words="tokens(9)").splitlines()
    shifted = "\n".join(f"*-{line}" if line[0] == "H" else f"  {line}" for line in lines)
    assert codes(shifted.replace("H   gru", "H-* gru")) == []


def test_the_hint_for_a_target_names_its_row() -> None:
    text = NEXT_WORD.format(top="dense(9, softmax)", row="H-H-H", words="tokens(9, name=words)")
    (finding,) = analyze(text).diagnostics
    assert finding.hint == "write `tokens(9, name=words, feedback=Y)`"
    (finding,) = analyze(text.replace("Y", "O").replace("E E E", "O O O")).diagnostics
    assert "call the output row `Q`, and write" in finding.hint
    assert "feedback=Q" in finding.hint


@pytest.mark.parametrize("code", ["SEQ411", "SEQ412", "SEQ413", "SEQ422"])
def test_the_warnings_can_be_ignored(code: str) -> None:
    text = CODES[code].wrong
    assert codes(text) == [code]
    assert codes(f"# seqdsl: ignore {code}\n{text}") == []


# Picture and definitions, the text that is pointed at, and the hint; empty where nothing is wrong.
SINGLE = [
    (
        "a bidirectional state",
        "    Y Y\n    | |\nE=E-D-D\n| | | |\nX X Z Z\nX = input(8)\nZ = input(7)\nunits = 6\n"
        "E = lstm(units)\nD = lstm(12)\nY = dense(9)",
        "12",
        "write `lstm(2 * units)`",
    ),
    (
        "a bidirectional state, written as it is",
        "    Y Y\n    | |\nE=E-D-D\n| | | |\nX X Z Z\nX = input(8)\nZ = input(7)\nunits = 6\n"
        "E = lstm(units)\nD = lstm(2 * units)\nY = dense(9)",
        "",
        "",
    ),
    (
        "half a state",
        "    Y Y\n    | |\nE=E-D-D\n| | | |\nX X Z Z\nX = input(8)\nZ = input(7)\nunits = 12\n"
        "E = lstm(6, dropout=0.1)\nD = lstm(units=units)\nY = dense(9)",
        "6",
        "write `lstm(units // 2, dropout=0.1)`",
    ),
    (
        "a value as a state",
        "  Y Y\n  | |\n+-D-D\n| | |\nV X X\nV = input(4)\nX = input(3)\nu = 4\nD = gru(units=u)\nY = dense(2)",
        "4",
        "write `input(u)`",
    ),
    (
        "two parameters of one value",
        "Y   add\n|\\\nA B\n| |\nX Z\nX = input(3)\nZ = input(4)\na = 8\nb = 8\nA = dense(a)\nB = dense(b)",
        "b",
        "write `dense(a)`",
    ),
    (
        "a width of 1 that is a parameter",
        "Y   add\n|\\\nX Z\nX = input(one)\nZ = input(4)\none = 1",
        "one",
        "write `input(1)`",
    ),
    (
        "a width of 1 that is spread",
        "Y   add\n|\\\nX Z\nX = input(1)\nZ = input(wide)\nwide = 4",
        "",
        "",
    ),
    (
        "two widths of 1 that are two parameters",
        "Y   add\n|\\\nX Z\nX = input(a)\nZ = input(b)\na = 1\nb = 1",
        "b",
        "write `input(a)`",
    ),
    (
        "through layers without a width",
        "Y   multiply\n|\\\nN D\n| |\nX Z\nX = input(w)\nZ = input(4)\nw = 4\nN = layernorm\nD = dropout(0.1)",
        "4",
        "write `input(w)`",
    ),
    (
        "different blocks on one row",
        "Y Y   lstm(2)\n| |\nX Z\nX = input(w)\nZ = input(4)\nw = 4",
        "4",
        "write `input(w)`",
    ),
    (
        "one letter over different widths",
        "L   L   dense(2)\n|   |\nX   Z\nX = input(w)\nZ = input(4)\nw = 4",
        "4",
        "write `input(w)`",
    ),
    (
        "plain attention",
        "    A   attention\n    |\n+-+-+\n| | |\nM M M   lstm(w)\n| | |\nX X X   input(3)\nw = 4",
        "",
        "",
    ),
    (
        "vocabularies",
        "W W   embedding(3)\n| |\nX Z\nX = tokens(words)\nZ = tokens(100)\nwords = 100",
        "100",
        "write `tokens(words)`",
    ),
    (
        "two names for one length",
        "Y ..m.. Y   dense(2)\n|       |\nX ..n.. X   input(3)\nn = 5\nm = 5",
        "..m..",
        "..n..",
    ),
    (
        "one name for one length",
        "Y ..n.. Y   dense(2)\n|       |\nX ..n.. X   input(3)\nn = 5",
        "",
        "",
    ),
    (
        "parts of a split",
        "Y Y ..m.. Y   split\n| |       |\n+-+-------+\n|\nD   dense(10)\n|\nX   input(4)\nm = 5",
        "10",
        "write `dense(2 * m)`",
    ),
    (
        "parts of a split as wide as they are many",
        "Y Y ..m.. Y   split\n| |       |\n+-+-------+\n|\nD   dense(w * m)\n|\nX   input(4)\nm = 5\nw = 2",
        "",
        "",
    ),
    (
        "columns of a split, as many as its parts in all",
        "F F  ...  F   flatten\n| |       |\nS S ..m.. S   split\n| |       |\n+-+-------+\n|\n"
        "X   input(3, 2 * m, 2)\nm = 5",
        "",
        "",
    ),
    (
        "columns of a split",
        "F F  ...  F   flatten\n| |       |\nS S ..m.. S   split\n| |       |\n+-+-------+\n|\n"
        "X   input(3, 10, 2)\nm = 5",
        "S",
        "use one parameter",
    ),
    (
        "heads",
        "Y   add\n|\\\nA |\n| |\nX Z\nX = input(3)\nZ = input(w)\nw = 8\nh = 2\nA = dense(h * (w // h))",
        "",
        "",
    ),
]


@pytest.mark.parametrize(
    ("text", "pointed", "hint"), [item[1:] for item in SINGLE], ids=[item[0] for item in SINGLE]
)
def test_a_builder_for_one_value(text: str, pointed: str, hint: str) -> None:
    analysis = analyze(text)
    assert analysis.models, analysis.diagnostics
    found = [item for item in analysis.diagnostics if item.code == "SEQ410"]
    assert len(found) == bool(pointed)
    for item in found:
        line = text.split("\n")[item.span.line - 1]
        assert line[item.span.column - 1 : item.span.end - 1] == pointed
        assert hint in item.hint
        assert "only `" in item.message
    # What is held against something is used.
    assert "SEQ113" not in {item.code for item in analysis.diagnostics}


TOWERS = (
    "    Y       Q\n    |       |\n{row}\n| | |   | | |\n{below}\n\n"
    "X = input(3)\nL = {layer}\nY = dense(1)\nQ = dense(1)\n"
)


def towers(row: str, below: str, layer: str) -> str:
    picture = TOWERS.format(row=row, below=below, layer=layer)
    return picture + "Z = input(3)\n" if "Z" in below else picture


@pytest.mark.parametrize("layer", ["lstm(8)", "gru(8)", "rnn(8)"])
def test_two_groups_over_two_inputs_are_one_run(layer: str) -> None:
    picture = towers(row="L L L   L L L", below="X X X   Z Z Z", layer=layer)
    (found,) = [item for item in analyze(picture).diagnostics if item.code == "SEQ414"]
    assert "over `X` and `Z`, joined in time" in found.message


@pytest.mark.parametrize(
    ("row", "below", "layer"),
    [
        ("L-L-L   L-L-L", "X X X   Z Z Z", "lstm(8)"),
        ("L-L-L---L-L-L", "X X X   Z Z Z", "lstm(8)"),
        ("L L L   L L L", "X X X   X X X", "lstm(8)"),
        ("L L L   L L L", "X X X   Z Z Z", "dense(8)"),
        ("L L L   L L L", "X X X   Z Z Z", "layernorm"),
    ],
)
def test_groups_that_say_what_they_are(row: str, below: str, layer: str) -> None:
    assert "SEQ414" not in codes(towers(row=row, below=below, layer=layer))


def test_a_row_without_a_gap_is_one_run() -> None:
    picture = "L L L L L L\n| | | | | |\nX X X Z Z Z\n\nX = input(3)\nZ = input(3)\nL = lstm(8)\n"
    assert "SEQ414" not in codes(picture)


def test_towers_with_ellipses_are_one_run() -> None:
    picture = (
        "L L ... L   L L ... L\n| |     |   | |     |\nX X ... X   Z Z ... Z\n\n"
        "X = input(3)\nZ = input(3)\nL = lstm(8)\n"
    )
    assert "SEQ414" in codes(picture)
    wired = picture.replace("L L ... L   L L ... L", "L-L-...-L   L-L-...-L")
    assert "SEQ414" not in codes(wired)


def test_what_the_hint_about_towers_says_compiles() -> None:
    picture = towers(row="L L L   L L L", below="X X X   Z Z Z", layer="gru(4)")
    (found,) = [item for item in analyze(picture).diagnostics if item.code == "SEQ414"]
    rows = [item for item in found.hint.split("`")[1::2] if item.startswith("L")]
    assert rows == ["L-L-L   L-L-L", "L-L-L---L-L-L"]
    assert all("SEQ414" not in codes(picture.replace("L L L   L L L", row)) for row in rows)


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        # x to the right of its X is that X; to the left of it, the one before.
        ("H   H   H\n|\\  |\\  |\\\nX x X x X x\n", ["SEQ423"]),
        ("  H   H   H\n /|  /|  /|\nx X x X x X\n", []),
        # Both y are the Y before.
        ("  Y     Y\n  |     |\n  H     H\n /|\\   /|\\\ny | y y | y\n  X     X\n", ["SEQ423"]),
        ("  Y   Y\n  |   |\n  H   H\n /|  /|\ny | y |\n  X   X\n", []),
        # The first Y is above the second y, and not to its left.
        (
            "    Y   Y   Y\n   /   /   /\n  H   H   H\n /|  /|  /|\ny | y | y |\n  X   X   X\n",
            ["SEQ424"],
        ),
    ],
)
def test_delayed_nodes_that_are_not_one_step_earlier(picture: str, expected: list[str]) -> None:
    definitions = "X = input(2)\nH = dense(4, tanh)\nY = dense(1)\n"
    used = [line for line in definitions.splitlines(True) if line[0] in picture]
    assert codes(picture + "\n" + "".join(used)) == expected


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ("3, 28, 28", ["SEQ425"]),
        ("28, 28, 3", []),
        ("3, 28, 4", []),
        ("3, 3, 3", []),
        ("3, n, n", []),
        ("3, 2 * n, 28", []),
    ],
)
def test_channels_are_last(sizes: str, expected: list[str]) -> None:
    text = f"Y   dense(5)\n|\nF   flatten\n|\nX   input({sizes})\n"
    assert codes(text + ("n = 14\n" if "n" in sizes else "")) == expected
