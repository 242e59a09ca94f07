"""What `Model` says of itself in Python, and what it says to wrong arguments."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import seqdsl
from seqdsl.cli.main import cli

EXAMPLE = Path(__file__).parents[2] / "examples" / "vanilla-lstm.seq"


def test_the_summary_is_what_check_prints() -> None:
    model = seqdsl.compile(EXAMPLE.read_bytes(), str(EXAMPLE))
    printed = CliRunner().invoke(cli, ["check", "-v", str(EXAMPLE)]).output
    assert model.summary() in printed and "parameters" in model.summary()


def test_the_explanation_is_what_explain_prints() -> None:
    model = seqdsl.compile(EXAMPLE.read_bytes(), str(EXAMPLE))
    assert model.explain() == CliRunner().invoke(cli, ["explain", str(EXAMPLE)]).output
    narrow = model.explain(width=60).splitlines()
    assert max(map(len, narrow)) <= 60 < max(map(len, model.explain().splitlines()))


@pytest.mark.parametrize("value", [EXAMPLE, 3, None, ["Y"]])
def test_what_is_no_text(value: object) -> None:
    for function in (seqdsl.compile, seqdsl.compile_all):
        with pytest.raises(TypeError, match="a text is expected"):
            function(value)  # type: ignore[operator]


def test_the_way_out_for_a_path() -> None:
    with pytest.raises(TypeError) as told:
        seqdsl.compile(EXAMPLE)  # type: ignore[arg-type]
    assert f"Path({str(EXAMPLE)!r}).read_bytes()" in str(told.value)
