"""Generated Keras layers keep what cuDNN's kernels ask for: on a GPU they are several times as fast."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from seqdsl.api import Model
from seqdsl.layers import is_recurrent
from seqdsl.lowering.kernels import has_kernel
from tests.compiled import compiled

EXAMPLES = Path(__file__).parents[2] / "examples"

# https://keras.io/api/layers/recurrent_layers/lstm/ and .../gru/: "the requirements to use the cuDNN implementation".
ASKED = {
    "activation": "tanh",
    "recurrent_activation": "sigmoid",
    "recurrent_dropout": 0.0,
    "unroll": False,
    "use_bias": True,
    "reset_after": True,
}

INSPECT = """
import gc, json, sys
import keras
from seqdsl.verify.build import build

# Keras looks for garbage whenever it forgets a model: among the models, not among all that TensorFlow is.
gc.freeze()

def cells(layer):
    if isinstance(layer, keras.layers.Bidirectional):
        return [layer.forward_layer, layer.backward_layer]
    return [layer] if isinstance(layer, (keras.layers.LSTM, keras.layers.GRU)) else []

found = {}
for name, source in json.load(sys.stdin).items():
    for layer in build(source, name).layers:
        for number, cell in enumerate(cells(layer)):
            config = {key: value for key, value in cell.get_config().items() if key in KEYS}
            found[f"{name} {layer.name} {number}"] = config
    keras.backend.clear_session()
print(json.dumps(found))
"""


def models() -> list[Model]:
    """Every model of the examples that has a recurrent layer."""
    paths = sorted(EXAMPLES.glob("*.seq"))
    found = [model for path in paths for model in compiled(path)]
    return [model for model in found if any(is_recurrent(item.kind) for item in model.spec.layers)]


@pytest.mark.slow
def test_layers_keep_the_conditions() -> None:
    drawn = models()
    sources = {model.name: model.source("keras") for model in drawn}
    done = subprocess.run(
        [sys.executable, "-c", f"KEYS = {list(ASKED)}\n{INSPECT}"],
        input=json.dumps(sources),
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    # What is drawn in another way cannot keep them.
    other = {
        (model.name, layer.name)
        for model in drawn
        for layer in model.spec.layers
        if is_recurrent(layer.kind) and not has_kernel(layer.kind, layer.arguments)
    }
    other |= {
        (model.name, layer.name)
        for model in drawn
        for layer in model.spec.layers
        if layer.arguments.get("bias") is False
    }
    wrong = {
        key: f"{name} is {value!r}"
        for key, config in found.items()
        if tuple(key.split(" ")[:2]) not in other
        for name, value in config.items()
        if value != ASKED[name]
    }
    assert not wrong
    assert len(found) > len(drawn) // 2
