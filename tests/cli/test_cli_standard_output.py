"""``-o -`` is standard output in every command that has ``-o``: no file and no folder is called ``-``."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from seqdsl.cli import watching
from seqdsl.cli.commands.import_model import file_for as file_of_import
from seqdsl.cli.commands.port import file_for as file_of_port
from seqdsl.cli.main import cli

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
TWO = f"model one\n{GOOD}\nmodel two\n{GOOD}"

COMMANDS = {
    "generate": ("generate", "picture.seq", "--to", "torch"),
    "draw": ("draw", "picture.seq"),
    "draw a cell": ("draw", "lstm", "--format", "mmd"),
    "watch": ("watch", "picture.seq", "--to", "numpy"),
    "new": ("new", "many-to-one"),
}
# They run a framework before they write: what `-o` names is all that is looked at here.
READERS = {"import": file_of_import, "port": file_of_port}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # One look at the file is enough: `watch` would go on for ever.
    monkeypatch.setattr(watching, "_SETTLE", 0)
    monkeypatch.chdir(tmp_path)
    Path("picture.seq").write_text(GOOD)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_all_commands_with_an_output_are_here() -> None:
    assert isinstance(cli, click.Group)
    context = click.Context(cli)
    commands = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    writing = {
        name
        for name, command in commands.items()
        if command is not None and any("-o" in item.opts for item in command.params)
    }
    assert writing == {item[0] for item in COMMANDS.values()} | READERS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_dash_is_standard_output(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "watch":
        _watch_once(monkeypatch)
    result = run(*COMMANDS[name], "-o", "-")
    assert result.exit_code == 0, result.output
    assert len(result.stdout) > 50 and "wrote" not in result.output
    if name != "new":
        assert result.stdout == run(*COMMANDS[name]).stdout
    assert [item.name for item in folder.iterdir()] == ["picture.seq"]


def _watch_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a watch end after one look at its file."""
    from seqdsl.cli.commands import watch

    def once(path: Path, interval: float) -> list[bytes]:
        return [path.read_bytes()]

    monkeypatch.setattr(watch, "versions", once)


@pytest.mark.parametrize("name", ["generate", "draw"])
def test_several_models_do_not_fit_there(folder: Path, name: str) -> None:
    Path("picture.seq").write_text(TWO)
    result = run(*COMMANDS[name], "-o", "-")
    assert result.exit_code == 2
    assert "picture.seq has 2 models: choose one with --model, or give a folder with -o" in (
        result.stderr
    )
    assert [item.name for item in folder.iterdir()] == ["picture.seq"]


def test_what_needs_a_file_says_so(folder: Path) -> None:
    checked = run(*COMMANDS["generate"], "-o", "-", "--check")
    assert checked.exit_code == 2 and "--check needs the file to compare with" in checked.stderr
    watched = run("watch", "picture.seq", "-o", "-")
    assert watched.exit_code == 2 and "-o needs --to" in watched.stderr


@pytest.mark.parametrize("name", ["generate", "draw"])
def test_a_file_of_that_name_may_be_written(folder: Path, name: str) -> None:
    options = ("--format", "svg") if name == "draw" else ()
    assert run(*COMMANDS[name], *options, "-o", "./-").exit_code == 0
    assert (folder / "-").read_text() == run(*COMMANDS[name]).stdout


@pytest.mark.parametrize("file_for", READERS.values(), ids=READERS)
def test_models_are_read_to_standard_output(file_for: object) -> None:
    assert callable(file_for)
    assert file_for("-", "text") is file_for(None, "text") is None
    assert file_for("./-", "text") == Path("-")
    with pytest.raises(click.UsageError, match="give a file with -o"):
        file_for("-", "json")
