"""``seqdsl explain lstm``, and what a command says of a picture that a target does not write."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from seqdsl import targets
from seqdsl.cli.main import cli

PICTURE = "Y Y   dense(2)\n| |\nX X   input(3)\n"


def test_cells_are_printed_one_after_the_other() -> None:
    done = CliRunner().invoke(cli, ["explain", "rnn", "lstm"])
    assert done.exit_code == 0
    first, second = done.output.split("\n\n")
    assert first.startswith("cell rnn(units, activation=tanh,") and second.startswith("cell lstm(")


def test_a_file_of_that_name_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lstm").write_text(PICTURE, "utf-8")
    assert "What is drawn:" in CliRunner().invoke(cli, ["explain", "lstm"]).output


def test_what_a_target_does_not_write_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise targets.NotWrittenError("the target does not write this yet")

    monkeypatch.setattr("seqdsl.cli.sources.write", refused)
    path = tmp_path / "a.seq"
    path.write_text(PICTURE, "utf-8")
    done = CliRunner().invoke(cli, ["generate", str(path), "--to", "keras"])
    assert done.exit_code == 2
    assert done.output == "Error: the target does not write this yet\n"
