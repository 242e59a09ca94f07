"""Pictures whose attention reads its own past, or a memory that it projects, and which feed themselves."""

from __future__ import annotations

_FLAT = r"""
Y   Y  ...  Y
|   |       |
R   R  ...  R
|\  |\      |\
| T | T ... | T
|/  |/      |/
A   A  ...  A
|\  |\      |\
| P | P ... | P
|   |       |
W   W  ...  W
|   |       |
Z   Z  ...  Z

Z = tokens(9, feedback=Y)
W = embedding(4{mask})
P = position(4, {code})
A = add
T = attention(A, {how}causal=true)
R = add
Y = dense(9)
"""


def _flat(how: str = "", code: str = "most=12", mask: str = "") -> str:
    return _FLAT.format(how=how, code=code, mask=mask)


_MEMORY = """
            Y   Y  ...  Y
            |   |       |
            C   C  ...  C
            |   |       |
E-E-...-E---D---D--...--D
| |     |   |   |       |
W W ... W   V   V  ...  V
| |     |   |   |       |
X X ... X   Z   Z  ...  Z

X = tokens(6)
Z = tokens(7, feedback=Y)
W = embedding(4, mask=true)
V = embedding(4)
E = gru(4)
D = gru(4)
C = attention(E, {how})
Y = dense(7)
"""


def _memory(how: str) -> str:
    return _MEMORY.format(how=how.rstrip(", "))


# What the run begins with depends on no input: of the prompt only the number of samples is read.
_LEARNED = """
   Y Y ... Y   dense(7)
   | |     |
+--H-H-...-H   gru(4)
|  | |     |
L  W W ... W
   | |     |
   Z Z ... Z

L = learned(4)
W = embedding(3)
Z = tokens(7, feedback=Y)
"""


# The layers without weights of what is called twice: one name for each place in the block, whoever calls it.
_CALLED_TWICE = """
model both

A A ... A   activation(tanh)
| |     |
T T ... T   attention(D, causal=true)
| |     |
D D ... D   dense(4)
| |     |
A A ... A
| |     |
X X ... X   input(4)

model top

Y Y ... Y   dense(9)
| |     |
B B ... B   both
| |     |
D D ... D   dense(4)
| |     |
B B ... B
| |     |
W W ... W   embedding(4)
| |     |
Z Z ... Z   tokens(9, feedback=Y)
"""

# What a row gives is its next input: beside its state, the value is read of it.
_ITSELF = """
Y-Y-...-Y   gru(3)
| |     |
Z Z ... Z   input(3, feedback=Y)
"""

PAST = {
    "learned": _LEARNED,
    "itself": _ITSELF,
    "called-twice": _CALLED_TWICE,
    "heads": _flat("heads=2, "),
    "heads-key": _flat("heads=2, key=3, "),
    "dot": _flat("", "sin"),
    "scaled": _flat("scale=true, dropout=0.1, "),
    "key": _flat("key=3, ", "sin"),
    "additive": _flat("score=additive, "),
    "additive-key": _flat("score=additive, key=3, "),
    "masked-heads": _flat("heads=2, ", mask=", mask=true"),
    "masked": _flat("scale=true, ", mask=", mask=true"),
    "masked-key": _flat("key=3, ", mask=", mask=true"),
    "masked-memory": _memory("heads=2, "),
    "additive-memory": _memory("score=additive, key=3, "),
    "keys": """
Y   Y  ...  Y
|   |       |
C   C  ...  C
|   |       |
Q   Q  ...  Q
|   |       |
| K | K ... | K
|/  |/      |/
Z   Z  ...  Z

Z = input(3, feedback=Y)
Q = dense(4)
K = dense(4)
C = attention(Z, keys=K, causal=true)
Y = dense(3)
""",
    "image-first": r"""
Y   Y   Y   Y     dense(7)
|   |   |   |
T   T   T   T     attention(A, heads=2, causal=true)
|   |   |   |
A   A   A   A     add
|\  |\  |\  |\
| P | P | P | P   position(4, most=12)
|   |   |   |
I   W   W   W
|   |   |   |
X   Z   Z   Z

X = input(5)
Z = tokens(7, feedback=Y)
I = dense(4)
W = embedding(4)
""",
    "decoder": r"""
            Y     Y     Y     dense(5)
            |     |     |
            B     B     B     add
            |\    |\    |\
            | C   | C   | C   attention(E, heads=2)
            |/    |/    |/
            A     A     A     add
            |\    |\    |\
            | T   | T   | T   attention(V, heads=2, causal=true)
            |/    |/    |/
E E E       V     V     V
| | |       |     |     |
X X X       Z     Z     Z

E = dense(6)
V = dense(4)
X = input(3)
Z = input(5, feedback=Y)
""",
}
