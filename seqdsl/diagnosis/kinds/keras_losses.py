"""what Keras says of outputs and targets that do not fit each other."""

from __future__ import annotations

from seqdsl.diagnosis.kind import KERAS, Kind
from seqdsl.diagnosis.kinds import decoders, pictures

_AXIS = r"(?:None|\d+)"
_VECTOR = rf"\({_AXIS},(?: {_AXIS})?\)"

KERAS_LOSSES = (
    Kind(
        # fit(x, ones(2, 3, 2)) of LSTM(32) → Dense(2)
        "keras-target-has-steps",
        KERAS,
        "a target at every step, and one output",
        "Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=(None, 3, 2), "
        "output.shape=(None, 2)",
        rf"target\.shape=\({_AXIS}, (?P<steps>\d+|None), (?P<out>\d+)\), output\.shape={_VECTOR}",
        "The target has a value for every step, and the model gives one for the whole sequence: the last "
        "recurrent layer returns its last step alone. For many-to-many, each step of the row has an output "
        "above it.",
        "`return_sequences=True` in the last recurrent layer.",
        pictures.ALL,
        pictures.LAST,
    ),
    Kind(
        # loss="categorical_crossentropy" of ids (batch, steps)
        "keras-ids-for-steps",
        KERAS,
        "class ids of every step, and a loss that reads vectors",
        "Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=(None, 3), "
        "output.shape=(None, 3, 2)",
        rf"must have the same rank \(ndim\)\. Received: target\.shape=\({_AXIS}, (?P<steps>\d+)\), "
        rf"output\.shape=\({_AXIS}, (?P=steps), (?P<out>\d+)\)",
        "The target has one number for each of the $steps steps, the id of a class, and the output has $out "
        "numbers, one for each class. The picture is right for ids: a loss for ids compares the two.",
        '`loss="sparse_categorical_crossentropy"`.',
        pictures.ALL,
        also=("keras-output-has-steps",),
    ),
    Kind(
        # fit(x, ones(2, 2)) of LSTM(32, return_sequences=True) → Dense(2)
        "keras-output-has-steps",
        KERAS,
        "one target a sample, and an output at every step",
        "Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=(None, 2), "
        "output.shape=(None, 3, 2)",
        rf"target\.shape=\({_AXIS}, (?P<out>\d+)\), output\.shape=\({_AXIS}, (?P<steps>\d+|None), \d+\)",
        "There is one target for a whole sequence, and the model gives an output at every step. For "
        "many-to-one, one wire leaves the last step of the last recurrent row.",
        "`return_sequences=False` in the last recurrent layer, or pooling over the steps.",
        pictures.LAST,
        pictures.ALL,
    ),
    Kind(
        # loss="sparse_categorical_crossentropy" of ids (batch, steps), for one vector
        "keras-sparse-rank",
        KERAS,
        "class ids that do not fit the steps of the output",
        "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=(None, 3), "
        "output.shape=(None, 2)",
        rf"must have rank \(ndim\) `target\.ndim - 1`\. Received: target\.shape=\({_AXIS}, "
        rf"(?P<steps>\d+|None)\), output\.shape=\({_AXIS}, (?P<out>\d+)\)",
        "There is a class id for each of $steps steps, and one vector of $out classes for the whole sequence. "
        "Each step of the recurrent row needs an output above it; one-hot targets of one label need another "
        "loss.",
        '`return_sequences=True` in the last recurrent layer; `loss="categorical_crossentropy"` if the target '
        "is one-hot.",
        pictures.ALL,
        pictures.LAST,
    ),
    Kind(
        # loss="sparse_categorical_crossentropy" of ids (batch,), for vectors of steps
        "keras-sparse-one-label",
        KERAS,
        "one class id a sample, and classes at every step",
        "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=(None,), "
        "output.shape=(None, 3, 2)",
        rf"must have rank \(ndim\) `target\.ndim - 1`\. Received: target\.shape=\({_AXIS},\), "
        rf"output\.shape=\({_AXIS}, (?P<steps>\d+|None), (?P<out>\d+)\)",
        "There is one class id for a whole sequence, and the model gives $out classes at every step. For "
        "many-to-one, one wire leaves the last step of the last recurrent row.",
        "`return_sequences=False` in the last recurrent layer, or pooling over the steps.",
        pictures.LAST,
        pictures.ALL,
    ),
    Kind(
        # fit(x, ones(2, 2, 1)) of an output (batch, 6, 1)
        "keras-target-other-steps",
        KERAS,
        "a target of another number of steps",
        "Arguments `target` and `output` must have the same shape. Received: target.shape=(None, 2, 1), "
        "output.shape=(None, 6, 1)",
        rf"target\.shape=\({_AXIS}, (?P<out_steps>\d+)(?:, (?P<out>\d+))?\), output\.shape=\({_AXIS}, "
        rf"(?!(?P=out_steps)\b)"
        r"(?P<steps>\d+), \d+\)",
        "The model gives $steps steps, as many as it reads, and the target has $out_steps. For two lengths that "
        "have nothing to do with each other an encoder makes one vector, and a decoder runs for the steps of "
        "the target.",
        "`RepeatVector($out_steps)` between encoder and decoder; for the last steps only, `layers.Cropping1D`.",
        decoders.REPEATED,
        pictures.ALL,
    ),
    Kind(
        # loss="categorical_crossentropy" of ids (batch, 1)
        "keras-loss-classes",
        KERAS,
        "a target that is not one number for each class",
        "Arguments `target` and `output` must have the same shape. Received: target.shape=(None, 1), "
        "output.shape=(None, 10)",
        rf"(?:must have the same shape\. Received: target\.shape=|Shapes )\((?:{_AXIS}, )?(?:\d+, "
        rf")?(?P<given>\d+)\)(?:, output\.shape=| and )\((?:{_AXIS}, )?(?:\d+, )?(?P<out>\d+)\)",
        "The output has $out numbers, and the target has $given at the same place. For a class id (one number), "
        "use a loss for ids; else the last row has as many features as the target.",
        '`loss="sparse_categorical_crossentropy"` for ids, `keras.utils.to_categorical(y)` for one-hot targets, '
        "or "
        "`Dense($given)` as the last layer.",
        pictures.LAST,
    ),
    Kind(
        # loss="mse" of a target (2, 5, 1) and an output (2, 3, 1)
        "keras-loss-sizes",
        KERAS,
        "an output and a target of different sizes",
        "Incompatible shapes: [2,5,1] vs. [2,3,1]",
        r"(?i:incompatible shapes): \[\d+,(?P<out_steps>\d+),(?P<out>\d+)\] vs\. \[\d+,(?P<steps>\d+),\d+\]"
        r"|(?i:incompatible shapes): \[[\d,]{1,30}\] vs\. \[[\d,]{1,30}\]",
        "Two values are compared or combined place by place, and they have different lengths: usually the "
        "output and the target of a loss. N, the number of steps of the output row, is the number of steps of "
        "the target.",
        "Targets with as many steps as the output; an encoder and a decoder if the two lengths differ by design.",
        decoders.REPEATED,
        pictures.ALL,
    ),
)
