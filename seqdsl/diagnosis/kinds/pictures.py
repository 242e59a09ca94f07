"""the pictures that messages are explained with: what several kinds show is drawn once."""

from __future__ import annotations

from seqdsl.diagnosis.kind import Drawn

_Y = {"Y": "dense($out)"}
_H = {"H": "lstm($units)"}
_X = {"X": "input($features)"}
_IDS = {"W": "embedding($units)", "X": "tokens($vocabulary)"}

LAST = Drawn(
    """
    Y
    |
H H H
| | |
X X X
  n
""",
    _Y | _H | _X,
)
"""The last step of a recurrent row."""

ALL = Drawn(
    """
Y Y Y
| | |
H H H
| | |
X X X
  n
""",
    _Y | _H | _X,
)
"""Every step of a recurrent row."""

ONE_VECTOR = Drawn(
    """
Y
|
H
|
X
""",
    _Y | _H | _X,
    is_sequence=False,
)
NO_RECURRENCE = Drawn(
    """
Y
|
F
|
X
""",
    _Y | {"F": "dense($units, relu)"} | _X,
    is_sequence=False,
)

STACKED = Drawn(
    """
    Y
    |
A A A
| | |
H H H
| | |
X X X
  n
""",
    _Y | {"A": "lstm($units)"} | _H | _X,
)
STACKED_ON_LAST = Drawn(
    """
    Y
    |
    A
    |
H H H
| | |
X X X
  n
""",
    _Y | {"A": "lstm($units)"} | _H | _X,
)
"""The upper layer reads the last step of the lower one alone."""

LAST_OF_IDS = Drawn(
    """
    Y
    |
H H H
| | |
W W W
| | |
X X X
  n
""",
    _Y | _H | _IDS,
)
LAST_OF_MASKED_IDS = Drawn(
    LAST_OF_IDS.rows, LAST_OF_IDS.layers | {"X": "tokens($vocabulary, mask=0)"}
)
LAST_OF_ID_GRIDS = Drawn(LAST_OF_IDS.rows, LAST_OF_IDS.layers | {"X": "tokens($vocabulary, 1)"})
"""Each step holds a row of one id."""

LAST_OF_LENGTHS = Drawn(LAST.rows, LAST.layers | {"X": "input($features, lengths=true)"})
"""The last valid step of each sample."""

LAST_OF_GRIDS = Drawn(LAST.rows, _Y | _H | {"X": "input($places, $features)"})
LAST_OF_FLATTENED = Drawn(
    """
    Y
    |
H H H
| | |
F F F
| | |
X X X
  n
""",
    _Y | _H | {"F": "flatten", "X": "input($places, $features)"},
)

BIDIRECTIONAL = Drawn(
    """
Y Y Y
| | |
B=B=B
| | |
X X X
  n
""",
    _Y | {"B": "lstm($units)"} | _X,
)

VECTOR_AT_EACH_STEP = Drawn(
    """
  Y   Y   Y
  |   |   |
  H---H---H
 /|  /|  /|
+-|-+-|-+ |
| |   |   |
Z X   X   X
    nnnn
""",
    _Y | _H | {"Z": "input($features2)"} | _X,
)
VECTOR_AT_FIRST_STEP = Drawn(
    """
  Y   Y   Y
  |   |   |
  H---H---H
 /|   |   |
Z X   X   X
    nnnn
""",
    VECTOR_AT_EACH_STEP.layers,
)
SERIES_AND_VECTOR = Drawn(
    """
        Y
        |
    +---+---+
    |       |
H H H       F
| | |       |
X X X       Z
  n
""",
    _Y | _H | {"F": "dense($units, relu)", "Z": "input($features2)"} | _X,
)
TWO_SERIES = Drawn(
    """
        Y
        |
    +---+---+
    |       |
E E E   F F F
| | |   | | |
X X X   Z Z Z
  n       m
""",
    _Y | {"E": "lstm($units)", "F": "lstm($units)", "Z": "input($features2)"} | _X,
)
"""Two sequences of any lengths: the last steps of both."""
SERIES_SIDE_BY_SIDE = Drawn(
    r"""
Y   Y   Y
|   |   |
H---H---H
|\  |\  |
| Z | Z |
|   |   |
X   X   X
""",
    _Y | _H | {"Z": "input($features2)"} | _X,
)
"""A sequence of two steps beside one of three."""

RESIDUAL = Drawn(
    r"""
A   A   A
|\  |\  |\
| H-|-H-|-H
|/  |/  |/
X   X   X
    nnnn
""",
    {"A": "add", "H": "lstm($features)", **_X},
)
RESIDUAL_OTHER_WIDTH = Drawn(RESIDUAL.rows, RESIDUAL.layers | {"H": "lstm($units)"})

CONVOLUTION = Drawn(
    """
Y Y Y
| | |
F F F
| | |
X X X
  n
""",
    _Y | {"F": "conv($units, $kernel, relu)"} | _X,
)
WHOLE_WINDOWS = Drawn(
    """
  Y
  |
  F
  |
X X X
""",
    CONVOLUTION.layers,
)
"""Only steps whose window is whole: of three steps, one."""

ATTENTION = Drawn(
    """
Y Y Y
| | |
A A A
| | |
+-+-+
| | |
P P P
| | |
X X X
  n
""",
    _Y | {"A": "attention(heads=$heads)", "P": "dense($units)"} | _X,
)
ATTENTION_OF_MASKED_IDS = Drawn(
    """
Y Y Y
| | |
A A A
| | |
+-+-+
| | |
W W W
| | |
X X X
  n
""",
    _Y | {"A": "attention(heads=$heads)"} | _IDS | {"X": "tokens($vocabulary, mask=0)"},
)
ATTENTION_OF_VECTOR = Drawn(
    """
Y
|
A
|
P
|
X
""",
    ATTENTION.layers | {"A": "attention(P, heads=$heads)"},
    is_sequence=False,
)
ATTENTION_ODD_HEADS = Drawn(ATTENTION.rows, ATTENTION.layers | {"P": "dense($units + 1)"})

FLATTENED = Drawn(
    """
    Y
    |
    F
    |
+-+-+
| | |
H H H
| | |
X X X
  n
""",
    _Y | {"F": "dense($units, relu)"} | _H | _X,
)
"""All steps as one vector, which a dense layer reads."""
