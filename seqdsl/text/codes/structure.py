"""codes of the structure: layers, sizes and lengths that do not fit."""

from __future__ import annotations

from seqdsl.text.codes.code import Code, Remedy

_PLAIN = "Y Y   dense(2)\n| |\nX X   input(8)\n"
_HAND = (
    "        Y Y\n        | |\nE-E-E---D-D\n| | |   | |\nX X X   Z Z\n\n"
    "X = input(8)\nZ = input(8)\nE = lstm(4)\nD = lstm(4)\nY = dense(2)\n"
)
_SHARED = "Y Y   Z Z\n| |   | |\nL-L   L-L\n| |   | |\nA A   B B\n\nA = input(8)\nB = input(8)\nL = lstm(4)\n"
_TOKENS = "W W   embedding(4)\n| |\nX X   tokens(9)\n"
_FLAT = "n = 5\n\n    Y         dense(2)\n    |\n+-+-+-----+\n| |       |\nX X ..n.. X   input(8)\n"
_FREE = "Y Y ... Y   dense(2)\n| |     |\nX X ... X   input(8)\n"

STRUCTURE: dict[str, Code] = {
    "SEQ301": Code(
        "an unknown layer",
        "The layers are those of the language page, in lower case.",
        _PLAIN.replace("dense", "dence"),
        _PLAIN,
        certain=True,
    ),
    "SEQ302": Code(
        "an unexpected argument",
        "A layer takes the arguments of the language page, each once.",
        _PLAIN.replace("dense(2)", "dense(2, size=3)"),
        _PLAIN,
        certain=True,
    ),
    "SEQ303": Code(
        "a missing argument",
        "Sizes are not guessed: a layer that is written needs its width.",
        _PLAIN.replace("dense(2)", "dense"),
        _PLAIN,
        certain=True,
    ),
    "SEQ304": Code(
        "an argument that cannot be used",
        "A size is a whole number from 1 on, a rate is at least 0 and less than 1, an activation is one of the "
        "language page; where padding stands (`padding=`) can be said of inputs with a mask only.",
        _PLAIN.replace("dense(2)", "dense(2, rellu)"),
        _PLAIN.replace("dense(2)", "dense(2, relu)"),
        certain=True,
    ),
    "SEQ305": Code(
        "widths that do not fit",
        "All steps of a layer see equally many features, and what is combined element by element is equally wide.",
        "Y Y\n| |\nA B\n\nA = input(8)\nB = input(6)\nY = dense(2)\n",
        "Y Y\n| |\nA B\n\nA = input(8)\nB = input(8)\nY = dense(2)\n",
    ),
    "SEQ306": Code(
        "states that do not fit",
        "A state is handed to the same kind of cell with the same number of units; the two states of a two-way block "
        "side by side need twice as many.",
        _HAND.replace("D = lstm(4)", "D = lstm(5)"),
        _HAND,
        remedy=Remedy.NONE,
    ),
    "SEQ307": Code(
        "lengths that disagree",
        "Ellipses over each other are one stretch of time: all names over it must give it the same length, at least "
        "what is drawn, and one that the rows above can divide.",
        "n = 2\n\nY Y ..n.. Y   dense(2)\n| |       |\nX X ..n.. X   input(8)\n",
        "n = 5\n\nY Y ..n.. Y   dense(2)\n| |       |\nX X ..n.. X   input(8)\n",
    ),
    "SEQ308": Code(
        "a letter that cannot share its weights",
        "Wherever the same letter is drawn the same weights are used: it must see equally many features, and run the "
        "same way, everywhere.",
        _SHARED.replace("B = input(8)", "B = input(6)"),
        _SHARED,
    ),
    "SEQ309": Code(
        "a layer that cannot stand here",
        "An embedding looks up tokens, an attention needs one bus as its memory, a `conv` one row below, the nodes of "
        "a `split` all see the same.",
        _TOKENS.replace("embedding(4)", "dense(4)"),
        _TOKENS,
    ),
    "SEQ310": Code(
        "an ellipsis whose wiring is unclear",
        "An elided step is wired like both its neighbours: if these are wired differently, there are two readings.",
        "Y Y ... Y   dense(2)\n| |\nX X ... X   input(8)\n",
        _FREE,
    ),
    "SEQ311": Code(
        "a length that must be fixed, or told",
        "All steps of a free length side by side have no fixed width; and a length that no input has is not known "
        "when the model is called.",
        _FLAT.replace("n = 5\n\n", ""),
        _FLAT,
    ),
    "SEQ312": Code(
        "an unknown parameter",
        "A word where a size is expected is the name of a parameter, which the file must set.",
        _PLAIN.replace("dense(2)", "dense(labels)"),
        _PLAIN.replace("dense(2)", "dense(labels)") + "\nlabels = 2\n",
    ),
    "SEQ313": Code(
        "not in the language yet",
        "The picture is clear, but seqdsl cannot write it yet: what it names would need its own kind of code.",
        "    Y Y   dense(2)\n    | |\nH H H H   lstm(8)\n| |\nX X       input(8, mask=0)\n",
        "    Y Y   dense(2)\n    | |\nH H H H   lstm(8)\n| |\nX X       input(8)\n",
        remedy=Remedy.NONE,
    ),
    "SEQ314": Code(
        "a letter without one meaning",
        "A letter is one layer wherever it is drawn; `O` is anonymous and cannot be defined.",
        "O O\n| |\nX X\n\nX = input(8)\nO = dense(2)\n",
        "Y Y\n| |\nX X\n\nX = input(8)\nY = dense(2)\n",
    ),
    "SEQ315": Code(
        "a block that sees nothing",
        "Neither a wire nor a state enters it, so it could only give a constant.",
        "Y Y\n\nY = dense(2)\n",
        _PLAIN,
        cascades_from=("SEQ214",),
    ),
}
