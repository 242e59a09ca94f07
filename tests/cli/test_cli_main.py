"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import seqdsl
from seqdsl import __version__
from seqdsl.cli.main import cli
from seqdsl.ir import parse_all
from seqdsl.ir.json import from_json

EXAMPLES = Path(__file__).parents[2] / "examples"
GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
BAD = "Y Y   dense(2)\n|  |\nX X   input(8)\n"
UNUSED = GOOD + "\nunits = 3\n"
TWO = f"model one\n{GOOD}\nmodel two\n{GOOD}"
FREE = "Y Y ..n.. Y   dense(2)\n| |       |\nX X ..n.. X   input(8)\n"


def run(*arguments: str, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), input=text)


def test_version() -> None:
    assert run("--version").output == f"seqdsl, version {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "text", "code"),
    [
        (("check", "-"), GOOD, 0),
        (("check", "-"), UNUSED, 0),
        (("check", "-"), BAD, 1),
        (("check", "-"), "", 1),
        (("check", "-"), b"\xff\xfe\x00", 1),
        (("check", "nowhere.seq"), None, 2),
        (("check",), None, 2),
        (("check", "-", "--format", "xml"), GOOD, 2),
        (("generate", "-", "--to", "keras"), GOOD, 0),
        (("generate", "-", "--to", "torch"), BAD, 1),
        (("generate", "-", "--to", "keras"), TWO, 2),
        (("generate", "-", "--to", "jax"), GOOD, 2),
        (("generate", "-"), GOOD, 2),
        (("generate", "-", "--to", "keras", "-o", "no/such/folder/file.py"), GOOD, 2),
        (("verify", "nowhere"), None, 2),
        (("verify", "-", "--to", "torch"), BAD, 1),
    ],
)
def test_exit_code(arguments: tuple[str, ...], text: str | bytes | None, code: int) -> None:
    result = run(*arguments, text=text)
    assert result.exit_code == code
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_check_prints_what_was_inferred() -> None:
    output = run("check", "-v", str(EXAMPLES / "translation.seq")).output
    for part in (
        "encoder-decoder",
        "N = 5",
        "state handoff",
        "(6,) int32",
        "(5, 50)",
        "keras 18,402",
        "1 model, no problems",
    ):
        assert part in output


def test_check_of_a_folder_reads_every_file(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    for name in ("b.seq", "a.seq", "inner/c.seq"):
        (tmp_path / name).write_text(GOOD)
    (tmp_path / "notes.txt").write_text("no picture")
    result = run("check", "-v", str(tmp_path))
    assert result.exit_code == 0
    names = [
        line.split(": ")[1] for line in result.output.splitlines() if line.startswith(str(tmp_path))
    ]
    assert names == ["a", "b", "c"]
    assert run("check", str(tmp_path / "inner" / "nothing")).exit_code == 2


def test_an_empty_folder_cannot_be_checked(tmp_path: Path) -> None:
    assert run("check", str(tmp_path)).exit_code == 2


def test_findings_of_all_files_are_printed(tmp_path: Path) -> None:
    for name in ("one.seq", "two.seq"):
        (tmp_path / name).write_text(BAD)
    output = run("check", str(tmp_path)).output
    assert output.count("SEQ202") == 2
    assert output.endswith("0 models, 2 errors\n")


def test_the_meaning_as_text() -> None:
    """All models as one text that can be read back; what was found is said elsewhere."""
    done = run("check", "-", "--format", "ir", text=f"{TWO}\nunits = 3\n")
    assert [graph.name for graph in parse_all(done.stdout)] == ["one", "two"]
    assert "SEQ113" in done.stderr and done.exit_code == 0
    broken = run("check", "-", "--format", "ir", text=BAD)
    assert (broken.stdout, broken.exit_code) == ("", 1)


def test_json_schema() -> None:
    found = json.loads(run("check", "-", "--format", "json", text=UNUSED).output)
    assert set(found) == {"models", "diagnostics", "fixes"}
    assert found["fixes"] == []
    (model,) = found["models"]
    assert from_json(model.pop("ir")) == seqdsl.compile(UNUSED, "stdin.seq").ir
    assert model == {
        "file": "<stdin>",
        "line": 1,
        "name": "stdin",
        "topology": "many-to-many aligned",
        "qualifiers": [],
        "n": [2],
        "inputs": [{"name": "x", "shape": [2, 8], "dtype": "float32"}],
        "outputs": [{"name": "y", "shape": [2, 2]}],
        "states": [],
        "parameters": {"keras": 18, "torch": 18},
        "layers": [
            {
                "name": "dense_y",
                "kind": "dense",
                "width": 8,
                "units": 2,
                "parameters": {"keras": 18, "torch": 18},
            }
        ],
    }
    (finding,) = found["diagnostics"]
    assert finding == {
        "code": "SEQ113",
        "severity": "warning",
        "file": "<stdin>",
        "line": 5,
        "column": 1,
        "end_column": 6,
        "message": "the parameter `units` is not used",
        "hint": "use it, or remove it",
        "related": [],
        "url": "https://github.com/seqdsl/seqdsl/blob/main/docs/errors.md#seq113-a-parameter-that-is-not-used-warning",
    }


def test_json_has_fixes_and_related_places() -> None:
    text = "Y Y Y   dense(2)\n| |  |\nX X X   input(8)\n"
    found = json.loads(run("check", "-", "--format", "json", text=text).output)
    (fix,) = found["fixes"]
    assert (fix["file"], fix["codes"], fix["preferred"]) == ("<stdin>", ["SEQ202"], True)
    place = {"line": 2, "column": 5, "end_line": 2, "end_column": 6}
    assert fix["changes"] == [{**place, "text": ""}]
    twice = "H H\n| |\nX X\n\nX = input(4)\nX = input(5)\n"
    *_, finding = json.loads(run("check", "-", "--format", "json", text=twice).output)[
        "diagnostics"
    ]
    assert finding["related"] == [
        {"line": 5, "column": 1, "end_column": 2, "message": "first defined here"}
    ]


@pytest.mark.parametrize(("text", "length"), [(FREE, "n"), (FREE.replace("..n..", " ... "), None)])
def test_json_of_a_free_length(text: str, length: str | None) -> None:
    (model,) = json.loads(run("check", "-", "--format", "json", text=text).output)["models"]
    assert model["n"] == [length]
    assert model["inputs"][0]["shape"] == [length, 8]


@pytest.mark.parametrize("target", ["keras", "torch"])
def test_generate_writes_what_it_prints(tmp_path: Path, target: str) -> None:
    printed = run("generate", "-", "--to", target, text=GOOD).output
    ast.parse(printed)
    file = tmp_path / "model.py"
    result = run("generate", "-", "--to", target, "-o", str(file), text=GOOD)
    assert result.output == f"wrote {file}\n"
    assert file.read_text("utf-8") == printed


def test_several_models_go_into_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    assert run("generate", "-", "--to", "keras", "-o", str(folder), text=TWO).exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["one.py", "two.py"]


def test_findings_stay_out_of_generated_source() -> None:
    command = [sys.executable, "-m", "seqdsl", "generate", "-", "--to", "keras"]
    done = subprocess.run(command, input=UNUSED, capture_output=True, text=True, check=True)
    ast.parse(done.stdout)
    assert "SEQ113" in done.stderr


@pytest.mark.parametrize("arguments", ["check -v {}", "draw {}/stacked.seq", "new"])
def test_a_reader_that_goes_away_ends_it_as_it_ends_other_tools(arguments: str) -> None:
    seqdsl = f"{sys.executable} -m seqdsl {arguments.format(EXAMPLES)}"
    # What reads is gone before anything is written.
    command = ["bash", "-c", f"{{ sleep 1; {seqdsl}; echo $? >&2; }} | true"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == "141\n"


def test_check_is_short_verbose_or_quiet() -> None:
    file = str(EXAMPLES / "stacked.seq")
    assert run("check", file).output == "1 model, no problems\n"
    assert "many-to-one" in run("check", file, "-v").output
    assert run("check", file, "-q").output == ""
    unused = run("check", "-", "-q", text=UNUSED)
    assert "SEQ113" in unused.output and "1 model" not in unused.output
    assert run("check", file, "-q", "-v").exit_code == 2


def test_a_table_on_a_terminal_names_its_file() -> None:
    file = str(EXAMPLES / "stacked.seq")
    assert f"{file}: stacked" in run("check", file, "-v", "--color", "always").output


def test_no_colours_in_a_pipe() -> None:
    command = [sys.executable, "-m", "seqdsl", "check", str(EXAMPLES / "stacked.seq"), "-"]
    done = subprocess.run(command, input=BAD, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["new", "check", "watch", "generate", "verify"])
def test_help_has_examples(command: str) -> None:
    assert f"seqdsl {command} " in run(command, "--help").output.partition("Options")[0]
