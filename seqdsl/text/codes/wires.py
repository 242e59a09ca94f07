"""codes of the wires: what is not connected, or connects what cannot be connected."""

from __future__ import annotations

from seqdsl.text.codes.code import Code, Remedy

_PLAIN = "Y Y   dense(2)\n| |\nX X   input(8)\n"
_STATES = "Y Y Y   dense(2)\n| | |\nH-H-H   lstm(4)\n| | |\nX X X   input(8)\n"
_BUS = "Y Y Y   lstm(2)\n| | |\n+-+-+\n|\nX       input(8)\n"
_FINAL = (
    "        Y\n        |\nH-H-H---+\n| | |\nX X X\n\nX = input(8)\nH = lstm(4)\nY = dense(2)\n"
)

# S y y    the first step reads S, the others what Y gave one step earlier
_FEEDBACK = "Y Y Y\n| | |\nD-D-D\n| | |\nS y y\n\nS = input(1)\nD = lstm(4)\nY = dense(1)\n"

WIRES: dict[str, Code] = {
    "SEQ201": Code(
        "a wire that is not connected at its upper end",
        "The value of this wire is not used. Usually the wire is one column off, or a row is missing.",
        "Y     dense(2)\n| |\nX X   input(8)\n",
        _PLAIN,
        certain=True,
    ),
    "SEQ202": Code(
        "a wire that is not connected at its lower end",
        "A wire must touch a node or another wire below it; there is nothing to connect to there.",
        "Y Y   dense(2)\n| |\nX     input(8)\n",
        _PLAIN,
        certain=True,
    ),
    "SEQ203": Code(
        "a horizontal wire that meets a slanted one",
        "A bus and a state wire may cross `|`. Across `/` or `\\` it would be ambiguous what is connected.",
        "Y Y Y   lstm(2)\n| | |\n+-/-+\n|/\nX       input(8)\n",
        _BUS,
        certain=True,
    ),
    "SEQ204": Code(
        "a bus with an open end",
        "A bus carries a value from one junction to another: both its ends are `+`.",
        "Y Y Y   lstm(2)\n| | |\n+-+-+-\n|\nX       input(8)\n",
        _BUS,
        certain=True,
    ),
    "SEQ205": Code(
        "a junction without a connection",
        "A value enters a junction from below or from the side and leaves it upward. One of the two is "
        "missing here.",
        "Y Y     lstm(4)\n| |\n+-+-+\n|\nX       input(8)\n",
        "Y Y     lstm(4)\n| |\n+-+\n|\nX       input(8)\n",
        certain=True,
        cascades_from=("SEQ210",),
    ),
    "SEQ206": Code(
        "something in the wrong kind of row",
        "A layer is written to the right of a row of nodes, one layer per row, and all nodes of that row have "
        "the same letter. `<`, `>` and `=` carry state, so they are drawn between nodes.",
        "Y Y\n| |   dense(2)\nX X   input(8)\n",
        _PLAIN,
        certain=True,
    ),
    "SEQ207": Code(
        "a state wire with an open end",
        "A state wire connects a node to the next node, ellipsis or junction without a gap.",
        _STATES.replace("H-H-H  ", "H-H-H- "),
        _STATES,
        certain=True,
    ),
    "SEQ208": Code(
        "state wires in different directions",
        "The state of one block runs in one direction: `-` or `>` to the right, `<` to the left, `=` in both "
        "directions.",
        _STATES.replace("H-H-H", "H>H<H"),
        _STATES,
        certain=True,
    ),
    "SEQ209": Code(
        "a state wire on a layer without state",
        "Only `lstm`, `gru` and `rnn` carry state from step to step.",
        "Y-Y   dense(2)\n| |\nX X   input(8)\n",
        _PLAIN,
        certain=True,
    ),
    "SEQ210": Code(
        "a state wire at the wrong end",
        "The final state leaves a block at its end. One initial state enters at its beginning. `=` between "
        "two letters passes two states.",
        _FINAL.replace("H-H-H---+", "H<H<H---+"),
        _FINAL,
        certain=True,
    ),
    "SEQ211": Code(
        "an ellipsis out of place",
        "`...` continues a block of nodes: draw it next to one of them, in the row of nodes. If the row draws "
        "its state wires, connect it like a node.",
        "Y Y ... Z Z\n| |     | |\nX X ... X X\n\nX = input(8)\nY = dense(2)\nZ = dense(2)\n",
        "Y Y ... Y Y\n| |     | |\nX X ... X X\n\nX = input(8)\nY = dense(2)\n",
        certain=True,
    ),
    "SEQ212": Code(
        "wires into an input",
        "Data starts at `input` and `tokens`: no wire can enter them. Is the picture upside down?",
        "X X   input(8)\n| |\nY Y   dense(2, relu)\n| |\nZ Z   input(8)\n",
        "W W   dense(8)\n| |\nY Y   dense(2, relu)\n| |\nZ Z   input(8)\n",
        certain=True,
    ),
    "SEQ213": Code(
        "a row that is shifted",
        "Columns determine what a wire connects. If a row, or the rest of it, is shifted sideways, none of "
        "its wires is connected. This is reported as one mistake.",
        "Y Y Y Y   dense(2)\n| | | |\nH-H-H-H   lstm(16)\n | | | |\nX X X X   input(8)\n",
        "Y Y Y Y   dense(2)\n| | | |\nH-H-H-H   lstm(16)\n| | | |\nX X X X   input(8)\n",
        certain=True,
    ),
    "SEQ214": Code(
        "a row of wires that is missing",
        "Nodes on top of each other are not connected without a wire. Leave a row of wires between two rows "
        "of nodes.",
        "Y Y   dense(2)\n| |\nH-H   lstm(4)\nX X   input(8)\n",
        "Y Y   dense(2)\n| |\nH-H   lstm(4)\n| |\nX X   input(8)\n",
        certain=True,
    ),
    "SEQ215": Code(
        "a picture upside down",
        "Data flows from the bottom to the top, as in most drawings of recurrent networks: inputs are the last row.",
        "X X X   input(8)\n| | |\nH H H   lstm(4)\n    |\n    Y   dense(2)\n",
        "    Y   dense(2)\n    |\nH H H   lstm(4)\n| | |\nX X X   input(8)\n",
        certain=True,
    ),
    "SEQ216": Code(
        "a delayed node out of place",
        "A lower-case letter is what its letter gave one step earlier. Wires leave it upward, and none enters it. Its "
        "letter is drawn as exactly one block, which runs from left to right.",
        _FEEDBACK.replace("S y y\n", "S-y y\n"),
        _FEEDBACK,
        certain=True,
        remedy=Remedy.NONE,
    ),
    "SEQ217": Code(
        "a `*` that is not joined to a run",
        "A `*` at an end of a row with state wires is state that passes from one call of the model to the next. "
        "A state wire connects it to the first or the last node.",
        "  Y Y Y   dense(2)\n  | | |\n* H-H-H   lstm(4)\n  | | |\n  X X X   input(8)\n",
        "  Y Y Y   dense(2)\n  | | |\n*-H-H-H   lstm(4)\n  | | |\n  X X X   input(8)\n",
        certain=True,
    ),
    "SEQ218": Code(
        "a loop that cannot be computed step by step",
        "Blocks that read each other through delayed nodes run together, step by step. None of them may look ahead: no "
        "run from right to left or in both directions, no bus from later steps, no `padding=same`, no mean over time. "
        "That holds within a picture that is called for a whole row, too: what it gives at a step may depend on this "
        "step and earlier ones only. Call a picture that looks ahead outside of the loop.",
        _FEEDBACK.replace("D-D-D", "D=D=D"),
        _FEEDBACK,
        remedy=Remedy.NONE,
    ),
}
