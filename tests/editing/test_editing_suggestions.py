"""Fixes for words that may have been meant: each hint that asks has one, and nothing writes it unasked."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze
from seqdsl.cli.fixes import changes as fix_data
from seqdsl.editing.findings import diagnostics
from seqdsl.editing.fixes import fixes
from seqdsl.editing.snapshot import snapshot
from seqdsl.repair.repair import repair
from tests.editing.editors import applied

GRID = "Y Y Y   {0}\n| | |\nH H H   {1}\n| | |\nX X X   input(5)\n{2}"
CELL = "Y   dense(2)\n|\nH-H-H   mine(8)\n| | |\nX X X   input(5)\n\ncell mine({0}):\n{1}"


def grid(top: str = "dense(2)", middle: str = "lstm(8)", below: str = "") -> str:
    return GRID.format(top, middle, below)


# The text, the code of its finding, the title of the fix, and what is there instead.
MEANT = [
    (grid(middle="lsmt(8)  # two"), "SEQ301", "Change `lsmt` to `lstm`", "lstm(8)  # two"),
    (grid(below="\nH = gruu(3)\n").replace("   lstm(8)", ""), "SEQ301", "Change `gruu` to `gru`", "H = gru(3)"),
    (grid(middle="lstm( 8, droput=0.2 )"), "SEQ302", "Change `droput` to `dropout`", "lstm( 8, dropout=0.2 )"),
    (grid(top="dense(2, sofmax)"), "SEQ304", "Change `sofmax` to `softmax`", "dense(2, softmax)"),
    (grid(top="dense(2, activation=sofmax)"), "SEQ304", "Change `sofmax` to `softmax`", "activation=softmax"),
    (grid(middle="lstm(2 * unit)", below="\nunits = 4\n"), "SEQ312", "Change `unit` to `units`", "lstm(2 * units)"),
    (grid(middle="lstm(hidden)"), "SEQ312", "Write `hidden = 32`", "\n\nhidden = 32\n"),
    (grid(below="\nK = lstm(3)\n").replace("   lstm(8)", ""), "SEQ112", "Change `K` to `H`", "\nH = lstm(3)\n"),
    (grid(below="\n# seqdsl: ingore SEQ401\n"), "SEQ115", "Change `ingore` to `ignore`", "# seqdsl: ignore SEQ401"),
    (CELL.format("units", "    h = tahn(dense(x, h))\n"), "SEQ125", "Change `tahn` to `tanh`", "h = tanh(dense(x, h))"),
    (
        CELL.format("units, gate=sigmoif", "    h = gate(dense(x, h))\n"),
        "SEQ122", "Change `sigmoif` to `sigmoid`", "gate=sigmoid",
    ),
    (
        CELL.format("units", "    h = tanh(dense(x, h_prev)) * h_prev\n"),
        "SEQ123", "Change `h_prev` to `h`", "tanh(dense(x, h)) * h\n",
    ),
    (
        "      Y Y\n      | |\nH-H-H-K-K\n| | | | |\nX X X Z Z\n\nX = input(5)\nZ = input(2)\nY = dense(2)\n"
        "H = lstm(16)\n",
        "SEQ306", "Change `K` to `H`", "H-H-H-H-H",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "title", "there"), MEANT, ids=[item[2] for item in MEANT])
def test_what_may_have_been_meant_can_be_chosen(
    text: str, code: str, title: str, there: str
) -> None:
    found = snapshot(text)
    assert code in [item.code for item in diagnostics(found)]
    (fix,) = [item for item in fixes(found) if item.codes == (code,)]
    assert fix.title == title and not fix.is_preferred
    changed = applied(text, fix.changes)
    assert there in changed
    assert code not in [item.code for item in diagnostics(snapshot(changed))]


@pytest.mark.parametrize("text", [item[0] for item in MEANT], ids=[item[2] for item in MEANT])
def test_a_guess_is_not_written_unasked(text: str) -> None:
    (part,) = snapshot(text).parts
    assert repair(part.analysis) is None


def test_in_markdown_as_well() -> None:
    text = f"Before\n\n> ```seq\n> {grid(middle='lsmt(8)').rstrip().replace(chr(10), chr(10) + '> ')}\n> ```\n"
    (fix,) = fixes(snapshot(text, "a.md"))
    assert applied(text, fix.changes) == text.replace("lsmt", "lstm")


def test_data_for_programs_has_them() -> None:
    text = grid(middle="lsmt(8)")
    (fix,) = fix_data([analyze(text, "a.seq")])
    assert (fix["title"], fix["preferred"], fix["codes"]) == (
        "Change `lsmt` to `lstm`", False, ["SEQ301"],
    )  # fmt: skip
    (change,) = fix["changes"]
    assert (change["line"], change["end_line"]) == (3, 3)


SHIFT = "          Y   dense(3)\n          |\nH H H H H H   lstm(32)\n{0}\nX X X X X X   input(8)\n"


@pytest.mark.parametrize(
    ("row", "title", "after"),
    [
        # A wire was deleted, and the others moved: whether it is missing is another question.
        ("| |  | | |", "Move it one column to the left to connect its wires", "| | | | |"),
        ("| || | | |", "Move it one column to the right to connect its wires", "| | | | | |"),
        ("| |    | | | |", "Move it 3 columns to the left to connect its wires", "| | | | | |"),
    ],
)
def test_a_shifted_row_can_be_moved(row: str, title: str, after: str) -> None:
    text = SHIFT.format(row)
    found = [item for item in fixes(snapshot(text)) if "SEQ213" in item.codes]
    assert [item.title for item in found if not item.is_preferred] == [title]
    assert applied(text, found[0].changes) == SHIFT.format(after)


def test_a_hint_that_is_the_only_repair_is_offered_once() -> None:
    text = "Y Y Y   dense(2)\n | | |\nX X X   input(8)\n"
    (fix,) = fixes(snapshot(text))
    assert fix.is_preferred
    assert applied(text, fix.changes) == text.replace(" | | |", "| | |")
