"""``seqdsl draw lstm`` and ``--cell``: which cell is drawn, where it goes, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seqdsl.cli.main import cli
from seqdsl.draw.cells import draw_cell
from seqdsl.ir.cells import built_in

CELL = "cell plain(units):\n    h = tanh(dense(x, h))\n\n"
PICTURE = "H-H   rnn(4)\n| |\nX X   input(3)\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "some.seq").write_text(CELL + PICTURE, "utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["draw", *arguments])


def test_built_in_cells_to_standard_output_a_file_and_a_folder(folder: Path) -> None:
    drawn = str(draw_cell(built_in()["gru"]))
    assert run("gru").stdout == drawn
    (folder / "drawings").mkdir()
    assert run("gru", "-o", "drawings").exit_code == 0
    assert (folder / "drawings" / "gru.svg").read_text("utf-8") == drawn
    assert run("gru", "-o", "new/step.dot").exit_code == 0
    assert (folder / "new" / "step.dot").read_text("utf-8").startswith('digraph "gru"')


def test_a_cell_of_a_file_need_not_be_used(folder: Path) -> None:
    # In the picture is an rnn; the cell `plain` is only written.
    assert run("some.seq", "--cell", "plain", "--format", "txt").stdout == CELL.rstrip() + "\n"
    assert ">plain</title>" in run("some.seq", "--cell", "plain").stdout


def test_a_file_of_that_name_is_a_file(folder: Path) -> None:
    (folder / "lstm").write_text(PICTURE, "utf-8")
    assert run("lstm", "--format", "txt").stdout.startswith("model lstm\n\nH-H")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("some.seq", "--cell", "other"), "some.seq has no cell 'other': choose from plain"),
        (("lstm", "--cell", "lstm"), "lstm is a built-in cell: --cell needs a file"),
        (("lstm", "--free-run"), "--free-run is not for cells, but for models"),
        (("lstm", "--model", "a"), "--model is not for cells, but for models"),
        (("lstm", "--fit", "page"), "fit is not for cells, but for models"),
        (("lstm", "--format", "dot", "--scale", "2"), "scale is not for dot"),
        (("lstm", "-o", "lstm.jpg"), "cannot tell the format from lstm.jpg"),
        (("some.seq", "--cell", "plain", "-o", "some.seq", "--format", "txt"), "is also read"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(
    folder: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = run(*arguments)
    assert done.exit_code == 2 and message in done.output
    assert (folder / "some.seq").read_text("utf-8") == CELL + PICTURE


def test_findings_of_the_file_are_shown(folder: Path) -> None:
    (folder / "some.seq").write_text(CELL.replace("tanh", "tahn") + PICTURE, "utf-8")
    done = run("some.seq", "--cell", "plain")
    assert done.exit_code == 1 and "tahn" in done.stderr and not done.stdout
