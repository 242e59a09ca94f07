"""The record of every layer: complete, found by its name alone, and with a rule that computes what the oracle does."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import seqdsl
from seqdsl.layers import Family, LayerDef, Role, all_layers, find_layer, layer_def
from seqdsl.lowering.calls import ACTIVATIONS
from seqdsl.runtime.named_weights import by_layer, draw
from seqdsl.runtime.noise import gumbel_noise, normal_noise
from seqdsl.size import Size
from seqdsl.verify.cases import cases
from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.interpreted_picture import InterpretedPicture
from seqdsl.verify.ports import ports

STEPWISE = """
Y Y Y   {call}
| | |
X X X   input(6)
"""
RUN = """
Y-Y-Y   {call}
| | |
X X X   input(6)
"""
WINDOWS = """
Y Y Y Y Y   {call}
| | | | |
X X X X X   input(6)
"""
TOKENS = """
Y Y Y   {call}
| | |
X X X   tokens(9)
"""
MEMORY = """
Y Y Y   {call}
| | |
+-+-+
| | |
X X X   input(6)
"""
ALL = """
    Y   {call}
    |
+-+-+
| | |
X X X   input(6)
"""
PARTS = """
Y Y Y   {call}
| | |
+-+-+
|
X   input(6)
"""
# `learned` and `position` read nothing; what is beside them are the features of the input.
BESIDE = """
Y   Y   Y   concat
|\\  |\\  |\\
P | P | P |   {call}
 /   /   /
X   X   X   input(6)
"""
IMAGES = """
Y-Y-Y   {call}
| | |
X X X   input(5, 4, 2)
"""
GRIDS = """
Y Y Y   {call}
| | |
X X X   input(5, 4, 2)
"""
CALLS = [
    *((STEPWISE, f"activation({word})") for word in ACTIVATIONS),
    (STEPWISE, "dense(4, relu)"),
    (STEPWISE, "dense(4, bias=false)"),
    (STEPWISE, "dropout(0.5)"),
    (STEPWISE, "layernorm"),
    (STEPWISE, "layernorm(epsilon=0.5)"),
    (STEPWISE, "batchnorm"),
    (STEPWISE, "batchnorm(epsilon=0.5)"),
    *((RUN, f"{cell}(4)") for cell in ("lstm", "gru", "rnn")),
    *((RUN, f"{cell}(4, bias=false, activation=relu)") for cell in ("lstm", "gru", "rnn")),
    *((RUN, f"{cell}(4, recurrent_activation=relu)") for cell in ("lstm", "gru")),
    (WINDOWS, "conv(4, 3, tanh)"),
    (WINDOWS, "conv(4, 3, dilation=2, bias=false)"),
    (TOKENS, "embedding(4)"),
    *((MEMORY, call) for call in ("attention", "attention(causal=true)")),
    *((MEMORY, call) for call in ("attention(heads=2)", "attention(heads=3, causal=true)")),
    (MEMORY, "attention(scale=true)"),
    (MEMORY, "attention(score=additive, causal=true)"),
    (MEMORY, "attention(score=additive, key=4)"),
    (MEMORY, "attention(key=4)"),
    (MEMORY, "attention(key=4, scale=true, causal=true)"),
    (MEMORY, "attention(heads=2, key=5)"),
    *((ALL, how) for how in ("add", "multiply", "mean", "max", "min")),
    (ALL, "concat"),
    (PARTS, "split"),
    (STEPWISE, "argmax"),
    (STEPWISE, "sample"),
    (STEPWISE, "sample(0.5)"),
    (STEPWISE, "sample(normal)"),
    *((IMAGES, f"convlstm(3, {kernel})") for kernel in (1, 2, 3)),
    (GRIDS, "conv2d(3, 2, relu, stride=2)"),
    (GRIDS, "conv2d(3, 3, padding=valid, bias=false)"),
    *((GRIDS, call) for call in ("maxpool2d(2)", "meanpool2d(2)", "flatten")),
    *((GRIDS, call) for call in ("max(grid)", "mean(grid)", "dense(4, relu)")),
    (BESIDE, "learned(5)"),
    *((BESIDE, call) for call in ("position(5)", "position(5, most=9)", "position(5, sin)")),
    (BESIDE, "position(4, sin)"),
]


LAYERS = {
    call: next(
        (item for item in all_layers().values() if item.written == call),
        layer_def(call.partition("(")[0]),
    )
    for _, call in CALLS
}


def computed(layer: LayerDef, x: Any, weights: dict[str, Any], given: dict[str, Any]) -> Any:
    """What a layer's rule makes of an argument of the model."""
    rule = layer.evaluate
    assert rule is not None
    if layer.family is Family.SCAN:
        # Of images each place has so many features.
        size = (len(x), *x.shape[2:-1], given[layer.output])
        state = tuple(np.zeros(size) for _ in layer.states)
        values = [(state := rule(step, state, weights, given))[0] for step in np.moveaxis(x, 1, 0)]
        return np.stack(values, 1)
    if layer.family is Family.WINDOW:
        reach = (given["kernel"] - 1) * given["dilation"]
        before = reach // 2
        return rule(np.pad(x, ((0, 0), (before, reach - before), (0, 0))), weights, given)
    if layer.family is Family.CONSTANT:
        codes = np.broadcast_to(rule(3, weights, given), (len(x), 3, given["features"]))
        return np.concatenate([codes, x], -1)
    if layer.family is Family.ATTENTION:
        return rule(x, x, weights, given)
    if layer.family in (Family.COMBINATION, Family.IDENTITY):
        return rule(list(np.moveaxis(x, 1, 0)))
    return rule(x, 3) if layer.family is Family.SPLIT else rule(x, weights, given)


@pytest.mark.parametrize(("picture", "call"), CALLS)
def test_a_rule_computes_what_the_oracle_does(picture: str, call: str) -> None:
    model = seqdsl.compile(picture.format(call=call))
    drawn = InterpretedPicture(model)
    case = cases(model.spec)[1]
    inputs = arrays_for(ports(model.spec), case)
    weights = draw(drawn.layers)
    (expected,) = drawn.walk(case, inputs, weights).outputs()
    layer = LAYERS[call]
    (node,) = [node for node in model.spec.nodes if node.kind == layer.name]
    arguments = {} if node.layer is None else node.layer.arguments
    plain = {key: int(x.value({})) if isinstance(x, Size) else x for key, x in arguments.items()}
    (x,) = inputs
    x = x.astype(np.float64) if x.dtype.kind == "f" else x
    held = next(iter(by_layer(weights).values()), {})
    # A rule of grids takes any number of steps and samples in front: it is told how many axes a grid has.
    given = layer.given(plain) | {"axes": len(model.spec.nodes[0].grid)}
    if layer.draws:
        count = expected.shape[-1] if layer.shares > 1 else x.shape[-1]
        given["noise"] = (gumbel_noise if layer.chooses else normal_noise)(count)
    found = computed(layer, x, held, given)
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() < 1e-12


def test_every_rule_is_tested() -> None:
    tested = {LAYERS[call].name for _, call in CALLS}
    assert tested == {name for name, item in all_layers().items() if item.evaluate}


@pytest.mark.parametrize("name", all_layers())
def test_a_record_is_complete(name: str) -> None:
    layer = layer_def(name)
    arguments = {item.name for item in layer.signature.arguments}
    assert layer.name == name
    assert layer.words.summary and "\n" not in layer.words.summary
    named = {layer.output, *layer.begins_mask, *layer.loses} - {""}
    assert named <= arguments
    # What a cell holds is a part for each gate, but for what it projects its state with.
    for weight in layer.weights if layer.gates else ():
        sides = {Size.of(side) * len(layer.gates) for side in ("out", "units")}
        assert weight.shape[-1] in sides or weight.role is Role.PROJECTION
    assert bool(layer.states) == bool(layer.gates) == (layer.family is Family.SCAN)
    assert (layer.combination is not None) == (layer.family is Family.COMBINATION)


def test_names_that_are_no_layers() -> None:
    for name in ("", "_cell", "_definition", "__init__", "dense.os", "../dense", "os", "Dense"):
        assert find_layer(name) is None
    with pytest.raises(KeyError):
        layer_def("linear")


def test_a_picture_reads_the_layers_that_it_names_and_no_numpy() -> None:
    code = (
        "import seqdsl, sys; seqdsl.compile('Y   dense(2)\\n|\\nX   input(3)'); "
        "print([name for name in sys.modules if name.startswith('seqdsl.layers.')], 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names, numpy = done.stdout.rsplit(maxsplit=1)
    assert set(eval(names)) == {
        f"seqdsl.layers.{name}"
        for name in ("_definition", "_elsewhere", "_parts", "dense", "input")
    }
    assert numpy == "False"
