"""Pictures with padding: those whose masks Keras hands on as they are drawn, and those where it does not."""

from __future__ import annotations

_ENCODER_DECODER = """
          Y   Y   Y   dense(9, softmax)
          |   |   |
          C   C   C   attention{}
         /|  /|  /|
+-+-+---+-|-+-|-+ |
| | |     |   |   |
E-E-E-----D---D---D
| | |     |   |   |
M M M     N   N   N
| | |     |   |   |
X X X     Z   Z   Z

X = tokens(20, name=source)
M = embedding(8, mask=true)
Z = tokens(12, name=target)
N = embedding(6{})
E = lstm(12, name=encoder)
D = lstm(12, name=decoder)
"""

ALIKE = {
    "tagger": """
T ... T T   dense(5, softmax)
|     | |
H=...=H=H   gru(8)
|     | |
W ... W W   embedding(6, mask=true)
|     | |
X ... X X   tokens(30)
""",
    "classifier": """
        Y   dense(2, softmax)
        |
H-H-H-H-H   lstm(8)
| | | | |
X X X X X   input(4, mask=0)
""",
    "bidirectional classifier": """
        Y   dense(2, softmax)
        |
H=H=H=H=H---+   lstm(8)
| | | | |
W W W W W   embedding(6, mask=true)
| | | | |
X X X X X   tokens(30)
""".replace("        Y   dense", "            Y   dense").replace(
        "        |\nH=", "            |\nH="
    ),
    "stacked": """
        Y   dense(2, softmax)
        |
K-K-K-K-K   lstm(6)
| | | | |
H-H-H-H-H   gru(8)
| | | | |
D D D D D   dropout(0.3)
| | | | |
W W W W W   embedding(6, mask=true)
| | | | |
X X X X X   tokens(30)
""",
    "stepwise": """
T T T T   dense(3)
| | | |
V V V V   dense(5, relu)
| | | |
X X X X   input(4, mask=0)
""",
    "residual": """
Y     Y     Y     dense(2)
|     |     |
A     A     A     add
|\\    |\\    |\\
| H---|-H---|-H   gru(5)
|/    |/    |/
W     W     W     embedding(5, mask=true)
|     |     |
X     X     X     tokens(9)
""",
    "one embedding twice": """
  Y       V
  |       |
H-H     G-G
| |     | |
W W     W W
| |     | |
X X     Z Z

Y = dense(2)
V = dense(2)
H = gru(4)
G = gru(4)
W = embedding(3, mask=true)
X = tokens(9)
Z = tokens(9)
""",
}
"""Nothing is passed by name."""

BY_NAME = {
    "attention": ["mask=[None, some_valid(mask)]", ")(embedding_m)\n"],
    "attention of masked steps": [
        ")(embedding_m)\n",
        # A recurrent layer that is given a state finds no mask by itself.
        ")(embedding_n, mask=mask_2, initial_state=encoder_state)",
        "ZeroMasked()(y, mask=mask_2)",
    ],
    "heads": ["attention_mask=some_valid(mask)[:, None]"],
    "convolution": ["ops.where(mask[..., None], layernorm_l, 0.0)", ")(conv_c, mask=mask)"],
    "from right to left": [")(masked)", ")(gru_h, mask=mask)", "ZeroMasked()(t, mask=mask)"],
    "the last steps": [")(masked)", "true_first(ops.logical_not(mask))"],
    "product with unmasked": ["m = gru_h * dense_s"],
    "batch normalization": ["(ops.copy(gru_h))", "ops.where(mask[..., None], batchnorm_b, 0.0)"],
}
"""What is passed by name, or is an operation, which takes no masks."""

PICTURES = {
    **ALIKE,
    "attention": _ENCODER_DECODER.format("", ""),
    "attention of masked steps": _ENCODER_DECODER.format("", ", mask=true"),
    "heads": _ENCODER_DECODER.format("(heads=2)", ", mask=true"),
    "convolution": """
T ... T T   dense(5, softmax)
|     | |
H=...=H=H   gru(8)
|     | |
C ... C C   conv(6, 3, relu)
|     | |
L ... L L   layernorm
|     | |
W ... W W   embedding(6, mask=true)
|     | |
X ... X X   tokens(30)
""",
    "from right to left": """
T T T T   dense(3)
| | | |
G-G-G-G   gru(4)
| | | |
H<H<H<H   gru(4)
| | | |
X X X X   input(4, mask=0)
""",
    "the last steps": """
    T T   dense(3)
    | |
    G-G   gru(4)
    | |
H-H-H-H   gru(4)
| | | |
X X X X   input(4, mask=0)
""",
    "product with unmasked": """
M   M   M   M     multiply
|\\  |\\  |\\  |\\
| S | S | S | S   dense(3)
| | | | | | | |
| Z | Z | Z | Z   input(4)
|   |   |   |
H---H---H---H     gru(3)
|   |   |   |
X   X   X   X     input(3, mask=0)
""",
    "batch normalization": """
Y Y Y Y     dense(2)
| | | |
B B B B     batchnorm
| | | |
H-H-H-H     gru(3)
| | | |
X X X X     input(3, mask=0)
""",
    "mean of embeddings": """
    Y       dense(4, softmax)
    |
    M       mean
    |
+-+-+-+-+
| | | | |
W W W W W   embedding(8, mask=true)
| | | | |
X X X X X   tokens(30)
""",
    "one embedding, once for a vector": """
  Y       V
  |       |
H-H       |
| |       |
W W       W
| |       |
X X       Z

Y = dense(2)
V = dense(2)
H = gru(4)
W = embedding(3, mask=true)
X = tokens(9)
Z = tokens(9)
""",
    "masks of two inputs": """
Y     Y     Y       dense(2)
|     |     |
A     A     A       add
|\\    |\\    |\\
| H---|-H---|-H     gru(3)
| |   | |   | |
| Z   | Z   | Z     input(4, mask=0)
|     |     |
W     W     W       embedding(3, mask=true)
|     |     |
X     X     X       tokens(9)
""",
}
