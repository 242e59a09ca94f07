"""`--help` shows command lines that work: every one of them is run."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

import seqdsl
from seqdsl.cli.main import COMMANDS, cli

ROOT = Path(__file__).parents[2]
HEAVY = ("verify", "transfer", "watch", "import", "port", "lsp")
"""Commands that take minutes, do not end, or need models or an extra: of their lines only the arguments are read."""


def lines(name: str | None) -> list[str]:
    context = click.Context(cli)
    command = cli if name is None else cli.get_command(context, name)
    assert command is not None
    text = command.help or ""
    return [
        line.strip() for line in text.splitlines() if line.startswith("  ") and "seqdsl " in line
    ]


SHOWN = sorted({line for name in (None, *COMMANDS) for line in lines(name)})


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_how_it_is_used(name: str) -> None:
    assert any(f"seqdsl {name} " in line for line in lines(name))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the lines speak of."""
    stacked = (ROOT / "examples" / "stacked.seq").read_text("utf-8")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "picture.seq").write_text(stacked, "utf-8")
    (tmp_path / "README.md").write_text(f"```seq\n{stacked}```\n", "utf-8")
    (tmp_path / "model.py").write_text(
        seqdsl.compile(stacked, "stacked.seq").source("torch"), "utf-8"
    )
    (tmp_path / "error.txt").write_text("IndexError: index out of range in self\n", "utf-8")
    for name in ("trained.keras", "weights.safetensors"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("line", SHOWN)
def test_a_shown_line_works(line: str, folder: Path) -> None:
    words = shlex.split(line.rpartition("| ")[2])
    if words[1] in HEAVY:
        command = cli.get_command(click.Context(cli), words[1])
        assert command is not None
        command.make_context(words[1], words[2:])
        assert all((ROOT / word).exists() for word in words[2:] if word.startswith("examples"))
        return
    run = line.replace("seqdsl ", f"{shlex.quote(sys.executable)} -m seqdsl ")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        run, shell=True, cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_completion_is_there() -> None:
    command = [sys.executable, "-c", "from seqdsl.cli.main import cli; cli(prog_name='seqdsl')"]
    env = {**os.environ, "_SEQDSL_COMPLETE": "zsh_source"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert "_SEQDSL_COMPLETE=zsh_complete" in done.stdout
