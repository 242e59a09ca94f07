"""codes of pictures that call each other: circles, what cannot be a layer, and what does not fit where it is called."""

from __future__ import annotations

from seqdsl.text.codes.code import Code, Remedy

_TOWER = """model tower

    V   dense({units})
    |
H-H-H   gru(8)
| | |
X X X   input(3)

"""
_WHOLE = """model whole

  T   {call}
  |
+-+-+
| | |
Z Z Z   input(3)
"""
_HEADS = """model heads
Y Y Y   attention(Q, heads=heads)
| | |
Q Q Q   dense(8)
| | |
X X X   input(3)

heads = 2

model whole
T T T   heads({heads})
| | |
Z Z Z   input(3)
"""


def _file(call: str = "tower", tower: str = _TOWER, units: str = "4") -> str:
    """A model, and another one that calls it."""
    return tower.format(units=units) + _WHOLE.format(call=call)


CALLED: dict[str, Code] = {
    "SEQ131": Code(
        "models that call each other in a circle",
        "A row may call another model of the file, as if that picture was drawn there. A model that calls itself, "
        "directly or through others, would have no end.",
        _file().replace("gru(8)", "whole"),
        _file(),
        certain=True,
        remedy=Remedy.NONE,
    ),
    "SEQ132": Code(
        "a model that cannot be a layer",
        "A model that another one calls has one input and one output, no `*`, no `lengths` and no `feedback`, and one "
        "free length at most: what its caller reads has to tell all of it.",
        _file().replace("X X X   input(3)", "X X A\n\nX = input(3)\nA = input(3)"),
        _file(),
        remedy=Remedy.NONE,
    ),
    "SEQ133": Code(
        "values that do not fit a called model",
        "`tower(units=32)` gives parameters of the called model other values. With these its picture has an error "
        "that it does not have by itself; both places are shown.",
        _HEADS.format(heads="heads=3"),
        _HEADS.format(heads="heads=4"),
        remedy=Remedy.NONE,
    ),
    "SEQ134": Code(
        "what is read does not fit the called model",
        "A row that calls a model reads what the model's input takes (features, or ids of one vocabulary, and as many "
        "steps where their number is set) and is as long as its output. A model of a vector is applied at every node; "
        "one of a sequence takes a row with one wire a step as a whole, or all that enters a node, as its steps: in a "
        "row with an ellipsis as many wires for each node, none of which reads padding. Where steps hold a grid of "
        "places, as those of `tokens(1000, 12)`, the model takes the places of each node. A masked "
        "row goes in with its mask: the model then marks no padding itself, and a mask that begins in it does not come "
        "out.",
        _file().replace("Z Z Z   input(3)", "Z Z Z   input(5)"),
        _file(),
        remedy=Remedy.NONE,
    ),
}
