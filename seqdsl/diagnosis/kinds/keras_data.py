"""what Keras, and TensorFlow below it, say of data and masks."""

from __future__ import annotations

from seqdsl.diagnosis.kind import KERAS, Kind
from seqdsl.diagnosis.kinds import decoders, pictures

_AXIS = r"(?:None|\d+)"
# `expected shape=(None, 20, 4), found shape=(2, 20, 5)` by the layer, or by the model
# `Expected shape (None, 20, 4), but input has incompatible shape (2, 20)`
_EXPECTED = r"(?:expected shape=|Expected shape )\(None, "
_GIVEN = rf"\),? (?:found shape=|but input has incompatible shape )\({_AXIS}, "


KERAS_DATA = (
    Kind(
        # Model(Input((20, 4)), ...)(ones(2, 20, 5))
        "keras-other-features",
        KERAS,
        "data of another number of features",
        "Input 0 with name 'x' of layer 'functional' is incompatible with the layer: expected shape=(None, 20, "
        "4), found shape=(2, 20, 5)",
        rf"{_EXPECTED}(?P<steps>\d+|None), (?P<wrong_features>\d+){_GIVEN}(?:\d+|None), "
        rf"(?!(?P=wrong_features)\b)(?P<features>\d+)\)",
        "The model was built for $wrong_features features at each step, and the data has $features. Features "
        "are the last axis of the data and the width of the input row; they are neither steps nor units.",
        "`Input(shape=(steps, $features))`, or the features of the data that the model was made for.",
        pictures.LAST,
        pictures.LAST,
    ),
    Kind(
        # Model(Input((20, 4)), ...)(ones(2, 25, 4))
        "keras-other-steps",
        KERAS,
        "data of another number of steps",
        "Input 0 with name 'x' of layer 'functional' is incompatible with the layer: expected shape=(None, 20, "
        "4), found shape=(2, 25, 4)",
        rf"{_EXPECTED}(?P<wrong_steps>\d+), (?P<features>\d+){_GIVEN}(?P<steps>\d+), (?P=features)\)",
        "The model was built for $wrong_steps steps, and the data has $steps. Recurrent layers run over any "
        "number of steps: draw `X ..n.. X` and the number stays open, or draw the row as long as the data.",
        "`Input(shape=(None, $features))` for any number of steps, or `Input(shape=($steps, $features))`.",
        pictures.LAST,
        pictures.LAST,
    ),
    Kind(
        # Model(Input((20, 4)), ...)(ones(2, 20))
        "keras-no-features-axis",
        KERAS,
        "a series without the axis of features",
        "Expected shape (None, 20, 4), but input has incompatible shape (2, 20)",
        rf"{_EXPECTED}(?P<wrong_steps>\d+|None), (?P<wrong_features>\d+){_GIVEN}(?P<steps>\d+)\)",
        "The model reads (batch, steps, features), and the data has two axes. A series of single values has one "
        "feature at each step, an axis of length 1 at its end.",
        "`x[..., None]`, and `Input(shape=($steps, 1))`.",
        pictures.LAST,
        pictures.LAST,
        sizes={"features": 1},
    ),
    Kind(
        # dense(ones(2, 4)), and then dense(ones(2, 5))
        "keras-dense-axis",
        KERAS,
        "a dense layer that was built for another width",
        "Input 0 with name 'None' of layer 'dense' is incompatible with the layer: expected axis -1 of input "
        "shape to have value 4, but received input with shape (2, 5)",
        r"expected axis -1 of input shape to have value (?P<wrong_features>\d+), but received input with shape "
        rf"\((?:{_AXIS}, ){{1,4}}(?P<features>\d+)\)",
        "The layer has a matrix for $wrong_features features, and what it reads has $features: the last axis of "
        "the shape. One layer drawn in two places has to read rows of one width there.",
        "The width of the row below, or a layer of its own for the second place. A vector of $wrong_features "
        "that was made a sequence has its features in another axis: check it with `print(x.shape)`.",
        pictures.NO_RECURRENCE,
        pictures.NO_RECURRENCE,
    ),
    Kind(
        # Model([x, z], y)(x)
        "keras-number-of-inputs",
        KERAS,
        "a model with several inputs, and data for one",
        "Layer \"functional\" expects 2 named input(s) with keys ['x', 'z'], but it received 1 input tensors.",
        r"Layer ['\"](?P<layer>\w{1,60})['\"] expects (?P<number>\d+) (?:named )?input\(s\)"
        r"(?: with keys \[[^\]]{0,400}\])?, but it received (?P<given>\d+) input tensors",
        "The model has $number inputs and is given $given. Each input row of the picture is one argument, in "
        "their order from left to right.",
        "`model.fit([x, z], y)`, a list with one array for each input.",
        pictures.SERIES_AND_VECTOR,
        pictures.LAST,
    ),
    Kind(
        # Embedding(10, 32)([[1, 2, 10]])
        "keras-id-too-large",
        KERAS,
        "a token id outside the vocabulary",
        "indices[0,2] = 10 is not in [0, 10)",
        r"indices\[[\d, ]{1,20}\] = (?P<id>-?\d+) is not in \[0, (?P<wrong_vocabulary>\d+)\)",
        "The data has the id $id, and the embedding has the rows 0 to $wrong_vocabulary - 1. The vocabulary of "
        "the input row is the largest id plus one, because id 0, usually the padding, has a row, too.",
        "`Embedding(largest_id + 1, units)`.",
        pictures.LAST_OF_IDS,
        pictures.LAST_OF_IDS,
    ),
    Kind(
        # Flatten()(Embedding(1000, 32, mask_zero=True)(x))
        "keras-mask-destroyed",
        KERAS,
        "a mask that does not reach the layer that needs it",
        "Layer 'flatten' (of type Flatten) was passed an input with a mask attached to it. However, this layer "
        "does not support masking and will therefore destroy the mask information. Downstream layers will not "
        "see the mask.",
        r"Layer '(?P<layer>\w{1,60})' \(of type (?P<type>\w{1,60})\) was passed an input with a mask attached "
        r"to it|Layer (?P<old>\w{1,60}) does not support masking, but was passed an input_mask",
        "Padded steps are marked, and a layer between drops the marks, so the layers above read the padding as "
        "data. A recurrent row directly above the padded input skips it; the picture marks padding at the "
        "input, `mask=0`.",
        "In its place, a layer that supports masks: a recurrent layer, or a mean over the valid steps.",
        pictures.LAST_OF_MASKED_IDS,
        pictures.LAST_OF_IDS,
    ),
    Kind(
        # model.fit(ones(6, 3, 4), ones(5, 8))
        "keras-cardinality",
        KERAS,
        "different numbers of samples",
        "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.'x' sizes: 6 "
        "'y' sizes: 5",
        r"Data cardinality is ambiguous\. Make sure all arrays contain the same number of samples\. ?'x' sizes: "
        r"(?P<x>[\d, ]{1,40}) 'y' sizes: (?P<y>[\d, ]{0,40}\d)",
        "The first axis of every array is the samples: there are $x of the input and $y of the target. Samples "
        "are not drawn, so the picture is right; one array was cut or shifted, or its axes are swapped.",
        "Cut windows and their targets together, and check `x.shape[0] == y.shape[0]`.",
        pictures.LAST,
    ),
    Kind(
        # numpy.array([[1, 2, 3], [4, 5]])
        "ragged-array",
        KERAS,
        "sequences of different lengths in one array",
        "setting an array element with a sequence. The requested array has an inhomogeneous shape after 1 "
        "dimensions.",
        r"The requested array has an inhomogeneous shape after \d dimensions|Failed to convert a NumPy array to "
        r"a Tensor \(Unsupported object type list\)",
        "An array has the same number of steps for every sample, and these samples have different lengths. Pad them "
        "to one length, and mark the padding, so that the model ends at the last valid step of each sample.",
        '`keras.utils.pad_sequences(samples, padding="post")`, and `mask_zero=True` in `Embedding`, or '
        "`Masking`.",
        pictures.LAST_OF_MASKED_IDS,
        pictures.LAST_OF_IDS,
        sizes={"steps": None},
    ),
    Kind(
        # Reshape((3, 2))(Input((7,)))
        "keras-reshape",
        KERAS,
        "a vector that does not divide into these steps",
        "The total size of the tensor must be unchanged. Received: input_shape=(7,), target_shape=(3, 2)",
        r"The total size of the tensor must be unchanged\. Received: input_shape=\((?P<width>\d+),\), "
        r"(?:target_shape|newshape)=\((?P<out_steps>\d+), (?P<out>\d+)\)",
        "A vector is divided into $out_steps steps of $out features, and it has $width. The row below a `split` "
        "has the features of all its steps together.",
        "`Dense($out_steps * $out)` below `Reshape(($out_steps, $out))`.",
        decoders.FORECAST,
        decoders.FORECAST_INDIVISIBLE,
    ),
    Kind(
        # LSTM(32).set_weights(...), of one that read 5 features
        "keras-weights",
        KERAS,
        "weights of a model with other sizes",
        "Layer lstm weight shape (4, 128) is not compatible with provided weight shape (5, 128).",
        r"Layer (?P<layer>\w{1,60}) weight shape \((?P<wrong_features>\d+), \d+\) is not compatible with "
        r"provided weight shape \((?P<features>\d+), \d+\)",
        "The weights come from a model whose rows have other widths: a matrix for $features features, and this "
        "layer reads $wrong_features. Both models need the same picture.",
        "The features, units and order of the layers of the model that was saved.",
        pictures.LAST,
        pictures.LAST,
    ),
)
