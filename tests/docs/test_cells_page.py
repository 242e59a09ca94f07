"""The page about cells: its equations are those of the examples, all of them, and its output is what is printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from seqdsl.cli.main import cli

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "cells.md").read_text("utf-8")
SHOWN = dict(re.findall(r"<!-- example: (\S+) -->\n```text\n(.*?)```", TEXT, re.DOTALL))
CELL = re.compile(r"^cell .*\n(?:[ ]+.*\n)+", re.MULTILINE)


def equations(name: str) -> list[str]:
    return CELL.findall((ROOT / "examples" / f"{name}.seq").read_text("utf-8"))


@pytest.mark.parametrize("name", SHOWN)
def test_the_equations_are_those_of_the_example(name: str) -> None:
    assert equations(name) == [SHOWN[name]]


def test_every_example_with_a_cell_is_shown_and_linked() -> None:
    names = {path.stem for path in (ROOT / "examples").glob("*.seq") if equations(path.stem)}
    assert names >= SHOWN.keys()
    assert names == set(re.findall(r"\]\(\.\./examples/(\S+)\.seq\)", TEXT))


def test_output() -> None:
    sessions = re.findall(
        r"^```console\n\$ seqdsl (.*?)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL
    )
    assert sessions
    for command, expected in sessions:
        assert CliRunner().invoke(cli, command.split()).output == expected
