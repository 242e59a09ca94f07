"""PyTorch module → its settings: what changes its numbers and is in no array of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import nn

from seqdsl.layers import is_recurrent
from seqdsl.runtime.weight_binding import NoSuchWeights
from seqdsl.targets.torch.weights import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.runtime.named_weights import LayerWeights
    from seqdsl.runtime.settings import Settings


def settings(model: Any, layer: LayerWeights) -> Settings:
    """What changes the numbers of a layer in its place; nothing if it is another layer.

    An activation that is a function in `forward` is not to be seen here.
    """
    try:
        module, _ = find(model, layer)
    except NoSuchWeights:
        return {}
    # What is derived from a recurrent layer may have other activations.
    known = type(module) if is_recurrent(layer.kind) else _known(module)
    read = _READ.get((layer.kind, known))
    if read is not None:
        return read(module)
    # A layer that stands in no table has its settings under PyTorch's names for them.
    return {} if known in _CLASSES else _by_name(module, layer)


def _known(module: Any) -> type:
    return next((cls for cls in _CLASSES if isinstance(module, cls)), type(module))


def _by_name(module: Any, layer: LayerWeights) -> Settings:
    found = {name: getattr(module, _ATTRIBUTES.get(name, name), None) for name, _ in layer.settings}
    # An attribute of that name that is no number is something else.
    return {name: value for name, value in found.items() if isinstance(value, float | int)}


_ATTRIBUTES = {"epsilon": "eps"}
_TANH: Settings = {"activation": "tanh", "recurrent_activation": "sigmoid", "reset_after": True}
_READ: dict[tuple[str, type], Callable[[Any], Settings]] = {
    ("layernorm", nn.LayerNorm): lambda m: {"epsilon": m.eps},
    # `nn.BatchNorm1d(6, momentum=0.1)` takes over a tenth of each batch: momentum=0.9 in a picture. momentum=None
    # is the plain mean over all batches, which no picture can say.
    ("batchnorm", nn.modules.batchnorm._BatchNorm): lambda m: {
        "epsilon": m.eps,
        "momentum": None if m.momentum is None else 1 - m.momentum,
    },
    ("attention", nn.MultiheadAttention): lambda m: {
        "heads": m.num_heads,
        "key width": m.head_dim,
    },
    ("rnn", nn.RNN): lambda m: {"activation": m.nonlinearity},
    ("rnn", nn.RNNCell): lambda m: {"activation": m.nonlinearity},
    ("lstm", nn.LSTM): lambda _: _TANH,
    ("lstm", nn.LSTMCell): lambda _: _TANH,
    ("gru", nn.GRU): lambda _: _TANH,
    ("gru", nn.GRUCell): lambda _: _TANH,
}
"""How the settings of a layer are read of PyTorch's module for it."""

_CLASSES = tuple(dict.fromkeys(cls for _, cls in _READ))
