"""The page about the architecture: its packages exist, none imports one above it, and no imports run in a circle."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PACKAGES = [
    package.rstrip("/") for package in re.findall(r"^\| `(seqdsl/[^`]+)`", TEXT, re.MULTILINE)
]

# To go, each with the change that opens it.
CORE = {"lark", "networkx", "jinja2"}
OTHERS = {
    # The command line looks for numpy, to say in one sentence that no framework is installed.
    "seqdsl/cli": {"click", "rich", "numpy"},
    "seqdsl/integrations": {"IPython", "markdown_it", "pygments", "pytest", "_pytest"},
    # A cell's equations as numbers: imported where they are evaluated.
    "seqdsl/cells": {"numpy"},
    # What a layer computes, in plain numpy: imported when it is called, which no compile does.
    "seqdsl/layers": {"numpy"},
    "seqdsl/existing.py": {"numpy"},
    # Both come with a framework: cells of models that exist, and the generators that these draw from.
    "seqdsl/importers/cells": {"numpy"},
    "seqdsl/importers/draws.py": {"numpy"},
    # h5py comes with Keras: the weights of a file are in HDF5.
    "seqdsl/importers/keras": {"numpy", "h5py", "keras"},
    "seqdsl/importers/torch": {"numpy", "torch"},
    "seqdsl/porting": {"numpy"},
    "seqdsl/lsp": {"lsprotocol", "pygls"},
    "seqdsl/project": {"tomli"},
    "seqdsl/draw/pdf.py": {"reportlab"},
    "seqdsl/draw/png.py": {"resvg_py"},
    "seqdsl/runtime": {"numpy"},
    "seqdsl/targets/keras": {"numpy", "h5py", "jax", "keras", "tensorflow", "torch"},
    "seqdsl/targets/numpy": {"numpy"},
    "seqdsl/targets/torch": {"numpy", "safetensors", "torch"},
    "seqdsl/verify": {"numpy"},
}
"""What a folder or file may import beside the libraries of the core."""


def module(package: str) -> str:
    return package.removesuffix(".py").replace("/", ".")


def files(package: str) -> list[Path]:
    path = ROOT / package
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def imported(source: str) -> set[str]:
    """All names that a source imports: at its top, within functions, for type checkers, or by a text."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # `import_module("seqdsl.reports.sarif")`, or a table of such names.
            found |= {node.value} if node.value in MODULES else set()
    return found


def sources() -> dict[str, str]:
    return {
        module(path.relative_to(ROOT).as_posix()).removesuffix(".__init__"): path.read_text("utf-8")
        for path in (ROOT / "seqdsl").rglob("*.py")
    }


# Not `seqdsl` itself: that word is in many texts.
MODULES = frozenset(sources()) - {"seqdsl"}


def circles(sources: dict[str, str]) -> set[frozenset[str]]:
    """The modules that import each other, of modules with their sources."""
    graph = nx.DiGraph()
    for name, source in sources.items():
        for item in imported(source):
            # `from seqdsl.draw import svg` imports a module, `from seqdsl.draw import draw` a name of the package.
            other = item if item in sources else item.rpartition(".")[0]
            if other in sources:
                graph.add_edge(name, other)
    found = nx.strongly_connected_components(graph)
    return {frozenset(item) for item in found if len(item) > 1}


def test_every_package_is_on_the_page() -> None:
    there = {
        f"seqdsl/{path.name}" for path in (ROOT / "seqdsl").iterdir() if path.suffix in ("", ".py")
    }
    there -= {"seqdsl/__init__.py", "seqdsl/__main__.py", "seqdsl/__pycache__"}
    assert set(PACKAGES) == there


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_those_below(package: str) -> None:
    above = PACKAGES[: PACKAGES.index(package)]
    for path in files(package):
        for name in imported(path.read_text("utf-8")):
            for other in above:
                assert not f"{name}.".startswith(f"{module(other)}."), f"{path} imports {name}"


# What stands on its own: each of these packages imports only this of seqdsl, also lazily and for its types.
ALONE = {
    "seqdsl/sandbox": {"seqdsl.sandbox"},
    # What checks shares nothing with what it checks: the oracle takes what was read of a picture, as data: the types of
    # its references, the directions of its blocks, and the equations of cells as they are written.
    "seqdsl/verify/oracle": {
        "seqdsl.verify.oracle",
        "seqdsl.picture.blocks.DrawnBlock",
        "seqdsl.picture.trace",
        "seqdsl.picture.trace.JunctionRef",
        "seqdsl.picture.trace.Producer",
        "seqdsl.picture.trace.StateRef",
        "seqdsl.ir.direction.Direction",
        "seqdsl.lowering.drawing.Drawing",
        # The numbers that all models are given instead of random ones.
        "seqdsl.runtime.noise.gumbel_noise",
        "seqdsl.runtime.noise.normal_noise",
        "seqdsl.syntax.ast.Letter",
        "seqdsl.syntax.ast.Number",
        "seqdsl.syntax.ast.Word",
        "seqdsl.syntax.equations.CellArgument",
        "seqdsl.syntax.equations.CellDefinition",
        "seqdsl.syntax.equations.Expression",
        "seqdsl.syntax.equations.FunctionCall",
        "seqdsl.syntax.equations.Infix",
        "seqdsl.syntax.equations.Negative",
        "seqdsl.syntax.equations.leaves",
        "seqdsl.syntax.names.is_reserved",
    },
}


@pytest.mark.parametrize("package", ALONE)
def test_what_stands_on_its_own(package: str) -> None:
    found = set()
    for path in files(package):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
    ours = {name for name in found if name.partition(".")[0] == "seqdsl"}
    others = {name for name in ours if not f"{name}.".startswith(f"{module(package)}.")}
    assert others == ALONE[package] - {module(package)}


def test_no_modules_import_each_other() -> None:
    assert not circles(sources())


@pytest.mark.parametrize(
    "back",
    [
        "import a",
        "def f():\n    from a import x",
        "if TYPE_CHECKING:\n    from a import X",
    ],
)
def test_a_circle_is_noticed(back: str) -> None:
    assert circles({"a": "from b import c", "b": back, "c": "import a"}) == {frozenset("ab")}


def test_a_circle_by_a_name_in_a_text_is_noticed() -> None:
    here, there = "seqdsl.api", "seqdsl.pipeline"
    found = circles({here: f"import {there}", there: f"import_module({here!r})"})
    assert found == {frozenset({here, there})}


def test_what_the_core_does_not_need_is_imported_where_it_belongs() -> None:
    for path in (ROOT / "seqdsl").rglob("*.py"):
        place = path.relative_to(ROOT).as_posix()
        names = {name.partition(".")[0] for name in imported(path.read_text("utf-8"))}
        others = names - {"seqdsl", "__future__"} - set(sys.stdlib_module_names)
        allowed = CORE.union(
            *(found for package, found in OTHERS.items() if place.startswith(package))
        )
        assert others <= allowed, place
