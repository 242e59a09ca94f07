"""``--logits`` of ``generate``, ``watch`` and ``verify``: what is written, and what is said where nothing can be."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import seqdsl
from seqdsl.cli.main import cli

SOFTMAX = "Y Y   dense(4, softmax)\n| |\nX X   input(3)\n"
LINEAR = SOFTMAX.replace(", softmax", "")
TWO = f"model one\n{SOFTMAX}\nmodel two\n{LINEAR}"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "a.seq"
    path.write_text(SOFTMAX)
    return path


@pytest.mark.parametrize("target", ["keras", "torch", "numpy"])
def test_generate(picture: Path, target: str) -> None:
    result = run("generate", str(picture), "--to", target, "--logits")
    assert result.exit_code == 0
    assert result.output == seqdsl.compile(SOFTMAX, "a.seq").source(target, logits=True)
    assert "Gives logits" in result.output and "softmax(" not in result.output


def test_check_compares_with_the_same(picture: Path, tmp_path: Path) -> None:
    arguments = ["generate", str(picture), "--to", "torch", "-o", str(tmp_path / "a.py")]
    assert run(*arguments, "--logits").exit_code == 0
    assert run(*arguments, "--logits", "--check").exit_code == 0
    stale = run(*arguments, "--check")
    assert stale.exit_code == 1 and "+        return torch.softmax" in stale.output


def test_nothing_to_leave_out(picture: Path, tmp_path: Path) -> None:
    picture.write_text(LINEAR)
    output = tmp_path / "a.py"
    for command in (["generate", "-o", str(output)], ["verify"]):
        result = run(*command, str(picture), "--to", "torch", "--logits")
        assert result.exit_code == 2
        assert "a: no output ends in softmax, log_softmax or sigmoid" in result.output
    assert not output.exists()


def test_one_of_several_without(picture: Path, tmp_path: Path) -> None:
    picture.write_text(TWO)
    arguments = ["generate", str(picture), "--to", "torch", "--logits"]
    result = run(*arguments, "-o", str(tmp_path / "models"))
    assert result.exit_code == 2 and "two: no output ends in" in result.output
    assert not (tmp_path / "models").exists()
    assert run(*arguments, "--model", "one").exit_code == 0


def verify(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "seqdsl", "verify", "a.seq", "--to", "torch", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_verify_tells_which_models_it_leaves_aside(picture: Path) -> None:
    picture.write_text(TWO)
    done = verify(picture.parent, "--logits", "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {item["model"] for item in json.loads(done.stdout)["results"]} == {"one"}
    (line,) = done.stderr.splitlines()
    assert line.startswith("--logits: two: no output ends in") and "not verified" in line


def test_verify_against(picture: Path) -> None:
    """A model of one's own that gives logits fits the picture with ``--logits`` alone."""
    (picture.parent / "own.py").write_text(
        "from torch import nn\ndef build(): return nn.Linear(3, 4)\n"
    )
    with_it = verify(picture.parent, "--against", "own:build", "--logits")
    assert with_it.returncode == 0, with_it.stdout + with_it.stderr
    without = verify(picture.parent, "--against", "own:build")
    assert without.returncode == 1
    assert "its last activations are omitted" in without.stdout


def test_verify_remembers_both_forms(picture: Path) -> None:
    (picture.parent / "pyproject.toml").write_text("[tool.seqdsl]\n")
    for options in ((), ("--logits",)):
        assert "verified before" not in verify(picture.parent, "--changed-only", *options).stdout
        assert "verified before" in verify(picture.parent, "--changed-only", *options).stdout


def test_watch_needs_a_target(picture: Path) -> None:
    result = run("watch", str(picture), "--logits")
    assert result.exit_code == 2 and "needs --to" in result.output
