"""layer → its settings: what changes numbers and is in no array of weights, and how two layers differ in it.

The picture's settings travel with the names of its arrays (`seqdsl.runtime.named_weights.LayerWeights`); a
framework's adapter reads those of a live layer, as far as it is one of the framework's own.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import ModelSpec
    from seqdsl.runtime.named_weights import LayerWeights, Value

    Settings = Mapping[str, Value]
    Read = Callable[[LayerWeights], Settings]

EPSILON, MOMENTUM = 1e-5, 0.9
"""Of normalization, where a picture says nothing; the momentum is Keras's, 1 - PyTorch's."""

TRAINED = frozenset({"momentum"})
"""Settings that matter while a model is trained, and then alone."""

ELSEWHERE = frozenset({("dense", "activation"), ("conv", "activation")})
"""Settings that a model may have in a layer of their own: a difference explains others, but is none by itself."""


def settings_of(layer: Layer, spec: ModelSpec) -> tuple[tuple[str, Value], ...]:
    """The settings of a picture's layer."""
    arguments, env = layer.arguments, spec.defaults

    def number(name: str, default: float) -> float:
        value = arguments.get(name)
        if isinstance(value, str):
            value = next(item.default for item in spec.parameters if item.name == value)
        return default if value is None else float(str(value))

    def word(name: str, default: str) -> tuple[str, str]:
        return name, str(arguments.get(name) or default)

    # Of `gru(4)`: activation=tanh, recurrent_activation=sigmoid, reset_after=True; of `batchnorm(momentum=0.8)`:
    # epsilon=1e-5, momentum=0.8. A layer of another kind has none.
    if layer.kind in ("lstm", "gru", "rnn"):
        gates = [word("recurrent_activation", "sigmoid")] * (layer.kind != "rnn")
        reset = [("reset_after", True)] * (layer.kind == "gru")
        merged = [("merge_mode", "concat")] * bool(arguments.get("bidirectional"))
        return (word("activation", "tanh"), *gates, *reset, *merged)
    if layer.kind in ("dense", "conv"):
        return (word("activation", "linear"),)
    if layer.kind == "attention" and arguments.get("heads") is not None:
        heads = arguments["heads"].value(env)  # type: ignore[attr-defined]
        return (("heads", heads), ("key width", layer.width.value(env) // heads))
    if layer.kind in ("layernorm", "batchnorm"):
        kept = [("momentum", number("momentum", MOMENTUM))] * (layer.kind == "batchnorm")
        return (("epsilon", number("epsilon", EPSILON)), *kept)
    return ()


def differences(layer: LayerWeights, found: Settings) -> dict[str, str]:
    """What a layer that was found has otherwise than the picture's, in words, by the setting's name."""
    return {
        name: f"`{layer.name}` has {name}={_said(found[name])}, in the picture it is {_said(value)}"
        for name, value in layer.settings
        if name in found and not _equal(value, found[name])
    }


def certain(layers: Sequence[LayerWeights], read: Read, *, trained: bool = False) -> Iterator[str]:
    """Differences that are faults whatever the results are: in training, or in all other calls."""
    for layer in layers:
        for name, said in differences(layer, read(layer)).items():
            if (name in TRAINED) == trained and (layer.kind, name) not in ELSEWHERE:
                yield said


def explaining(layers: Sequence[LayerWeights], read: Read) -> str:
    """All differences as a further line of what is wrong with the results."""
    found = [
        said
        for layer in layers
        for name, said in differences(layer, read(layer)).items()
        if name not in TRAINED
    ]
    return f"\n{'; '.join(found)}" if found else ""


def unlike(layers: Sequence[LayerWeights], places: Sequence[str], read: Read) -> str:
    """The same where it is not known which layer is which: of layers to which none in the model is equal."""
    found = []
    for layer in layers:
        # The picture has layernorm with epsilon=1e-5, the model two with 1e-3 and 1e-6: neither is equal, and the one
        # that differs least is named. Had one of them 1e-5, nothing would be wrong.
        # A layer of another kind has none of the settings.
        of_kind = [given for place in places if (given := read(replace(layer, place=place)))]
        differing = [differences(layer, given) for given in of_kind]
        certainly = [
            [
                said
                for name, said in item.items()
                if (layer.kind, name) not in ELSEWHERE and name not in TRAINED
            ]
            for item in differing
        ]
        if certainly and all(certainly):
            found += sorted(certainly, key=len)[0]
    return f"\n{'; '.join(dict.fromkeys(found))}" if found else ""


def _equal(one: Value, other: Value) -> bool:
    numbers = [item for item in (one, other) if isinstance(item, float | int)]
    return math.isclose(*numbers, rel_tol=1e-6) if len(numbers) == 2 else one == other


def _said(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
