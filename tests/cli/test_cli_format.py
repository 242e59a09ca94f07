"""``seqdsl format``: what it writes, says and returns; the repairs that ``check`` proposes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seqdsl import atomic
from seqdsl.cli.main import cli

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
UGLY = "  Y  Y  dense( 2 )\n  |  |\n  X  X  input(8)"
SLIP = " Y Y   dense(2)\n| |\nX X   input(8)\n"
BAD = "Y Y   dense(2)\n| |\nX     input(8)\n"
OFF = f"# fmt: off\n{UGLY}"


def run(*arguments: str, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["format", *arguments], input=text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"good": GOOD, "ugly": UGLY, "off": OFF}.items():
        (tmp_path / f"{name}.seq").write_bytes(text.encode())
    return tmp_path


def texts(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_bytes().decode() for path in folder.glob("*.seq")}


@pytest.mark.parametrize(
    ("arguments", "text", "code"),
    [
        ((), GOOD, 0),
        ((), UGLY, 0),
        ((), BAD, 1),
        ((), SLIP, 1),
        (("--fix",), SLIP, 0),
        (("--fix",), BAD, 1),
        (("--fix", "--check"), SLIP, 1),
        (("--check",), GOOD, 0),
        (("--check",), UGLY, 1),
        (("--check",), BAD, 1),
        (("--check",), OFF, 0),
        (("--diff",), GOOD, 0),
        (("--diff",), UGLY, 1),
        ((), b"\xff\xfe\x00", 1),
        (("nowhere.seq",), GOOD, 2),
        (("--no-such-option",), GOOD, 2),
    ],
)
def test_exit_code(arguments: tuple[str, ...], text: str | bytes, code: int) -> None:
    result = run("-", *arguments, text=text)
    assert result.exit_code == code
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_pipe_gives_the_picture_and_nothing_else() -> None:
    result = run("-", text=UGLY)
    assert (result.stdout, result.stderr) == (GOOD, "")
    assert run("-", text=b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()).stdout == GOOD
    assert run("-", text=OFF).stdout == OFF


def test_a_pipe_with_errors_gives_no_picture() -> None:
    result = run("-", text=BAD)
    assert result.stdout == ""
    assert "error[SEQ202]" in result.stderr


def test_files_are_rewritten(folder: Path) -> None:
    result = run(str(folder))
    assert result.stdout == "1 file reformatted, 2 files left unchanged\n"
    assert texts(folder) == {"good": GOOD, "ugly": GOOD, "off": OFF}
    assert run(str(folder)).stdout == "3 files left unchanged\n"


def test_files_that_need_nothing_are_not_written(folder: Path) -> None:
    before = (folder / "good.seq").stat().st_mtime_ns
    run(str(folder))
    assert (folder / "good.seq").stat().st_mtime_ns == before


def test_check_lists_and_writes_nothing(folder: Path) -> None:
    result = run("--check", str(folder))
    assert result.stdout == (
        f"would reformat {folder / 'ugly.seq'}\n"
        "1 file would be reformatted, 2 files already formatted\n"
    )
    assert texts(folder)["ugly"] == UGLY


def test_diff_shows_and_writes_nothing(folder: Path) -> None:
    result = run("--diff", str(folder / "ugly.seq"), str(folder / "good.seq"))
    assert "\n-  Y  Y  dense( 2 )\n" in result.stdout
    assert "\n+Y Y   dense(2)\n" in result.stdout
    assert "\n\\ No newline at end of file\n" in result.stdout
    assert "good.seq" not in result.stdout
    assert result.stderr == "1 file would be reformatted, 1 file already formatted\n"
    assert texts(folder)["ugly"] == UGLY


def test_a_file_with_errors_is_left_alone_and_the_others_are_not(folder: Path) -> None:
    (folder / "bad.seq").write_text(BAD)
    result = run(str(folder))
    assert result.exit_code == 1
    assert "bad.seq:2:3: error[SEQ202]" in result.stderr
    assert result.stdout == (
        "1 file reformatted, 2 files left unchanged, 1 file with errors not changed\n"
    )
    assert texts(folder) == {"good": GOOD, "ugly": GOOD, "off": OFF, "bad": BAD}


def test_a_wrong_path_changes_nothing(folder: Path) -> None:
    result = run(str(folder / "ugly.seq"), str(folder / "nowhere.seq"))
    assert result.exit_code == 2
    assert "nowhere.seq: no such file" in result.stderr
    assert texts(folder)["ugly"] == UGLY


@pytest.mark.skipif(sys.platform == "win32", reason="folders without permission are POSIX's")
def test_a_file_that_cannot_be_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(prefix: str, dir: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(atomic, "mkstemp", refuse)
    result = run(str(folder))
    assert result.exit_code == 2
    assert "ugly.seq: permission denied" in result.stderr


def test_fix_mends_and_says_so(folder: Path) -> None:
    (folder / "slip.seq").write_text(SLIP)
    assert run(str(folder)).exit_code == 1
    assert texts(folder)["slip"] == SLIP
    result = run("--fix", str(folder))
    assert result.exit_code == 0
    assert result.stderr == f"{folder / 'slip.seq'}: line 1 moved one column to the left\n"
    assert texts(folder)["slip"] == GOOD


def test_tabs_become_blanks() -> None:
    text = "\tY Y\tdense(2)\n\t| |\n\tX X\tinput(8)\n"
    assert run("-", text=text).stdout == GOOD
    two = "Y\tY   dense(2)\n| |\nX X   input(8)\n"
    assert "error[SEQ103]" in run("-", text=two).stderr
    assert run("-", "--fix", text=two).stdout == GOOD


def check(text: str) -> str:
    return CliRunner().invoke(cli, ["check", "-"], input=text).stdout


def test_check_proposes_a_repair() -> None:
    assert (
        "\n  = fix: line 1 moved one column to the left; `seqdsl format --fix` does that\n"
        "  1 | Y Y    dense(2)\n"
    ) in check(SLIP)
    assert "= fix" not in check(BAD)
    assert "= fix" not in check(GOOD)


def test_a_comment_cannot_speak_to_the_terminal() -> None:
    found = check(SLIP.replace("\n", "  # \x1b[31m\n", 1))
    assert "= fix" in found
    assert "\x1b" not in found


def test_check_of_a_good_picture_loads_neither_formatter_nor_repair(tmp_path: Path) -> None:
    (tmp_path / "good.seq").write_text(GOOD)
    (tmp_path / "slip.seq").write_text(SLIP)
    probe = (
        "import sys; from seqdsl.cli.main import cli\n"
        "try: cli(['check', sys.argv[1]])\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith('seqdsl.repair')])"
    )

    def loaded(name: str) -> str:
        command = [sys.executable, "-c", probe, str(tmp_path / name)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[-1]

    assert loaded("good.seq") == "[]"
    assert loaded("slip.seq") != "[]"
