"""``seqdsl draw``: what it writes, where, and with which exit code."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seqdsl.api import compile
from seqdsl.cli.commands import draw as command
from seqdsl.cli.main import cli
from seqdsl.draw import FORMS
from seqdsl.draw.themes import THEMES

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
BAD = "Y Y   dense(2)\n|  |\nX X   input(8)\n"
TWO = f"model one\n{GOOD}\nmodel two\n{GOOD}"


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["draw", *arguments], input=text)


def test_forms_and_themes_are_those_of_the_library() -> None:
    assert command.FORMS == FORMS
    theme = next(item for item in command.draw.params if item.name == "theme")
    assert tuple(getattr(theme.type, "choices")) == THEMES  # noqa: B009


@pytest.mark.parametrize(
    ("form", "start"),
    [("svg", "<svg "), ("dot", "digraph "), ("mmd", "---\n"), ("txt", "model stdin\n\nY Y")],
)
def test_standard_output(form: str, start: str) -> None:
    result = run("-", "-o", "-", "--format", form, text=GOOD)
    assert result.exit_code == 0
    assert result.stdout.startswith(start)


def test_svg_is_the_usual_form() -> None:
    assert run("-", text=GOOD).stdout == compile(GOOD, "<stdin>").draw("svg")


@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF-")])
def test_bytes_to_a_pipe(form: str, start: bytes) -> None:
    assert run("-", "--format", form, text=GOOD).stdout_bytes.startswith(start)


@pytest.mark.parametrize("form", FORMS)
def test_the_ending_tells_the_form(tmp_path: Path, form: str) -> None:
    picture, target = tmp_path / "some.seq", tmp_path / "new" / f"drawing.{form.upper()}"
    picture.write_text(GOOD)
    assert run(str(picture), "-o", str(target)).exit_code == 0
    drawn = compile(GOOD, "some.seq").draw(form)
    assert target.read_bytes() == (drawn.encode() if isinstance(drawn, str) else drawn)


def test_theme() -> None:
    assert run("-", "--theme", "dark", text=GOOD).stdout == compile(GOOD, "<stdin>").draw(
        "svg", "dark"
    )


def test_options() -> None:
    model = compile(GOOD, "<stdin>")
    for arguments, drawn in (
        (("--title", "Fig. 1"), model.draw(title="Fig. 1")),
        (("--no-title",), model.draw(title="")),
        (("--scale", "1.5"), model.draw(scale=1.5)),
        (("--transparent",), model.draw(transparent=True)),
    ):
        assert run("-", *arguments, text=GOOD).stdout == drawn != model.draw()


CALLED = f"model inner\n{GOOD}\nmodel outer\nZ Z\n| |\nX X   input(8)\nZ = inner\n"


def test_a_model_that_another_calls_is_drawn_where_there_is_room(tmp_path: Path) -> None:
    result = run("-", "--format", "mmd", text=CALLED)
    assert result.exit_code == 0, result.output
    assert '"outer"' in result.stdout
    assert run("-", "-o", f"{tmp_path}/", text=CALLED).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inner.svg", "outer.svg"]


def test_several_models_go_into_a_folder(tmp_path: Path) -> None:
    assert run("-", "-o", str(tmp_path / "all"), "--format", "dot", text=TWO).exit_code == 0
    assert sorted(item.name for item in (tmp_path / "all").iterdir()) == ["one.dot", "two.dot"]


def test_one_of_several_models() -> None:
    result = run("-", "--model", "two", "--format", "txt", text=TWO)
    assert result.exit_code == 0
    assert result.stdout.startswith("model two\n")


@pytest.mark.parametrize(
    ("arguments", "text", "told"),
    [
        ((), TWO, "has 2 models: choose one with --model"),
        (("-o", "all.svg"), TWO, "has 2 models: choose one with --model"),
        (("--model", "three"), TWO, "has no model 'three': choose from one, two"),
        (("-o", "drawing.gif"), GOOD, "use one of the suffixes .svg, .png, .pdf, .dot, .mmd, .txt"),
        (("-o", "drawing"), GOOD, "cannot tell the format from drawing"),
        (("--format", "gif"), GOOD, "'gif' is not one of"),
        (("-o", "/dev/null/x.svg"), GOOD, "not a directory"),
    ],
)
def test_could_not_run(arguments: tuple[str, ...], text: str, told: str) -> None:
    result = run("-", *arguments, text=text)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())


def test_names_that_stand_twice_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.seq").write_text(GOOD)
    result = run(str(tmp_path), "-o", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "has two models for" in result.stderr


def test_errors_of_the_picture() -> None:
    result = run("-", text=BAD)
    assert result.exit_code == 1
    assert "SEQ202" in result.stderr and not result.stdout


@pytest.mark.parametrize(
    ("form", "package"), [("png", "resvg_py"), ("pdf", "reportlab.pdfgen.canvas")]
)
def test_a_missing_package_is_told(
    form: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    result = run("-", "--format", form, text=GOOD)
    assert result.exit_code == 2
    assert "pip install 'seqdsl[draw]'" in result.stderr


def test_fit() -> None:
    letters = "-".join("H" * 12)
    wide = f"{letters}\n{' '.join('|' * 12)}\n{' '.join('X' * 12)}\n\nX = input(3)\nH = gru(2)\n"
    model = compile(wide, "<stdin>")
    assert run("-", "--fit", "page", text=wide).stdout == model.draw(fit="page") != model.draw()
