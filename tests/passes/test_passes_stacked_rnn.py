"""Equal rows are one stack in PyTorch, rows that differ are not."""

from __future__ import annotations

import pytest

from seqdsl.api import compile as compile_seq
from seqdsl.passes.stacked_rnn import rows_of, stack_rows

PICTURE = """
Y Y Y   dense(2)
| | |
{upper}   {above}
| | |
{lower}   {below}
| | |
X X X   input(3)
"""


def stacks(lower: str, below: str, upper: str, above: str) -> list[tuple[str, ...]]:
    """The rows of each stack."""
    text = PICTURE.format(lower=lower, below=below, upper=upper, above=above)
    blocks = stack_rows(compile_seq(text).spec).blocks
    return [rows_of(block) for block in blocks if rows_of(block)]


@pytest.mark.parametrize("cell", ["lstm(4)", "gru(4)", "rnn(4, relu)", "lstm(4, bias=false)"])
def test_equal_rows_are_one_stack(cell: str) -> None:
    kind = cell.partition("(")[0]
    assert stacks("H H H", cell, "G G G", cell) == [(f"{kind}_h", f"{kind}_g")]


@pytest.mark.parametrize(
    ("lower", "below", "upper", "above"),
    [
        ("H H H", "lstm(4)", "G G G", "lstm(5)"),
        ("H H H", "lstm(4)", "G G G", "gru(4)"),
        ("H H H", "lstm(4)", "G<G<G", "lstm(4)"),
        ("H H H", "lstm(4)", "G=G=G", "lstm(4)"),
        ("H H H", "lstm(4)", "G G G", "lstm(4, bias=false)"),
        ("H H H", "lstm(4, dropout=0.1)", "G G G", "lstm(4, dropout=0.1)"),
        ("H H H", "lstm(4, activation=gelu)", "G G G", "lstm(4, activation=gelu)"),
        ("H H H", "lstm(4, name=words)", "G G G", "lstm(4)"),
    ],
)
def test_other_rows_are_not(lower: str, below: str, upper: str, above: str) -> None:
    assert not stacks(lower, below, upper, above)


SKIP = """
Y Y Y Z
| | | |
G G G |
| | |/
H H H
| | |
X X X

X = input(3)
H = lstm(4)
G = lstm(4)
Y = dense(2)
Z = dense(2)
"""


def test_a_row_that_something_else_reads_is_not() -> None:
    model = compile_seq(SKIP)
    assert len(model.outputs) == 2
    assert not [block for block in stack_rows(model.spec).blocks if rows_of(block)]
