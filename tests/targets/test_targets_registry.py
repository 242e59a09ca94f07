"""A target is one folder: its name is nowhere else, and one of another package is found by its entry point."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from seqdsl.targets import TARGETS, find

ROOT = Path(__file__).parents[2]

EXEMPT = {
    "seqdsl/explain/idioms.py": "says what a framework has for what is drawn",
    "seqdsl/explain/table.py": "a column for each framework whose models can be trained",
    "seqdsl/analysis/parameter_counts.py": "counts weights as each framework keeps them",
    "seqdsl/porting/opening.py": "the reader of each kind of model",
    "seqdsl/porting/origin.py": "tells the framework of the user's model, or file",
    "seqdsl/syntax/names.py": "words that mean something in generated code",
    "seqdsl/verify/against.py": "tells the framework of the user's model by what its module imports",
    "seqdsl/verify/cache.py": "the packages whose versions a result depends on",
    "seqdsl/verify/checks/dependence.py": "advice for a mistake that is PyTorch's alone",
    "seqdsl/verify/generated_job.py": "what only predicts holds the weights of PyTorch",
    "seqdsl/verify/programs.py": "the backend that Keras runs on",
}
"""Where a target is named outside of its folder, and why."""


def named(path: Path) -> bool:
    """Whether a module has the name of a target among its texts; docstrings do not count."""
    tree = ast.parse(path.read_text("utf-8"))
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return any(
        isinstance(node, ast.Constant) and node.value in TARGETS and id(node) not in prose
        for node in ast.walk(tree)
    )


def test_a_target_is_one_folder() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "seqdsl").rglob("*.py")
        # An importer is a folder for each framework, too.
        if not {"targets", "importers"} & set(path.parts) and named(path)
    }
    assert found <= EXEMPT.keys(), "these decide by the name of a target"
    assert found >= EXEMPT.keys() - {"seqdsl/syntax/names.py"}, "these need no exemption any more"


@pytest.mark.parametrize("name", TARGETS)
def test_records(name: str) -> None:
    assert find(name).package == f"seqdsl.targets.{name}"


TOY = """
from seqdsl.targets.notes import Module
from seqdsl.targets.target import Target

TARGET = Target("toy", "Toy", __name__, trains=False)


def write(graph):
    text = f"# {graph.name}: {', '.join(node.kind for node in graph.nodes)}\\n"
    return Module(text, graph.parameters, ())
"""


def command(
    folder: Path, entry: str, *arguments: str, module: str = TOY
) -> subprocess.CompletedProcess[str]:
    """Run seqdsl where another package registers the target ``toy``."""
    (folder / "seqdsl_toy.py").write_text(module, "utf-8")
    info = folder / "seqdsl_toy-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: seqdsl-toy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[seqdsl.targets]\ntoy = {entry}\n")
    return subprocess.run(
        [sys.executable, "-m", "seqdsl", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_target_of_another_package(tmp_path: Path) -> None:
    done = command(
        tmp_path, "seqdsl_toy:TARGET", "generate", "examples/many-to-one.seq", "--to", "toy"
    )
    assert done.stdout == "# many-to-one: input, lstm, output\n", done.stderr


@pytest.mark.parametrize(
    ("entry", "module"),
    [
        ("seqdsl_toy:MISSING", TOY),
        ("seqdsl_toy:TARGET", "import nothing_of_this_name\n"),
        ("seqdsl_toy:TARGET", "TARGET = 7\n"),
    ],
    ids=["no such attribute", "import fails", "no target"],
)
def test_a_target_that_cannot_be_loaded_is_a_sentence(
    entry: str, module: str, tmp_path: Path
) -> None:
    picture = "examples/many-to-one.seq"
    done = command(tmp_path, entry, "generate", picture, "--to", "toy", module=module)
    assert done.returncode == 2
    assert "the target `toy` cannot be loaded: " in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_target_names_all(tmp_path: Path) -> None:
    done = command(
        tmp_path, "seqdsl_toy:TARGET", "generate", "examples/many-to-one.seq", "--to", "jax"
    )
    assert done.returncode == 2
    assert "choose from keras, torch, numpy, toy" in done.stderr
