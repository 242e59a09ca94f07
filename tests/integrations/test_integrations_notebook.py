"""Notebooks: a model shows itself as its drawing, ``%%seq`` compiles a cell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from seqdsl.api import Model, compile

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
BAD = "Y Y   dense(2)\n|  |\nX X   input(8)\n"
TWO = f"model one\n{GOOD}\nmodel two\n{GOOD}"


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "seqdsl")
    yield shell
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


def test_a_model_shows_its_drawing() -> None:
    model = compile(GOOD)
    bundle = model._repr_mimebundle_(include=None, exclude=None)
    assert bundle["image/svg+xml"] == model._repr_svg_() == model.draw("svg")
    assert bundle["text/plain"].startswith("model: many-to-many aligned · N = 2\n\nY Y")
    assert repr(model) == "<seqdsl.Model model: many-to-many aligned>"


def test_the_cell_is_the_model(shell: InteractiveShell) -> None:
    with capture_output():
        result = shell.run_cell(f"%%seq\n{GOOD}")
    assert isinstance(result.result, Model)
    assert result.result.topology == "many-to-many aligned"


def test_a_name(shell: InteractiveShell) -> None:
    with capture_output() as shown:
        shell.run_cell(f"%%seq tagger\n{GOOD}")
    assert shell.user_ns["tagger"].name == "tagger"
    assert shell.user_ns["tagger"].source("torch") == compile(GOOD, "tagger").source("torch")
    assert [output.data["image/svg+xml"][:4] for output in shown.outputs] == ["<svg"]


def test_several_models(shell: InteractiveShell) -> None:
    with capture_output() as shown:
        shell.run_cell(f"%%seq both\n{TWO}")
    assert [model.name for model in shell.user_ns["both"]] == ["one", "two"]
    assert len(shown.outputs) == 2


def test_a_live_model(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Model, "build", lambda model, target: (model.name, target))
    with capture_output():
        shell.run_cell(f"%%seq tagger --build torch\n{GOOD}")
    assert shell.user_ns["tagger"] == ("tagger", "torch")


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (f"%%seq tagger\n{BAD}", "tagger:2:4: error[SEQ202]"),
        (f"%%seq 1+1\n{GOOD}", "'1+1' is not a valid variable name"),
        ("%%seq tagger\n# nothing", "SEQ"),
        (f"%%seq tagger --build jax\n{GOOD}", "invalid choice: 'jax'"),
    ],
)
def test_errors_stop_the_notebook(shell: InteractiveShell, cell: str, told: str) -> None:
    with capture_output() as shown:
        result = shell.run_cell(cell)
    assert not result.success
    assert told in shown.stderr
    assert "Traceback" not in shown.stderr + shown.stdout
    assert "tagger" not in shell.user_ns


def test_a_missing_framework_is_told(
    shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(model: Model, target: str) -> None:
        raise ImportError(f"No module named {target!r}")

    monkeypatch.setattr(Model, "build", build)
    with capture_output() as shown:
        result = shell.run_cell(f"%%seq --build torch\n{GOOD}")
    assert not result.success
    assert "pip install 'seqdsl[torch]'" in shown.stderr


def test_warnings_are_shown(shell: InteractiveShell) -> None:
    with capture_output() as shown:
        result = shell.run_cell(f"%%seq\n{GOOD}\nunused = 3")
    assert result.success
    assert "warning[" in shown.stderr
