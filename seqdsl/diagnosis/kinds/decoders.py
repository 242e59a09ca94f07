"""the pictures of states that are passed, and of encoders with their decoders."""

from __future__ import annotations

from seqdsl.diagnosis.kind import Drawn

_X = {"X": "input($features)"}
_H = {"H": "lstm($units)"}
_Y = {"Y": "dense($out)"}

_DECODER = {
    "Y": "dense($out)",
    "D": "lstm($units, name=decoder)",
    "E": "lstm($units, name=encoder)",
    **_X,
}
REPEATED = Drawn(
    """
      Y Y Y
      | | |
      D-D-D
      | | |
    +-+-+-+
    |
E-E-E
| | |
X X X
  n     m
""",
    _DECODER,
)
"""One vector, the encoder's last output, is the input of every decoder step."""
REPEATED_ALL = Drawn(
    """
      Y Y Y
      | | |
      D-D-D
      | | |
+-+-+-+-+-+
| | |
E-E-E
| | |
X X X
  n     m
""",
    _DECODER,
)
"""All steps of the encoder are the input of every decoder step."""

HANDOFF = Drawn(
    """
      Y Y Y
      | | |
E-E-E-D-D-D
| | | | | |
X X X Z Z Z
  n     m
""",
    _DECODER | {"Z": "input($features2)"},
)
"""The encoder's final state is the decoder's initial state."""
HANDOFF_OTHER_UNITS = Drawn(
    HANDOFF.rows, HANDOFF.layers | {"D": "lstm($other_units, name=decoder)"}
)
HANDOFF_H_ALONE = Drawn(
    """
        Y Y Y
        | | |
    +---D-D-D
    |   | | |
E-E-E   | | |
| | |   | | |
X X X   Z Z Z
  n       m
""",
    HANDOFF.layers,
)
"""The last output of the encoder alone, a value: it becomes both h and c."""
HANDOFF_BIDIRECTIONAL = Drawn(
    HANDOFF.rows.replace("E-E-E", "E=E=E"),
    HANDOFF.layers | {"D": "lstm(2 * $units, name=decoder)"},
)
HANDOFF_BIDIRECTIONAL_NARROW = Drawn(HANDOFF_BIDIRECTIONAL.rows, HANDOFF.layers)

STATES_KEPT = Drawn(
    """
  Y Y Y
  | | |
*-H-H-H-*
  | | |
  X X X
    n
""",
    _Y | _H | _X,
)
"""The final state of a call is the initial state of the next one."""

FORECAST = Drawn(
    """
    Y Y Y
    | | |
    +-+-+
    |
    D
    |
H H H
| | |
X X X
  n   m
""",
    {"Y": "split", "D": "dense($out_steps * $out)"} | _H | _X,
)
"""One wide vector, divided into steps."""
FORECAST_INDIVISIBLE = Drawn(FORECAST.rows, FORECAST.layers | {"D": "dense($out_steps * $out + 1)"})
