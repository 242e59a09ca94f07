"""what Keras says of the ranks and widths that its layers are given."""

from __future__ import annotations

from seqdsl.diagnosis.kind import KERAS, Kind
from seqdsl.diagnosis.kinds import decoders, pictures

# "Input 0 of layer "lstm" is ..." until 3.12, "Input 0 with name 'None' of layer 'lstm' is ..." after it.
_LAYER = r"Input \d+ (?:with name '[^']{0,80}' )?of layer ['\"]"
_WRONG = r"['\"] is incompatible with the layer: "
_AXIS = r"(?:None|\d+)"
_NO_STEPS = r"expected (?:min_)?ndim=3, found ndim=2\. Full shape received: "
_VECTOR = rf"\({_AXIS}, (?P<steps__wrong_features>\d+|None)\)"

KERAS_LAYERS = (
    Kind(
        # LSTM(32)(LSTM(32)(x))
        "keras-stacked-on-last",
        KERAS,
        "a layer on top of a recurrent one that gives its last step only",
        "Input 0 with name 'None' of layer 'lstm_1' is incompatible with the layer: expected ndim=3, found "
        "ndim=2. Full shape received: (None, 32)",
        rf"{_LAYER}(?P<layer>(?:lstm|gru|simple_rnn|bidirectional|conv1d)_\d+){_WRONG}{_NO_STEPS}"
        rf"\({_AXIS}, (?P<width>\d+|None)\)",
        "The layer `$layer` reads steps, and what it is given has none: the recurrent layer below it returns "
        "its last step alone. Stacked recurrent rows are wired step by step, so every layer but the top one "
        "returns all of its steps.",
        "`return_sequences=True` in the recurrent layer below `$layer`.",
        pictures.STACKED,
        pictures.STACKED_ON_LAST,
        also=("keras-vector-for-steps",),
    ),
    Kind(
        # RepeatVector(5)(LSTM(32, return_sequences=True)(x))
        "keras-repeat-vector",
        KERAS,
        "RepeatVector over a sequence",
        "Input 0 with name 'None' of layer 'repeat_vector' is incompatible with the layer: expected ndim=2, "
        "found ndim=3. Full shape received: (None, 20, 32)",
        rf"{_LAYER}(?P<layer>repeat_vector\w{{0,40}}){_WRONG}expected ndim=2, found ndim=3\. Full shape "
        rf"received: \({_AXIS}, (?P<steps>\d+|None), (?P<width>\d+|None)\)",
        "`RepeatVector` gives one vector to every step of a decoder, and it is given all steps of the encoder. "
        "In the picture one wire leaves the last step of the encoder, and a bus takes it to each step of the "
        "decoder.",
        "Remove `return_sequences=True` in the layer below `$layer`; remove `RepeatVector` if each step "
        "of the output belongs to a step of the input.",
        decoders.REPEATED,
        decoders.REPEATED_ALL,
        also=("keras-all-steps-for-vector",),
    ),
    Kind(
        # LSTM(32)(Embedding(1000, 32)(Input((20, 1))))
        "keras-ids-with-axis",
        KERAS,
        "token ids with one axis too many",
        "Input 0 with name 'None' of layer 'lstm' is incompatible with the layer: expected ndim=3, found "
        "ndim=4. Full shape received: (None, 20, 1, 32)",
        rf"{_LAYER}\w{{1,60}}{_WRONG}expected ndim=3, found ndim=4\. Full shape received: "
        rf"\({_AXIS}, (?P<steps>\d+|None), 1, (?P<units>\d+)\)",
        "An embedding adds the axis of features by itself, so ids of shape (batch, steps, 1) become (batch, "
        "steps, 1, $units). Each step then holds a row of one word; ids have the shape (batch, steps), one id a "
        "step.",
        "Drop the last axis of the ids, `x[..., 0]`, and give `Input(shape=(steps,))`.",
        pictures.LAST_OF_IDS,
        pictures.LAST_OF_ID_GRIDS,
        also=("keras-grids",),
    ),
    Kind(
        # LSTM(32)(Input((20, 12, 3)))
        "keras-grids",
        KERAS,
        "steps that hold images or tables",
        "Input 0 with name 'None' of layer 'lstm' is incompatible with the layer: expected ndim=3, found "
        "ndim=4. Full shape received: (None, 20, 12, 3)",
        rf"{_LAYER}\w{{1,60}}{_WRONG}expected ndim=3, found ndim=[45]\. Full shape received: "
        rf"\({_AXIS}, (?P<steps>\d+|None), (?:\d+|None), .{{1,40}}?\)",
        "Each step holds a grid of values, and a recurrent layer reads one vector a step. A row between them "
        "has to make a vector of each step: `flatten`, or convolutions and pooling.",
        "`layers.TimeDistributed(layers.Flatten())` below the recurrent layer, or `layers.Reshape((steps, -1))`.",
        pictures.LAST_OF_FLATTENED,
        pictures.LAST_OF_GRIDS,
        sizes={"features": 3},
    ),
    Kind(
        # LSTM(32)(Input((20,)))
        "keras-vector-for-steps",
        KERAS,
        "one vector a sample, where a sequence is read",
        "Input 0 with name 'None' of layer 'lstm' is incompatible with the layer: expected ndim=3, found "
        "ndim=2. Full shape received: (None, 20)",
        rf"{_LAYER}(?P<layer>\w{{1,60}}){_WRONG}{_NO_STEPS}{_VECTOR}",
        "The layer `$layer` reads (batch, steps, features), and is given one vector a sample: a single node, "
        "with no steps to run over. A series of single values has steps of one feature each; features without "
        "time need no recurrence.",
        "Add the axis of features to a series: `x[..., None]`, with `Input(shape=(steps, 1))`. Use `Dense` "
        "instead of the recurrent layer if there is no time in the data.",
        pictures.LAST,
        pictures.ONE_VECTOR,
        also=("keras-stacked-on-last",),
        sizes={"features": 1, "steps": 6},
    ),
    Kind(
        # Model(Input((4,)), ...)(ones(2, 3, 4))
        "keras-all-steps-for-vector",
        KERAS,
        "a sequence where one vector a sample is read",
        "Input 0 with name 'x' of layer 'functional' is incompatible with the layer: expected shape=(None, 4), "
        "found shape=(2, 3, 4)",
        rf"(?:expected shape=|Expected shape )\(None, (?P<wrong_features>\d+)\),? (?:found shape=|but input has "
        rf"incompatible shape )\({_AXIS}, (?P<steps>\d+|None), (?P<features>\d+)\)",
        "The model's input is one vector a sample, and the data has steps. Draw a node for each step, and a row "
        "over them that makes one vector of all: its last step, or a mean.",
        "`Input(shape=(steps, features))` and a recurrent layer over it; or give the model one step of the data.",
        pictures.LAST,
        pictures.NO_RECURRENCE,
    ),
    Kind(
        # TimeDistributed(Dense(2))(LSTM(32)(x))
        "keras-time-distributed",
        KERAS,
        "TimeDistributed over a single vector",
        "`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, received: (None, "
        "32)",
        rf"`TimeDistributed` Layer should be passed an `input_shape ?` with at least 3 dimensions, received: "
        rf"[\[(]{_AXIS}, "
        r"(?P<width>\d+|None)[\])]",
        "`TimeDistributed` applies a layer at each step, and the layer below gives its last step alone. For an "
        "output at every step, all steps of the recurrent row go up; for one output, there is nothing to "
        "distribute.",
        "`return_sequences=True` in the layer below, or the layer itself without `TimeDistributed`.",
        pictures.ALL,
        pictures.LAST,
    ),
    Kind(
        # Concatenate()([Input((3, 4)), Input((5,))])
        "keras-concatenate-ranks",
        KERAS,
        "a vector joined to a sequence",
        "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. Received: "
        "input_shape=[(None, 3, 4), (None, 5)]",
        r"`Concatenate` layer requires inputs with matching shapes except for the concat(?:en)?ation axis\. "
        r"Received: "
        rf"input_shape=\[(?:\({_AXIS}, (?P<steps>\d+|None), (?P<features>\d+)\), \({_AXIS}, "
        rf"(?P<features2>\d+)\)|\({_AXIS}, \d+\), \({_AXIS}, (?:\d+|None), \d+\))",
        "A sequence has steps and a vector has none, so they cannot be joined feature by feature. The vector "
        "goes to every step by a bus, or it is joined to the last step of the sequence.",
        "`RepeatVector(steps)` on the vector, then `Concatenate()`; or `return_sequences=False` in the layer "
        "before it.",
        pictures.VECTOR_AT_EACH_STEP,
        pictures.VECTOR_AT_FIRST_STEP,
    ),
    Kind(
        # Concatenate()([Input((3, 4)), Input((2, 5))])
        "keras-concatenate-steps",
        KERAS,
        "two sequences of different lengths joined step by step",
        "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. Received: "
        "input_shape=[(None, 3, 4), (None, 2, 5)]",
        r"`Concatenate` layer requires inputs with matching shapes except for the concat(?:en)?ation axis\. "
        r"Received: "
        rf"input_shape=\[\({_AXIS}, (?P<steps>\d+|None), (?P<features>\d+)\), \({_AXIS}, "
        rf"(?P<out_steps>\d+|None), (?P<features2>\d+)\)",
        "Features of two sequences can be joined where both have the same steps, and these have different "
        "numbers of them. Sequences of different lengths are read by a layer each, and the results of both are "
        "joined.",
        "Two recurrent layers without `return_sequences`, then `Concatenate()`; `Concatenate(axis=1)` if one "
        "sequence goes on where the other ends.",
        pictures.TWO_SERIES,
        pictures.SERIES_SIDE_BY_SIDE,
    ),
    Kind(
        # Add()([x, LSTM(32, return_sequences=True)(x)])
        "keras-add-widths",
        KERAS,
        "a sum of different widths",
        "Inputs have incompatible shapes. Received shapes (3, 4) and (3, 32)",
        r"Inputs have incompatible shapes\. Received shapes \((?:(?:\d+|None), )?(?P<features>\d+),?\) and "
        r"\((?:(?:\d+|None), )?(?P<wrong_units>\d+),?\)",
        "A residual connection adds what enters a layer to what leaves it, feature by feature. So the layer has "
        "as many units as it has input features; or a `dense` row on the skip brings them to its width.",
        "`LSTM($features, return_sequences=True)`: as many units as there are features at the skip.",
        pictures.RESIDUAL,
        pictures.RESIDUAL_OTHER_WIDTH,
    ),
    Kind(
        # Conv1D(32, 3)(Input((2, 4)))
        "keras-window-too-long",
        KERAS,
        "a window longer than the sequence",
        "Computed output size would be zero or negative. Received `inputs shape=(None, 2, 4)`, `kernel "
        "shape=(3, 4, 32)`, `dilation_rate=[1]`, `strides=(1,)`, `padding=valid`.",
        r"Computed output size would be (?:zero or )?negative\. Received `inputs shape=\((?:None|\d+), "
        r"(?P<steps>\d+), (?P<features>\d+)\)`, `kernel shape=\((?P<kernel>\d+), ",
        "Without padding a convolution keeps only steps whose window is whole, and a window of $kernel steps is "
        "longer than the $steps steps of the sequence. With padding, the output has as many steps as the input.",
        '`padding="same"` or `padding="causal"`, or a smaller `kernel_size`.',
        pictures.CONVOLUTION,
        pictures.WHOLE_WINDOWS,
        sizes={"steps": 3},
    ),
    Kind(
        # MultiHeadAttention(2, 16)(x)
        "keras-attention-value",
        KERAS,
        "attention without a memory",
        "missing a required argument: 'value'",
        r"MultiHeadAttention\.call\(\) missing \d required positional arguments?: '(?:query|value)'"
        r"|missing a required argument: '(?:query|value)'"
        r"|Attention layer must be called on a list of inputs, namely \[query, value\]",
        "Attention has a query, which asks, and a memory, which is read: keys and values. In self-attention "
        "both are the same row, so it is given twice; in the picture a bus over the row is the memory.",
        "`MultiHeadAttention(num_heads=2, key_dim=16)(x, x)`, `Attention()([query, value])`.",
        pictures.ATTENTION,
        pictures.ALL,
    ),
)
