"""action.yml and .pre-commit-hooks.yaml: their steps and hooks are run here, without the network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from seqdsl.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
INSTALL, RUN = ACTION["runs"]["steps"]

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
BAD = "Y Y   dense(2)\n|  |\nX X   input(8)\n"


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A folder with a ``seqdsl`` that is this one, and a ``python`` that only says what it is asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, body in (
        ("seqdsl", f'exec "{sys.executable}" -m seqdsl "$@"'),
        ("python", "printf '%s\\n' \"$@\""),
    ):
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    return folder


def step(
    each: dict[str, Any], scripts: Path, cwd: Path, **inputs: str
) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does."""
    given = {name: item["default"] for name, item in ACTION["inputs"].items()} | inputs

    def value(text: str) -> str:
        return re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda match: given[match[1]], text)

    env = {**os.environ, "GITHUB_ACTION_PATH": "/action", "PYTHONPATH": str(ROOT)}
    env["PATH"] = f"{scripts}{os.pathsep}{os.environ['PATH']}"
    env |= {name: value(text) for name, text in each["env"].items()}
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", each["run"]]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


INSTALLS = [
    ({}, "/action[keras,torch]"),
    ({"version": "1.2.3"}, "seqdsl[keras,torch]==1.2.3"),
    ({"args": "verify --to torch"}, "/action[torch]"),
    ({"args": "verify --to keras --to torch --strict"}, "/action[keras,torch]"),
    ({"args": "check --strict"}, "/action"),
    ({"args": "check", "version": "1.2.3"}, "seqdsl==1.2.3"),
]


@pytest.mark.parametrize(("inputs", "requirement"), INSTALLS)
def test_install(tmp_path: Path, scripts: Path, inputs: dict[str, str], requirement: str) -> None:
    done = step(INSTALL, scripts, tmp_path, **inputs)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:-1] == ["-m", "pip", "install", "--quiet", requirement]


def test_check(tmp_path: Path, scripts: Path) -> None:
    (tmp_path / "a.seq").write_text(GOOD)
    (tmp_path / "b.seq").write_text(BAD)
    done = step(RUN, scripts, tmp_path, args="check", paths="a.seq\n  b.seq\n")
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=b.seq,line=2,col=4,")
    assert step(RUN, scripts, tmp_path, args="check --strict", paths="a.seq").returncode == 0


def test_verify(tmp_path: Path, scripts: Path) -> None:
    (tmp_path / "a.seq").write_text(GOOD)
    done = step(RUN, scripts, tmp_path, args="verify --to torch")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("1 model, 1 framework, ")


def test_generate_has_no_format(tmp_path: Path, scripts: Path) -> None:
    (tmp_path / "a.seq").write_text(GOOD)
    args = "generate --to keras -o a.py --check"
    done = step(RUN, scripts, tmp_path, args=args, paths="a.seq")
    assert done.returncode == 1 and done.stdout.startswith("--- /dev/null\n")


def test_a_format_of_ones_own(tmp_path: Path, scripts: Path) -> None:
    (tmp_path / "a.seq").write_text(GOOD)
    done = step(RUN, scripts, tmp_path, args="check --format json", paths="a.seq")
    assert done.stdout.startswith("{")


def test_inputs_are_not_code(tmp_path: Path, scripts: Path) -> None:
    for name in ACTION["inputs"]:
        for each in (INSTALL, RUN):
            step(each, scripts, tmp_path, **{name: '"; touch out; $(touch out) `touch out` #'})
    assert not (tmp_path / "out").exists()
    assert all("${{" not in each["run"] for each in (INSTALL, RUN))


def hook(name: str) -> dict[str, Any]:
    (found,) = [item for item in HOOKS if item["id"] == name]
    return found


@pytest.mark.parametrize("each", HOOKS, ids=lambda item: str(item["id"]))
def test_a_hook_says_what_pre_commit_needs(each: dict[str, Any]) -> None:
    assert {"id", "name", "entry", "language", "files"} <= each.keys()
    assert re.search(each["files"], "pictures/a.seq")
    assert not re.search(each["files"], "a.seq.txt")


def run_hook(name: str, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program, *entry = hook(name)["entry"].split()
    assert program == "seqdsl" and entry[0] in COMMANDS
    command = [sys.executable, "-m", "seqdsl", *entry, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_the_hook_check(tmp_path: Path) -> None:
    (tmp_path / "a.seq").write_text(GOOD)
    (tmp_path / "b.seq").write_text(BAD)
    assert run_hook("seqdsl-check", tmp_path, "a.seq").returncode == 0
    assert run_hook("seqdsl-check", tmp_path, "a.seq", "b.seq").returncode == 1


def test_the_hook_generate_check(tmp_path: Path) -> None:
    (tmp_path / "a.seq").write_text(GOOD)
    arguments = ("a.seq", "--to", "torch", "-o", "a.py")
    assert run_hook("seqdsl-generate-check", tmp_path, *arguments).returncode == 1
    command = [sys.executable, "-m", "seqdsl", "generate", *arguments]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert run_hook("seqdsl-generate-check", tmp_path, *arguments).returncode == 0
    assert hook("seqdsl-generate-check")["pass_filenames"] is False
