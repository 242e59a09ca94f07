"""Pictures whose called blocks keep their own past or state while the picture that calls them runs free."""

from __future__ import annotations

_BLOCK = r"""
model block

width = 4
heads = 2

A   A   ... A     add
|\  |\      |\
| D | D ... | D   dense(width, tanh)
| | | |     | |
| T | T ... | T   attention(X, {how}causal=true)
|/  |/      |/
X   X   ... X     input(width)
"""

_STATES = r"""
model block

width = 4
rate = 2

A   A   ... A     add
|\  |\      |\
| H | H ... | H   {cell}(width)
| | | |     | |
| C | C ... | C   conv(width, 3, relu, dilation=rate, padding=causal)
|/  |/      |/
X   X   ... X     input(width)
"""

_OUTER = """
model outer

Y Y ... Y   dense(9)
| |     |
S S ... S   {second}
| |     |
R R ... R   {first}
| |     |
W W ... W   embedding({width})
| |     |
Z Z ... Z   tokens(9, feedback=Y)
"""


def _outer(first: str = "block", second: str = "block", width: int = 4) -> str:
    return _OUTER.format(first=first, second=second, width=width)


_ONE_ROW = """
model {name}

H H ... H   {layer}
| |     |
X X ... X   input(4)
"""


def _row(layer: str, name: str = "block") -> str:
    return _ONE_ROW.format(name=name, layer=layer)


# A block of blocks: what it keeps is what they keep, each by itself.
_PAIR = r"""
model pair

A   A   ... A     add
|\  |\      |\
| S | S ... | S   second
| | | |     | |
| R | R ... | R   first
|/  |/      |/
X   X   ... X     input(4)
"""

# The same block reads a whole sentence, in which there is padding, and the steps that are generated.
_BOTH_SIDES = """
model outer

            Y   Y  ...  Y   dense(9)
            |   |       |
            C   C  ...  C
            |   |       |
R R ... R   S   S  ...  S
| |     |   |   |       |
V V ... V   W   W  ...  W
| |     |   |   |       |
X X ... X   Z   Z  ...  Z

X = tokens(9)
Z = tokens(9, feedback=Y)
V = embedding(4, mask=true)
W = embedding(4)
R = block
S = block
C = attention(R)
"""

_OF_IDS = """
model words

D D ... D   gru(4)
| |     |
E E ... E   embedding(4)
| |     |
X X ... X   tokens(9)

model outer

Y Y ... Y   dense(9)
| |     |
R R ... R   words
| |     |
Z Z ... Z   tokens(9, feedback=Y)
"""

# Two rows of one letter are one set of weights, and keep what they read each by itself.
_SHARED = """
model outer

Y Y ... Y   dense(9)
| |     |
R R ... R
| |     |
D D ... D   dense(4, tanh)
| |     |
R R ... R   block
| |     |
W W ... W   embedding(4)
| |     |
Z Z ... Z   tokens(9, feedback=Y)
"""

# A position within the block is counted by the picture that calls it, and the block written out there.
_COUNTED = r"""
model block

A   A   ... A     add
|\  |\      |\
| P | P ... | P   position(4, most=12)
|   |       |
H---H--...--H     gru(4)
|   |       |
X   X   ... X     input(4)
"""

CALLED = {
    "called-heads": _BLOCK.format(how="heads=heads, ") + _outer("block", "block(heads=1)"),
    "called-dot": _BLOCK.format(how="") + _outer(),
    "called-key": _BLOCK.format(how="heads=heads, key=3, ") + _outer(),
    "called-additive": _BLOCK.format(how="score=additive, key=3, ") + _outer(),
    "called-states": _STATES.format(cell="gru")
    + _outer("block(width=6)", "block(width=6, rate=1)", 6),
    "called-lstm": _STATES.format(cell="lstm") + _outer(),
    "called-one-state": _row("gru(4)", "first")
    + _row("lstm(4)", "second")
    + _outer("first", "second"),
    "called-one-convolution": _row("conv(4, 2, padding=causal)") + _outer(),
    "called-two-rows": _ONE_ROW.format(name="block", layer="gru(4)").replace(
        "| |     |\n", "| |     |\nG G ... G   gru(4)\n| |     |\n"
    )
    + _outer(),
    "called-past-and-state": _BLOCK.format(how="heads=heads, ")
    .replace("dense(width, tanh)", "gru(width)")
    .replace("D | D ... | D", "D-|-D-...-|-D")
    + _outer(),
    "called-alone": _row("dense(4, tanh)") + _outer(),
    "called-within": _BLOCK.format(how="heads=heads, ").replace("model block", "model first")
    + _row("gru(4)", "second")
    + _PAIR
    + _outer("pair", "first"),
    "called-within-past": _BLOCK.format(how="heads=heads, ").replace("model block", "model first")
    + _row("dense(4, tanh)", "second")
    + _PAIR
    + _outer("pair", "pair"),
    "called-on-both-sides": _BLOCK.format(how="heads=heads, ") + _BOTH_SIDES,
    "called-of-ids": _OF_IDS,
    "called-shared": _row("gru(4)") + _SHARED,
    "called-counted": _COUNTED + _outer(),
    # Padding is told in the picture that calls the block, which is written out there.
    "called-padded": _BLOCK.format(how="heads=heads, ")
    + _outer().replace("embedding(4)", "embedding(4, mask=true)"),
}
