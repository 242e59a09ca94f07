"""codes of the wires: what joins nothing, or joins what cannot be joined."""

from __future__ import annotations

from seqdsl.text.codes.code import Code

_PLAIN = "Y Y   dense(2)\n| |\nX X   input(8)\n"
_STATES = "Y Y Y   dense(2)\n| | |\nH-H-H   lstm(4)\n| | |\nX X X   input(8)\n"
_BUS = "Y Y Y   lstm(2)\n| | |\n+-+-+\n|\nX       input(8)\n"
_FINAL = (
    "        Y\n        |\nH-H-H---+\n| | |\nX X X\n\nX = input(8)\nH = lstm(4)\nY = dense(2)\n"
)

WIRES: dict[str, Code] = {
    "SEQ201": Code(
        "a wire that ends in nothing",
        "A value that goes nowhere is a wire one column off, or a row too few.",
        "Y     dense(2)\n| |\nX X   input(8)\n",
        _PLAIN,
        certain=True,
    ),
    "SEQ202": Code(
        "a wire that starts in nothing",
        "A wire must meet what it joins exactly: the cell below it carries nothing.",
        "Y Y   dense(2)\n| |\nX     input(8)\n",
        _PLAIN,
        certain=True,
    ),
    "SEQ203": Code(
        "a sideways wire that meets a slanted one",
        "A bus and a state wire run straight on across `|`; across `/` or `\\` nobody could tell what is joined.",
        "Y Y Y   lstm(2)\n| | |\n+-/-+\n|/\nX       input(8)\n",
        _BUS,
        certain=True,
    ),
    "SEQ204": Code(
        "a bus that ends in nothing",
        "A bus carries a value from junction to junction; both its ends are `+`.",
        "Y Y Y   lstm(2)\n| | |\n+-+-+-\n|\nX       input(8)\n",
        _BUS,
        certain=True,
    ),
    "SEQ205": Code(
        "a junction that joins nothing",
        "What comes in from below or from the side leaves a junction upward: without one of the two it is idle.",
        "Y Y     lstm(4)\n| |\n+-+-+\n|\nX       input(8)\n",
        "Y Y     lstm(4)\n| |\n+-+\n|\nX       input(8)\n",
        certain=True,
        cascades_from=("SEQ210",),
    ),
    "SEQ206": Code(
        "something in the wrong kind of row",
        "Layers stand beside rows of nodes, one layer to a row whose nodes have one letter; `<`, `>` and `=` "
        "carry state, so they stand between nodes.",
        "Y Y\n| |   dense(2)\nX X   input(8)\n",
        _PLAIN,
        certain=True,
    ),
    "SEQ207": Code(
        "a state wire that ends in nothing",
        "A state wire joins a node to the next node, ellipsis or junction without a gap.",
        _STATES.replace("H-H-H  ", "H-H-H- "),
        _STATES,
        certain=True,
    ),
    "SEQ208": Code(
        "a state wire that turns",
        "The state of one block runs one way: `-` or `>` to the right, `<` to the left, `=` both ways.",
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
        "state at the wrong end",
        "A final state leaves a block at its end, an initial state enters at its beginning, and only one; `=` "
        "between two letters hands on two states.",
        _FINAL.replace("H-H-H---+", "H<H<H---+"),
        _FINAL,
        certain=True,
    ),
    "SEQ211": Code(
        "an ellipsis out of place",
        "`...` continues a block of nodes: it stands beside one of them, in a row of nodes, and where the row draws "
        "its state wires it is joined like a node.",
        "Y Y ... Z Z\n| |     | |\nX X ... X X\n\nX = input(8)\nY = dense(2)\nZ = dense(2)\n",
        "Y Y ... Y Y\n| |     | |\nX X ... X X\n\nX = input(8)\nY = dense(2)\n",
        certain=True,
    ),
    "SEQ212": Code(
        "wires into an input",
        "Data begins at `input` and `tokens`: nothing can enter them. Is the picture upside down?",
        "X X   input(8)\n| |\nY Y   dense(2, relu)\n| |\nZ Z   input(8)\n",
        "W W   dense(8)\n| |\nY Y   dense(2, relu)\n| |\nZ Z   input(8)\n",
        certain=True,
    ),
    "SEQ213": Code(
        "a row that is shifted",
        "Columns decide what a wire joins. Where a row, or its rest from some place on, slid sideways, none of its "
        "wires meets anything: that is one slip, not many.",
        "Y Y Y Y   dense(2)\n| | | |\nH-H-H-H   lstm(16)\n | | | |\nX X X X   input(8)\n",
        "Y Y Y Y   dense(2)\n| | | |\nH-H-H-H   lstm(16)\n| | | |\nX X X X   input(8)\n",
        certain=True,
    ),
    "SEQ214": Code(
        "a row of wires that is missing",
        "Nodes on top of each other are not joined: only a wire is a wire. Rows of nodes stand apart, with a row of "
        "wires between them.",
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
}
