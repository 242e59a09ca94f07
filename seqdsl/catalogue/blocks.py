"""pictures of blocks that others call by their name: a block is drawn once, and stacked by calling it again."""

from __future__ import annotations

from seqdsl.catalogue.entry import Entry

_BLOCK = """model block

B   ... B
|\\      |\\
| F ... | F
| |     | |
| H ... | H
| |     | |
| M ... | M
|/      |/
A   ... A
|\\      |\\
| T ... | T
| |     | |
| N ... | N
|/      |/
X   ... X

X = input(width)
N = layernorm
T = attention(N, heads=heads)
A = add
M = layernorm
H = dense(4 * width, gelu)
F = dense(width)
B = add

width = 8
heads = 2"""

STACKED = (
    Entry(
        "transformer-classifier",
        "Every word attends to all words, in two blocks of one picture; the mean over the words gives the output. For "
        "classifying text without recurrence (Vaswani et al. 2017).",
        "many-to-one",
        """
          Y
          |
          G
          |
+---+---+-+
|   |   |
S   S   S
|   |   |
R   R   R
|   |   |
A   A   A
|\\  |\\  |\\
| P | P | P
|   |   |
X   X   X
    nnnn
""",
        {
            "Y": "dense($out)",
            "G": "mean",
            "S": "block(width=$units, heads=2)",
            "R": "block(width=$units, heads=2)",
            "A": "add",
            "P": "position($units, sin)",
        },
        tokens=True,
        called=_BLOCK,
    ),
    Entry(
        "gpt",
        "Words in, the next word at each step, by two blocks of one picture that attend to the words so far. For "
        "language models; call the block more often for a deeper one. The target is the input, one step later.",
        "many-to-many aligned",
        """
Y   Y   Y
|   |   |
N   N   N
|   |   |
S   S   S
|   |   |
R   R   R
|   |   |
A   A   A
|\\  |\\  |\\
| P | P | P
|   |   |
X   X   X
    nnnn
""",
        {
            "Y": "dense($same, softmax)",
            "N": "layernorm",
            "S": "block(width=$units, heads=2)",
            "R": "block(width=$units, heads=2)",
            "A": "add",
            "P": "position($units, sin)",
        },
        tokens=True,
        feedback={"X": "Y"},
        # A word that attends to later ones would know what it has to predict.
        called=_BLOCK.replace("heads=heads", "heads=heads, causal=true"),
    ),
)
