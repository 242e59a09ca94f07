"""A free run as a picture: what is fed back becomes delayed nodes; what cannot be drawn is a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from seqdsl.api import analyze
from seqdsl.cli.main import cli
from seqdsl.layout.free_run import NotDrawn, free_run_text

VALUES = "Y Y Y   dense(1)\n| | |\nH-H-H   gru(4)\n| | |\nZ Z Z   input(1, feedback=Y)\n"
WORDS = (
    "Y Y ... Y   dense(9, softmax)\n| |     |\nH-H-...-H   gru(4)\n| |     |\nE E ... E   embedding(3)\n"
    "| |     |\nZ Z ... Z   tokens(9, feedback=Y)\n"
)
RUNNING = """model run

A A  ...  A   argmax
| |       |
Y Y  ...  Y   dense(9, softmax)
| |       |
H-H--...--H   gru(4)
| |       |
E E  ...  E   embedding(3)
| |       |
Z a ..n.. a

Z = tokens(9)
n = 10
"""


def free_run(text: str) -> str:
    analysis = analyze(text, "run.seq")
    return free_run_text(analysis.document.pictures[0], analysis.models[0])


def test_values_are_fed_as_they_are() -> None:
    text = free_run(VALUES)
    assert "\nZ y y\n" in text
    (model,) = analyze(text).models
    assert (str(model.topology), [item.name for item in model.outputs]) == ("one-to-many", ["y"])


def test_ids_are_chosen_and_a_free_length_is_set() -> None:
    text = free_run(WORDS)
    assert text == RUNNING
    analysis = analyze(text)
    assert not analysis.diagnostics
    assert [item.name for item in analysis.models[0].outputs] == ["a"]


LONE = """
        Y ..n.. Y   dense(4)
        |       |
E-...-E-D-..n..-D
|     | |       |
X ... X Z ..n.. Z

X = input(3)
E = gru(4)
D = gru(4)
Z = input(4, feedback=Y)
"""
PASSED = "   Y Y   dense(1)\n   | |\n*--H-H--*   hold(4)\n   | |\n   Z Z   input(1, feedback=Y)\n"
DELAYED = """
  Y   Y  ...  Y   dense(2)
  |   |       |
  D   D  ...  D   dense(4, tanh)
 /|  /|      /|
d | d | ... d |
  |   |       |
  Z   Z  ...  Z   input(2, feedback=Y)
"""
CELL = "cell hold(units):\n    h = tanh(dense(x, h))\n\n"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (LONE, ["E-...-E-D-D--...--D", "X ... X Z y ..n.. y"]),
        (CELL + PASSED, ["H-H   hold(4)", "Z y"]),
        (DELAYED, ["d | d |  ...  d |", "Z   y  ..n..  y"]),
    ],
    ids=["one node before the ellipsis", "state from call to call, and a cell", "delayed nodes"],
)
def test_what_a_free_run_begins_with_is_drawn_first(text: str, rows: list[str]) -> None:
    drawn = free_run(text)
    lines = [line.strip() for line in drawn.splitlines()]
    assert [row for row in rows if row not in lines] == [], drawn
    assert not [item for item in analyze(drawn).diagnostics if item.is_error], drawn


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (VALUES.replace(", feedback=Y", ""), "no input has"),
        (VALUES.replace("feedback=Y", "feedback=Y, choose=true"), "one-hot"),
        (WORDS.replace("feedback=Y", "feedback=H").replace("tokens(9", "tokens(4"), "top row"),
    ],
)
def test_what_cannot_be_drawn(text: str, reason: str) -> None:
    with pytest.raises(NotDrawn, match=reason):
        free_run(text)


@pytest.mark.parametrize("command", [["explain"], ["check", "-v"], ["draw", "--format", "txt"]])
def test_commands(command: list[str], tmp_path: Path) -> None:
    path = tmp_path / "run.seq"
    path.write_text(WORDS, "utf-8")
    trained = CliRunner().invoke(cli, [*command, str(path)])
    running = CliRunner().invoke(cli, [*command, str(path), "--free-run"])
    assert (trained.exit_code, running.exit_code) == (0, 0)
    assert "argmax" in running.stdout
    assert "argmax" not in trained.stdout
    path.write_text(VALUES.replace(", feedback=Y", ""), "utf-8")
    refused = CliRunner().invoke(cli, [*command, str(path), "--free-run"])
    assert refused.exit_code == 2
    assert "no input has `feedback=`" in refused.stderr


CALLED = """model small

V   dense(width)
|
X   input(3)

width = 4

model first

V   dense(4)
|
D   small
|
X   input(3)

model unused

V   dense(4)
|
X   input(3)

model run

  Y Y   dense(1)
  | |
+-H-H   gru(4)
| | |
M Z Z
|
X

Z = input(1, feedback=Y)
M = first
X = input(3)
"""


def test_pictures_that_are_called_are_written_before_it(tmp_path: Path) -> None:
    path = tmp_path / "run.seq"
    path.write_text(CALLED, "utf-8")
    shown = CliRunner().invoke(cli, ["draw", str(path), "--format", "txt", "--free-run"])
    assert shown.exit_code == 0, shown.stderr
    assert [item.name for item in analyze(shown.stdout).models] == ["small", "first", "run"]
    checked = CliRunner().invoke(cli, ["check", str(path), "--free-run"])
    assert checked.exit_code == 0, checked.stderr
    # What it calls is no free run.
    assert checked.stdout == "1 model, no problems\n"
