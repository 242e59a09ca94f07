"""the class of a layer or an operation → the function that reads it: the one list of what is known of Keras."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from seqdsl.importers.keras import (
    applied,
    attending,
    attention,
    bidirectional,
    cells,
    convolution,
    inlined,
    merging,
    moving,
    padding,
    recurrent,
    repeated,
    stacked,
    stepwise,
)
from seqdsl.importers.keras.network import is_network
from seqdsl.importers.keras.refusals import Refused
from seqdsl.importers.keras.values import Truth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.importers.keras.network import Record
    from seqdsl.importers.keras.site import Site

    Read = Callable[[Site], Any]

COMPUTING: dict[str, Read] = {
    "Dense": stepwise.dense,
    "Embedding": stepwise.embedding,
    "Argmax": stepwise.argmax,
    "LayerNormalization": stepwise.layernorm,
    "BatchNormalization": stepwise.batchnorm,
    **dict.fromkeys(("ReLU", "LeakyReLU", "ELU"), stepwise.activated),
    "Activation": attending.activated,
    "Softmax": attending.softmax,
    "Dropout": attending.dropout,
    "SpatialDropout1D": stepwise.dropout,
    **dict.fromkeys(recurrent.CELLS, recurrent.recurrent),
    **dict.fromkeys(cells.KINDS, cells.cell),
    "Bidirectional": bidirectional.bidirectional,
    **dict.fromkeys(merging.MERGES, merging.merge),
    **dict.fromkeys(merging.REDUCTIONS, merging.reduce),
    **dict.fromkeys(
        (f"Global{how}Pooling{axes}" for how in ("Average", "Max") for axes in ("1D", "2D")),
        merging.pool_all,
    ),
    **dict.fromkeys(("AveragePooling1D", "MaxPooling1D"), merging.pool_windows),
    **dict.fromkeys(("AveragePooling2D", "MaxPooling2D"), convolution.pool2d),
    "Conv1D": convolution.conv,
    "Conv2D": convolution.conv2d,
    **dict.fromkeys(("Attention", "AdditiveAttention"), attention.attention),
    "MultiHeadAttention": attention.heads,
    **dict.fromkeys(("Dot", "Matmul", "Einsum", "Tensordot"), attending.product),
    **dict.fromkeys((*stepwise.FUNCTIONS, "Gelu"), stepwise.function),
    "LogSoftmax": attending.log_softmax,
}
"""What computes."""

_WITHOUT: dict[str, Read] = {
    "TimeDistributed": repeated.time_distributed,
    "Masking": padding.masking,
    "Where": padding.where,
    **dict.fromkeys(
        ("GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization"),
        stepwise.noise,
    ),
    **dict.fromkeys(("Divide", "TrueDivide"), attention.scaled),
    **dict.fromkeys((*moving.LAYERS, *moving.OPERATIONS), moving.move),
    "Lambda": inlined.function,
}
"""What moves values, or is no layer of a picture."""


def inline(site: Site) -> Any:
    """A layer that calls others; one that cannot be followed may still move values alone."""
    if (again := applied.applied_again(site)) is not None:
        return again
    try:
        return inlined.inline(site)
    except Refused:
        live = site.record.live
        if live is None or live.weights or isinstance(live, keras.Model):
            raise
        try:
            return moving.move(site)
        except Refused:
            pass
        raise


def handler(record: Record, given: Sequence[Any]) -> Read:
    """What reads a call.

    Args:
        record: the layer, or the operation.
        given: all that stands in the arguments of the call.

    Raises:
        Refused: the language has nothing for it.
    """
    if recurrent.is_own_cell(record):
        return _cell(record)
    if record.is_own or is_network(record.config):
        # y = EachStep(layers.Conv2D(8, 3))(x), a wrapper of the model's own
        is_each_step = record.is_own and given and repeated.is_each_step(record.live, given[0])
        return repeated.time_distributed if is_each_step else inline
    is_operation = ".ops" in record.module
    if is_operation and _tells(record.kind, given):
        return padding.compute
    read = COMPUTING.get(record.kind) or _WITHOUT.get(record.kind)
    if read is None:
        what = "operation" if is_operation else "layer"
        raise Refused(f"the language has no such {what}", _WAYS.get(record.kind, ""))
    return read


def _cell(record: Record) -> Read:
    """What reads a recurrent layer that runs a cell of its own."""
    # From a file nothing is known of the cell but its name.
    if record.live is None:
        raise Refused(
            "it runs a cell of its own", "write the cell as equations in the picture's file"
        )
    return stacked.stacked if stacked.is_stacked(record.live) else recurrent.recurrent


def _tells(kind: str, given: Sequence[Any]) -> bool:
    """Whether an operation makes a mask, or something on the way to one."""
    of_masks = any(isinstance(item, Truth) for item in given)
    return kind in padding.TELLING or (of_masks and kind != "Where")


def knows(module: str, kind: str) -> bool:
    """Whether a class of Keras's is one that may be made of what a file says: what can be read, and models."""
    if kind in ("Functional", "Sequential", "Model"):
        return module == "keras" or ".models" in module
    if ".ops." in module:
        return kind in COMPUTING | _WITHOUT or kind in padding.TELLING | padding.LEADING
    return module == "keras.layers" and (kind == "InputLayer" or kind in COMPUTING | _WITHOUT)


_APART = (
    "join both by Concatenate or Multiply and train it again; or |a - b|, for n features, is what Dense(2 * n, 'relu', "
    "use_bias=False) gives above a Concatenate of both, with the matrix [[I, -I], [-I, I]], summed up by what reads it"
)

_WAYS = {
    "Absolute": _APART,
    "Abs": _APART,
    "Conv3D": "apply TimeDistributed(Conv2D) to each frame, and a layer over the steps, such as ConvLSTM2D, above it",
    "Conv1DTranspose": "use UpSampling1D and Conv1D",
    "SeparableConv1D": "use Conv1D",
    "Exp": "use softplus, and train it again; or give the logarithm, and compute the exponential behind the model",
    "Negative": "multiply the weights of the linear layer below by -1, kernel and bias; or use a Dense without a bias, "
    "whose kernel is the identity matrix times -1",
    "Subtract": "use an Add, with the weights of a Dense layer that gives what is subtracted multiplied by -1",
    "PReLU": "use an activation without weights",
    "Rescaling": "scale the data before the model",
    "Normalization": "normalize the data before the model",
    "TextVectorization": "turn text into ids before the model",
    "StringLookup": "turn text into ids before the model",
}
"""What to do instead."""
