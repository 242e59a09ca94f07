"""codes of the lints: pictures of the right shape that are almost never the model that is meant."""

from __future__ import annotations

from seqdsl.text.codes.code import Code

# a bus from the one X to three nodes, then a row to choose
_REPEAT = "Y Y Y   dense(1)\n| | |\n{row}\n| | |\n+-+-+\n|\nX       input(8)\n"
_TWO_WAY = "    Y     dense(2)\n    |\nB=B=B     lstm(4)\n| | |\nX X X     input(8)\n"
_FINAL = "        Y   dense(2)\n        |\nB=B=B---+   lstm(4)\n| | |\nX X X       input(8)\n"
# L L L   L L L    one run over X and Z, or, with state wires, one over each
_TOWERS = (
    "    Y       Q\n    |       |\n{row}   {row}\n| | |   | | |\nX X X   Z Z Z\n\n"
    "X = input(3)\nZ = input(3)\nL = lstm(8)\nY = dense(2)\nQ = dense(2)\n"
)
_LAST = "    Y   dense(2)\n    |\nH-H-H   lstm(4)\n| | |\nX X X   input(8)\n"
_ONE = "Y   dense(1, softmax)\n|\nX   input(8)\n"
_TWO_INPUTS = (
    "    Y       Q\n    |       |\nH-H-H   G-G-G\n| | |   | | |\nX X X   Z Z Z\n\n"
    "X = input(8)\nZ = input(3)\nH = lstm(4)\nG = lstm(4)\nY = dense(2)\nQ = dense(2)\n"
)
# E=E=E-D-D    the two states of E side by side: D needs twice the units
_BOTH = (
    "units = 6\n\n      Y Y   dense(2)\n      | |\nE=E=E-D-D\n| | | | |\nX X X Z Z\n\n"
    "X = input(8)\nZ = input(3)\nE = lstm(units)\nD = lstm({twice})\n"
)
# the third D has no wire above it
_IDLE = "Y Y     dense(2)\n| |\nD D D   dense(4, relu)\n| | |\nX X X   input(8)\n"
_STACK = "Y   dense(1)\n|\nD   dense(16)\n|\nX   input(8)\n"
# +-H-H-H-+    V is the initial state of H, F its final state
_STARTED = (
    "        F\n        |\n+-H-H-H-+\n| | | |\nV X X X\n\n"
    "V = input(4)\nX = input(8)\nH = {cell}(4)\nF = output\n"
)

# a sentence is three words: a mask outside of `sent` skips whole sentences
_SENTENCES = (
    "model sent\n\n    V   dense(2)\n    |\nH-H-H   gru(4)\n| | |\n{inner}\n\n"
    "model text\n\nS S S   sent\n| | |\n{outer}X X X   tokens(30, 3)\n"
)
_WORDS = "W W W   embedding(4, mask=true)\n| | |\n"

_CLASSIFIER = "Y   dense(10, softmax)\n|\n{rows}P   maxpool2d(2)\n|\nC   conv2d(8, 3, relu)\n|\nX   input(28, 28, 1)\n"

_NAMED = """model {name}

Y   dense(4, relu)
|
N   layernorm
|
X   input(4)

model scores

H-H-H   gru(8)
| | |
V V V   {name}
| | |
X X X   input(4)
"""
LINTS: dict[str, Code] = {
    "SEQ401": Code(
        "all steps of an output are the same",
        "A bus passes the same vector to every step. Rows without recurrence (such as `dense`) treat all "
        "steps alike, so all steps of the output have the same value, whatever the weights are. Add a "
        "recurrent row in between, or divide the vector into steps with `split`.",
        _REPEAT.format(row="D D D   dense(4, relu)"),
        _REPEAT.format(row="D-D-D   lstm(4)"),
        "warning",
    ),
    "SEQ402": Code(
        "the last step of a bidirectional row",
        "At the last step, the backward direction has just started: it has read one step only. Keras's "
        "`Bidirectional` with `return_sequences=False` returns the final state of both directions. To draw "
        "that, let the state leave the row through a state wire.",
        _TWO_WAY,
        _FINAL,
        "warning",
    ),
    "SEQ403": Code(
        "a recurrent layer over one step",
        "A recurrent layer over one step starts from a zero state and passes its state to no other step, so "
        "its recurrent weights have no effect. Columns are time steps: draw a sequence to the right. A "
        "sequence of any length is `H ..n.. H`. For a single value, use `dense`.",
        "Y   dense(2)\n|\nH   lstm(4)\n|\nX   input(8)\n",
        _LAST,
        "warning",
    ),
    "SEQ404": Code(
        "a column of single nodes",
        "Nodes on top of each other are layers at the same time step. Without a sequence there is no "
        "recurrence, so `O` is a dense layer here. Nodes side by side in a row are the steps of one recurrent "
        "layer.",
        "O\n|\nO\n|\nO\n|\nO\n",
        "    O\n    |\nO O O\n| | |\nO O O\n| | |\nO O O\n",
        "warning",
    ),
    "SEQ405": Code(
        "a softmax over one unit",
        "A softmax divides by the sum over its units. Over a single unit it is always 1, so nothing can be "
        "learned.",
        _ONE,
        _ONE.replace("softmax", "sigmoid"),
        "warning",
    ),
    "SEQ406": Code(
        "a node that no output depends on",
        "Its value is computed and never used. Usually a wire above it is missing. If this is intended, add "
        "`# seqdsl: ignore SEQ406`.",
        _IDLE,
        "Y Y Y   dense(2)\n| | |\nD D D   dense(4, relu)\n| | |\nX X X   input(8)\n",
        "warning",
    ),
    "SEQ407": Code(
        "an input that no output depends on",
        "The generated model requires this input, but ignores it or returns it unchanged.",
        "    Y\n    |\nH-H-H   Z Z Z\n| | |\nX X X\n\nX = input(8)\nZ = input(3)\nH = lstm(4)\nY = dense(2)\n",
        _TWO_INPUTS,
        "warning",
    ),
    "SEQ408": Code(
        "dense layers without an activation between them",
        "Two dense layers without an activation between them are equivalent to a single one: the lower layer "
        "adds weights, but the model cannot compute more (a narrower lower layer only limits the rank).",
        _STACK,
        _STACK.replace("dense(16)", "dense(16, relu)"),
        "warning",
    ),
    "SEQ409": Code(
        "as many units as steps",
        "Units are the number of features that a layer outputs at each step. They are independent of the "
        "number of steps, which is the number of nodes in the row. If the two are equal on purpose, add `# "
        "seqdsl: ignore SEQ409`.",
        _LAST.replace("lstm(4)", "lstm(3)"),
        _LAST,
        "warning",
    ),
    "SEQ410": Code(
        "a parameter that works with one value only",
        "A parameter is an argument of the generated `build_model`. If only its default fits a number, or "
        "another parameter, every other value fails. Write the size in terms of the parameter: `2 * units`, "
        "`features // heads`.",
        _BOTH.format(twice="12"),
        _BOTH.format(twice="2 * units"),
        "warning",
    ),
    "SEQ411": Code(
        "one value as both states of an LSTM whose final state is returned",
        "An LSTM has two states, h and c. An initial value is used for both, but only h is returned as the "
        "final state. If h is fed back in, window by window, it also replaces c, which differs from running "
        "over the whole sequence. A `gru` has one state only, so nothing is lost. Two rows that are connected "
        "by a state wire pass both states. If the final state is not fed back, add `# seqdsl: ignore SEQ411`.",
        _STARTED.format(cell="lstm"),
        _STARTED.format(cell="gru"),
        "warning",
    ),
    "SEQ412": Code(
        "steps that do not depend on the input",
        "A row without recurrence computes each step from the wires of that step. A step without wires is the "
        "same for every input (at most a bias), and a layer that is connected to one step of an input does "
        "not read the others. Two rows of `O` are an input and a dense layer. Usually a recurrent row between "
        "them is intended.",
        "O O O\n|\nO\n",
        "O O O\n| | |\nO O O\n|\nO\n",
        "warning",
    ),
    "SEQ413": Code(
        "letters that alternate in one row",
        "Neighboring nodes with the same letter are the steps of one sequence. Another letter between them "
        "ends the sequence: each node is then a single vector, and a separate input or output. Draw two "
        "values per step as two rows that are connected to the same steps.",
        "M S   M S   M S\n|/    |/    |/\nH-----H-----H\n|     |     |\nX     X     X\n\n"
        "X = input(4)\nH = gru(8)\nM = dense(1)\nS = dense(1)\n",
        "M   M   M\n|   |   |\n| S | S | S\n|/  |/  |/\nH---H---H\n|   |   |\nX   X   X\n\n"
        "X = input(4)\nH = gru(8)\nM = dense(1)\nS = dense(1)\n",
        "warning",
    ),
    "SEQ414": Code(
        "groups of one letter that are one run",
        "The nodes of one letter that are next to each other in a row are one sequence, however far apart they are "
        "drawn. Over two inputs, that is one run over both, joined in time: the second group starts from the first "
        "one's state. Usually two towers with the same weights are intended. State wires say which: within each "
        "group only, or across the gap.",
        _TOWERS.format(row="L L L"),
        _TOWERS.format(row="L-L-L"),
        "warning",
        is_of_spacing=True,
    ),
    "SEQ415": Code(
        "padding that no mask skips",
        "A mask is of steps. A single node has none: its mask does nothing. Where steps hold a grid of places, a step "
        "is padding where all of its places are: a called picture that reads the places of the other steps reads "
        "padded ones as data. Begin the mask within the called picture: it then skips padded places.",
        _SENTENCES.format(inner="X X X   input(4)", outer=_WORDS),
        _SENTENCES.format(inner=_WORDS + "X X X   tokens(30)", outer=""),
        "warning",
    ),
    "SEQ416": Code(
        "a class for each place of an image",
        "`dense` acts on the last axis: of images it gives a value for each place. An output of classes for each place "
        "is rarely meant where `flatten` is missing below a classifier. If it is, as where each pixel is labeled, a "
        "convolution with a kernel of 1 computes the same and says so: `conv2d(10, 1, softmax)`.",
        _CLASSIFIER.format(rows=""),
        _CLASSIFIER.format(rows="F   flatten\n|\n"),
        "warning",
    ),
    "SEQ421": Code(
        "probabilities that are fed back as they are",
        "The model is trained with one-hot codes, which a softmax never gives. `choose=true` feeds back the "
        "one-hot code of the most probable id, or of one that is drawn.",
        "Y Y Y   dense(20, softmax)\n| | |\nH-H-H   gru(16)\n| | |\nZ Z Z   input(20, feedback=Y)\n",
        "Y Y Y   dense(20, softmax)\n| | |\nH-H-H   gru(16)\n| | |\nZ Z Z   input(20, feedback=Y, choose=true)\n",
        "warning",
    ),
    "SEQ422": Code(
        "a target that is read one step late, without `feedback=`",
        "Each step of the output is a choice among the ids of an input, and reads the ids so far: while training, that "
        "input is the target one step late (teacher forcing). When the model generates, there is no target, and each "
        "id is what the model chose one step before. `feedback=Y` says so: the model is trained as before, and can "
        "generate. If the input is something else, add `# seqdsl: ignore SEQ422`.",
        "Y Y Y   dense(20, softmax)\n| | |\nH-H-H   gru(16)\n| | |\nE E E   embedding(8)\n| | |\nZ Z Z   tokens(20)\n",
        "Y Y Y   dense(20, softmax)\n| | |\nH-H-H   gru(16)\n| | |\nE E E   embedding(8)\n| | |\n"
        "Z Z Z   tokens(20, feedback=Y)\n",
        "warning",
    ),
    "SEQ423": Code(
        "a delayed node that gives what is read anyway",
        "A delayed node gives the nearest node of its letter to its left that does not depend on it: to the right of "
        "its own step that is this very step, and two of one letter in one step are the same value. Draw it to the "
        "left of its step. What is two steps back is a row that keeps what came before, with delayed nodes of its own.",
        "H   H   H   dense(4)\n|\\  |\\  |\\\nX x X x X x   input(2)\n",
        "  H   H   H   dense(4)\n /|  /|  /|\nx X x X x X   input(2)\n",
        "warning",
    ),
    "SEQ424": Code(
        "a delayed node that skips a step",
        "A delayed node gives the nearest node of its letter to its left. Where wires lead to the right on their way "
        "up, the node of the step before may be above it, or right of it: then it gives the one before that, and the "
        "first steps read zero. Draw the row where it is to the left of the next delayed node.",
        "    A   A   A   dense(4)\n   /   /   /\n  D---D---D     gru(8)\n /|  /|  /|\na | a | a |\n"
        "  X   X   X     input(3)\n",
        "  A   A   A   dense(4)\n  |   |   |\n  D---D---D   gru(8)\n /|  /|  /|\na | a | a |\n"
        "  X   X   X   input(3)\n",
        "warning",
    ),
    "SEQ425": Code(
        "an image whose channels seem to be first",
        "In a picture the channels of an image are last, whatever the framework: `input(28, 28, 3)`. The generated "
        "Keras model takes them last, too, and the PyTorch model first, as their users do.",
        "Y   dense(5)\n|\nF   flatten\n|\nC   conv2d(4, 3, relu)\n|\nX   input(3, 28, 28)\n",
        "Y   dense(5)\n|\nF   flatten\n|\nC   conv2d(4, 3, relu)\n|\nX   input(28, 28, 3)\n",
        "warning",
    ),
    "SEQ426": Code(
        "a layer, where a model of the file has its name",
        "The name of a layer always means the layer: a model that is named `layernorm` cannot be called from another "
        "picture. Rename the model to call it; if the layer is meant, rename it all the same, so that readers know "
        "which of the two it is.",
        _NAMED.format(name="layernorm"),
        _NAMED.format(name="normalized"),
        "warning",
    ),
}
