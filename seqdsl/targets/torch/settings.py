"""PyTorch module → its settings: what changes its numbers and is in no array of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import nn

from seqdsl.runtime.weight_binding import NoSuchWeights
from seqdsl.targets.torch.weights import find

if TYPE_CHECKING:
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
    # `nn.BatchNorm1d(6, momentum=0.1)` takes over a tenth of each batch: momentum=0.9 in a picture. momentum=None
    # is the plain mean over all batches, which no picture can say.
    if layer.kind == "layernorm" and isinstance(module, nn.LayerNorm):
        return {"epsilon": module.eps}
    if layer.kind == "batchnorm" and isinstance(module, nn.modules.batchnorm._BatchNorm):
        kept = None if module.momentum is None else 1 - module.momentum
        return {"epsilon": module.eps, "momentum": kept}
    if layer.kind == "attention" and isinstance(module, nn.MultiheadAttention):
        return {"heads": module.num_heads, "key width": module.head_dim}
    # What is derived from these may have other activations.
    if layer.kind == "rnn" and type(module) in (nn.RNN, nn.RNNCell):
        return {"activation": module.nonlinearity}
    if layer.kind in ("lstm", "gru") and type(module) in _GATED[layer.kind]:
        return {"activation": "tanh", "recurrent_activation": "sigmoid", "reset_after": True}
    return {}


_GATED = {"lstm": (nn.LSTM, nn.LSTMCell), "gru": (nn.GRU, nn.GRUCell)}
