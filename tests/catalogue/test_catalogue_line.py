"""Layers in a line, read off the generated source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seqdsl.api import Model, compile
from seqdsl.catalogue.line import layers_line
from seqdsl.targets import TRAINED
from tests.compiled import compiled

EXAMPLES = Path(__file__).parents[2] / "examples"

LINES = {
    "many-to-many-last-3": (
        "LSTM(32, return_sequences=True) → Cropping1D((3, 0))",
        "LSTM(1, 32, batch_first=True) → [:, -3:]",
    ),
    "bidirectional-final-state": (
        'Bidirectional(LSTM(16)) → Dense(1, activation="sigmoid")',
        "LSTM(8, 16, batch_first=True, bidirectional=True) → h_n[0] → h_n[1] → cat(dim=-1) → "
        "Linear(32, 1) → sigmoid()",
    ),
    "forecast-state-only": (
        "GRU(12, return_state=True) → [:, :1] → zeros_like() → RepeatVector(3) → "
        "GRU(12, return_sequences=True) from a state → Dense(1)",
        "GRU(3, 12, batch_first=True) → new_zeros(batch, 3, 1) → "
        "GRU(1, 12, batch_first=True) from a state → Linear(12, 1)",
    ),
    "average-pooling": (
        "[:, ::2] → [:, 1::2] → Average() → GRU(10) → Dense(1)",
        "[:, ::2] → [:, 1::2] → add() → div() → GRU(3, 10, batch_first=True) → h_n[-1] → "
        "Linear(10, 1)",
    ),
    "text-conv-pool-lstm": (
        'Embedding(30, 8) → Conv1D(10, 3, padding="same", activation="relu") → [:, ::2] → '
        '[:, 1::2] → Maximum() → LSTM(12) → Dense(1, activation="sigmoid")',
        "Embedding(30, 8) → transpose(1, 2) → Conv1d(8, 10, 3, padding=1) → relu() → "
        "transpose(1, 2) → [:, ::2] → [:, 1::2] → maximum() → "
        "LSTM(10, 12, batch_first=True) → h_n[-1] → Linear(12, 1) → sigmoid()",
    ),
    "caption-merge": (
        'Embedding(30, 12) → Dense(16, activation="relu") → LSTM(16) → Add() → '
        'Dense(20, activation="relu") → Dense(30, activation="softmax")',
        "Embedding(30, 12) → Linear(24, 16) → relu() → LSTM(12, 16, batch_first=True) → h_n[-1] → "
        "add() → Linear(16, 20) → relu() → Linear(20, 30) → softmax(dim=-1)",
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_line(name: str) -> None:
    model = compile((EXAMPLES / f"{name}.seq").read_bytes(), f"{name}.seq")
    assert tuple(layers_line(model, target) for target in TRAINED) == LINES[name]


ALL = [model for path in sorted(EXAMPLES.glob("*.seq")) for model in compiled(path)]


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.name)
def test_every_layer_with_weights_is_in_the_line(model: Model) -> None:
    keras, torch = (layers_line(model, target) for target in TRAINED)
    kinds = [layer.kind for layer in model.spec.layers]
    for kind, spelled in (("lstm", "LSTM("), ("gru", "GRU("), ("embedding", "Embedding(")):
        # Where a cell is written anew, the line has the class: `RNN(OneMaskLSTMCell(6, ...))`.
        cell = f"{kind.upper()}Cell("
        assert (kind in kinds) == (spelled in keras or cell in keras), keras
        # A cell with other activations than PyTorch's is a class of the module's own; that of images is another layer.
        others = torch.replace("ConvLSTM", "")
        assert (kind in kinds) == (spelled in others or (kind.upper() in others)), torch
    for line in (keras, torch):
        assert "self" not in line
        assert "name=" not in line
        words = set(re.findall(r"\w+", line))
        assert not words & {block.name for block in model.spec.blocks if "_" in block.name}


def test_parameters_stand_as_their_defaults() -> None:
    model = compile("n = 20\nunits = 7\n\nY  ...  Y\n|       |\nH ..n.. H\n|       |\nX ..n.. X\n")
    assert layers_line(model, "keras") == "LSTM(7, return_sequences=True)"
    assert layers_line(model, "torch") == "LSTM(1, 7, batch_first=True)"
