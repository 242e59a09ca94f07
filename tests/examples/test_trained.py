"""The scripts that train models run, in their tiny forms; and they fail where nothing is learned."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from seqdsl.cli.main import cli

FOLDER = Path(__file__).parents[2] / "examples" / "trained"

SCRIPTS = {
    "number_words": ("number_words_torch",),
    "number_words_attention": ("number_words_torch", "--attention"),
    "number_words_reverse": ("number_words_torch", "--attention", "--reverse"),
    "number_words_transfer": ("number_words_transfer",),
    "text": ("text_torch",),
    "forecast": ("forecast_torch",),
    "answers": ("answers_torch",),
}
"""Each script with its options."""


def run(name: str, folder: Path, *options: str) -> None:
    script, *others = SCRIPTS[name]
    import_module(script).main([*others, *options, "--tiny", "--output", str(folder)])


def in_this_process(command: Sequence[str], *, check: bool) -> None:
    """What a script asks `seqdsl` in a process of its own, with the frameworks that others have imported."""
    assert check and list(command[:3]) == [sys.executable, "-m", "seqdsl"]
    done = CliRunner().invoke(cli, list(command[3:]))
    assert done.exit_code == 0, done.output


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of a script is where it finds its modules."""
    monkeypatch.syspath_prepend(FOLDER)
    monkeypatch.setenv("MPLBACKEND", "agg")


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_reaches_its_goal(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", in_this_process)
    run(name, tmp_path)
    (measured,) = tmp_path.glob("*.json")
    assert json.loads(measured.read_text("utf-8"))
    assert measured.with_suffix(".png").stat().st_size > 5000


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "torch.distributed.run", "--nproc-per-node", "2", "devices_torch.py"],
        ["devices_keras.py"],
    ],
    ids=["torch", "keras"],
)
def test_two_devices_do_what_one_does(command: list[str], tmp_path: Path) -> None:
    """Each in a process of its own: the one starts two, the other needs another backend than the rest."""
    done = subprocess.run(
        [sys.executable, *command, "--tiny", "--output", str(tmp_path)],
        cwd=FOLDER,
        # JAX compiles more than it computes here.
        env={**os.environ, "JAX_DISABLE_MOST_OPTIMIZATIONS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (measured,) = tmp_path.glob("*.json")
    assert json.loads(measured.read_text("utf-8"))["largest_difference_to_one_device"] < 1e-4


@pytest.mark.parametrize("name", ["number_words", "text", "forecast", "answers"])
def test_a_script_fails_where_nothing_is_learned(name: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="the goal is"):
        run(name, tmp_path, "--rate", "0")


def test_the_page_has_what_was_measured(golden: Callable[[Path, str], None]) -> None:
    page = import_module("page")
    golden(page.PAGE, page.page(page.PAGE.read_text("utf-8")))
