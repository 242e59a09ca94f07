"""The page about the house: its rooms exist, and no room imports one above it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")
ROOMS = [room.rstrip("/") for room in re.findall(r"^\| `(seqdsl/[^`]+)`", TEXT, re.MULTILINE)]
# Lazily, so that a name can be reached without its room being imported before.
LAZY = {
    ("seqdsl/pipeline.py", "seqdsl/verify"),
    ("seqdsl/pipeline.py", "seqdsl/draw"),
}


def module(room: str) -> str:
    return room.removesuffix(".py").replace("/", ".")


def files(room: str) -> list[Path]:
    path = ROOT / room
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_every_room_is_on_the_page() -> None:
    there = {
        f"seqdsl/{path.name}" for path in (ROOT / "seqdsl").iterdir() if path.suffix in ("", ".py")
    }
    there -= {"seqdsl/__init__.py", "seqdsl/__main__.py", "seqdsl/__pycache__"}
    assert set(ROOMS) == there


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_rooms_below(room: str) -> None:
    above = [other for other in ROOMS[: ROOMS.index(room)] if (room, other) not in LAZY]
    for path in files(room):
        for name in imported(path):
            # What verify takes of the pipeline is the compiled model's type alone.
            for other in above:
                assert not f"{name}.".startswith(f"{module(other)}."), f"{path} imports {name}"


# What stands on its own: each of these packages imports only this of seqdsl, also lazily and for its types.
ALONE = {
    "seqdsl/sandbox": {"seqdsl.sandbox"},
    # What checks shares nothing with what it checks: the oracle takes what was read of a picture, as data, and how its
    # references are encoded.
    "seqdsl/verify/oracle": {
        "seqdsl.verify.oracle",
        "seqdsl.graph.blocks.DrawnBlock",
        "seqdsl.graph.trace.as_junction",
        "seqdsl.graph.trace.as_tap",
        "seqdsl.model.drawing.Drawing",
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


def _modules() -> dict[str, Path]:
    paths = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in files("seqdsl")
    }
    return {name.removesuffix(".__init__"): path for name, path in paths.items()}


def _imported_modules(path: Path, modules: dict[str, Path]) -> Iterator[str]:
    """The modules that a file imports; of ``from package import module`` it is the module alone."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in modules else node.module for name in names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("package", ["seqdsl.sandbox", "seqdsl.verify"])
def test_no_modules_of_a_package_import_each_other(package: str) -> None:
    """Neither at once, nor in a function, nor for a type."""
    modules = _modules()
    graph = nx.DiGraph(
        (name, target)
        for name, path in modules.items()
        for target in _imported_modules(path, modules)
        if target != name
    )
    circles = [found for found in nx.strongly_connected_components(graph) if len(found) > 1]
    ours = [found for found in circles if any(name.startswith(package) for name in found)]
    assert not ours
