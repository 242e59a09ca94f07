"""Explanations of pictures: golden over a choice of them, and what must hold for all."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from seqdsl.explain.formulas import formula
from seqdsl.explain.idioms import idioms
from seqdsl.explain.model import explain
from seqdsl.explain.reasons import reasons
from seqdsl.explain.rows import rows
from seqdsl.model.layers import SOURCES
from seqdsl.pipeline import TARGETS, Model, analyze

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
MODELS: dict[str, Model] = {
    model.name: model
    for path in sorted(EXAMPLES.glob("*.seq"))
    for model in analyze(path.read_bytes(), path.name).models
}
GOLDEN = (
    "many-to-many-last-3",
    "many-to-many-padded",
    "one-to-many",
    "autoencoder",
    "translation",
    "attention-decoder",
    "bidirectional-final-state",
    "masked-last-step",
    "free-length-last-3",
    "caption-initial-state",
    "every-second-step",
    "siamese",
    "text-cnn",
    "autoencoder-reversed-state",
)


def sources(model: Model) -> dict[str, str]:
    return {target: model.source(target) for target in TARGETS}


@pytest.mark.parametrize("name", GOLDEN)
def test_explanation(golden: Callable[[Path, str], None], name: str) -> None:
    model = MODELS[name]
    golden(HERE / "golden" / f"{name}.txt", explain(model.spec, sources(model)))


def test_golden_explanations_are_exactly_those() -> None:
    assert {path.stem for path in (HERE / "golden").glob("*")} == set(GOLDEN)


@pytest.mark.parametrize("name", MODELS)
def test_every_row_and_pair_is_spoken_of(name: str) -> None:
    spec = MODELS[name].spec
    computing = [block for block in spec.blocks if block.kind not in SOURCES]
    assert len(rows(spec)) == len(spec.inputs) + len(computing)
    told = reasons(spec)
    assert all(
        any(f"`{pair.input}` to `{pair.output}`" in text for text in told) for pair in spec.pairs
    )
    sentences = "\n".join([*rows(spec), *told, *idioms(spec, dict.fromkeys(TARGETS, ""))])
    assert not re.search(r"None|Size|Fraction|  |\(\)|\b_", sentences)


@pytest.mark.parametrize("name", MODELS)
def test_words_of_a_framework_are_in_its_source(name: str) -> None:
    model = MODELS[name]
    without = idioms(model.spec, dict.fromkeys(TARGETS, ""))
    assert not any("Keras" in text or "PyTorch" in text for text in without)
    for text in idioms(model.spec, sources(model)):
        for word in re.findall(r"Keras `([A-Za-z]\w+)", text):
            assert word in model.source("keras")
        for word in re.findall(r"PyTorch `([A-Za-z][\w.]+)", text):
            assert word in model.source("torch") or word == "h_n"


OPERATORS = {ast.Add: operator.add, ast.Mult: operator.mul}


def value(node: ast.expr) -> int:
    """The value of an expression of whole numbers, `+` and `*`."""
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](value(node.left), value(node.right))  # type: ignore[no-any-return]
    assert isinstance(node, ast.Constant)
    assert isinstance(node.value, int)
    return node.value


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("target", TARGETS)
def test_formulas_give_the_predicted_numbers(name: str, target: str) -> None:
    spec = MODELS[name].spec
    total = 0
    for layer in spec.layers:
        known = formula(layer, spec, target)
        if known is None:
            assert layer.counts[target].value(spec.defaults) == 0
            continue
        count = value(ast.parse(known.numbers, mode="eval").body)
        assert count == layer.counts[target].value(spec.defaults)
        total += count
    assert total == spec.counts[target]


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize("joint", ["-", "="])
@pytest.mark.parametrize("bias", ["", ", bias=false"])
@pytest.mark.parametrize("target", TARGETS)
def test_formulas_of_cells(cell: str, joint: str, bias: str, target: str) -> None:
    text = f"H{joint}H   {cell}(5{bias})\n| |\nX X   input(3)\n"
    (model,) = analyze(text).models
    (layer,) = model.spec.layers
    known = formula(layer, model.spec, target)
    assert known is not None
    assert value(ast.parse(known.numbers, mode="eval").body) == model.parameters[target]
