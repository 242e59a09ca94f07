"""Repairs: one way to mend a picture is taken, none or several are not."""

from __future__ import annotations

import random
from pathlib import Path
from textwrap import dedent

import pytest

from seqdsl.api import Analysis, analyze
from seqdsl.formatter.meaning import meaning
from seqdsl.repair import repair as module
from seqdsl.repair.repair import Repair, repair
from tests.repair import slips

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("**/*.seq"))


def mend(text: str) -> Repair | None:
    analysis = analyze(text)
    return repair(analysis)


def drawn(picture: str) -> str:
    return dedent(picture).strip("\n")


MENDED = [
    (
        "a row too far to the right",
        """
          Y Y   dense(2)
        | |
        X X   input(3)
        """,
        "line 1 moved 2 columns to the left",
        {1: "Y Y     dense(2)"},
    ),
    (
        "a row too far to the left",
        """
         Y Y   dense(2)
        | |
         X X   input(3)
        """,
        "line 2 moved one column to the right",
        {2: " | |"},
    ),
    (
        "no room to the left",
        """
         Y Y   dense(2)
         | |
        X X    input(3)
        """,
        "line 3 moved one column to the right",
        {3: " X X   input(3)"},
    ),
    (
        "a wire one column off",
        """
        Y Y Y   dense(2)
        | |  |
        X X X   input(3)
        """,
        "the `|` in line 2 moved one column to the left",
        {2: "| | |"},
    ),
    (
        "a wire of two rows one column off",
        """
        Y Y Y   dense(2)
        | |  |
        | |  |
        X X X   input(3)
        """,
        "the `|` in lines 2 to 3 moved one column to the left",
        {2: "| | |", 3: "| | |"},
    ),
    (
        "a node one column off",
        """
        Y Y  Y   dense(2)
        | | |
        X X X    input(3)
        """,
        "the `Y` in line 1 moved one column to the left",
        {1: "Y Y Y    dense(2)"},
    ),
    (
        "no wires between two rows",
        """
          Y Y   dense(2)
        X X X   input(3)
        """,
        "a row of wires added above line 2",
        {2: "  | |"},
    ),
    (
        "no wires between any rows",
        """
        Y Y   dense(2)
        H H   lstm(4)
        X X   input(3)
        """,
        "rows of wires added above lines 2, 3",
        {2: "| |", 4: "| |"},
    ),
    (
        "a wire passes where the others are missing",
        """
        A A   add
        | |
        H |   dense(3)
        X X   input(3)
        """,
        "a row of wires added above line 4",
        {4: "| |"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "picture", "sentence", "rows"), MENDED)
def test_one_way(name: str, picture: str, sentence: str, rows: dict[int, str]) -> None:
    found = mend(drawn(picture))
    assert found is not None
    assert (found.sentence, found.rows) == (sentence, rows)
    lines = found.text.split("\n")
    assert all(lines[number - 1] == row for number, row in found.rows.items())
    assert not any(item.is_error for item in analyze(found.text).diagnostics)


REFUSED = [
    ("no error", "Y Y   dense(2)\n| |\nX X   input(3)"),
    ("a whole part slipped: which steps are read is open", " Y Y   dense(2)\n | |\nX X X X   input(3)"),
    ("upside down", "X X   input(3)\n| |\nY Y   dense(2)"),
    ("a line that cannot be read", "Y Y   dense(2 3)\n| |\nX X   input(3)"),
    ("nothing to be moved", "Y Y   dense(2)\n| |\nX     input(3)"),
    ("an argument", "Y Y   dense(2, size=3)\n| |\nX X   input(3)"),
    ("empty", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), REFUSED)
def test_no_way_or_several(name: str, text: str) -> None:
    assert mend(text) is None


TABS = [
    ("Y\tY   dense(2)\n|\t|\nX       X   input(3)", 8, "Y       Y   dense(2)"),
    ("Y\tY   dense(2)\n|   |\nX\tX   input(3)", 4, "Y   Y   dense(2)"),
    ("Y\tY   dense(2)\n| |\nX X   input(3)", 2, "Y Y   dense(2)"),
]


@pytest.mark.parametrize(("text", "width", "row"), TABS)
def test_tabs(text: str, width: int, row: str) -> None:
    found = mend(text)
    assert found is not None
    assert f"every {width} columns" in found.sentence
    assert found.rows[1] == row


def test_tabs_that_fit_nowhere() -> None:
    assert mend("Y\tY   dense(2)\n|     |\nX     X   input(3)") is None


def errors(analysis: Analysis) -> bool:
    return any(item.is_error for item in analysis.diagnostics)


def test_slips_of_all_examples() -> None:
    """What is offered is what was there before the slip; for nearly all slips something is."""
    offered = refused = 0
    for number, path in enumerate(EXAMPLES):
        text = path.read_text("utf-8")
        slip = slips.ALL[number % len(slips.ALL)]
        slipped = slip(text, random.Random(path.name))
        analysis = analyze(slipped, path.name)
        if not errors(analysis):
            continue
        found = repair(analysis)
        offered, refused = offered + (found is not None), refused + (found is None)
        if found is not None:
            assert meaning(analyze(found.text, path.name)) == meaning(analyze(text, path.name))
    assert offered > 12 * refused


def test_the_second_model_of_a_file() -> None:
    good = "Y Y   dense(2)\n| |\nX X   input(3)\n"
    found = mend(f"model one\n{good}\nmodel two\n {good}")
    assert found is not None
    assert found.sentence == "line 7 moved one column to the left"


def test_the_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def count(text: str, name: str) -> bool:
        compiled.append(text)
        return False

    monkeypatch.setattr(module, "_compiles", count)
    wide = "\n".join([" " + "Y " * 1_000, "| " * 1_000, "X " * 1_000])
    assert mend(wide) is None
    assert 0 < sum(map(len, compiled)) <= 1.1 * module.WORK
    compiled.clear()
    assert mend("\n".join([" " + "Y " * 300_000, "| " * 300_000, "X " * 300_000])) is None
    assert not compiled


def test_time_is_bounded() -> None:
    analysis = analyze(" Y Y   dense(2)\n| |\nX X   input(3)")
    assert repair(analysis) is not None
    assert repair(analysis, seconds=-1.0) is None


def test_a_repair_is_looked_for_a_text_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def count(text: str, name: str) -> bool:
        compiled.append(text)
        return False

    monkeypatch.setattr(module, "_compiles", count)
    search = module.repairs(analyze("Y Y Y   dense(2)\n| |  |\nX X X   input(8)"))
    for steps in range(1, 6):
        next(search)
        assert len(compiled) == steps
    search.close()
    assert len(compiled) == 5
