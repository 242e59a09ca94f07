"""Pictures that feed themselves and have loops with delayed nodes within."""

from __future__ import annotations

ASKED = """
                Y   Y  ...  Y
                |   |       |
E-E-...-E-------D---D--...--D
| |     |      /|  /|      /|
| |     |     C | C | ... C |
| |     |     | | | |     | |
| |     |     d | d | ... d |
| |     |       |   |       |
W W ... W       V   V  ...  V
| |     |       |   |       |
X X ... X       Z   Z  ...  Z

X = tokens(6, name=source)
Z = tokens(7, feedback=Y, name=target)
W = embedding(3)
V = embedding(3)
E = {cell}(4, name=encoder)
D = {cell}(4, name=decoder)
C = attention(E, {how})
Y = dense(7, log_softmax)
"""

LOOPS = {
    "asked": ASKED.format(cell="gru", how="score=additive"),
    "asked-lstm": ASKED.format(cell="lstm", how="score=additive"),
    "zero": """
  Y   Y  ...  Y   dense(3, softmax)
  |   |       |
  D   D  ...  D   dense(4, tanh)
 /|  /|      /|
d | d | ... d |
  |   |       |
  Z   Z  ...  Z   input(3, feedback=Y, choose=true)
""",
}

BEGUN = """
Y   Y   Y   Y   dense(9)
|   |   |   |
I   D   D   D
|  /|  /|  /|
X d Z d Z d Z

X = input(3)
Z = input(9, feedback=Y, choose=true)
I = dense(4, relu)
D = dense(4, tanh)
"""
"""The first id is that of an image; a loop goes on from there."""
