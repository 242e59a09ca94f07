"""layers → formulas: how many parameters a layer has in each framework, and why.

The formulas are written by hand from the frameworks' guides, and held against the counts that the models are
verified with: two ways to one number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.explain.words import length
from seqdsl.ir.size import Size
from seqdsl.model.weights import has_weights

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import ModelSpec

_GATES = {"lstm": 4, "gru": 3, "rnn": 1}
_PARTS = {
    "lstm": "four parts: the forget, input and output gates and the candidate",
    "gru": "three parts: the update and reset gates and the candidate",
    "rnn": "one part",
}


@dataclass(frozen=True)
class Formula:
    """How a layer's parameters are counted.

    Attributes:
        text: an arithmetic expression of names, ``4 * (units * (features + units) + units)``.
        values: the number behind each name.
        why: what its parts are.
    """

    text: str
    values: dict[str, int]
    why: str

    @property
    def numbers(self) -> str:
        """The expression with its numbers: ``4 * (16 * (8 + 16) + 16)``."""
        return re.sub(r"[a-z_]+", lambda match: str(self.values[match.group()]), self.text)


def formula(layer: Layer, spec: ModelSpec, target: str) -> Formula | None:
    """How the parameters of ``layer`` are counted for ``target``; ``None`` if it has none."""
    if not has_weights(layer):
        return None
    values = {"features": _number(spec, layer.width), "units": _number(spec, layer.units)}
    bias = layer.arguments.get("bias") is not False
    if layer.kind in _GATES:
        return _recurrent(layer, values, target, bias)
    if layer.kind == "dense":
        return Formula(
            _affine("features", "units", bias), values, "a weight for each pair, and a bias"
        )
    if layer.kind == "conv":
        values = {**values, "filters": values.pop("units")}
        values["kernel"] = _number(spec, layer.arguments["kernel"])
        text = _affine("kernel * features", "filters", bias)
        return Formula(text, values, "a weight for each place of the window, and a bias")
    if layer.kind == "embedding":
        values = {
            "vocabulary": _number(spec, layer.arguments["vocabulary"]),
            "features": values["units"],
        }
        return Formula("vocabulary * features", values, "a vector for each id")
    if layer.kind == "attention":
        return _attention(values["features"], _number(spec, layer.arguments["memory"]))
    if layer.kind == "batchnorm":
        if target == "keras":
            return Formula("4 * features", values, "scale, shift, and the moving mean and variance")
        return Formula("2 * features", values, "scale and shift; the moving statistics are buffers")
    assert layer.kind == "layernorm"
    return Formula("2 * features", values, "scale and shift")


def _affine(width: str, units: str, bias: bool) -> str:
    return f"{width} * {units}" + (f" + {units}" if bias else "")


def _recurrent(layer: Layer, values: dict[str, int], target: str, bias: bool) -> Formula:
    gates = _GATES[layer.kind]
    two_biases = target == "torch" or layer.kind == "gru"
    added = f" + {'2 * ' if two_biases else ''}units" if bias else ""
    inner = f"units * (features + units){added}"
    text = inner if gates == 1 else f"{gates} * ({inner})"
    why = _PARTS[layer.kind]
    if layer.arguments.get("bidirectional"):
        text = f"2 * ({inner})" if gates == 1 else f"2 * {text}"
        why += ", in two directions"
    if bias and two_biases:
        why += ", each with two biases" if gates > 1 else " with two biases"
    return Formula(text, values, why)


def _attention(query: int, memory: int) -> Formula:
    text = "features * features + features + 2 * (memory * features + features) + features * features + features"
    values = {"features": query, "memory": memory}
    return Formula(text, values, "projections of the query, of keys and values, and of the result")


def _number(spec: ModelSpec, size: object) -> int:
    found = length(spec, size) if isinstance(size, Size) else size
    assert isinstance(found, int)
    return found
