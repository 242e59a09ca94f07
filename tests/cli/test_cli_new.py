"""``seqdsl new``: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seqdsl.catalogue.entries import CATALOGUE
from seqdsl.catalogue.entry import Entry
from seqdsl.cli.main import cli


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["new", *arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_alone_it_lists_the_catalogue() -> None:
    result = run()
    assert result.exit_code == 0
    names = [line.split()[0] for line in result.output.splitlines() if not line.startswith(" ")]
    assert names == [entry.name for entry in CATALOGUE]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("--input 20,4 --output 25,1", 0, "20,4 → 25,1: 5 pictures, most likely first"),
        ("--input 4 --output 1", 0, "4 → 1: 1 picture\n"),
        ("--input 20,4 --output 2 --output 3", 0, "20,4 → 2 + 3: 1 picture\n"),
        (
            "--input 20,4 --output 2 --output 3",
            0,
            "new two-heads --input 20,4 --output 2 --output 3",
        ),
        ("--input 20,4 --output 3 --output 20,5", 0, "  In this order: 20,4 → 20,5 + 3\n"),
        (
            "tags-and-label --input 9,4 --output 3 --output 9,5 -o -",
            0,
            "in this order: 9,4 → 9,5 + 3",
        ),
        ("--input 20,4 --output 1 --output 2 --output 3", 1, "of one and two outputs"),
        ("--input 20,4 --input 5 --output 2", 0, "20,4 + 5 → 2: 3 pictures"),
        ("--input tokens:10 --output 20,5", 0, "tokens(10)"),
        ("--input 20,4 --output tokens:9", 2, "give --output 9"),
        ("three-encoders --steps 6,3,4,5 -o -", 2, "has three lengths, not 4"),
        ("two-decoders --steps 6,3,4,5 -o -", 2, "has three lengths, not 4"),
        ("two-heads --input 20,4 --output 2 -o -", 2, "to a vector and a vector"),
        ("--input 20,4 --output 25,1 --units 48", 0, "lstm(48, name=decoder)"),
        ("--input *,4 --output 1", 0, "seqdsl new many-to-one --input '*,4' --output 1"),
        ("--input 1,4 --output 1", 1, "4 → 1"),
        ("--input 20,4", 2, "both --input and --output"),
        ("--output 20,4", 2, "both --input and --output"),
        ("--input 20,x --output 1", 2, "is not a valid shape"),
        ("--input 20,4 --output 20,tokens:9", 2, "give --output 20,9"),
        ("--input 20,4 --output 1 --steps 3", 2, "cannot be combined"),
        ("--input 20,4 --output 1 -o x.seq", 2, "need a NAME"),
        ("--steps 3", 2, "need a NAME"),
        ("many-to-won", 2, "did you mean many-to-one?"),
        ("../../etc/passwd", 2, "unknown picture"),
        ("many-to-one --steps x", 2, "is not a valid shape"),
        ("many-to-one --steps 6,3 -o -", 2, "has one length, not 2"),
        ("one-to-one --steps 6 -o -", 2, "has no lengths, not 1"),
        ("last-n --steps 3,5 -o -", 2, "at least 6 steps"),
        ("many-to-one --units 0 -o -", 2, "0"),
        ("self-attention --units 5 -o -", 2, "do not divide"),
        ("last-n --input 20,4 --output 25,1 -o -", 2, "at least 26 steps"),
        ("many-to-one -o no/such/folder/x.seq", 2, "no such file or directory"),
    ],
)
def test_what_it_says(folder: Path, arguments: str, code: int, said: str) -> None:
    result = run(*arguments.split())
    assert (result.exit_code, said in result.output) == (code, True), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_a_written_file_passes_check(folder: Path, entry: Entry) -> None:
    name = entry.name
    assert run(name).output == f"wrote {name}.seq\n"
    text = (folder / f"{name}.seq").read_text("utf-8")
    assert text.startswith(f"# {name}: ")
    assert run(name, "-o", "-").output == text
    checked = CliRunner().invoke(cli, ["check", f"{name}.seq"])
    assert checked.exit_code == 0
    # A picture that calls another has that in its file, too.
    assert checked.output.endswith(
        "2 models, no problems\n" if entry.called else "1 model, no problems\n"
    )


def test_a_file_is_not_overwritten_unless_forced(folder: Path) -> None:
    file = folder / "mine.seq"
    file.write_text("precious")
    refused = run("many-to-one", "-o", "mine.seq")
    assert refused.exit_code == 2
    assert "--force" in refused.output
    assert file.read_text() == "precious"
    assert run("many-to-one", "-o", "mine.seq", "--force").exit_code == 0
    assert file.read_text().startswith("# many-to-one")


def test_steps_features_and_units_are_drawn() -> None:
    options = ("--steps", "20,3", "--features", "7", "--units", "48")
    text = run("encoder-decoder", *options, "-o", "-").output
    assert "input(7)" in text
    assert "lstm(48, name=encoder)" in text
    assert "n = 20" in text
    assert "m = " not in text


def test_the_command_that_a_listing_ends_with_writes_its_first_picture(folder: Path) -> None:
    output = run("--input", "*,tokens:50", "--output", "2").output
    command = output.rstrip().rpartition(": ")[2].replace("'", "")
    assert run(*command.split()[2:]).exit_code == 0
    assert "tokens(50)" in (folder / "many-to-one.seq").read_text()


def test_an_arrow_is_spelled_where_it_cannot_be_shown() -> None:
    shapes = ["new", "--input", "4", "--output", "1"]
    output = CliRunner(charset="ascii").invoke(cli, shapes).output
    assert output.startswith("4 -> 1: ")
