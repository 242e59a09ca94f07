"""data: numbers that the model is called with, a vector or a sequence of them."""

from __future__ import annotations

from seqdsl.layers import Argument, Counterpart, Family, Kind, LayerDef, Look, Signature, Words

LAYER = LayerDef(
    "input",
    Family.SOURCE,
    Signature(
        (Argument("features", Kind.SIZE),),
        1,
        # `mask=-1`: a step of which all features are -1 is padding; `padding=end`: there is none before a valid step.
        # `lengths=true`: the model takes how many steps of each sample are valid, the rest is padding.
        # `feedback=Y`: when the model runs free, it is what `Y` gave one step before, or a one-hot code of its choice.
        (
            Argument("mask", Kind.VALUE),
            Argument("lengths", Kind.BOOL),
            Argument("padding", Kind.PLACE),
            Argument("feedback", Kind.LETTER),
            Argument("choose", Kind.BOOL),
        ),
        "input(8)",
        # input(12, 3): each step holds 12 places of 3 features; input(28, 28, 1): an image of one channel
        longer=(
            (Argument("places", Kind.SIZE), Argument("features", Kind.SIZE)),
            (
                Argument("height", Kind.SIZE),
                Argument("width", Kind.SIZE),
                Argument("features", Kind.SIZE),
            ),
        ),
    ),
    output="features",
    begins_mask=("mask", "lengths"),
    look=Look.INPUT,
    words=Words(
        summary="data of so many features at each step",
        arguments={
            "features": "features of each step",
            "mask": "the number of which a padded step is made",
            "lengths": "whether the model takes how many steps of each sample are valid",
            "padding": "where padded steps are: `any` or `end`",
            "feedback": "the row, by its letter, whose last value it is when the model runs free",
            "choose": "whether it is fed a one-hot code of the most probable feature",
            "places": "places in each step",
            "height": "height of the image in each step",
            "width": "width of the image in each step",
        },
        elsewhere=(
            Counterpart("input inputlayer inputs placeholder", "shape batch_size dtype"),
            Counterpart(
                "masking",
                "mask_value",
                write="input(8, mask=0)",
                draw="at the row below, in place of its `input`; this row is not needed",
            ),
        ),
        renamed={
            "shape": "features",
            "input_shape": "features",
            "input_size": "features",
            "input_dim": "features",
            "in_features": "features",
            "batch_shape": "features",
            "dim": "features",
            "units": "features",
        },
        instead={
            "mask_value": "write `input(8, mask={value})`: a step whose features are all {value} is padding"
        },
        variable="x",
    ),
    order=1,
)
