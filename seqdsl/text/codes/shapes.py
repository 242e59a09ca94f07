"""codes of data: shapes of real arrays that a picture does not take or give."""

from __future__ import annotations

from seqdsl.text.codes.code import Code, Remedy

_ALIGNED = "Y Y Y   dense(1)\n| | |\nH-H-H   lstm(16)\n| | |\nX X X   input(4)\n"
_ONE = "    Y   dense(1)\n    |\nH-H-H   lstm(16)\n| | |\nX X X   input(4)\n"
_LAST = "  Y Y   dense(1)\n  | |\nH-H-H   lstm(16)\n| | |\nX X X   input(4)\n"
_TWO = "Y Y   dense(1)\n| |\nH-H   lstm(16)\n| |\nX X   input(4)\n"
_DATA = ("1000,3,4",)
_IMAGES = "    Y   dense(1)\n    |\nH-H-H   lstm(16)\n| | |\nF F F   flatten\n| | |\nX X X   input(8, 6, 3)\n"

SHAPES: dict[str, Code] = {
    "SEQ501": Code(
        "a wrong number of arrays",
        "Give `--data` once for each input and `--target` once for each output, in the order in which `check` "
        "lists them, or by name: `--data x=1000,3,4`.",
        _ALIGNED,
        _ALIGNED,
        data=("1000,3,4", "1000,8"),
        remedy=Remedy.NONE,
    ),
    "SEQ502": Code(
        "batch sizes that differ",
        "The first axis of every array is the samples. All inputs and targets must have the same number of "
        "samples.",
        _ALIGNED,
        _ALIGNED,
        data=_DATA,
        target=("999,3,1",),
        remedy=Remedy.NONE,
    ),
    "SEQ503": Code(
        "data with a wrong number of axes",
        "A sequence has the shape (samples, steps, features), a vector (samples, features), and token ids "
        "(samples, steps). A series of single values also needs an axis of features, of length 1.",
        _ALIGNED,
        "Y Y Y Y   dense(1)\n| | | |\nH-H-H-H   lstm(16)\n| | | |\nX X X X   input(1)\n",
        data=("1000,4",),
        remedy=Remedy.NONE,
    ),
    "SEQ504": Code(
        "data with a wrong number of features",
        "The last axis is the number of features at each step, which `input(features)` sets. It is neither "
        "the number of steps nor the units of a layer.",
        _ALIGNED.replace("input(4)", "input(1)"),
        _ALIGNED,
        data=_DATA,
        remedy=Remedy.NONE,
    ),
    "SEQ505": Code(
        "data with a wrong number of steps",
        "The number of nodes in the input's row is the number of steps. `..n..` sets the number of steps to "
        "`n`, or leaves it free if `n` has no value. The units of a layer are unrelated.",
        _TWO,
        _ALIGNED,
        data=_DATA,
        remedy=Remedy.NONE,
    ),
    "SEQ506": Code(
        "data with its channels first",
        "Steps come before features here and in Keras. Data of shape (samples, features, steps), as for `Conv1d` of "
        "PyTorch, is transposed first.",
        _ALIGNED.replace("input(4)", "input(5)"),
        _ALIGNED,
        data=("1000,5,3",),
        remedy=Remedy.NONE,
    ),
    "SEQ507": Code(
        "a target with a wrong number of steps",
        "N is the number of nodes in the output's row. Fewer steps than go in: read the last N. More: let the row "
        "run on (padded). Any two numbers: an encoder and a decoder.",
        _ALIGNED,
        _LAST,
        data=_DATA,
        target=("1000,2,1",),
        remedy=Remedy.NONE,
    ),
    "SEQ508": Code(
        "a target of one value where the model returns a sequence",
        "A layer that is read at all steps returns all steps (`return_sequences=True`). For one value for the whole "
        "sequence, wire its last step only.",
        _ALIGNED,
        _ONE,
        data=_DATA,
        target=("1000,1",),
        remedy=Remedy.NONE,
    ),
    "SEQ509": Code(
        "a target that is a sequence where the model returns one value",
        "A single output node is one value for the whole sequence. For a value at every step, draw a node for "
        "every step.",
        _ONE,
        _ALIGNED,
        data=_DATA,
        target=("1000,3,1",),
        remedy=Remedy.NONE,
    ),
    "SEQ510": Code(
        "a target with a wrong number of features",
        "The last axis of the target must have as many features as the output's layer.",
        _ALIGNED,
        _ALIGNED.replace("dense(1)", "dense(7)"),
        data=_DATA,
        target=("1000,3,7",),
        remedy=Remedy.NONE,
    ),
    "SEQ511": Code(
        "a missing last axis",
        "With a target of shape (samples,) and an output of shape (samples, 1), most losses broadcast to "
        "(samples, samples) instead of failing: they compare every output with every target. Add the last "
        "axis to the array.",
        _ONE,
        _ONE,
        data=_DATA,
        target=("1000,",),
        remedy=Remedy.NONE,
    ),
    "SEQ512": Code(
        "class ids as the target",
        "The output has a probability for each class, and a target without the last axis holds class ids. In "
        "Keras, use `sparse_categorical_crossentropy`. In PyTorch, `nn.CrossEntropyLoss` takes ids too, but "
        "it needs the output before the softmax, which `seqdsl generate --logits` writes, with the classes on the "
        "second axis.",
        _ONE.replace("dense(1)", "dense(5, softmax)"),
        _ONE.replace("dense(1)", "dense(5, softmax)"),
        "warning",
        data=_DATA,
        target=("1000,",),
        remedy=Remedy.NONE,
    ),
    "SEQ513": Code(
        "data of grids with other sizes",
        "Each step of the picture holds a grid: `input(28, 28, 1)` is height, width and channels, `input(12, 3)` 12 "
        "places of 3 features, `tokens(1000, 12)` 12 ids. The data's last axes are these. Images may also have their "
        "channels before height and width: the PyTorch model takes them so, the Keras model last.",
        _IMAGES.replace("8, 6", "8, 8"),
        _IMAGES,
        data=("1000,3,8,6,3",),
        remedy=Remedy.NONE,
    ),
}
