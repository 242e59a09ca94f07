"""Every ``name=`` of a picture is in both sources, and in what they build."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from seqdsl.analysis.parameter_counts import has_weights
from seqdsl.api import Model, compile_all
from seqdsl.verify.build import load
from tests.targets.pictures import written

THREE = (
    "{row}   {layer}\n| | |\nH H H   gru(8, name=encoder)\n| | |\nX X X   input(4, name=series)\n"
)
POOLED = (
    "Y       dense(2, name=label)\n|\nP       {layer}\n|\n+-+-+\n| | |\n"
    "H H H   gru(8)\n| | |\nX X X   input(4{mask})\n"
)
LAST = "P       {layer}\n|\n+-+-+\n| | |\nX X X   input(4)\n"
MERGED = "Y   Y   {layer}\n|\\  |\\\nD | D | dense(4, relu, name=inner)\n|/  |/\nX   X   input(4)\n"
SPLIT = "P P     {layer}\n| |\n+-+\n|\nX       input(4)\n"

COMBINING = ("add", "multiply", "mean", "max", "min")
PICTURES = {
    **{f"{kind}-pooled": POOLED.format(layer=f"{kind}(name=pooled)", mask="") for kind in COMBINING},
    **{
        f"{kind}-pooled-masked": POOLED.format(layer=f"{kind}(name=pooled)", mask=", mask=0")
        for kind in COMBINING
    },
    **{f"{kind}-last": LAST.format(layer=f"{kind}(name=pooled)") for kind in (*COMBINING, "concat", "output")},
    **{f"{kind}-merged": MERGED.format(layer=f"{kind}(name=joined)") for kind in (*COMBINING, "concat", "output")},
    **{
        kind.partition("(")[0]: THREE.format(row="Y Y Y", layer=kind)
        for kind in (
            "output(name=named)", "dense(2, name=named)", "conv(4, 3, name=named)", "lstm(4, name=named)",
            "layernorm(name=named)", "batchnorm(name=named)", "dropout(0.5, name=named)",
            "activation(relu, name=named)", "max(name=named)", "concat(name=named)", "rnn(4, relu, name=named)",
        )
    },
    "split": SPLIT.format(layer="split(name=parts)"),
    "split-of-one": "P   split(name=parts)\n|\nX   input(4)\n",
    "attention": "Y Y Y   attention(name=weighed)\n| | |\n+-+-+\n| | |\nX X X   input(4)\n",
    "attention-with-heads": "Y Y Y   attention(heads=2, name=weighed)\n| | |\n+-+-+\n| | |\nX X X   input(4)\n",
    "added-in-two-places": (
        "A   A\n|\\  |\\\nE | E |\n|/  |/\nA   A\n|\\  |\\\nD | D |\n|/  |/\nX   X\n\n"
        "X = input(4)\nD = dense(4, relu)\nE = dense(4, tanh)\nA = add(name=residual)\n"
    ),
    "pooled-in-two-places": (
        "    Y       dense(2)\n    |\n  +-+---+\n  |     |\n  P     P   mean(name=pooled)\n  |     |\n"
        "+-+-+ +-+-+\n| | | | | |\nX X X Z Z Z\n\nX = input(4)\nZ = input(4)\n"
    ),
    "pooled-and-merged": (
        "    P         Y\n    |         |\n  +-+-+       |\n  |   |       |\n  A   B       P\n"
        "  |   |       |\n  |   |     +-+-+\n  |   |     | | |\n  X   Z     V V V\n\n"
        "X = input(4)\nZ = input(4)\nV = input(4)\nA = dense(4)\nB = dense(4)\nY = dense(2)\nP = mean(name=pooled)\n"
    ),
    "rows-that-could-be-a-stack": (
        "    Y\n    |\nG G G   lstm(8, name=lstm_a)\n| | |\nH H H   lstm(8, name=lstm_b)\n| | |\nX X X   input(8)\n"
    ),
    "a-state": (
        "E-E-D-D\n| | | |\nX X Z Z\n\n"
        "X = input(3)\nZ = input(3)\nE = lstm(4, name=encoder)\nD = lstm(4, name=decoder)\n"
    ),
    "a-bidirectional-row-read-at-its-end": (
        "        Y\n        |\nB=B=B---+   gru(4, name=reader)\n| | |\n"
        "E E E       embedding(5, name=vectors)\n| | |\nX X X       tokens(9, name=ids)\n"
    ),
}  # fmt: skip


@cache
def drawn() -> dict[str, Model]:
    """Pictures with a name for each layer, in each place where it is written differently."""
    return {
        name: model for name, text in PICTURES.items() for model in compile_all(text, f"{name}.seq")
    }


def sources(target: str) -> Iterator[tuple[Model, str]]:
    """Those pictures, and all others, each with its source."""
    yield from ((model, model.source(target)) for model in drawn().values())
    yield from written(target)


def given_names(model: Model) -> set[str]:
    return {settings.name for settings in model.drawing.settings if settings.name}


def keras_names(source: str) -> set[str]:
    """The names of layers: all ``name="..."``, but the model's own."""
    return {
        str(keyword.value.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    }


def torch_names(source: str) -> set[str]:
    """Attributes, arguments and variables of the module."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found


def without(name: str, found: set[str]) -> bool:
    """Whether a name is not there; what is computed in several places is numbered in PyTorch."""
    return name not in found and f"{name}_1" not in found


def test_names_are_in_both_sources() -> None:
    counted = 0
    for (model, keras), (_, torch) in zip(sources("keras"), sources("torch"), strict=True):
        known, variables = keras_names(keras), torch_names(torch)
        for name in given_names(model):
            assert name in known, f"{model.file}: {name}\n{keras}"
            assert not without(name, variables), f"{model.file}: {name}\n{torch}"
            counted += 1
    assert counted > 200


@pytest.mark.parametrize("name", PICTURES)
def test_names_are_in_the_keras_model(name: str) -> None:
    model = drawn()[name]
    built = load(model.source("keras"), model.name).build_model()
    for given in given_names(model):
        # A `Sequential` model keeps its input apart from its layers.
        assert given in {tensor.name for tensor in built.inputs} or built.get_layer(given)


@pytest.mark.parametrize("name", PICTURES)
def test_names_are_in_the_torch_model(name: str) -> None:
    """What has weights is a module of that name, and nothing else is called so."""
    model = drawn()[name]
    built = load(model.source("torch"), model.name).build_model()
    modules = dict(built.named_modules())
    weighty = {layer.name for layer in model.spec.layers if has_weights(layer)}
    assert given_names(model) & weighty <= modules.keys()


def test_every_layer_that_is_listed_is_in_the_torch_source() -> None:
    """``check`` and ``draw`` name each row; rows that are one layer of PyTorch stand in a comment beside it."""
    stacks = 0
    for model, source in sources("torch"):
        code = source.partition("def __init__")[2]
        variables = torch_names(source)
        for layer in model.spec.layers:
            if layer.name in variables or not has_weights(layer):
                continue
            kind, _, number = layer.name.rpartition("_")
            between = kind == layer.kind and f"# {kind}_1 to {kind}_" in code and number.isdigit()
            assert between or re.search(rf"# .*\b{layer.name}\b.*, from the bottom up", code), (
                source
            )
            stacks += 1
    assert stacks > 5
