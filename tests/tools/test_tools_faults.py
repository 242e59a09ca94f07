"""Numbers of any size are findings, and a fault of ours in one file takes no other with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from seqdsl.pipeline import analyze
from seqdsl.syntax.limits import LARGEST_TEXT
from seqdsl.tools import common
from seqdsl.tools.cli import cli

RIGHT = "Y Y   dense(2)\n| |\nX X   input(3)\n"
NUMBERS = [
    "1e400",
    "-1e400",
    "9" * 400,
    "9" * 5000,
    "1e99999999999",
    "2147483648",
    "\uff11\uff12",
    "0x10",
    "1_0",
    "--5",
    "nan",
]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda text: text[:12])
def test_a_parameter_out_of_bounds_is_a_finding(number: str) -> None:
    found = analyze(f"Y Y   dense(n)\n| |\nX X   input(3)\nn = {number}\n").diagnostics
    assert {item.code for item in found} <= {"SEQ102", "SEQ109", "SEQ111"} and found


def test_a_window_wider_than_anything_is_drawn() -> None:
    (model,) = analyze("Y Y   conv(2, 2147483647)\n| |\nX X   input(8)\n").models
    assert str(model.draw("svg")).startswith("<svg")


def test_an_infinite_number_takes_no_other_file_with_it(tmp_path: Path) -> None:
    (tmp_path / "a.seq").write_text("O O   dense(2)\n| |\nO O   input(3)\n\nn = 1e400\n", "utf-8")
    (tmp_path / "b.seq").write_text(RIGHT, "utf-8")
    done = CliRunner().invoke(cli, ["check", str(tmp_path)])
    assert done.exit_code == 1
    assert "SEQ109" in done.output and "1 model, 1 error" in done.output


def test_a_fault_of_ours_takes_no_other_file_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.seq", "b.seq"):
        (tmp_path / name).write_text(RIGHT, "utf-8")
    right = common.analyze_text

    def faulty(text: object) -> object:
        if str(getattr(text, "name", "")).endswith("a.seq"):
            raise RuntimeError("broken")
        return right(text)  # type: ignore[arg-type]

    monkeypatch.setattr(common, "analyze_text", faulty)
    done = CliRunner().invoke(cli, ["check", str(tmp_path)])
    assert done.exit_code == 2
    assert "a.seq: internal error in seqdsl: RuntimeError: broken" in done.output
    assert "1 model, no problems" in done.output
    monkeypatch.setenv("SEQDSL_TRACEBACK", "1")
    assert "Traceback" in CliRunner().invoke(cli, ["check", str(tmp_path)]).output


def test_a_sparse_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge.seq").open("wb") as file:
        file.truncate(20 * 2**30)
    done = CliRunner().invoke(cli, ["check", str(tmp_path / "huge.seq")])
    assert done.exit_code == 1
    assert f"SEQ110] the text is larger than {LARGEST_TEXT // 2**20} MiB" in done.output


def test_settings_nested_too_deep(tmp_path: Path) -> None:
    (tmp_path / "a.seq").write_text(RIGHT, "utf-8")
    text = f"[tool.seqdsl]\ninclude = {'[' * 2000}{']' * 2000}\n"
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    done = CliRunner().invoke(cli, ["check", str(tmp_path / "a.seq")])
    assert done.exit_code == 2
    assert "pyproject.toml" in done.output and "Traceback" not in done.output
