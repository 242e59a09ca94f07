"""Numbers of any size are findings, and a fault of ours in one file takes no other with it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from seqdsl.api import analyze
from seqdsl.cli.main import cli
from seqdsl.integrations import texts
from seqdsl.syntax.limits import LARGEST_TEXT

RIGHT = "Y Y   dense(2)\n| |\nX X   input(3)\n"
NUMBERS = [
    "1e400",
    "-1e400",
    "9" * 400,
    "9" * 5000,
    "1e99999999999",
    "2147483648",
    "\uff11\uff12",
    "0x10",
    "1_0",
    "--5",
    "nan",
]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda text: text[:12])
def test_a_parameter_out_of_bounds_is_a_finding(number: str) -> None:
    found = analyze(f"Y Y   dense(n)\n| |\nX X   input(3)\nn = {number}\n").diagnostics
    assert {item.code for item in found} <= {"SEQ102", "SEQ109", "SEQ111"} and found


def test_nothing_is_computed_with_a_number_out_of_bounds() -> None:
    """What is fed back is looked at in any case, at several lengths."""
    text = "Y ... Y   dense(2)\n|     |\nH ... H   gru(units)\n|     |\nX ... X   input(2, feedback=Y)\n"
    for number in ("1e400", "-1e400"):
        found = analyze(f"{text}\nunits = {number}\n").diagnostics
        assert {item.code for item in found if item.is_error} == {"SEQ109"}


EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_loop_that_reads_what_is_unknown_has_no_further_findings() -> None:
    """Some widths of a loop are known, but not all: none of its blocks can be applied."""
    text = (EXAMPLES / "speech-tacotron.seq").read_text("utf-8")
    found = analyze(text.replace("tokens(15", "tokens(1a5")).diagnostics
    assert [item.code for item in found if item.is_error] == ["SEQ102"]


@pytest.mark.parametrize("row", ["O   o...   O", "O   ...o   O", "o   ...   o"])
def test_a_small_o_beside_an_ellipsis_is_a_node(row: str) -> None:
    text = "{0}   dense(2)\n|          |\nX   ...    X   input(3)\n"
    found, same = (analyze(text.format(one)).diagnostics for one in (row, row.upper()))
    assert [item.code for item in found] == [item.code for item in same]


def test_a_window_wider_than_anything_is_drawn() -> None:
    (model,) = analyze("Y Y   conv(2, 2147483647)\n| |\nX X   input(8)\n").models
    assert str(model.draw("svg")).startswith("<svg")


def test_an_infinite_number_takes_no_other_file_with_it(tmp_path: Path) -> None:
    (tmp_path / "a.seq").write_text("O O   dense(2)\n| |\nO O   input(3)\n\nn = 1e400\n", "utf-8")
    (tmp_path / "b.seq").write_text(RIGHT, "utf-8")
    done = CliRunner().invoke(cli, ["check", str(tmp_path)])
    assert done.exit_code == 1
    assert "SEQ109" in done.output and "1 model, 1 error" in done.output


def test_a_fault_of_ours_takes_no_other_file_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.seq", "b.seq"):
        (tmp_path / name).write_text(RIGHT, "utf-8")
    right = texts.analyze_text

    def faulty(text: object) -> object:
        if str(getattr(text, "name", "")).endswith("a.seq"):
            raise RuntimeError("broken")
        return right(text)  # type: ignore[arg-type]

    monkeypatch.setattr(texts, "analyze_text", faulty)
    done = CliRunner().invoke(cli, ["check", str(tmp_path)])
    assert done.exit_code == 2
    assert "a.seq: internal error in seqdsl: RuntimeError: broken" in done.output
    assert "1 model, no problems" in done.output
    monkeypatch.setenv("SEQDSL_TRACEBACK", "1")
    assert "Traceback" in CliRunner().invoke(cli, ["check", str(tmp_path)]).output


UNREADABLE = {
    "no syntax": b'"""```seq"""\ndef (:\n',
    "nested": b'"""seq"""\nx = ' + b"(" * 100_000 + b")" * 100_000,
    "operators": b'"""seq"""\nx = ' + b"-" * 100_000 + b"1",
    "a number": b'"""seq"""\nx = ' + b"9" * 5_000,
    "a null": b'"""seq"""\n\x00',
    "no encoding": b"# coding: nothing\n'seq'",
    "no UTF-8": b"'seq'\n\xff",
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_an_unreadable_file_takes_no_other_with_it(what: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(UNREADABLE[what])
    (tmp_path / "b.seq").write_text(RIGHT, "utf-8")
    paths = [str(tmp_path / "a.py"), str(tmp_path / "nowhere.seq"), str(tmp_path / "b.seq")]
    done = CliRunner().invoke(cli, ["check", *paths])
    assert done.exit_code == 2
    assert f"Error: {paths[0]}" in done.output and "cannot be read as Python" in done.output
    assert f"Error: {paths[1]}: no such file" in done.output
    assert "1 model, no problems" in done.output and "Traceback" not in done.output


def test_a_run_of_unreadable_files_alone_is_none(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["check", str(tmp_path / "a.seq"), str(tmp_path / "b.seq")])
    assert done.exit_code == 2
    assert done.output.count("no such file") == 2 and "models" not in done.output


def test_an_unreadable_folder_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.seq").write_text(RIGHT, "utf-8")
    (tmp_path / "closed").mkdir()
    right = Path.iterdir

    def closed(path: Path) -> Iterator[Path]:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return right(path)

    monkeypatch.setattr(Path, "iterdir", closed)
    done = CliRunner().invoke(cli, ["check", str(tmp_path)])
    assert done.exit_code == 2
    assert "closed: permission denied" in done.output and "1 model, no problems" in done.output


@pytest.mark.parametrize(
    "text",
    [
        "> " * 3_000 + "```seq\n" + "> " * 3_000 + "O\n",
        "- " * 3_000 + "```seq\nO\n",
        "".join(f"{'  ' * depth}- a\n" for depth in range(300)) + "  " * 300 + "```seq\nO\n",
        "`" * 50_000 + "seq\nO\n",
        "```seq\n" * 5_000,
        "[" * 50_000 + "seq" + "]" * 50_000,
        "> - " * 2_000 + "~~~seq\nO\n|\nO\n",
    ],
    ids=lambda text: text[:8],
)
def test_markdown_nested_absurdly(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(text, "utf-8")
    (tmp_path / "b.seq").write_text(RIGHT, "utf-8")
    start = time.process_time()
    done = CliRunner().invoke(cli, ["check", str(tmp_path / "a.md"), str(tmp_path / "b.seq")])
    assert time.process_time() - start < 10
    assert done.exit_code in (0, 1) and "internal error" not in done.output


NUMBERS_OF_SHAPES = [
    "nan", "1e9", "-1", "0", "", "1_0", "\uff12", "\xb2", "0x10", "9" * 10, "9" * 400, "9" * 5_000, "2," * 5_000 + "2",
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS_OF_SHAPES, ids=lambda text: text[:8])
def test_shapes_of_any_size(number: str, tmp_path: Path) -> None:
    picture = tmp_path / "a.seq"
    picture.write_text(RIGHT, "utf-8")
    for shape in (number, f"{number},4", f"20,{number}", f"20,tokens:{number}", f"x={number}"):
        for command in (
            ["new", "--input", shape, "--output", "4"],
            ["new", "--input", "20,4", "--output", shape],
            ["new", "many-to-one", "--steps", shape, "-o", "-"],
            ["new", "many-to-one", "--units", number, "-o", "-"],
            ["check", str(picture), "--data", shape],
            ["check", str(picture), "--data", "4,2,3", "--target", f"4,{shape}"],
        ):
            done = CliRunner().invoke(cli, command)
            assert done.exit_code in (0, 1, 2), command
            assert isinstance(done.exception, SystemExit | None), command


def test_a_sparse_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge.seq").open("wb") as file:
        file.truncate(20 * 2**30)
    done = CliRunner().invoke(cli, ["check", str(tmp_path / "huge.seq")])
    assert done.exit_code == 1
    assert f"SEQ110] the text is larger than {LARGEST_TEXT // 2**20} MiB" in done.output


def test_settings_nested_too_deep(tmp_path: Path) -> None:
    (tmp_path / "a.seq").write_text(RIGHT, "utf-8")
    text = f"[tool.seqdsl]\ninclude = {'[' * 2000}{']' * 2000}\n"
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    done = CliRunner().invoke(cli, ["check", str(tmp_path / "a.seq")])
    assert done.exit_code == 2
    assert "pyproject.toml" in done.output and "Traceback" not in done.output
