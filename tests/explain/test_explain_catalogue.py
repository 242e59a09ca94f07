"""Explanations of codes."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from seqdsl.cli.main import cli
from seqdsl.explain.catalogue import explain_code
from seqdsl.text.codes import CODES
from seqdsl.text.codes.nearest import close_codes


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_explained(code: str) -> None:
    text = explain_code(code)
    assert text.startswith(f"{code}: {CODES[code].title} ({CODES[code].severity})")
    assert "Right:" in text
    shown = len(CODES[code].wrong) <= 400 and CODES[code].wrong.isascii()
    assert shown == ("Wrong:" in text)
    assert shown == (f"[{code}]" in text)


def test_small_letters_will_do() -> None:
    done = CliRunner().invoke(cli, ["explain", "seq213"])
    assert done.exit_code == 0
    assert done.output.startswith("SEQ213")


def test_an_unknown_code() -> None:
    done = CliRunner().invoke(cli, ["explain", "SEQ21"])
    assert done.exit_code == 2
    assert "did you mean" in done.output


LOOKS = {"SEQ4O1": "SEQ401", "seq4o1": "SEQ401", "SEQ4l3": "SEQ413", "SEQ2I2": "SEQ212"}
LOOKS |= {"5EQ4O1": "SEQ401", "SEQ4OS": "SEQ405"}


@pytest.mark.parametrize("word", LOOKS)
def test_a_letter_that_looks_like_a_digit(word: str) -> None:
    assert close_codes(word) == [LOOKS[word]]
    assert close_codes(word, [code for code in CODES if code != LOOKS[word]]) != [LOOKS[word]]


def test_the_closest_codes_come_first() -> None:
    assert close_codes("SEQ4011")[0] in ("SEQ401", "SEQ411")
    assert len(close_codes("SEQ40")) == 3
    assert close_codes("banana") == []


def test_a_code_with_a_letter_is_named_by_explain() -> None:
    done = CliRunner().invoke(cli, ["explain", "SEQ4O1"])
    assert done.exit_code == 2
    assert "did you mean SEQ401?" in done.output


def test_a_picture_with_errors_is_not_explained() -> None:
    done = CliRunner().invoke(cli, ["explain", "-"], input="Y Y\n|  |\nX X\n")
    assert done.exit_code == 1
    assert "SEQ20" in done.output
