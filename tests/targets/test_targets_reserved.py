"""Names that are refused: each breaks a generated module. Those that are not refused break none."""

from __future__ import annotations

import ast
import builtins
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

from seqdsl.api import analyze
from seqdsl.lowering.naming import Names
from seqdsl.syntax.names import RESERVED, is_reserved
from seqdsl.targets.torch.state_dict import attribute_name

ROOT = Path(__file__).parents[2]


def spoken(text: str) -> set[str]:
    """The names that a module imports, defines, or reads without a dot."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(item.asname or item.name).partition(".")[0] for item in node.names}
        elif isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "self":
            found.add(node.attr)
    return found


# It has causal attention to padding, which no example has.
# What a delayed node gives where steps are padding, outside of any loop.
DELAYED = """
  Y   Y   Y
 /|  /|  /|
h | h | h |
  |   |   |
  H   H   H
  |   |   |
  X   X   X

X = input(2, mask=0)
H = gru(3)
Y = dense(1)
"""
# The same where steps hold images.
DELAYED_IMAGES = """
  Y   Y   Y
  |   |   |
  F   F   F
 /   /   /
h   h   h
  H   H   H
  |   |   |
  X   X   X

X = input(4, 4, 2, mask=0)
H = conv2d(3, 3)
F = flatten
Y = dense(1)
"""
CAUSAL = ROOT / "tests" / "pinned" / "proven-nothing-attended.seq"


@cache
def generated() -> set[str]:
    """The names that generated modules speak of."""
    golden = ROOT / "tests" / "golden"
    paths = (path for name in ("keras", "torch", "numpy") for path in (golden / name).glob("*.py"))
    found = set[str]().union(*(spoken(path.read_text("utf-8")) for path in paths))
    texts = (CAUSAL.read_text("utf-8"), DELAYED, DELAYED_IMAGES)
    models = [model for text in texts for model in analyze(text).models]
    names = ("keras", "torch", "numpy")
    return found.union(*(spoken(model.source(name)) for model in models for name in names))


MODULE = {name for name in dir(torch.nn.Module()) if not name.startswith("_")}


def test_there_are_some() -> None:
    assert len(RESERVED) > 80 and len(generated()) > 80


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_each_reserved_name_breaks_something(name: str) -> None:
    # A value, a layer or a parameter of this name hides what the generated code calls, or what the module has.
    assert name in generated() or name in MODULE or hasattr(builtins, name)
    assert name in generated() | MODULE, "Python's, and not used"


def test_whatever_a_module_has_is_reserved() -> None:
    assert {name for name in MODULE if name.islower()} - {"T_destination"} <= RESERVED


@pytest.mark.parametrize("name", ["compile", "load_state_dict", "to", "train"])
def test_a_layer_of_such_a_name_is_not_called(name: str) -> None:
    model = torch.nn.Module()
    setattr(model, name, torch.nn.Linear(2, 2))
    # The method is found first.
    assert not isinstance(getattr(model, name), torch.nn.Linear)


# What the graph module of `torch.export` has: a module keeps a layer of such a name under another.
EXPORTED = ("code", "graph", "meta")


@pytest.mark.parametrize("name", EXPORTED)
def test_a_layer_of_such_a_name_cannot_be_exported(name: str) -> None:
    class Row(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> Any:
            return getattr(self, name)(x)

    model, x = Row(), torch.zeros(1, 2)
    setattr(model, name, torch.nn.Linear(2, 2))
    assert model(x).shape == (1, 2)
    with pytest.raises(Exception):  # noqa: B017 (what it raises is PyTorch's)
        torch.export.export(model, (x,)).module()(x)


LAYERS = "Y Y Y   dense(2, relu, name={name})\n| | |\nH H H   lstm(4)\n| | |\nX X X   input(3)\n"
INPUTS = "    Y   dense(2)\n    |\nH H H   gru(4)\n| | |\nX X X   input(3, name={name})\n"
SIZES = "    Y   dense(2)\n    |\nH H H   lstm({name})\n| | |\nX X X   input(3)\n\n{name} = 5\n"
FREE = ["main", "batch", "dim", "none", "object", "functional", "annotations", "match", "case"]


@pytest.mark.parametrize(
    ("name", "picture"),
    [
        *((name, picture) for name in FREE for picture in (LAYERS, INPUTS, SIZES)),
        *((name, picture) for name in EXPORTED for picture in (LAYERS, INPUTS, SIZES)),
        *((f"{name}_", picture) for name in EXPORTED for picture in (LAYERS, SIZES)),
    ],
)
def test_names_that_are_free_break_nothing(name: str, picture: str) -> None:
    analysis = analyze(picture.format(name=name))
    assert not analysis.diagnostics
    (model,) = analysis.models
    module: dict[str, Any] = {"__name__": "row"}
    exec(model.source("torch"), module)
    built, x = module["build_model"](), torch.randn(2, 3, 3)
    program = torch.export.export(built.eval(), (x,))
    torch.testing.assert_close(program.module()(x), built(x))
    if picture is not SIZES:
        assert name in model.source("torch") and name in model.source("keras")


@pytest.mark.parametrize("name", EXPORTED)
def test_no_two_names_have_the_same_attribute(name: str) -> None:
    names = ["dense", f"{name}_layer", *(f"{name}{'_' * count}" for count in range(4))]
    assert len({attribute_name(item) for item in names}) == len(names)
    assert attribute_name(name) != name and attribute_name("dense") == "dense"


def test_a_default_name_is_never_reserved() -> None:
    assert not is_reserved(Names(()).claim("compile"))


def test_a_cell_and_a_called_picture_are_two_classes() -> None:
    cell = "cell mgu(units):\n    h = tanh(dense(x, h))\n\n"
    called = "model mgu_\n\nY Y   dense(3)\n| |\nX X   input(3)\n\n"
    top = "model top\n\nB B   mgu_\n| |\nH-H   mgu(3)\n| |\nX X   input(3)\n"
    source = analyze(cell + called + top).models[-1].source("torch")
    assert source.count("class MguCell(") == source.count("class Mgu(") == 1
