"""every converter that is measured: what it reads, what it gives, and the environment that it runs in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements")


@dataclass(frozen=True)
class Tool:
    """A way from one framework to the other.

    Attributes:
        route: its function in `routes.ROUTES`.
        label: its column in the table.
        package: whose version is reported.
        gives: what the reader of the page gets from it.
        environment: its file of `requirements`, and its folder; here if there is none.
        borrows: whether PyTorch, Keras and TensorFlow are those of this environment, as its versions fit.
        backend: what Keras runs on.
    """

    route: str
    label: str
    package: str
    gives: str
    environment: str = ""
    borrows: bool = True
    backend: str = "tensorflow"


EXPORTS = "exports"
"""The environment in which models are made and exported."""

_SOURCE = "source with the layers of the framework, weights, and a report of what was compared"
_OPERATORS = "a module that runs the operators of the ONNX file"
_FILE = "a file that ONNX Runtime runs, not a model of a framework; its outputs are those of ONNX Runtime"

TOOLS = {
    "keras": (
        Tool("seqdsl-torch", "seqdsl", "seqdsl", _SOURCE),
        Tool("onnx2pytorch", "onnx2pytorch", "onnx2pytorch", _OPERATORS, "onnx2pytorch"),
        Tool("onnx2torch", "onnx2torch", "onnx2torch", _OPERATORS, "onnx2torch"),
        Tool(
            "backend",
            "Keras on PyTorch",
            "keras",
            "the same Keras model, which is an `nn.Module` and needs Keras",
            backend="torch",
        ),
        Tool("onnx", "ONNX file", "tf2onnx", _FILE, EXPORTS),
    ),
    "torch": (
        Tool("seqdsl-keras", "seqdsl", "seqdsl", _SOURCE),
        Tool(
            "onnx2tf",
            "onnx2tf",
            "onnx2tf",
            "a model of TensorFlow operations for `tf_keras` (Keras 2)",
            "onnx2tf",
            borrows=False,
        ),
        Tool(
            "nobuco",
            "nobuco",
            "nobuco",
            "a model of Keras 2, which TensorFlow up to 2.15 has",
            "nobuco",
            borrows=False,
        ),
        Tool(
            "onnx2keras",
            "onnx2keras",
            "onnx2keras",
            "a Keras 3 model with `Lambda` layers",
            "onnx2keras",
        ),
        Tool(
            "litert-torch",
            "litert-torch",
            "litert-torch",
            "a `.tflite` file, not a Keras model",
            "litert-torch",
        ),
        Tool("onnx", "ONNX file", "onnxscript", _FILE, EXPORTS),
    ),
}
"""The ways from each framework."""
