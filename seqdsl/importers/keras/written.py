"""a layer and its arguments → its call as the language writes it: ``lstm(32, dropout=0.1)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.importers.keras.refusals import Refused
from seqdsl.layers import layer_def
from seqdsl.lowering.foreign_values import activation_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def written(layer: str, **arguments: object) -> str:
    """A call, without the arguments that are as they are by default, or ``None``.

    >>> written("dense", units=4, activation="linear", bias=False)
    'dense(4, bias=false)'
    """
    definition = layer_def(layer)
    parts, is_positional = [], True
    for item in definition.signature.arguments:
        value = arguments.get(item.name)
        if value is None or (value == item.default and type(value) is type(item.default)):
            # `dense(4, bias=false)`: behind one that is left out, keywords are needed.
            is_positional = False
            continue
        is_positional = is_positional and item in definition.signature.positional
        parts.append(_shown(value) if is_positional else f"{item.name}={_shown(value)}")
    return f"{layer}({', '.join(parts)})" if parts else definition.written


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def activation(value: Any) -> str:
    """The language's word for an activation of a configuration.

    Raises:
        Refused: it has none, or one that means something else.
    """
    if isinstance(value, dict):
        # {"class_name": "function", "config": "relu"} of a function, {"class_name": "LeakyReLU", ...} of a layer
        named = value.get("config")
        if isinstance(named, dict):
            return activation_of_layer(value.get("class_name", ""), named)
        value = named
    if value is None:
        return "linear"
    word = activation_of(str(value))
    if word == "leaky_relu":
        raise Refused(
            "Keras's word `leaky_relu` has a slope of 0.2, and the language's of 0.01",
            "give it LeakyReLU(negative_slope=0.01)",
        )
    if not word:
        raise Refused(f"its activation `{value}` is not in the language", _OTHER)
    return word


_OTHER = "use another one, such as softplus, relu or tanh, and train it again"

_DEFAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "ReLU": ({"max_value": None, "negative_slope": 0.0, "threshold": 0.0}, "relu"),
    "LeakyReLU": ({"negative_slope": 0.01}, "leaky_relu"),
    "ELU": ({"alpha": 1.0}, "elu"),
    "Softmax": ({"axis": -1}, "softmax"),
}
"""Layers that are activations: with these arguments they are those of the language."""


def activation_of_layer(kind: str, config: dict[str, Any]) -> str:
    """The language's word for a layer that is an activation.

    Raises:
        Refused: the language does not have it, or not with these arguments.
    """
    if kind not in _DEFAULTS:
        raise Refused(f"its activation `{kind}` is not in the language", _OTHER)
    if kind == "ReLU" and config.get("max_value") == 6 and not config.get("negative_slope"):
        return "relu6"
    wanted, word = _DEFAULTS[kind]
    for name, value in wanted.items():
        if config.get(name, value) != value:
            raise Refused(
                f"`{name}={config[name]}` is not in the language; `{word}` has {value}",
                f"use {name}={value}, and train it again",
            )
    return word


def square(config: Mapping[str, Any], name: str) -> int:
    """What a setting has for both axes of an image.

    Raises:
        Refused: it differs between them.
    """
    value = config[name]
    sides = value if isinstance(value, list | tuple) else [value]
    if len(set(sides)) > 1:
        way = f"use {name}={max(sides)}, and train it again"
        if (
            name == "kernel_size"
            and config["padding"] == "same"
            and all(item % 2 for item in sides)
        ):
            # Of 3 x 5 the first and the last row of 5 x 5 are zero.
            way = f"use {name}={max(sides)}: with zeros around its weights it computes the same"
        raise Refused(f"its `{name}` is {tuple(sides)}; in the language both axes have one", way)
    return int(sides[0])
