"""``seqdsl verify``: a real run in both frameworks, and what a failure looks like."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from seqdsl.cli.main import cli

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"


def verify(*arguments: str, text: str = GOOD, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "seqdsl", "verify", "-", *arguments]
    return subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, env={**os.environ, **env}
    )


def test_all_targets() -> None:
    done = verify()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("1 model, 3 frameworks, ")
    assert done.stdout.endswith("checks: all passed\n")


def test_json() -> None:
    done = verify("--to", "torch", "--format", "json")
    results = json.loads(done.stdout)["results"]
    assert {item["target"] for item in results} == {"torch"}
    assert {"shapes", "parameters"} <= {item["check"] for item in results}
    assert all(item["passed"] for item in results)


def test_a_framework_that_is_missing_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('no torch here')\n")
    done = verify("--to", "torch", PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "no torch here" in done.stdout


def verify_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "seqdsl", "verify", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_changed_only(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.seqdsl]\ntargets = ["torch"]\n')
    (tmp_path / "a.seq").write_text(GOOD)
    first = verify_in(tmp_path, "a.seq", "--changed-only")
    assert first.returncode == 0 and first.stdout.endswith("all passed\n")
    assert "1 framework," in first.stdout
    second = verify_in(tmp_path, "a.seq", "--changed-only", "--format", "json")
    assert all(item["cached"] for item in json.loads(second.stdout)["results"])
    third = verify_in(tmp_path, "a.seq", "--changed-only")
    assert third.stdout.endswith("all passed (1 model verified before)\n")
    assert verify_in(tmp_path, "a.seq").stdout == first.stdout


def test_a_block_of_markdown(tmp_path: Path) -> None:
    huge = GOOD.replace("dense(2)", "lstm(20000)")
    (tmp_path / "README.md").write_text(f"# Title\n\n```seq\n{GOOD}```\n\n```seq\n{huge}```\n")
    done = verify_in(tmp_path, "README.md", "--to", "torch", "--format", "github")
    assert done.returncode == 1
    failure, outcome = done.stdout.splitlines()
    assert failure.startswith("::error file=README.md,line=10,title=README-2%2C torch%3A size ")
    assert outcome.startswith("2 models, 1 framework, ") and outcome.endswith(": 1 failed")


def test_limits_of_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "a.seq").write_text(GOOD)
    assert verify_in(tmp_path, "a.seq", "--to", "jax").returncode == 2
    done = verify_in(
        tmp_path, "a.seq", "--memory", "4GiB", "-j", "2", "--timeout", "30", "--to", "torch"
    )
    assert done.returncode == 0, done.stdout


LIMITS = {
    "--timeout": ("0", "-1", "nan", "inf", "1e999", "1e-400", "1e7", "", "9" * 5_000),
    "--memory": ("5", "nan", "1e400GiB", "-1GiB", "9" * 400 + "GiB", "9" * 5_000, ""),
    "-j": ("0", "-1", "1e9", str(10**20), "9" * 5_000, "nan", ""),
}


@pytest.mark.parametrize("option", LIMITS)
def test_limits_that_are_none(option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("seqdsl.cli.commands.verify"), "analyze_all", _never)
    for value in LIMITS[option]:
        done = CliRunner().invoke(cli, ["verify", str(tmp_path), option, value])
        assert done.exit_code == 2, value
        assert "Error: Invalid value" in done.output and isinstance(done.exception, SystemExit)


def _never(*_: object) -> None:
    raise AssertionError("nothing of the run may begin")


@pytest.mark.parametrize("command", ["verify", "transfer"])
def test_without_any_framework(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    picture = tmp_path / "picture.seq"
    picture.write_text("Y   dense(2)\n|\nX   input(3)\n", "utf-8")
    weights = tmp_path / "weights.pt"
    weights.touch()
    monkeypatch.setitem(sys.modules, "numpy", None)
    rest = (
        ["--from", str(weights), "--to", str(tmp_path / "a.keras")] if command == "transfer" else []
    )
    found = CliRunner().invoke(cli, [command, str(picture), *rest])
    assert found.exit_code == 2
    assert 'pip install "seqdsl[keras,torch]"' in found.output and "Traceback" not in found.output


def test_a_module_that_is_missing_is_named() -> None:
    done = verify("--against", "nomod.inner:build")
    assert done.returncode == 2 and "no module named `nomod.inner`" in done.stderr
