"""what Keras, and TensorFlow below it, say of states."""

from __future__ import annotations

from seqdsl.diagnosis.kind import KERAS, Kind
from seqdsl.diagnosis.kinds import decoders, pictures

_AXIS = r"(?:None|\d+)"


def _gates(units: int) -> tuple[int, ...]:
    """The columns of the matrix that multiplies the state: of a plain cell, a GRU, an LSTM."""
    return units, 3 * units, 4 * units


KERAS_STATES = (
    Kind(
        # LSTM(32)(z, initial_state=[h, c]), of LSTM(16)
        "keras-state-width",
        KERAS,
        "an initial state of another width",
        "Matrix size-incompatible: In[0]: [2,16], In[1]: [32,128]",
        r"Matrix size-incompatible: In\[0\]: \[\d+,(?P<wrong_units>\d+)\], In\[1\]: "
        r"\[(?P<units__wrong_other_units>\d+),(?P<columns>\d+)\]",
        "The state has $wrong_units features and the layer has $units units: most often a decoder that has "
        "other units than the encoder whose state it starts from. A state passes along a wire as it is, so both "
        "rows have the same number of units.",
        "The same `units` in both layers, or `Dense($units)` on each state before it is passed.",
        decoders.HANDOFF,
        decoders.HANDOFF_OTHER_UNITS,
        also=("keras-matrix-sizes",),
        # The matrix that multiplies the state has as many rows as units, and as many columns for each gate.
        holds=lambda groups: (
            int(groups["columns"]) in _gates(int(groups["units__wrong_other_units"]))
        ),
    ),
    Kind(
        # lstm(ones(2, 3, 4)), and then lstm(ones(2, 3, 5))
        "keras-matrix-sizes",
        KERAS,
        "a layer that was built for another width",
        "Matrix size-incompatible: In[0]: [2,5], In[1]: [4,128]",
        r"Matrix size-incompatible: In\[0\]: \[\d+,(?P<features>\d+)\], In\[1\]: \[(?P<wrong_features>\d+),\d+\]",
        "The matrix of a layer was made for $wrong_features features and is multiplied by $features. The layer "
        "was called before with data of another width; features are the last axis of the data and the width of "
        "the input row.",
        "The same number of features in each call, or a layer of its own for other data.",
        pictures.LAST,
        pictures.LAST,
    ),
    Kind(
        # `fit` of a decoder LSTM(32) behind an encoder LSTM(16)
        "keras-dimensions",
        KERAS,
        "values of two widths combined",
        "Dimensions must be equal, but are 16 and 32",
        r"Dimensions must be equal, but are (?P<wrong_units>\d+) and (?P<units__wrong_other_units>\d+)",
        "One value has $wrong_units numbers at a place where another has $units: the state that a layer starts "
        "from and its units, or the output and the target of a loss. A state passes along a wire as it is, so "
        "both of its rows have the same number of units.",
        "The same `units` in encoder and decoder; targets of the shape of the output.",
        decoders.HANDOFF,
        decoders.HANDOFF_OTHER_UNITS,
        also=("keras-loss-sizes",),
    ),
    Kind(
        # LSTM(32)(z, initial_state=[h])
        "keras-one-state-of-two",
        KERAS,
        "an LSTM with one initial state",
        "Exception encountered when calling LSTM.call(). list index out of range",
        r"calling LSTM\.call\(\)\. list index out of range|not enough values to unpack \(expected 2, got "
        r"1\)|Layer has 2 states but was passed 1 initial states",
        "The state of an LSTM is two vectors, h and c, and only one is passed. A state wire from the encoder's "
        "row to the decoder's passes both; a value wired to its beginning is one vector for both.",
        "`_, h, c = encoder(x)` with `return_state=True`, then `decoder(z, initial_state=[h, c])`.",
        decoders.HANDOFF,
        decoders.HANDOFF_H_ALONE,
        also=("torch-state-not-a-pair",),
    ),
    Kind(
        # LSTM(32)(z, initial_state=states), of Bidirectional(LSTM(32))
        "keras-states-of-both-directions",
        KERAS,
        "an LSTM with the states of both directions",
        "Exception encountered when calling LSTM.call(). Too few leaves for PyTreeSpec; expected: 4, got: 2.",
        r"Too few leaves for PyTreeSpec; expected: 4, got: 2|too many values to unpack \(expected 2(?:, got "
        r"4)?\)|Layer has 2 states but was passed 4 initial states",
        "A bidirectional encoder ends in two states for each direction, four in all, and a unidirectional "
        "decoder starts from two. Concatenated they make one state with twice as many features, so the decoder has "
        "twice as many units.",
        "`Concatenate()([fh, bh])` and `Concatenate()([fc, bc])` as `initial_state` of `LSTM(2 * units)`.",
        decoders.HANDOFF_BIDIRECTIONAL,
        decoders.HANDOFF_BIDIRECTIONAL_NARROW,
    ),
    Kind(
        # Dense(2)(LSTM(32, return_state=True)(x))
        "keras-list-of-states",
        KERAS,
        "the output and the states of a recurrent layer, as one input",
        'Layer "dense" expects 1 input(s), but it received 3 input tensors.',
        r"Layer ['\"](?P<layer>\w{1,60})['\"] expects 1 input\(s\), but it received [23] input tensors",
        "With `return_state=True` a recurrent layer gives its output and its states, a list, and `$layer` reads "
        "one value. In the picture its output and its final state are different wires; draw the one that is "
        "read.",
        "`y, *states = layer(x)`, then `$layer` on `y`; without `return_state=True` there is only `y`.",
        pictures.LAST,
        pictures.ALL,
        also=("keras-number-of-inputs",),
    ),
    Kind(
        # LSTM(32, stateful=True)(Input((3, 4)))
        "keras-stateful-batch",
        KERAS,
        "a stateful layer without a batch size",
        "When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size: "
        "sequence.shape=(None, 3, 4)",
        r"When using `stateful=True` in a RNN, the batch size must be static\. Found dynamic batch size: "
        r"sequence\.shape="
        rf"\({_AXIS}, (?P<steps>\d+|None), (?P<features>\d+)\)|If a RNN is stateful, it needs to know its batch "
        rf"size",
        "A stateful layer keeps one state for each sample of the batch, so the number of samples is fixed. "
        "Without it, a state that leaves the model and enters it with the next call keeps the batch free.",
        "`Input(batch_shape=(batch, steps, features))`; or a model with the state as an input and an output, as "
        "below.",
        decoders.STATES_KEPT,
        pictures.ALL,
    ),
    Kind(
        # lstm(ones(2, 3, 4)), and then lstm(ones(3, 3, 4)), stateful
        "keras-stateful-other-batch",
        KERAS,
        "a stateful layer with another batch size",
        "If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the "
        "initial state. - Expected batch size: 2 - Received batch size: 3",
        r"If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of "
        r"the initial state\. - Expected batch size: (?P<expected>\d+) - Received batch size: (?P<given>\d+)",
        "The states that are kept belong to $expected samples, and $given come in: often the last, smaller "
        "batch of the data, or a single sample to predict. Samples are not drawn; a state that leaves and "
        "enters the model is.",
        "Batches of $expected samples only, a second model with `batch_shape=($given, ...)` and the same "
        "weights, or the state as an input and an output, as below.",
        decoders.STATES_KEPT,
        pictures.ALL,
    ),
)
