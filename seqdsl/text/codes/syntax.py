"""codes of the text: what cannot be read, and what is defined twice."""

from __future__ import annotations

from seqdsl.text.codes.code import Code, Remedy

_PLAIN = "Y Y   dense(2)\n| |\nX X   input(8)\n"
_LETTERS = "Y Y\n| |\nX X\n\nX = input(8)\nY = dense(2)\n"

SYNTAX: dict[str, Code] = {
    "SEQ101": Code(
        "not UTF-8",
        "A `.seq` file is UTF-8 text. Save it as such; a byte order mark is fine.",
        # `\udce9` is the byte 0xe9, as `surrogateescape` has it: Latin-1, not UTF-8.
        "Y Y   dense(2)  # caf\udce9\n| |\nX X   input(8)\n",
        _PLAIN,
    ),
    "SEQ102": Code(
        "a line that cannot be read",
        "A line is a row of a picture, a definition, a parameter, `model NAME` or a comment.",
        "Y Y   dense(2\n| |\nX X   input(8)\n",
        _PLAIN,
    ),
    "SEQ103": Code(
        "a tab in a picture",
        "Columns determine what a wire connects, and the width of a tab is not defined.",
        "Y\tY   dense(2)\n| |\nX X   input(8)\n",
        _PLAIN,
        remedy=Remedy.EXPAND_TABS,
    ),
    "SEQ104": Code(
        "no picture",
        "A model is drawn as a picture. Without rows of nodes there is no model.",
        "units = 16\n",
        _PLAIN,
    ),
    "SEQ105": Code(
        "a picture in two pieces",
        "The rows of a picture are consecutive lines. A blank line ends the picture, so the upper half would "
        "be another picture without inputs.",
        "Y Y   dense(2)\n\n| |\nX X   input(8)\n",
        _PLAIN,
    ),
    "SEQ106": Code(
        "a letter defined twice",
        "A letter is one layer, so it has one definition.",
        "Y Y\n| |\nX X\n\nX = input(8)\nY = dense(2)\nY = dense(3)\n",
        _LETTERS,
    ),
    "SEQ107": Code(
        "a parameter set twice",
        "A parameter has one default value.",
        "Y Y   dense(units)\n| |\nX X   input(8)\n\nunits = 2\nunits = 3\n",
        "Y Y   dense(units)\n| |\nX X   input(8)\n\nunits = 2\n",
    ),
    "SEQ108": Code(
        "a name that the generated code cannot use",
        "Names become Python identifiers. Keywords, names that the generated code uses itself, and names of "
        "more than 30 characters are rejected. No two layers may have the same name.",
        "Y Y   dense(2, name=class)\n| |\nX X   input(8)\n",
        "Y Y   dense(2, name=label)\n| |\nX X   input(8)\n",
    ),
    "SEQ109": Code(
        "a number out of range",
        "Frameworks use 32-bit sizes: the maximum is 2147483647.",
        "Y Y   dense(99999999999)\n| |\nX X   input(8)\n",
        _PLAIN,
    ),
    "SEQ110": Code(
        "too large",
        "Size limits keep time and memory bounded. A text has at most 8 MiB. All its pictures together have "
        "at most 40,000 blocks, 200,000 separate links between blocks, and 1,000,000 ellipses times stretches "
        "of time; at most 50 models lie within each other, and a model has at most 40,000 blocks with those of all "
        "that it calls. One picture has at most 2,000,000 wires through junctions and 20,000 pairs of an input and "
        "an output, and its inputs together reach at most 2,000,000 blocks.",
        "\n".join(["CD" * 250, "|" * 500, "+" * 500, "|" * 500, "AB" * 250])
        + "\n\nA = input(1)\nB = input(1)\nC = dense(1)\nD = dense(1)\n",
        "C C   lstm(1)\n| |\n+-+\n| |\nA A   input(1)\n",
    ),
    "SEQ111": Code(
        "a parameter that is not a number",
        "Parameters are sizes, lengths and rates, so they are numbers.",
        "Y Y   dense(units)\n| |\nX X   input(8)\n\nunits = many\n",
        "Y Y   dense(units)\n| |\nX X   input(8)\n\nunits = 2\n",
    ),
    "SEQ112": Code(
        "a definition that is not drawn",
        "A letter that is defined but not drawn in any row is usually a typo.",
        _LETTERS + "Z = dense(3)\n",
        _LETTERS,
        "warning",
    ),
    "SEQ113": Code(
        "a parameter that is not used",
        "A parameter that no layer and no ellipsis uses has no effect.",
        _PLAIN + "\nunits = 3\n",
        _PLAIN,
        "warning",
    ),
    "SEQ114": Code(
        "two models with the same name",
        "The models of a file are identified by their names.",
        "model one\nY   dense(2)\n|\nX   input(8)\n\nmodel one\nY   dense(2)\n|\nX   input(8)\n",
        "model one\nY   dense(2)\n|\nX   input(8)\n\nmodel two\nY   dense(2)\n|\nX   input(8)\n",
    ),
    "SEQ115": Code(
        "an unknown directive",
        "`# seqdsl: ignore SEQ401` at the end of a line ignores that warning on this line. On a separate "
        "line, in or before a picture, it applies to the whole model. Without codes it ignores all warnings. "
        "A reason may follow. Errors cannot be ignored.",
        "# seqdsl: ignore SEQ999\n" + _PLAIN,
        "# seqdsl: ignore SEQ409 equal by accident\n" + _PLAIN,
        "warning",
    ),
}
