"""No command destroys a file: not the one it reads, and not one that it cannot write as a whole."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seqdsl.cli import watching
from seqdsl.cli.main import cli

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
UGLY = "  Y  Y  dense( 2 )\n  |  |\n  X  X  input(8)"
TWO = f"model first\n{GOOD}\nmodel second\n{GOOD}"

WRITERS = {
    "generate": ("generate", "--to", "torch"),
    "draw": ("draw", "--format", "svg"),
    "watch": ("watch", "--to", "keras"),
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(item) for item in arguments])


@pytest.fixture
def picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # One look at the file is enough: `watch` would go on for ever.
    monkeypatch.setattr(watching, "_SETTLE", 0)
    file = tmp_path / "picture.seq"
    file.write_text(GOOD)
    return file


def _other_paths(file: Path) -> dict[str, Path]:
    symbolic, hard = file.with_name("link.seq"), file.with_name("hard.seq")
    symbolic.symlink_to(file.name)
    os.link(file, hard)
    return {
        "itself": file,
        "by a detour": file.parent / ".." / file.parent.name / file.name,
        "link": symbolic,
        "hard link": hard,
    }


@pytest.mark.parametrize("command", WRITERS)
@pytest.mark.parametrize("way", ["itself", "by a detour", "link", "hard link"])
def test_the_file_that_is_read_is_never_written(picture: Path, command: str, way: str) -> None:
    name, *options = WRITERS[command]
    output = _other_paths(picture)[way]
    result = run(name, picture, *options, "-o", output)
    assert result.exit_code == 2
    assert f"-o {output} is also read" in result.stderr
    assert picture.read_text() == GOOD


@pytest.mark.parametrize("command", ["generate", "draw"])
def test_nor_when_it_comes_by_standard_input(picture: Path, command: str) -> None:
    name, *options = WRITERS[command]
    with picture.open("rb") as stream:
        done = subprocess.run(
            [sys.executable, "-m", "seqdsl", name, "-", *options, "-o", picture],
            stdin=stream,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2 and "is also read" in done.stderr
    assert picture.read_text() == GOOD


def test_nor_when_it_stands_in_the_folder_that_is_written(tmp_path: Path) -> None:
    # Blocks of a Python file make models of its name: `one.py` would be written over itself.
    file = tmp_path / "one.py"
    text = f'"""Pictures.\n\n```seq\nmodel one\n{GOOD}```\n"""\n'
    file.write_text(text)
    result = run("generate", file, "--to", "torch", "-o", tmp_path)
    assert result.exit_code == 2 and f"-o {file} is also read" in result.stderr
    assert file.read_text() == text


def test_transfer_writes_over_neither_of_its_files(picture: Path) -> None:
    weights = picture.with_name("weights.pt")
    weights.write_bytes(b"weights")
    result = run("transfer", picture, "--from", weights, "--to", f"{weights.parent}/./weights.pt")
    assert result.exit_code == 2 and "is also read" in result.stderr
    assert weights.read_bytes() == b"weights"


# Runs a command with files limited to 100 bytes: a disk that becomes full while a file is written.
FULL_DISK = (
    "import resource, sys; from seqdsl.cli.main import main;"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY)); sys.argv[0] = 'seqdsl'; main()"
)


@pytest.mark.parametrize(
    "arguments",
    [
        ("generate", "picture.seq", "--to", "torch", "-o", "kept"),
        ("draw", "picture.seq", "--format", "svg", "-o", "kept"),
        ("new", "encoder-decoder", "--force", "-o", "kept"),
        ("format", "kept"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_full_disk_loses_nothing(picture: Path, arguments: tuple[str, ...]) -> None:
    kept = picture.with_name("kept")
    text = UGLY + "\n# a comment that makes the text longer than the disk has room for" * 3
    kept.write_text(text)
    before = set(picture.parent.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, *arguments],
        cwd=picture.parent,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SEQDSL_NO_CACHE": "1"},
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert done.stderr == "Error: kept: file too large\n"
    assert kept.read_text() == text
    assert set(picture.parent.iterdir()) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has it")
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "picture.seq"),
        ("check", "picture.seq", "--format", "json"),
        ("generate", "picture.seq", "--to", "torch"),
        ("draw", "picture.seq"),
        ("explain", "picture.seq"),
        ("format", "--diff", "ugly.seq"),
        ("new",),
    ],
    ids=" ".join,
)
def test_a_full_standard_output_is_one_sentence(picture: Path, arguments: tuple[str, ...]) -> None:
    picture.with_name("ugly.seq").write_text(UGLY)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "seqdsl", *arguments],
            cwd=picture.parent,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        2,
        "Error: standard output: no space left on device\n",
    )


@pytest.mark.parametrize("command", ["generate", "draw"])
@pytest.mark.parametrize(
    ("output", "why"),
    [
        ("/dev/full", "no space left on device"),
        ("x" * 300, "file name too long"),
        (f"{'x' * 300}/", "file name too long"),
        ("picture.seq/x", "not a directory"),
    ],
)
def test_a_place_that_cannot_be_written_is_one_sentence(
    picture: Path, monkeypatch: pytest.MonkeyPatch, command: str, output: str, why: str
) -> None:
    monkeypatch.chdir(picture.parent)
    name, *options = WRITERS[command]
    result = run(name, picture, *options, "-o", output)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ") and result.stderr.endswith(f": {why}\n")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [("check",), ("format",), ("watch",), ("draw",), ("explain",), ("verify",)]
)
def test_a_name_that_is_too_long_to_be_read(arguments: tuple[str, ...]) -> None:
    result = run(*arguments, "x" * 300)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("Error: x")


def test_no_folder_for_temporary_files(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    monkeypatch.setattr(tempfile, "tempdir", str(picture.with_name("gone")))
    weights = picture.with_name("weights.pt")
    weights.write_bytes(b"weights")
    for arguments in (
        ("verify", picture, "--to", "torch"),
        ("transfer", picture, "--from", weights, "--to", picture.with_name("new.keras")),
    ):
        result = run(*arguments)
        assert result.exit_code == 2
        assert result.stderr.startswith("Error: ") and "no such file or directory" in result.stderr
        assert result.stderr.count("\n") == 1


def test_a_replaced_file_keeps_its_link_and_its_mode(picture: Path) -> None:
    file, link = picture.with_name("real.py"), picture.with_name("link.py")
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    assert run("generate", picture, "--to", "torch", "-o", link).exit_code == 0
    assert link.is_symlink() and "nn.Linear" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    "arguments",
    [
        ("generate", "{}", "--to", "torch", "-o", "{}.py"),
        ("format", "{}"),
        ("draw", "{}", "-o", "{}.svg"),
    ],
)
def test_a_file_that_is_closed_to_writing_stays(
    picture: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    picture.write_text(UGLY)
    *_, output = (item.format(picture) for item in arguments)
    file = Path(output)
    if not file.exists():
        file.write_text("old")
    old = file.read_bytes()
    file.chmod(0o444)
    # Nothing is closed to root, as whom tests may run.
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)
    result = run(*(item.format(picture) for item in arguments))
    assert (result.exit_code, file.read_bytes()) == (2, old)
    assert result.stderr == f"Error: {file}: permission denied\n"


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no /dev/stdout here")
def test_standard_output_by_its_path(picture: Path) -> None:
    command = [sys.executable, "-m", "seqdsl", "generate", str(picture), "--to", "torch"]
    plain = subprocess.run(command, capture_output=True, check=True).stdout
    result = subprocess.run([*command, "-o", "/dev/stdout"], capture_output=True, check=False)
    assert (result.returncode, result.stdout[: len(plain)]) == (0, plain)


def test_a_new_file_has_the_mode_of_new_files(picture: Path) -> None:
    file, other = picture.with_name("model.py"), picture.with_name("other")
    assert run("generate", picture, "--to", "torch", "-o", file).exit_code == 0
    other.write_text("")
    assert file.stat().st_mode == other.stat().st_mode


@pytest.mark.parametrize("command", WRITERS)
def test_several_models_are_never_put_into_a_folder_that_looks_like_a_file(
    picture: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    picture.write_text(TWO)
    monkeypatch.setattr("seqdsl.cli.commands.watch.versions", lambda *_: [TWO.encode()])
    name, *options = WRITERS[command]
    output = picture.with_name("five.svg")
    result = run(name, picture, *options, "-o", output)
    assert "has 2 models: choose one with --model, or give a folder with -o" in result.output
    assert result.exit_code == (0 if command == "watch" else 2)
    assert not output.exists()


@pytest.mark.parametrize("command", WRITERS)
def test_one_of_several_models(
    picture: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    picture.write_text(TWO)
    monkeypatch.setattr("seqdsl.cli.commands.watch.versions", lambda *_: [TWO.encode()])
    name, *options = WRITERS[command]
    output = picture.with_name("out")
    result = run(name, picture, *options, "-o", output, "--model", "second")
    assert result.exit_code == 0 and f"wrote {output}\n" in result.output
    text = output.read_text().lower()
    assert "second" in text and "first" not in text
    wrong = run(name, picture, *options, "-o", output, "--model", "three")
    assert "has no model 'three': choose from first, second" in wrong.output


def test_a_name_that_ends_with_a_slash_is_a_folder(picture: Path) -> None:
    result = run("generate", picture, "--to", "keras", "-o", f"{picture.parent}/new/")
    file = picture.parent / "new" / "picture.py"
    assert result.output == f"wrote {file}\n" and file.exists()


def test_check_compares_the_chosen_model(picture: Path) -> None:
    picture.write_text(TWO)
    file = picture.with_name("two.py")
    generate = ("generate", picture, "--to", "torch", "--model", "second", "-o", file)
    assert run(*generate, "--check").exit_code == 1
    assert run(*generate).exit_code == 0
    assert run(*generate, "--check").exit_code == 0


CALLS = (
    "model inner\n\nH   dense(3)\n|\nX   input(2)\n\nmodel outer\n\nY   inner\n|\nX   input(2)\n"
)


@pytest.mark.parametrize("command", ["generate", "watch"])
def test_a_model_that_is_called_is_written_into_its_caller(
    picture: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    picture.write_text(CALLS)
    monkeypatch.setattr("seqdsl.cli.commands.watch.versions", lambda *_: [CALLS.encode()])
    file = picture.with_name("model.py")
    assert run(command, picture, "--to", "torch", "-o", file).exit_code == 0
    assert "class Inner" in file.read_text() and "class Outer" in file.read_text()
    shown = run(command, picture, "--to", "torch").stdout
    assert shown.endswith(file.read_text())
    # In a folder each model has a file; by its name each is written alone.
    run(command, picture, "--to", "torch", "-o", f"{picture.parent}/all/")
    assert sorted(item.name for item in (picture.parent / "all").iterdir()) == [
        "inner.py",
        "outer.py",
    ]
    run(command, picture, "--to", "torch", "-o", file, "--model", "inner")
    assert "class Outer" not in file.read_text()
