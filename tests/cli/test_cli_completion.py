"""What a shell may complete, and what is said of a mistyped name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seqdsl import __version__
from seqdsl.catalogue.entries import CATALOGUE
from seqdsl.cli.main import COMMANDS, cli
from seqdsl.text.codes import CODES


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def completed(shell: str, *words: str) -> list[str]:
    """What ``shell`` is told for a line that ends with the last word."""
    environment = {
        **os.environ,
        "_SEQDSL_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": " ".join(words),
        # fish gives the word itself.
        "COMP_CWORD": words[-1] if shell == "fish" else str(len(words) - 1),
    }
    program = "from seqdsl.cli.main import main; main()"
    command = [sys.executable, "-c", f"import sys; sys.argv = ['seqdsl']; {program}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    "words",
    [
        ("seqdsl", "check", "pic"),
        ("seqdsl", "explain", "pic"),
        ("seqdsl", "format", "pic"),
        ("seqdsl", "verify", "pic"),
        ("seqdsl", "generate", "pic"),
        ("seqdsl", "draw", "pic"),
        ("seqdsl", "transfer", "pic"),
        ("seqdsl", "watch", "pic"),
        ("seqdsl", "generate", "a.seq", "-o", "pic"),
    ],
)
def test_files_are_completed_by_the_shell(shell: str, words: tuple[str, ...]) -> None:
    assert completed(shell, *words)[0].startswith("file")


def test_codes() -> None:
    codes = [
        line.removeprefix("plain,") for line in completed("bash", "seqdsl", "explain", "seq40")
    ]
    assert codes == [code for code in CODES if code.startswith("SEQ40")]
    lists = completed("bash", "seqdsl", "check", "--ignore", "SEQ401,SEQ40")
    assert lists[0] == f"plain,SEQ401,{codes[0]}"


def test_names_of_the_catalogue() -> None:
    found = completed("bash", "seqdsl", "new", "enc")
    wanted = [entry.name for entry in CATALOGUE if entry.name.startswith("enc")]
    assert found == [f"plain,{name}" for name in wanted] and wanted


def test_targets() -> None:
    assert completed("bash", "seqdsl", "verify", "--to", "ke") == ["plain,keras"]


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_version(option: str) -> None:
    assert __version__ in run(option).output


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chek", "check"),
        ("Check", "check"),
        ("verfy", "verify"),
        ("fmt", "format"),
        ("init", "new"),
    ],
)
def test_a_mistyped_command(typed: str, meant: str) -> None:
    result = run(typed)
    assert result.exit_code == 2 and f"Did you mean '{meant}'?" in result.output


def test_a_command_that_is_like_none() -> None:
    result = run("zzz")
    assert result.exit_code == 2 and "Did you mean" not in result.output


def test_other_names_are_those_of_no_command() -> None:
    from seqdsl.cli.main import _OTHER_NAMES

    assert not _OTHER_NAMES.keys() & set(COMMANDS) and set(_OTHER_NAMES.values()) <= set(COMMANDS)


@pytest.mark.parametrize(
    ("alias", "name"),
    [("pytorch", "torch"), ("PyTorch", "torch"), ("tensorflow", "keras"), ("Keras", "keras")],
)
def test_other_names_of_targets(alias: str, name: str, tmp_path: Path) -> None:
    file = tmp_path / "a.seq"
    file.write_text("Y\n|\nX\n")
    sources = [run("generate", str(file), "--to", each).output for each in (alias, name)]
    assert sources[0] == sources[1] and "import" in sources[0]
    (tmp_path / "pyproject.toml").write_text(f'[tool.seqdsl]\ntargets = ["{alias}"]\n')
    from seqdsl.project.config import settings_for

    assert settings_for([str(file)]).targets == (name,)


def test_a_target_that_there_is_not() -> None:
    result = run("generate", "-", "--to", "jax")
    assert result.exit_code == 2 and "choose from keras, torch, numpy" in result.output
