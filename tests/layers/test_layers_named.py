"""What there is to know of a layer is in its file: where else in the product a layer is called by its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from seqdsl.layers import all_layers

PACKAGE = Path(__file__).parents[2] / "seqdsl"

# What is a layer's file, and what must know layers without it.
APART = {
    "layers": "the records themselves",
    "verify/oracle": "what checks shares nothing with what it checks: it has rules of its own",
}

# Where a layer is meant, and why not by its record.
EXEMPT = {
    "ir/assembly.py": "methods for inputs and outputs, by which graphs are written in Python",
    "ir/nodes.py": "what the passes put in a node's place that computes nothing is an output",
    "ir/builder.py": "methods called as layers are: what is written in Python is completed and checked before it runs",
    "lowering/default_layers.py": "which layers rows are that nobody declares",
    "lowering/kinds": "a dense row of windows is a convolution; combinations that are put together of parts",
    "targets": "what a framework has for a layer: classes of which settings are read, numpy's functions and weights",
    "catalogue": "pictures that are shown as examples",
    "importers": "a table of a framework's layers says which of ours each is",
    "layout/free_run.py": "the row that is drawn for what `generate` chooses",
    "text/codes": "pictures that are shown as examples",
}

# Where the word means something else.
OTHERWISE = {
    "cells": "functions that the equations of a cell call",
    "cli/commands/watch.py": "the option `--output`",
    "diagnosis/kinds": "pictures that are shown in answer to an error message",
    "ir/text/cell_reader.py": "the same, in the representation's text",
    "editing/completions.py": "the same, to be completed",
    "lsp/convert.py": "how nodes look, each with an editor's word for a color",
    "draw/cells/flow.py": "the same, as boxes of a drawing",
    "lowering/traits.py": "`attention` is a trait of a model in the report, whichever layer attends",
    "explain/reasons.py": "the same trait, explained",
    "ir/json.py": "keys of a state: whether it is an input and an output",
    "ir/json_ends.py": "the same keys",
    "ir/json_schema.py": "the same keys",
    "reports/json_report.py": "the same keys",
    "ir/text/reader.py": "statements of the text form",
    "explain/data.py": "input and output data",
    "explain/summary.py": "a table's lines about inputs and outputs",
    "explain/words.py": "a number of tokens, in words",
    "lowering/absent_layers.py": "Keras's layer around a cell",
    "lowering/framework_names.py": "a value of Keras's `merge_mode`",
    "verify/expected.py": "keys of the expected results",
    "verify/expected_generation.py": "what checks shares nothing with what it checks",
}
PLACES = EXEMPT | OTHERWISE

ARGUMENTS = {
    argument.name for item in all_layers().values() for argument in item.signature.arguments
}


def spoken(text: str) -> Iterator[str]:
    """The strings of a module that are a layer's name; `arguments["activation"]` names an argument."""
    tree = ast.parse(text)
    keys: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            keys.add(node.slice)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            keys |= set(node.args[:1]) if node.func.attr == "get" else set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node.value not in all_layers():
            continue
        if node not in keys or node.value not in ARGUMENTS:
            yield str(node.value)


def place_of(path: Path) -> str:
    """The entry of a table above that a file belongs to; its own path if there is none."""
    name = path.relative_to(PACKAGE).as_posix()
    known = [place for place in PLACES | APART if f"{name}/".startswith(f"{place}/")]
    return known[0] if known else name


def found() -> dict[str, set[str]]:
    places: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if names := set(spoken(path.read_text("utf-8"))):
            places.setdefault(place_of(path), set()).update(names)
    return places


def test_a_layer_is_named_in_its_file_alone() -> None:
    assert found().keys() - APART.keys() == PLACES.keys()


def test_the_exemptions_are_few() -> None:
    assert len(EXEMPT) <= 10


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('if kind in ("lstm", "gru"): pass', ["lstm", "gru"]),
        ('"""An lstm."""', []),
        ('x = layer.arguments.get("activation") or layer.arguments["dropout"]', []),
        ('x = {"dense": 1}["dense"]', ["dense", "dense"]),
    ],
)
def test_what_names_a_layer(text: str, names: list[str]) -> None:
    assert sorted(spoken(text)) == sorted(names)


def test_modules_of_single_layers_are_not_imported() -> None:
    """A layer is reached by its name, from a picture: to import its module would be one more place that names it."""
    modules = {f"seqdsl.layers.{name}" for name in all_layers()}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                taken = {node.module, *(f"{node.module}.{item.name}" for item in node.names)}
                assert not taken & modules, path
