"""codes of cells: equations that mean nothing."""

from __future__ import annotations

from seqdsl.text.codes.code import Code

_PICTURE = "\n  Y   dense(2)\n  |\nH-H   mgu(4)\n| |\nX X   input(8)\n"
_LINES = (
    "    f = sigmoid(dense(x, h))\n",
    "    n = tanh(dense(x, f * h))\n",
    "    h = (1 - f) * h + f * n\n",
)
_RIGHT = "cell mgu(units):\n" + "".join(_LINES) + _PICTURE


def _with(line: int, text: str) -> str:
    """The file with another line in its cell."""
    return _RIGHT.replace(_LINES[line], text)


CELLS: dict[str, Code] = {
    "SEQ121": Code(
        "a cell's name that cannot be used",
        "A cell's name is a lower-case word of two letters or more, which no layer and no other cell has: a row "
        "that ends with it has to mean one thing.",
        _RIGHT.replace("mgu", "gru"),
        _RIGHT,
        certain=True,
    ),
    "SEQ122": Code(
        "a cell that is none",
        "`cell NAME(units):` begins a cell. Its first parameter is `units`, the features that a node gives; others "
        "have a default, or are sizes. Below it are equations, at least one of which reads the step before.",
        _RIGHT.replace("(units):", "(size):"),
        _RIGHT,
        certain=True,
    ),
    "SEQ123": Code(
        "a name that is never assigned",
        "A name that is read before it is assigned is state: the value of the step before. One that no equation "
        "assigns has no value at any step.",
        _with(1, "    n = tanh(dense(x, r * h))\n"),
        _RIGHT,
    ),
    "SEQ124": Code(
        "a name that cannot be assigned",
        "`x` is what a node reads, parameters are given by the layer, and each other name has one equation.",
        _with(0, "    f = sigmoid(dense(x, h))\n    f = 1 - f\n"),
        _with(0, "    k = sigmoid(dense(x, h))\n    f = 1 - k\n"),
    ),
    "SEQ125": Code(
        "an unknown function",
        "Equations call `dense`, `scale`, `layernorm`, `dropout`, `zoneout`, `split`, `concat`, `max`, `min` and "
        "activations. Cells cannot call cells.",
        _with(0, "    f = sigmoyd(dense(x, h))\n"),
        _RIGHT,
    ),
    "SEQ126": Code(
        "wrong arguments of a function",
        "Each function takes values, and some take a size, a number of parts or a rate.",
        _with(0, "    f = sigmoid(dense(x, h), h)\n"),
        _RIGHT,
    ),
    "SEQ127": Code(
        "equations that are too large",
        "A file has at most 50 cells, a cell at most 50 equations, an equation at most 200 parts and 20 levels of "
        "brackets, functions and operators.",
        _with(0, f"    f = {'tanh(' * 30}h{')' * 30}\n"),
        _with(0, f"    f = {'tanh(' * 3}h{')' * 3}\n"),
    ),
    "SEQ128": Code(
        "features in equations that do not fit",
        "Values that are combined element by element have equally many features, or one. A state has as many as the "
        "value that its equation assigns.",
        _with(0, "    f = sigmoid(dense(x, h, features=2 * units))\n"),
        _RIGHT,
    ),
}
