"""`import seqdsl`, `check` and `generate` leave the frameworks alone; this test can fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FRAMEWORKS = {"keras", "tensorflow", "torch"}

PICTURE = str(Path(__file__).resolve().parents[2] / "examples" / "one-to-one.seq")

# A finder sees every import that is tried, also one that fails and is caught.
PROBE = """
import json, sys

class Recorder:
    tried = set()

    def find_spec(self, name, path=None, target=None):
        self.tried.add(name.partition(".")[0])

code, answer = sys.argv[1:]
sys.meta_path.insert(0, Recorder())
status = 0
try:
    exec(code)
except SystemExit as end:
    status = end.code or 0
with open(answer, "w") as file:
    json.dump({"status": status, "imported": sorted(Recorder.tried | set(sys.modules))}, file)
"""

COMPILE = "import seqdsl; model = seqdsl.compile('O\\n|\\nO'); "


def imported_by(code: str, folder: Path) -> set[str]:
    """The packages that a fresh process imports, or tries to, while it runs ``code``."""
    answer = folder / "imported.json"
    done = subprocess.run(
        [sys.executable, "-c", PROBE, code, str(answer)],
        check=False,
        capture_output=True,
        text=True,
    )
    # Code that stops before it comes to its imports would prove nothing.
    assert done.returncode == 0, done.stderr
    found = json.loads(answer.read_text())
    assert found["status"] == 0, done.stdout + done.stderr
    return set(found["imported"])


def command(*arguments: str) -> str:
    """Code that runs the command line with these arguments."""
    argv = ["seqdsl", *arguments]
    return f"import sys; from seqdsl.cli.main import main; sys.argv = {argv}; main()"


LIGHT = {
    "import": "import seqdsl",
    "import all": "from seqdsl import *",
    "compile": COMPILE + "model.source('keras'); model.source('torch'); model.graph",
    "help": command("--help"),
    "new": command("new", "--input", "20,4", "--output", "25,1"),
    "check": command("check", PICTURE),
    "check json": command("check", "--format", "json", PICTURE),
    "generate keras": command("generate", PICTURE, "--to", "keras"),
    "generate torch": command("generate", PICTURE, "--to", "torch"),
    "draw svg": command("draw", PICTURE),
    "draw png": command("draw", PICTURE, "--format", "png", "-o", os.devnull),
    "draw pdf": command("draw", PICTURE, "--format", "pdf", "-o", os.devnull),
}


@pytest.mark.parametrize("name", LIGHT)
def test_frameworks_stay_out(name: str, tmp_path: Path) -> None:
    imported = imported_by(LIGHT[name], tmp_path)
    assert "seqdsl" in imported
    assert not imported & FRAMEWORKS


@pytest.mark.parametrize("framework", sorted(FRAMEWORKS))
def test_an_import_is_noticed(framework: str, tmp_path: Path) -> None:
    """The test above can fail: even an import that goes wrong and is caught does not escape it."""
    (tmp_path / f"{framework}.py").write_text("raise ImportError('not today')")
    find = f"sys.path.insert(0, {str(tmp_path)!r})"
    code = f"{find}\ntry: import {framework}\nexcept ImportError: pass"
    assert framework in imported_by(code, tmp_path)


def test_building_is_noticed(tmp_path: Path) -> None:
    """The test above can fail: what seqdsl itself imports when asked to is seen."""
    assert "torch" in imported_by(COMPILE + "model.build('torch')", tmp_path)
