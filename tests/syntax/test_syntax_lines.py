"""One line of a file: what it is read as, and where it cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqdsl.syntax.ast import MOST_OPERATORS, Definition, Operation, Parameter, Row, leaves
from seqdsl.syntax.lines import Line, ModelLine, parse_lines


def show(line: Line) -> str:
    """A line in short: ``row``, its cells and its call; a definition; a parameter; a model's name."""
    if isinstance(line, Row):
        return f"row {line.cells!r}" + (f" {line.call}" if line.call else "")
    if isinstance(line, Definition):
        return f"{line.letter} is {line.call}"
    return f"{line.name} = {line.value}" if isinstance(line, Parameter) else f"model {line.name}"


ROWS = [
    ("O", "O"),
    ("  O O  ", "  O O"),
    ("O ... O", "O ... O"),
    ("H-..n..-H", "H-..n..-H"),
    ("O ..steps_in2.. O", "O ..steps_in2.. O"),
    ("H>H<H=H", "H>H<H=H"),
    ("|/\\+-^", "|/\\+-^"),
    ("+-+", "+-+"),
    ("-O-", "-O-"),
    ("B=B=B", "B=B=B"),
    ("B=o=B", "B=O=B"),
    ("B = B", "B = B"),
    ("o o o", "O O O"),
    ("o=o", "O=O"),
    ("o = o", "O = O"),
    ("o-o", "O-O"),
    ("O ..o.. o", "O ..o.. O"),
    ("O ..too.. O", "O ..too.. O"),
    ("O…O", "O…O"),
    ("│ ─ ┼ ┌ ┐ └ ┘", "| - + + + + +"),
    ("├ ┤ ┬ ┴", "+ + + +"),
    ("╱ ╲ → ← ↑", "/ \\ > < ^"),
    ("○ ● ◯", "O O O"),
    ("O | # | O", "O |"),
    ("O# lstm(3)", "O"),
]


@pytest.mark.parametrize(("text", "cells"), ROWS)
def test_rows(text: str, cells: str) -> None:
    lines, found = parse_lines(text)
    assert not found
    assert lines == [Row(cells, 1, None)]


OTHERS = [
    ("O O   lstm(16)", "row 'O O' lstm(16)"),
    ("O O lstm(units = 16 , dropout=.5)", "row 'O O' lstm(units=16, dropout=0.5)"),
    ("o o   output", "row 'O O' output"),
    ("O ..n.. O gru(n)", "row 'O ..n.. O' gru(n)"),
    ("O output(4)", "row 'O' output(4)"),
    ("O oo(4)", "row 'O' oo(4)"),
    ("E = lstm(units)", "E is lstm(units)"),
    ("E=lstm(1,)", "E is lstm(1)"),
    ("E\t=\tlstm ( 1 )", "E is lstm(1)"),
    ("E = attention", "E is attention"),
    ("E = conv(2, 3, relu, padding=causal)", "E is conv(2, 3, relu, padding=causal)"),
    ("E = lstm(2*units)", "E is lstm(2 * units)"),
    ("E = lstm((2 * units) + 1, name=a)", "E is lstm(2 * units + 1, name=a)"),
    ("E = lstm(a-(b-c)-d)", "E is lstm(a - (b - c) - d)"),
    ("E = lstm((a-b)-c)", "E is lstm(a - b - c)"),
    ("E = lstm(a//b*c)", "E is lstm(a // b * c)"),
    ("E = lstm(a // (b*c))", "E is lstm(a // (b * c))"),
    ("E = lstm(((a)) * (b + 1))", "E is lstm(a * (b + 1))"),
    ("E = lstm(units -1)", "E is lstm(units - 1)"),
    ("E = lstm(units - -1)", "E is lstm(units - -1)"),
    ("E = lstm(units + +1)", "E is lstm(units + 1)"),
    ("E = lstm(units/2)", "E is lstm(units / 2)"),
    ("E = lstm((units))", "E is lstm(units)"),
    ("E = lstm((((3))))", "E is lstm(3)"),
    ("O O attention(heads=a//b)", "row 'O O' attention(heads=a // b)"),
    ("n = 2 * m", "n = 2 * m"),
    ("O = output", "O is output"),
    ("E = output()", "E is output"),
    ("n = 100", "n = 100"),
    ("n=+7", "n = 7"),
    ("rate = -1.5e-3", "rate = -0.0015"),
    ("n = 1.", "n = 1.0"),
    ("n = 1e3", "n = 1000.0"),
    ("n = word", "n = word"),
    ("o = 3", "o = 3"),
    ("model = 3", "model = 3"),
    ("nO_2 = 3", "nO_2 = 3"),
    ("n = 123456789012345678", "n = 123456789012345678"),
    ("model translate", "model translate"),
    ("model Many-to-one_2 # a comment", "model Many-to-one_2"),
    ("  model  m", "model m"),
]


@pytest.mark.parametrize(("text", "shown"), OTHERS)
def test_other_lines(text: str, shown: str) -> None:
    lines, found = parse_lines(text)
    assert not found
    assert [show(line) for line in lines] == [shown]


@pytest.mark.parametrize("text", ["", "   ", "# O O O", "  # model x", "\n\n", "#"])
def test_nothing(text: str) -> None:
    assert parse_lines(text) == ([], [])


def test_the_same_line_again() -> None:
    for _, shown in OTHERS:
        text = shown.removeprefix("row ").replace("'", "").replace(" is ", " = ")
        assert [show(line) for line in parse_lines(text)[0]] == [shown]


# The column, from 1, and a part of the hint.
BROKEN = [
    ("E = lstm(,)", 10, "`lstm(16)`"),
    ("E = lstm(a=)", 12, "`lstm(16)`"),
    ("E = lstm(1 2)", 12, "put a `,`"),
    ("E = lstm(1x)", 10, "`lstm(16)`"),
    ("E = lstm(2 *)", 13, "`lstm(16)`"),
    ("E = lstm(2 units)", 12, "put a `,`"),
    ("E = lstm(2 // // n)", 15, "`lstm(16)`"),
    ("E = ?", 5, "`E = lstm(16)`"),
    ("n = ", 4, "`n = 16`"),
    ("n = 1.2.3", 5, "`n = 16`"),
    ("n 5", 1, "a line is"),
    ("word", 1, "a line is"),
    ("model", 1, "a line is"),
    ("model 3x", 7, "the model's name"),
    ("Output", 1, "a line is"),
    ("O é", 3, "capital letters"),
    ("O 5", 3, "capital letters"),
    ("O;O", 2, "capital letters"),
    ("'''", 1, "a line is"),
    ("x.__class__ = 3", 1, "a line is"),
    ("O lstm(16) O", 12, "remove it"),
]


@pytest.mark.parametrize(("text", "column", "hint"), BROKEN)
def test_broken(text: str, column: int, hint: str) -> None:
    lines, found = parse_lines(text)
    assert lines == []
    assert [(item.code, item.span.line, item.span.column) for item in found] == [
        ("SEQ102", 1, column)
    ]
    assert hint in found[0].hint


# A bracket that is missing, or one too many: the column, and the line as it is meant.
BRACKETS = [
    ("E = lstm(", 10, "E is lstm"),
    ("E = lstm(1", 11, "E is lstm(1)"),
    ("E = lstm(1  # so far", 11, "E is lstm(1)"),
    ("E = lstm(1))", 12, "E is lstm(1)"),
    ("E = lstm((2)", 13, "E is lstm(2)"),
    ("O   LSTM(4, bias=True", 22, "row 'O' LSTM(4, bias=True)"),
]


@pytest.mark.parametrize(("text", "column", "shown"), BRACKETS)
def test_brackets(text: str, column: int, shown: str) -> None:
    lines, found = parse_lines(text)
    assert [show(line) for line in lines] == [shown]
    assert [(item.code, item.span.column) for item in found] == [("SEQ102", column)]
    (edit,) = found[0].edits
    assert parse_lines(text[: edit.column - 1] + str(edit.text))[0] == lines


# Calls that Python reads and the language does not: they are read, to be refused with what to write.
PYTHON = [
    ("E = lstm(-n)", "lstm"),
    ("E = lstm(2 ** n)", "lstm"),
    ("E = lstm(2 % n)", "lstm"),
    ("E = keras.layers.LSTM(3)(x),", "LSTM"),
    ("O LSTM(3)", "LSTM"),
    ("O Dense(3, activation='relu')", "Dense"),
    ("O   Conv", "Conv"),
]


@pytest.mark.parametrize(("text", "name"), PYTHON)
def test_calls_of_python(text: str, name: str) -> None:
    (line,), found = parse_lines(text)
    assert not found and isinstance(line, Definition | Row) and line.call is not None
    assert line.call.python is not None and line.call.python.name == name
    assert line.call.layer == name.lower()


def test_spans() -> None:
    (row, definition, parameter, model), _ = parse_lines(
        "  O O  lstm(1, dropout=.5)\n E = gru(units)\nunits = 3\nmodel m"
    )
    assert isinstance(row, Row) and isinstance(definition, Definition)
    assert isinstance(parameter, Parameter) and isinstance(model, ModelLine)
    assert row.call is not None
    spans = [
        row.call.span,
        *(argument.span for argument in row.call.arguments),
        definition.span,
        definition.call.span,
        definition.call.arguments[0].value.span,
        parameter.span,
        parameter.value.span,
        model.span,
    ]
    assert [(span.line, span.column, span.end) for span in spans] == [
        (1, 8, 12),
        (1, 13, 14),
        (1, 16, 26),
        (2, 2, 3),
        (2, 6, 9),
        (2, 10, 15),
        (3, 1, 6),
        (3, 9, 10),
        (4, 7, 8),
    ]


def test_a_broken_line_hides_no_other() -> None:
    lines, found = parse_lines("Y Y\n| |\n!\nX X   input(2)\nunits = )\nE = gru(units)")
    assert [(item.span.line, item.span.column) for item in found] == [(3, 1), (5, 9)]
    assert [show(line) for line in lines] == [
        "row 'Y Y'",
        "row '| |'",
        "row 'X X' input(2)",
        "E is gru(units)",
    ]


GOOD = [text for text, _ in [*ROWS, *OTHERS]]


@given(st.lists(st.sampled_from(GOOD), min_size=1, max_size=12))
def test_whole_texts_and_single_lines_are_read_alike(texts: list[str]) -> None:
    whole, found = parse_lines("\n".join(texts))
    assert not found
    # A line that cannot be read makes every line be read by itself.
    single, found = parse_lines("\n".join([*texts, "!"]))
    assert [item.span.line for item in found] == [len(texts) + 1]
    assert single == whole


@given(st.text(alphabet=st.sampled_from("OHo|/\\+-<>=^. \t#n=5(),lstm\n…│é\x00"), max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    lines, found = parse_lines(text)
    count = text.count("\n") + 1
    assert all(1 <= item.span.line <= count and item.span.column >= 1 for item in found)
    assert bool(lines or found) or not any(
        line.split("#")[0].strip(" \t") for line in text.split("\n")
    )


DEEP = 100_000


@pytest.mark.parametrize(
    "value",
    [
        "1" + "+1" * DEEP,
        "1" + "+(1" * DEEP + ")" * DEEP,
        "(" * DEEP + "1" + "+1)" * DEEP,
        "(" * DEEP + "n*2" + ")" * DEEP,
        "*".join(["(a+b)"] * DEEP),
    ],
    ids=["long", "deep right", "deep left", "brackets", "product of sums"],
)
def test_no_arithmetic_makes_a_deep_tree(value: str) -> None:
    (line,), found = parse_lines(f"E = lstm({value})")
    assert not found and isinstance(line, Definition)
    (argument,) = line.call.arguments
    operation = argument.value
    assert isinstance(operation, Operation)
    assert len(list(leaves(operation))) <= MOST_OPERATORS + 1
    assert operation.operators == (1 if "n" in value else sum(map(value.count, "+*")))
    assert (operation.span.column, operation.span.end) == (10, 10 + len(value))
