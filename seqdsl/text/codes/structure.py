"""codes of the structure: layers, sizes and lengths that do not fit."""

from __future__ import annotations

from seqdsl.text.codes.code import Code, Remedy

_PLAIN = "Y Y   dense(2)\n| |\nX X   input(8)\n"
# E-E-E---D-D    the final state of E begins D: equal units
_HANDOFF = (
    "        Y Y\n        | |\nE-E-E---D-D\n| | |   | |\nX X X   Z Z\n\n"
    "X = input(8)\nZ = input(8)\nE = lstm(4)\nD = lstm(4)\nY = dense(2)\n"
)
# L-L over A, L-L over B    one letter, one set of weights: A and B are equally wide
_SHARED = "Y Y   Z Z\n| |   | |\nL-L   L-L\n| |   | |\nA A   B B\n\nA = input(8)\nB = input(8)\nL = lstm(4)\n"
_TOKENS = "W W   embedding(4)\n| |\nX X   tokens(9)\n"
# Y over a bus of n steps    all of them side by side: 5 * 8 features, so n has to be set
_FLAT = "n = 5\n\n    Y         dense(2)\n    |\n+-+-+-----+\n| |       |\nX X ..n.. X   input(8)\n"
_FREE = "Y Y ... Y   dense(2)\n| |     |\nX X ... X   input(8)\n"

STRUCTURE: dict[str, Code] = {
    "SEQ301": Code(
        "an unknown layer",
        "The available layers are listed in docs/language.md. Their names are written in lower case.",
        _PLAIN.replace("dense", "dence"),
        _PLAIN,
        certain=True,
    ),
    "SEQ302": Code(
        "an unexpected argument",
        "The arguments of each layer are listed in docs/language.md. Each may be given once.",
        _PLAIN.replace("dense(2)", "dense(2, size=3)"),
        _PLAIN,
        certain=True,
    ),
    "SEQ303": Code(
        "a missing argument",
        "A layer that is written out needs its size; seqdsl does not guess it.",
        _PLAIN.replace("dense(2)", "dense"),
        _PLAIN,
        certain=True,
    ),
    "SEQ304": Code(
        "an argument that cannot be used",
        "A size is a whole number of at least 1. A rate is at least 0 and less than 1. An activation is one "
        "of those in docs/language.md. Only inputs with a mask take `padding=`.",
        _PLAIN.replace("dense(2)", "dense(2, rellu)"),
        _PLAIN.replace("dense(2)", "dense(2, relu)"),
        certain=True,
    ),
    "SEQ305": Code(
        "widths that do not match",
        "A layer reads the same number of features at every step, and values that are combined element by "
        "element have the same number of features.",
        "Y Y\n| |\nA B\n\nA = input(8)\nB = input(6)\nY = dense(2)\n",
        "Y Y\n| |\nA B\n\nA = input(8)\nB = input(8)\nY = dense(2)\n",
    ),
    "SEQ306": Code(
        "states that do not match",
        "A state can only be passed to the same kind of layer with the same number of units. The concatenated "
        "states of a bidirectional block need twice as many units.",
        _HANDOFF.replace("D = lstm(4)", "D = lstm(5)"),
        _HANDOFF,
        remedy=Remedy.NONE,
    ),
    "SEQ307": Code(
        "lengths that disagree",
        "Ellipses above each other are the same stretch of time. All their names must give it the same "
        "length, at least as long as drawn and divisible as the rows above require.",
        "n = 2\n\nY Y ..n.. Y   dense(2)\n| |       |\nX X ..n.. X   input(8)\n",
        "n = 5\n\nY Y ..n.. Y   dense(2)\n| |       |\nX X ..n.. X   input(8)\n",
    ),
    "SEQ308": Code(
        "a letter that cannot share its weights",
        "The same letter means the same weights. It must read the same number of features, and run in the "
        "same direction, everywhere.",
        _SHARED.replace("B = input(8)", "B = input(6)"),
        _SHARED,
    ),
    "SEQ309": Code(
        "a layer that cannot be used here",
        "An `embedding` reads tokens. An `attention` needs one bus as its memory. A `conv` reads one row "
        "below. All nodes of a `split` read the same value.",
        _TOKENS.replace("embedding(4)", "dense(4)"),
        _TOKENS,
    ),
    "SEQ310": Code(
        "an ellipsis with ambiguous connections",
        "An elided step is connected like both its neighbors. If these are connected differently, the picture "
        "has two meanings.",
        "Y Y ... Y   dense(2)\n| |\nX X ... X   input(8)\n",
        _FREE,
    ),
    "SEQ311": Code(
        "a length that must be known",
        "Concatenating all steps of a sequence of free length gives no fixed width. A length that no input "
        "has is not known when the model is called.",
        _FLAT.replace("n = 5\n\n", ""),
        _FLAT,
    ),
    "SEQ312": Code(
        "an unknown parameter",
        "A word where a size is expected is the name of a parameter. The file must set it.",
        _PLAIN.replace("dense(2)", "dense(labels)"),
        _PLAIN.replace("dense(2)", "dense(labels)") + "\nlabels = 2\n",
    ),
    "SEQ313": Code(
        "a mask of ids that the loop itself gives",
        "An `embedding(mask=true)` reads ids that a loop gives to itself. Once a step gives id 0, the next one would "
        "be padding, and all that follow it: a delayed node gives the last valid step, which is that 0 for good. What "
        "ends a run is said where it runs: `generate(stop=0)`. Remove `mask=true`; padding in front of the loop's own "
        "ids is marked where these ids come from, by `tokens(9, mask=0)`.",
        "Y Y Y\n| | |\nD D D   dense(9)\n| | |\nH-H-H   gru(8)\n| | |\nE E E   embedding(4, mask=true)\n| | |\n"
        "S y y\n\nS = tokens(9)\nY = argmax\n",
        "Y Y Y\n| | |\nD D D   dense(9)\n| | |\nH-H-H   gru(8)\n| | |\nE E E   embedding(4)\n| | |\n"
        "S y y\n\nS = tokens(9)\nY = argmax\n",
        remedy=Remedy.NONE,
    ),
    "SEQ314": Code(
        "a letter with an ambiguous definition",
        "A letter is the same layer wherever it is drawn. `O` is anonymous and cannot be defined.",
        "O O\n| |\nX X\n\nX = input(8)\nO = dense(2)\n",
        "Y Y\n| |\nX X\n\nX = input(8)\nY = dense(2)\n",
    ),
    "SEQ315": Code(
        "a block without an input",
        "No wire and no state enters it, so its output would be constant.",
        "Y Y\n\nY = dense(2)\n",
        _PLAIN,
        cascades_from=("SEQ214",),
    ),
    "SEQ316": Code(
        "a named row that cannot be read",
        "A letter in a layer's arguments, as in `mean(E)`, names a row. It has to be drawn as one block, have "
        "steps, and be computed before it is read. Only `attention(D, causal=true)` may read a row that depends on "
        "it, in a loop: each step attends to the steps computed so far.",
        "H H H   Y\n| | |\nX X X\n\nX = input(8)\nH = gru(4)\nY = mean(E)\n",
        "H H H   Y\n| | |\nX X X\n\nX = input(8)\nH = gru(4)\nY = mean(H)\n",
    ),
    "SEQ317": Code(
        "state that cannot pass from call to call",
        "With a `*` at both ends of a row, a sequence may be cut anywhere and put through piece by piece. So "
        "everything between the inputs and the outputs must look back only: runs from left to right, each with its "
        "own `*`, layers on single steps, and `conv` with `padding=causal`. What delayed nodes read before the first "
        "step is the last value of the call before: nothing else can be drawn in its place.",
        "  Y Y ... Y   dense(2)\n  | |     |\n*-H-H-...-H-*   lstm(4)\n  | |     |\n  F F ... F   conv(4, 3)\n"
        "  | |     |\n  X X ... X   input(8)\n",
        "  Y Y ... Y   dense(2)\n  | |     |\n*-H-H-...-H-*   lstm(4)\n  | |     |\n"
        "  F F ... F   conv(4, 3, padding=causal)\n  | |     |\n  X X ... X   input(8)\n",
    ),
    "SEQ318": Code(
        "an embedding that cannot be tied",
        "`dense(tied=M)` uses the matrix of the embedding `M`: it gives a value for each id that `M` knows, and reads "
        "as many features as `M` gives.",
        "Y Y Y   dense(tied=M)\n| | |\nH H H   gru(4)\n| | |\nM M M   embedding(8)\n| | |\nX X X   tokens(20)\n",
        "Y Y Y   dense(tied=M)\n| | |\nH H H   gru(8)\n| | |\nM M M   embedding(8)\n| | |\nX X X   tokens(20)\n",
    ),
    "SEQ319": Code(
        "a grid that a layer cannot read",
        "A step may hold a grid: height and width of an image, places of a word. Layers over grids need one, layers of "
        "features (`lstm`, `attention`, `conv`) take none: put `flatten`, `mean(grid)` or `max(grid)` between them.",
        "H H H   lstm(8)\n| | |\nC C C   conv2d(4, 3, relu)\n| | |\nX X X   input(6, 6, 1)\n",
        "H H H   lstm(8)\n| | |\nF F F   flatten\n| | |\nC C C   conv2d(4, 3, relu)\n| | |\n"
        "X X X   input(6, 6, 1)\n",
    ),
}
