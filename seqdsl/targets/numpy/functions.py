"""names → the functions of a generated module: which call which, and their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Kind, find_layer
from seqdsl.targets.emit.render import macro, macros
from seqdsl.targets.numpy.activations import activation
from seqdsl.targets.numpy.declared import cell_functions

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seqdsl.targets.numpy.emitter import NumpyEmitter

CALLS: dict[str, tuple[str, ...]] = {
    "check_shape": (),
    "vectors": ("check_shape",),
    "tokens": ("check_shape",),
    "numbers": ("check_shape",),
    "dtype_of": (),
    "check_steps": (),
    "check_padding": (),
    "some_valid": (),
    "true_first": (),
    "take_steps": (),
    "last_valid": ("take_steps",),
    "last_valid_grid": ("take_steps",),
    "apart": (),
    "identity": (),
    "relu": (),
    "sigmoid": (),
    "softmax": (),
    "log_softmax": (),
    "erf": (),
    "gelu": ("erf",),
    "elu": (),
    "selu": (),
    "softplus": (),
    "swish": ("sigmoid",),
    "hard_sigmoid": (),
    "leaky_relu": (),
    "relu6": (),
    "mish": ("softplus",),
    "softsign": (),
    "sine_positions": (),
    "sine_codes": (),
    "affine": (),
    "dense": ("affine",),
    "conv": ("affine",),
    "conv2d": ("affine",),
    "tiles": (),
    "maxpool2d": ("tiles",),
    "meanpool2d": ("tiles",),
    "layernorm": (),
    "normalized": (),
    "sample": (),
    "sample_normal": (),
    "batchnorm": (),
    "attend": ("softmax",),
    "additive": ("softmax",),
    "own_heads": ("dense", "attend"),
    "multi_head": ("affine", "attend"),
    "projections": (),
    "scan": (),
    "lstm": ("affine", "scan"),
    "gru": ("affine", "scan"),
    "rnn": ("affine", "scan"),
    "bidirectional": (),
    "prompt": (),
    "or_zeros": (),
    "Past": (),
    "past_mask": (),
    "head_weights": (),
    "of_heads": ("affine",),
    "project_memory": ("head_weights", "of_heads"),
    "attend_heads": ("head_weights", "of_heads", "attend", "dense"),
    "choose_id": (),
    "choose_probable": (),
}
"""Each function of the templates, and the others that it calls whatever the model has."""

_TABLES = ("functions", "recurrences", "free_run")
"""The templates that have them."""


def functions(to: NumpyEmitter) -> dict[str, str]:
    """The text of each function that the module must have, behind those that it calls.

    Raises:
        MissingMacro: a layer or an activation has none.
    """
    written = cell_functions(to)
    usual = {name: _usual(name, to) for name in sorted(to.functions)}
    tables = [macros("numpy", name) for name in _TABLES]
    texts = {}
    for name in _needed(to.functions):
        table = next((item for item in tables if hasattr(item, name)), tables[0])
        # A macro's parameters say what it takes: `relu()` nothing, `conv(options)`, `lstm(options, usual)`.
        made = macro(table, name)
        facts = {"options": frozenset(to.options), "usual": usual.get(name, {})}
        texts[name] = str(made(**{item: facts[item] for item in made.arguments})).strip()
    return texts | written


def _usual(name: str, to: NumpyEmitter) -> dict[str, str]:
    """The functions of the activations that a recurrent layer has where it is given none."""
    layer = find_layer(name)
    arguments = layer.signature.arguments if layer and layer.cell else ()
    return {
        item.name: activation(str(item.default), to)
        for item in arguments
        if item.kind is Kind.ACTIVATION
    }


def _needed(names: Collection[str]) -> Sequence[str]:
    # {"multi_head"} -> affine, softmax, attend, multi_head: each behind those that it calls, in an order that does not
    # depend on what the picture reads first.
    needed: dict[str, None] = {}

    def add(name: str) -> None:
        # What is in no table is a layer's own function, which calls no other.
        for other in CALLS.get(name, ()):
            add(other)
        needed[name] = None

    for name in (*CALLS, *sorted(set(names) - set(CALLS))):
        if name in names:
            add(name)
    return list(needed)
