"""``seqdsl generate --check``: the generated file that is committed is today's."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seqdsl.cli.main import cli

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
TWO = f"model one\n{GOOD}\nmodel two\n{GOOD}"


def generate(path: Path, output: Path, *options: str) -> Result:
    arguments = ["generate", str(path), "--to", "keras", "-o", str(output), *options]
    return CliRunner().invoke(cli, arguments)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "a.seq"
    path.write_text(GOOD)
    return path


def test_current(picture: Path, tmp_path: Path) -> None:
    output = tmp_path / "a.py"
    assert generate(picture, output).exit_code == 0
    result = generate(picture, output, "--check")
    assert (result.exit_code, result.output) == (0, "")


def test_stale(picture: Path, tmp_path: Path) -> None:
    output = tmp_path / "a.py"
    generate(picture, output)
    before = output.read_text("utf-8")
    picture.write_text(GOOD.replace("dense(2)", "dense(3)"))
    result = generate(picture, output, "--check")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[:2] == [f"--- {output}", f"+++ {output} (generated)"]
    assert any(line.startswith("-") and "Dense(2" in line for line in lines)
    assert any(line.startswith("+") and "Dense(3" in line for line in lines)
    assert output.read_text("utf-8") == before


def test_missing(picture: Path, tmp_path: Path) -> None:
    output = tmp_path / "none" / "a.py"
    result = generate(picture, output, "--check")
    assert result.exit_code == 1
    assert result.output.startswith("--- /dev/null\n")
    assert not output.parent.exists()


def test_one_of_several(picture: Path, tmp_path: Path) -> None:
    picture.write_text(TWO)
    output = tmp_path / "models"
    generate(picture, output)
    assert generate(picture, output, "--check").exit_code == 0
    (output / "two.py").write_text("x = 1\n")
    result = generate(picture, output, "--check")
    assert result.exit_code == 1
    assert "two.py" in result.output and "one.py" not in result.output


def test_unreadable(picture: Path, tmp_path: Path) -> None:
    output = tmp_path / "a.py"
    output.write_bytes(b"\xff")
    assert generate(picture, output, "--check").exit_code == 2


def test_a_picture_with_errors(picture: Path, tmp_path: Path) -> None:
    picture.write_text("?")
    assert generate(picture, tmp_path / "a.py", "--check").exit_code == 1


def test_an_output_is_needed(picture: Path) -> None:
    arguments = ["generate", str(picture), "--to", "keras", "--check"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 2 and "-o" in result.output
