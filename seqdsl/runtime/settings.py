"""layer → its settings: what changes numbers and is in no array of weights, and how two layers differ in it.

The picture's settings travel with the names of its arrays (`seqdsl.runtime.named_weights.LayerWeights`); a
framework's adapter reads those of a live layer, as far as it is one of the framework's own.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.layers import Kind, layer_def

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from seqdsl.ir.graph import Layer
    from seqdsl.layers import Setting
    from seqdsl.model.spec import ModelSpec
    from seqdsl.runtime.named_weights import LayerWeights, Value

    Settings = Mapping[str, Value]
    Read = Callable[[LayerWeights], Settings]


def settings_of(item: Layer, spec: ModelSpec) -> tuple[tuple[str, Value], ...]:
    """The settings of a picture's layer."""
    definition = layer_def(item.kind)
    return tuple(
        (setting.name, _value(setting, item, spec))
        for setting in definition.settings
        if definition.has(setting.needs, item.arguments)
        and not (setting.unless and definition.has(setting.unless, item.arguments))
    )


def _value(setting: Setting, item: Layer, spec: ModelSpec) -> Value:
    """What a setting is: always the same, a size, or what the argument of its name says."""
    if setting.value is not None:
        return setting.value
    definition = layer_def(item.kind)
    if setting.size is not None:
        sizes = definition.sizes(item.width, item.units, item.arguments)
        return setting.size.subs(sizes).value(spec.defaults)
    value = definition.given(item.arguments)[setting.name]
    argument = definition.signature.find(setting.name)
    if isinstance(value, str) and argument is not None and argument.kind is not Kind.ACTIVATION:
        # A number may be a parameter.
        value = next(param.default for param in spec.parameters if param.name == value)
    return value if isinstance(value, str) else float(value)


def _setting(layer: LayerWeights, name: str) -> Setting:
    return next(item for item in layer_def(layer.kind).settings if item.name == name)


def differences(layer: LayerWeights, actual: Settings) -> dict[str, str]:
    """What a model's layer has otherwise than the picture's, in words, by the setting's name."""
    return {
        name: f"`{layer.name}` has {name}={_shown(actual[name])}, expected {_shown(value)}"
        for name, value in layer.settings
        if name in actual and not _equal(value, actual[name])
    }


def certain(layers: Sequence[LayerWeights], read: Read, *, trained: bool = False) -> Iterator[str]:
    """Differences that are faults whatever the results are: in training, or in all other calls."""
    for layer in layers:
        for name, sentence in differences(layer, read(layer)).items():
            setting = _setting(layer, name)
            if setting.in_training == trained and not setting.elsewhere:
                yield sentence


def explaining(layers: Sequence[LayerWeights], read: Read) -> str:
    """All differences as a further line of what is wrong with the results."""
    sentences = [
        sentence
        for layer in layers
        for name, sentence in differences(layer, read(layer)).items()
        if not _setting(layer, name).in_training
    ]
    return f"\n{'; '.join(sentences)}" if sentences else ""


def _certain(layer: LayerWeights, differing: Mapping[str, str]) -> list[str]:
    """The differences in settings that can be read of a layer: some are elsewhere in a model, or are trained."""
    settings = {name: _setting(layer, name) for name in differing}
    return [
        sentence
        for name, sentence in differing.items()
        if not settings[name].elsewhere and not settings[name].in_training
    ]


def unlike(layers: Sequence[LayerWeights], places: Sequence[str], read: Read) -> str:
    """The same where it is open which layer is which: of layers to which none in the model is equal."""
    sentences = []
    for layer in layers:
        # The picture has layernorm with epsilon=1e-5, the model two with 1e-3 and 1e-6: neither is equal, and the one
        # that differs least is named. Had one of them 1e-5, nothing would be wrong.
        # A layer of another kind has none of the settings.
        of_kind = [given for place in places if (given := read(replace(layer, place=place)))]
        differing = [differences(layer, given) for given in of_kind]
        certainly = [_certain(layer, item) for item in differing]
        if certainly and all(certainly):
            sentences += sorted(certainly, key=len)[0]
    return f"\n{'; '.join(dict.fromkeys(sentences))}" if sentences else ""


def _equal(one: Value, other: Value) -> bool:
    numbers = [item for item in (one, other) if isinstance(item, float | int)]
    return math.isclose(*numbers, rel_tol=1e-6) if len(numbers) == 2 else one == other


def _shown(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
