"""codes of the lints: pictures of the right shape that are almost never the model that is meant."""

from __future__ import annotations

from seqdsl.text.codes.code import Code

_REPEAT = "Y Y Y   dense(1)\n| | |\n{row}\n| | |\n+-+-+\n|\nX       input(8)\n"
_TWO_WAY = "    Y     dense(2)\n    |\nB=B=B     lstm(4)\n| | |\nX X X     input(8)\n"
_FINAL = "        Y   dense(2)\n        |\nB=B=B---+   lstm(4)\n| | |\nX X X       input(8)\n"
_LAST = "    Y   dense(2)\n    |\nH-H-H   lstm(4)\n| | |\nX X X   input(8)\n"
_ONE = "Y   dense(1, softmax)\n|\nX   input(8)\n"
_TWO_INPUTS = (
    "    Y       Q\n    |       |\nH-H-H   G-G-G\n| | |   | | |\nX X X   Z Z Z\n\n"
    "X = input(8)\nZ = input(3)\nH = lstm(4)\nG = lstm(4)\nY = dense(2)\nQ = dense(2)\n"
)
_BOTH = (
    "units = 6\n\n      Y Y   dense(2)\n      | |\nE=E=E-D-D\n| | | | |\nX X X Z Z\n\n"
    "X = input(8)\nZ = input(3)\nE = lstm(units)\nD = lstm({twice})\n"
)
_IDLE = "Y Y     dense(2)\n| |\nD D D   dense(4, relu)\n| | |\nX X X   input(8)\n"
_STACK = "Y   dense(1)\n|\nD   dense(16)\n|\nX   input(8)\n"
_STARTED = (
    "        F\n        |\n+-H-H-H-+\n| | | |\nV X X X\n\n"
    "V = input(4)\nX = input(8)\nH = {cell}(4)\nF = output\n"
)

LINTS: dict[str, Code] = {
    "SEQ401": Code(
        "all steps of an output are the same",
        "A vector that is led to every step by a bus is the same at every step. Rows without recurrence (`dense` "
        "and the like) treat all steps alike, so all steps of the output are one value, whatever the weights. "
        "A recurrent row between them makes a sequence of it, and so does `split`.",
        _REPEAT.format(row="D D D   dense(4, relu)"),
        _REPEAT.format(row="D-D-D   lstm(4)"),
        "warning",
    ),
    "SEQ402": Code(
        "the last step of a two-way row",
        "Where the last step stands, the backward direction has just begun: its half of the value has seen one "
        "step. What Keras returns for `Bidirectional` with `return_sequences=False` is the final state of both "
        "directions, which leaves the row by a state wire.",
        _TWO_WAY,
        _FINAL,
        "warning",
    ),
    "SEQ403": Code(
        "a recurrent chain of one step",
        "A recurrent layer over one step starts from zero and hands its state to nobody: most of its weights "
        "multiply zeros. Columns are time steps, so a sequence is drawn to the right. A sequence of any length is "
        "`H ..n.. H`; a layer for single values is `dense`.",
        "Y   dense(2)\n|\nH   lstm(4)\n|\nX   input(8)\n",
        _LAST,
        "warning",
    ),
    "SEQ404": Code(
        "a column of single nodes",
        "Nodes on top of each other are layers at one time step. Without a sequence there is no recurrence, so `O` "
        "is a dense layer here. Drawn side by side, the nodes of a row are the steps of one recurrent layer.",
        "O\n|\nO\n|\nO\n|\nO\n",
        "    O\n    |\nO O O\n| | |\nO O O\n| | |\nO O O\n",
        "warning",
    ),
    "SEQ405": Code(
        "a softmax over one unit",
        "A softmax divides by the sum over its units: over a single one it is always 1 and nothing can be learnt.",
        _ONE,
        _ONE.replace("softmax", "sigmoid"),
        "warning",
    ),
    "SEQ406": Code(
        "a node that no output depends on",
        "Its value, and what is below it alone, is computed and dropped. Usually a wire above it is missing; if it "
        "is meant, say so by `# seqdsl: ignore SEQ406`.",
        _IDLE,
        "Y Y Y   dense(2)\n| | |\nD D D   dense(4, relu)\n| | |\nX X X   input(8)\n",
        "warning",
    ),
    "SEQ407": Code(
        "an input that no output depends on",
        "The generated model asks for it and ignores it, or hands it back unchanged.",
        "    Y\n    |\nH-H-H   Z Z Z\n| | |\nX X X\n\nX = input(8)\nZ = input(3)\nH = lstm(4)\nY = dense(2)\n",
        _TWO_INPUTS,
        "warning",
    ),
    "SEQ408": Code(
        "dense layers without an activation between them",
        "An affine map of an affine map is an affine map: without an activation the lower layer adds weights, but "
        "nothing that the upper one could not compute (a narrower lower layer only lowers the rank).",
        _STACK,
        _STACK.replace("dense(16)", "dense(16, relu)"),
        "warning",
    ),
    "SEQ409": Code(
        "as many units as steps",
        "Units are the width of the value that a layer has at each step. They have nothing to do with the number "
        "of steps, which is the number of nodes in the row. If the two are equal by accident, say so by "
        "`# seqdsl: ignore SEQ409`.",
        _LAST.replace("lstm(4)", "lstm(3)"),
        _LAST,
        "warning",
    ),
    "SEQ410": Code(
        "a builder that works for one value only",
        "A parameter is an argument of the generated builder. Where its default happens to fit a number, or another "
        "parameter, all other values fail. Write the size with the parameter: `2 * units`, `features // heads`.",
        _BOTH.format(twice="12"),
        _BOTH.format(twice="2 * units"),
        "warning",
    ),
    "SEQ411": Code(
        "one value as both states of an LSTM whose final state leaves",
        "An LSTM has two states, h and c. A value that enters a run is used as both; what leaves as the final state "
        "is h alone. Fed back in, window by window, it replaces the c that belongs to it, and that is not the same as "
        "running over the whole sequence. A `gru` has one state, which is all there is to pass on. Two runs of one "
        "picture that are joined by a state wire pass both states. If nothing is fed back, say so by "
        "`# seqdsl: ignore SEQ411`.",
        _STARTED.format(cell="lstm"),
        _STARTED.format(cell="gru"),
        "warning",
    ),
    "SEQ412": Code(
        "steps that do not depend on the input",
        "A row without recurrence computes each step from its own wires. Where there are none, the step is the "
        "same for every input (a bias at most); and a layer wired to one step of an input does not read the "
        "others. Two rows of `O` are an input and a dense layer. Usually a recurrent row between them is meant.",
        "O O O\n|\nO\n",
        "O O O\n| | |\nO O O\n|\nO\n",
        "warning",
    ),
    "SEQ413": Code(
        "letters that take turns in one row",
        "Neighboring nodes of one letter are the steps of one sequence. Another letter between them ends it: "
        "each node is then a vector, and an input or an output of its own. Two values at each step are two rows, "
        "wired to the same steps.",
        "M S   M S   M S\n|/    |/    |/\nH-----H-----H\n|     |     |\nX     X     X\n\n"
        "X = input(4)\nH = gru(8)\nM = dense(1)\nS = dense(1)\n",
        "M   M   M\n|   |   |\n| S | S | S\n|/  |/  |/\nH---H---H\n|   |   |\nX   X   X\n\n"
        "X = input(4)\nH = gru(8)\nM = dense(1)\nS = dense(1)\n",
        "warning",
    ),
}
