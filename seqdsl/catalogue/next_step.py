"""one sequence goes in; its own next step comes out at each step, so that the model can go on by itself.

Such a picture fits only where an output is as wide as the input, which is why these come before the other pictures
with an output for each step.
"""

from __future__ import annotations

from seqdsl.catalogue.entry import Entry

NEXT_STEP = (
    Entry(
        "char-rnn",
        "Characters in, the next character at each step. For generating text: the target is the input, one step later, "
        "and `generate` feeds the model what it chose.",
        "many-to-many aligned",
        """
Y Y Y
| | |
H H H
| | |
X X X
  n
""",
        {"Y": "dense($out, softmax)", "H": "lstm($units)"},
        tokens=True,
        feedback={"X": "Y"},
    ),
    Entry(
        # The ruler's `nnnn`: a step and what is beside it, the shortcuts' other branch.
        "decoder-only-transformer",
        "Words in, the next word at each step, by attention over the words so far. For language models; draw its block "
        "again above itself for a deeper one. The target is the input, one step later; `generate` goes on from there.",
        "many-to-many aligned",
        """
Y   Y   Y
|   |   |
N   N   N
|   |   |
B   B   B
|\\  |\\  |\\
| G | G | G
| | | | | |
| F | F | F
| | | | | |
| M | M | M
|/  |/  |/
A   A   A
|\\  |\\  |\\
| C | C | C
| | | | | |
| L | L | L
|/  |/  |/
S   S   S
|\\  |\\  |\\
| P | P | P
|   |   |
X   X   X
    nnnn
""",
        {
            "Y": "dense($same, softmax)",
            "N": "layernorm",
            "B": "add",
            "G": "dense($units)",
            "F": "dense($wide, gelu)",
            "M": "layernorm",
            "A": "add",
            "C": "attention(L, heads=2, causal=true)",
            "L": "layernorm",
            "S": "add",
            "P": "position($units, sin)",
        },
        tokens=True,
        feedback={"X": "Y"},
    ),
    Entry(
        "autoregressive-forecast",
        "Each step gives the next value of a series, from all values so far. The target is the input, one step later; "
        "`generate` continues the series from its own forecasts, as far as needed.",
        "many-to-many aligned",
        """
Y Y Y
| | |
H H H
| | |
X X X
  n
""",
        {"Y": "dense($out)", "H": "gru($units)"},
        tokens=False,
        feedback={"X": "Y"},
    ),
)
