"""Models with loops compute what their graphs say, step by step, in every target."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import seqdsl
from seqdsl.ir.builder import Builder
from seqdsl.ir.graph import Graph
from seqdsl.ir.loops import sources
from seqdsl.ir.tensors import join
from seqdsl.model.undrawn import specification
from seqdsl.runtime.named_weights import LayerWeights, draw
from seqdsl.targets import TARGETS, NotWrittenError, applied, runtime, source
from seqdsl.verify.build import load
from seqdsl.verify.spec_weights import layer_weights
from tests.targets.free_runs import NAMED
from tests.targets.free_runs import PICTURES as FREE_RUNS
from tests.targets.loop_graphs import (
    LOOPS,
    fed_back,
    headed,
    looking_back,
    masked,
    prompted,
    several,
)
from tests.targets.stepwise import Stepwise
from tests.targets.test_targets_sources import run
from tests.targets.typed import type_checked

SAMPLES = 3
LEFT_OUT: set[tuple[str, str]] = set()
"""Sources with a line that is longer than formatters make it, or with a variable that is not read."""
MADE = pytest.mark.parametrize("made", LOOPS, ids=lambda made: made.__name__)


def weights_of(graph: Graph) -> tuple[LayerWeights, ...]:
    return layer_weights(specification(graph))


def held(graph: Graph, target: str) -> tuple[LayerWeights, ...]:
    """The weights that a model has: a functional one has those that some output depends on."""
    read = [item.block for item in graph.outputs]
    for index in read:
        read += sources(graph.nodes[index]) - {*read}
    names = {graph.nodes[index].layer.name for index in read if graph.nodes[index].layer}  # type: ignore[union-attr]
    return tuple(item for item in weights_of(graph) if item.name in names or target != "keras")


def data(graph: Graph, lengths: dict[str, int]) -> dict[str, Any]:
    random, found = np.random.default_rng(7), {}
    for item in graph.inputs:
        shape = (SAMPLES, *(size.value(graph.defaults | lengths) for size in item.shape))
        if item.vocabulary is None:
            found[item.name] = random.normal(size=shape)
        else:
            found[item.name] = random.integers(0, item.vocabulary.value(graph.defaults), shape)
    return found


def results(graph: Graph, target: str, arrays: dict[str, Any], weights: dict[str, Any]) -> Any:
    framework = runtime(target)
    framework.reset("float64")
    module = load(source(graph, target), graph.name)
    model = framework.cast(framework.builder(module)(), "float64")
    framework.begin(model, held(graph, target))
    given = [arrays[item.name] for item in graph.inputs]
    framework.write(model, held(graph, target), weights)
    return framework.call(model, given)


def check(graph: Graph, target: str) -> None:
    weights = draw(weights_of(graph))
    for more in (0, 3) if graph.free else (0,):
        lengths = {name: graph.minimum[name] + more for name in graph.free}
        arrays = data(graph, lengths)
        expected = Stepwise(graph, weights, arrays, lengths).outputs()
        found = results(graph, target, arrays, weights)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


@MADE
@pytest.mark.parametrize("target", TARGETS)
def test_values(made: Callable[[], Graph], target: str) -> None:
    check(made(), target)


def test_attention_of_all_kinds_agrees() -> None:
    graph = headed()
    weights, arrays = draw(weights_of(graph)), data(graph, {})
    first, *others = [results(graph, target, arrays, weights)[0] for target in TARGETS]
    for other in others:
        np.testing.assert_allclose(other, first, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("target", TARGETS)
def test_sources_read_as_written_by_hand(target: str, tmp_path: Path) -> None:
    folder = tmp_path / f"for_{target}"
    folder.mkdir()
    texts = {made.__name__: source(made(), target) for made in LOOPS}
    for name, text in {**FREE_RUNS, **NAMED}.items():
        if (target, name) not in LEFT_OUT:
            texts[f"{name.replace('-', '_')}_free"] = seqdsl.compile(text).source(target)
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    for arguments in (("check",), ("format", "--check", "--diff")):
        run("-m", "ruff", *arguments, "--isolated", "--no-cache", folder, cwd=folder)
    assert type_checked(texts, target, "loops") == ""


def test_lengths_may_be_fixed_in_what_is_exported() -> None:
    import torch

    graph = fed_back()
    model = load(source(graph, "torch"), graph.name).build_model()
    given = tuple(torch.randn(2, *(size.value({}) for size in item.shape)) for item in graph.inputs)
    program = torch.export.export(model, given)
    torch.testing.assert_close(program.module()(*given), model(*given))


def test_gradients_flow_through_the_loop() -> None:
    import torch

    graph = fed_back()
    model = load(source(graph, "torch"), graph.name).build_model()
    x, s = torch.randn(2, 5, 3), torch.randn(2, 1, requires_grad=True)
    # The last step reads `s` through all steps before it.
    model(x, s)[:, -1].sum().backward()
    assert s.grad is not None and bool((s.grad != 0).all())


@pytest.mark.parametrize("made", [masked, prompted, looking_back, several, headed])
def test_keras_trains_saves_and_loads(made: Callable[[], Graph], tmp_path: Path) -> None:
    import keras

    graph = made()
    framework = runtime("keras")
    framework.reset("float32")
    model = framework.builder(load(source(graph, "keras"), graph.name))()
    lengths = {name: graph.minimum[name] + 2 for name in graph.free}
    given = [value.astype("float32") for value in data(graph, lengths).values()]
    goals = [np.zeros(np.shape(item), "float32") for item in framework.call(model, given)]
    model.compile(optimizer="adam", loss="mse")
    inputs = given[0] if len(given) == 1 else given
    before = model.evaluate(inputs, goals, verbose=0)
    model.fit(inputs, goals, epochs=8, verbose=0)
    after = model.evaluate(inputs, goals, verbose=0)
    assert np.sum(after) < np.sum(before)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert again.count_params() == model.count_params()
    for one, other in zip(framework.call(again, given), framework.call(model, given), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_what_targets_apply_is_listed() -> None:
    assert applied(fed_back(), "keras") == [
        "LSTM(8, return_state=True)",
        "LSTM(8)",
        "Dense(1)",
    ]
    assert applied(fed_back(), "torch")[-4:] == [
        "LSTM(1, 8, batch_first=True) from a state",
        "squeeze(1)",
        "Linear(8, 1)",
        "stack(dim=1)",
    ]


@pytest.mark.parametrize("target", TARGETS)
def test_a_loop_that_cannot_be_cut_is_refused_by_name(target: str) -> None:
    b = Builder("prompted")
    x, own = b.input("x", 4, 6), b.later(4, 3)
    e = b.dense(join(x, own), 4, name="e")
    # The prompt would be computed before the loop, and its attention knows nothing of the steps before the cut.
    y = b.dense(b.attention(e, e, name="a", causal=True)[5:], 4, name="d")
    b.bind(own, y[:-1])
    b.output(y)
    with pytest.raises(NotWrittenError, match=r"the loop of `a`: .* attention looks back"):
        source(b.build(), target)
