"""What people write who know other tools: all of it is said in one round, and hints that are followed compile."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from seqdsl.api import analyze
from seqdsl.repair.edits import follow
from seqdsl.repair.repair import repair
from seqdsl.text.diagnostics import excerpt

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "one_round.toml").read_text("utf-8")
)


def errors(text: str) -> list[str]:
    analysis = analyze(text, "model.seq")
    return [excerpt(item, analysis.source, 0) for item in analysis.diagnostics if item.is_error]


@pytest.mark.parametrize("name", CASES)
def test_all_of_it_is_said_at_once(name: str) -> None:
    case = CASES[name]
    found = errors(case["picture"])
    assert len(found) == case.get("findings", 1), "\n".join(found)
    for part in case["hints"]:
        assert any(part in text for text in found), "\n".join(found)


@pytest.mark.parametrize("name", CASES)
def test_hints_that_are_followed_compile(name: str) -> None:
    case = CASES[name]
    analysis = analyze(case["picture"], "model.seq")
    found = [item for item in analysis.diagnostics if item.is_error]
    followed = follow(case["picture"], found)
    if "right" in case:
        # More is to be drawn than the hint can write; what it has is in what was drawn by hand.
        assert followed is None
        assert not errors(case["right"]), errors(case["right"])
        lines = [item for text in case["hints"] for item in text.split("`")[1::2]]
        assert all(line in case["right"] for line in lines[:1])
        return
    assert followed is not None, "\n".join(errors(case["picture"]))
    assert not errors(followed.text), followed.text
    mended = repair(analysis)
    assert mended is not None and mended.text == followed.text
    for part in case.get("lines", ()):
        assert part in followed.text.split("\n"), followed.text


def test_a_first_row_that_lost_its_indent_is_put_back() -> None:
    picture = (
        "        Y   dense(2)\n        |\nH H H H H   lstm(16)\n| | | | |\nX X X X X   input(8)"
    )
    analysis = analyze(picture.strip(), "model.seq")
    mended = repair(analysis)
    assert mended is not None and mended.text == picture


def test_two_places_for_a_first_row_are_no_place() -> None:
    picture = (
        "Y   dense(2)\n        | |\nH H H H H H   lstm(16)\n| | | | | |\nX X X X X X   input(8)"
    )
    assert repair(analyze(picture, "model.seq")) is None


ROOT = Path(__file__).parents[2]
NO_PICTURES = {
    "license": (ROOT / "LICENSE").read_text("utf-8"),
    "python": (ROOT / "seqdsl" / "size.py").read_text("utf-8"),
    "json": '{\n  "a": 1,\n  "b": [1, 2]\n}\n',
    "prose": "Dear all,\nthis is a letter.\n\nIt has no picture.\nBest wishes\n",
    "junk": "\x00\x01\x02ab\n\x7f\x03\x04\n\x00\n",
    "keras": "import keras\n\nmodel = keras.Sequential()\nmodel.add(keras.layers.LSTM(64))\n",
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_a_text_that_is_no_picture_is_one_finding(name: str) -> None:
    found = errors(NO_PICTURES[name])
    assert len(found) == 1, "\n".join(found[:3])
    assert "this is not a picture" in found[0]


def test_many_faulty_lines_beside_a_picture_are_cut_short() -> None:
    rows = "O O\n| |\n" * 40 + "O O\n"
    found = errors(rows + "?\n" * 30)
    assert len(found) == 11 and "20 more lines cannot be read" in found[-1]
