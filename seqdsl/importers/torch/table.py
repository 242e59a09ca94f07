"""operation → the function that reads it: all that computes, by PyTorch's name of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.importers.torch import (
    attention,
    choices,
    combine,
    cuts,
    images,
    padding,
    recurrent,
    scores,
    stepwise,
    weighted,
    windows,
)

if TYPE_CHECKING:
    from seqdsl.importers.torch.trace import Reader

_FUNCTIONS = (
    "relu tanh sigmoid gelu elu selu softplus silu hardsigmoid leaky_relu relu6 mish softsign"
)
_RANDOM = "multinomial gumbel_softmax bernoulli"
_NOISE = "randn rand normal uniform exponential randn_like rand_like"

# All else moves values, is a question about shapes, or cannot be read.
TABLE: dict[str, Reader] = {
    **dict.fromkeys(_FUNCTIONS.split(), stepwise.function),
    "linear": stepwise.linear,
    "embedding": stepwise.embedding,
    "layer_norm": stepwise.layer_norm,
    "batch_norm": stepwise.batch_norm,
    "dropout": stepwise.dropout,
    **dict.fromkeys(
        ("dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout"),
        stepwise.dropout,
    ),
    "softmax": stepwise.softmax,
    "log_softmax": stepwise.softmax,
    **dict.fromkeys(("lstm", "gru", "rnn_tanh", "rnn_relu"), recurrent.recurrent),
    **dict.fromkeys(("lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"), recurrent.cell),
    "conv1d": windows.convolution,
    "conv2d": images.convolution,
    "conv3d": images.volume,
    **dict.fromkeys(("max_pool2d", "max_pool2d_with_indices", "avg_pool2d"), images.tiles),
    **dict.fromkeys(("adaptive_max_pool2d", "adaptive_avg_pool2d"), images.adaptive),
    "add": combine.add,
    "mul": combine.multiply,
    "truediv": combine.divide,
    "maximum": combine.maximum,
    "minimum": combine.minimum,
    "mean": combine.mean,
    "sum": combine.total,
    "prod": combine.product,
    "max": combine.largest,
    "amax": combine.largest,
    "min": combine.smallest,
    "amin": combine.smallest,
    "argmax": choices.argmax,
    "topk": choices.largest,
    **dict.fromkeys(_RANDOM.split(), choices.drawn),
    **dict.fromkeys(_NOISE.split(), choices.noise),
    **dict.fromkeys(("max_pool1d", "avg_pool1d"), combine.windows),
    **dict.fromkeys(("adaptive_max_pool1d", "adaptive_avg_pool1d"), combine.pooled),
    "matmul": scores.product,
    "einsum": attention.einsum,
    "scaled_dot_product_attention": attention.dot_products,
    "multi_head_attention_forward": attention.heads,
    **dict.fromkeys(("detach", "detach_"), cuts.detached),
    "masked_fill": weighted.fill,
    "where": weighted.where,
    "pack_padded_sequence": padding.packs,
    "ne": padding.differs,
    "eq": padding.differs,
}
