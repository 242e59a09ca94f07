"""What Keras and PyTorch call their layers and arguments: each name has an answer, in the pinned versions."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import keras
import pytest
import torch

from seqdsl.layers import all_layers
from seqdsl.lowering.framework_names import find_absent, find_counterparts, normal
from seqdsl.lowering.translation import is_answered, translate
from seqdsl.syntax.ast import Row
from seqdsl.syntax.lines import parse_lines
from seqdsl.syntax.python_call import read_python_call

# Functions that merge values are layers, too; those that save are not.
MERGES = ("add", "average", "concatenate", "dot", "maximum", "minimum", "multiply", "subtract")


def keras_layers() -> dict[str, object]:
    public = {name: getattr(keras.layers, name) for name in dir(keras.layers) if name[0] != "_"}
    return {
        name: item
        for name, item in public.items()
        if name in (*MERGES, "Input")
        or (inspect.isclass(item) and issubclass(item, keras.layers.Layer))
    }


def torch_layers() -> dict[str, object]:
    public = {name: getattr(torch.nn, name) for name in dir(torch.nn) if name[0] != "_"}
    return {
        name: item
        for name, item in public.items()
        if inspect.isclass(item) and issubclass(item, torch.nn.Module)
    }


KERAS, TORCH = keras_layers(), torch_layers()
# `nn.RNNBase` says what the three recurrent layers take; `nn.RNN` has a function besides.
RECURRENT = {"LSTM", "GRU", "RNN"}


def test_there_are_layers() -> None:
    assert len(KERAS) > 150 and len(TORCH) > 150


@pytest.mark.parametrize("name", sorted({*KERAS, *TORCH}))
def test_every_layer_has_an_answer(name: str) -> None:
    python = read_python_call(f"{name}()", 1, 1)
    assert python is not None
    found = translate(python)
    assert found is not None, name
    assert found.write or found.notes
    if found.write:
        # What is proposed is a line of the language.
        lines, problems = parse_lines(f"O   {found.write}")
        assert not problems and isinstance(lines[0], Row) and lines[0].call is not None
        assert lines[0].call.layer in all_layers()


def taken(name: str, item: object) -> Iterator[str]:
    """The arguments of a constructor."""
    if name in RECURRENT and item is TORCH.get(name):
        item = torch.nn.RNNBase
        yield from ["nonlinearity"] if name == "RNN" else []
    function = item.__init__ if inspect.isclass(item) else item
    for parameter in inspect.signature(function).parameters.values():  # type: ignore[arg-type]
        # `mode` is how `nn.RNNBase` tells the three apart.
        named = parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
        if named and not (item is torch.nn.RNNBase and parameter.name == "mode"):
            yield parameter.name
    if item in KERAS.values():
        yield from ("name", "dtype", "trainable", "activity_regularizer", "input_shape")


OURS = [
    (f"{framework}-{name}", name, item)
    for framework, layers in (("keras", KERAS), ("torch", TORCH))
    for name, item in sorted(layers.items())
    if find_counterparts(name)
]


def test_many_layers_are_ours() -> None:
    assert len(OURS) > 60


@pytest.mark.parametrize(("name", "item"), [case[1:] for case in OURS], ids=[c[0] for c in OURS])
def test_every_argument_of_those_is_taken_or_answered(name: str, item: object) -> None:
    layers = {meant.layer.name: meant.layer for meant in find_counterparts(name)}
    writes = all(meant.counterpart.write for meant in find_counterparts(name))
    for argument in set(taken(name, item)) - {"self", "name"}:
        known = any(
            layer.signature.find(argument) is not None or is_answered(layer, argument)
            for layer in layers.values()
        )
        # What is always written in one way takes nothing.
        assert known or writes, argument


@pytest.mark.parametrize("layer", sorted(all_layers()))
def test_names_and_arguments_of_a_record_are_plain(layer: str) -> None:
    record = all_layers()[layer]
    for counterpart in record.words.elsewhere:
        assert all(normal(name) == name for name in counterpart.names.split())
    own = {item.name for item in record.signature.arguments}
    assert set(record.words.renamed.values()) <= own
    assert not own & set(record.words.renamed)


def test_a_word_that_nobody_uses_has_no_answer() -> None:
    assert not find_counterparts("frobnicate") and find_absent("frobnicate") is None
    assert not is_answered(all_layers()["lstm"], "frobnicate")
