"""an LSTM over images whose gates are convolutions (Shi et al. 2015): its state is an image, too."""

from __future__ import annotations

from seqdsl.cells.cell import Activation, Dense, Equation, Name, Parts
from seqdsl.layers import (
    OUT,
    RUN,
    Argument,
    Counterpart,
    Family,
    Gate,
    Instead,
    Kind,
    LayerDef,
    Look,
    Signature,
    Words,
)
from seqdsl.layers._cell import (
    INSTEAD,
    MERGED,
    X_ALONE,
    H,
    added,
    cell,
    multiplied,
    rule_of,
    weights,
)
from seqdsl.layers._grids import SAME
from seqdsl.size import Size

FILTERS = Argument("filters", Kind.SIZE)
KERNEL = Argument("kernel", Kind.SIZE)
SIGNATURE = Signature((FILTERS, KERNEL), 2, (), "convlstm(16, 3)")

I, F, G, O, C = map(Name, "ifgoc")  # noqa: E741


def _gate(value: Name) -> Activation:
    return Activation("sigmoid", value)


def _tanh(value: Name) -> Activation:
    return Activation("tanh", value)


CELL = cell(
    "convlstm",
    SIGNATURE,
    # i, f, g, o = split(conv2d(x, h, kernel=kernel, features=4 * filters), 4)
    Equation(
        ("i", "f", "g", "o"),
        Parts(
            Dense(
                (X_ALONE, H),
                4 * Size.of(FILTERS.name),
                bias=True,
                weights=("kernel", "recurrent_kernel", "bias"),
                kernel=Size.of(KERNEL.name),
            ),
            4,
        ),
    ),
    # c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    Equation(("c",), added(multiplied(_gate(F), C), multiplied(_gate(I), _tanh(G)))),
    # h = sigmoid(o) * tanh(c)
    Equation(("h",), multiplied(_gate(O), _tanh(C))),
)

LAYER = LayerDef(
    "convlstm",
    Family.SCAN,
    SIGNATURE,
    RUN,
    output=FILTERS.name,
    # A bias is always there.
    weights=tuple(
        item._replace(needs="")
        for item in weights(CELL, {FILTERS.name: OUT, KERNEL.name: Size.of(KERNEL.name)})
    ),
    settings=(MERGED,),
    # As Keras has them: i, f, c, o.
    gates=(Gate.INPUT, Gate.FORGET, Gate.CANDIDATE, Gate.OUTPUT),
    cell=CELL,
    states=CELL.states,
    grid=SAME,
    evaluate=rule_of(CELL),
    look=Look.RECURRENT,
    words=Words(
        summary="LSTM over images: its gates are convolutions, its state is an image",
        arguments={
            "filters": "features of its output and of its state",
            "kernel": "height and width of the windows of its gates",
        },
        noun="a convolutional LSTM",
        weights="four parts: the forget, input and output gates and the candidate",
        elsewhere=(
            Counterpart(
                "convlstm2d convlstm",
                "filters kernel_size strides padding data_format dilation_rate activation "
                "recurrent_activation use_bias dropout recurrent_dropout return_sequences "
                "return_state go_backwards stateful",
            ),
        ),
        renamed={
            "kernel_size": "kernel",
            **dict.fromkeys(("units", "channels", "hidden_dim", "hidden_channels"), "filters"),
        },
        instead={
            **INSTEAD,
            "strides": Instead(
                "not in the language; draw a row `conv2d` with a stride below", default=1
            ),
            "padding": Instead(
                "always `same`: the state keeps its height and width", default="same"
            ),
            "data_format": Instead("channels are last in pictures", default="channels_last"),
            "dilation_rate": Instead("not in the language", default=1),
            "activation": Instead("always `tanh`; write other gates as a cell", default="tanh"),
            "recurrent_activation": Instead(
                "always `sigmoid`; write other gates as a cell", default="sigmoid"
            ),
            "use_bias": Instead("each gate has a bias", default=True),
            "bias": Instead("each gate has a bias", default=True),
            "dropout": Instead("draw a row `dropout({value})` below", default=0),
            "recurrent_dropout": Instead("write the cell as equations", default=0),
            "input_dim": "the row below tells: `input(28, 28, {value})`",
        },
    ),
    order=32,
)
