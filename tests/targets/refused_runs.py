"""Calls of ``generate``, and of builders, that are refused, and what is said of each: the same for all targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tests.targets.free_runs import PICTURES
from tests.targets.loop_runs import BEGUN

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[[str, tuple[Any, ...], dict[str, Any]], Any]
    """Calls ``generate`` of a picture with these inputs and options."""

_VOICES = """
Y   Y   Y       dense(9)
|   |   |
| V | V | V     dense(2)
|/  |/  |/
H---H---H       gru(4)
|\\  |\\  |\\
| Z | Z | Z
W   W   W

Z = input(9, feedback=Y, choose=true)
W = input(2, feedback=V)
"""

SAMPLED = """
    C C C   sample(heat)
    | | |
    Y Y Y   dense(6)
    | | |
    X X X   input(6)

heat = 0.8
"""
"""Its builder takes a temperature."""

NO_HEAT = "temperature should be above 0, it is -1"


class Refused(NamedTuple):
    """A call that is refused.

    Attributes:
        picture: the picture whose model is called.
        inputs: what is not fed.
        options: the other arguments.
        message: what is said.
    """

    picture: str
    inputs: tuple[Any, ...]
    options: dict[str, Any]
    message: str


_IDS, _NO_IDS = np.ones((2, 1), int), np.ones((2, 0), int)
_VALUES, _NO_VALUES = np.ones((2, 1, 2)), np.ones((2, 0, 2))
_COLD = "temperature should be at least 0, it is -1"
_NO_STEP = "start should have at least one step"

REFUSED = (
    Refused(PICTURES["char-rnn"], (), {"start": _IDS, "steps": 2, "temperature": -1}, _COLD),
    Refused(PICTURES["char-rnn"], (), {"start": _NO_IDS, "steps": 2}, _NO_STEP),
    Refused(PICTURES["one-hot"], (), {"start": _NO_IDS, "steps": 2}, _NO_STEP),
    Refused(PICTURES["forecast"], (), {"start": np.ones((2, 0, 1)), "steps": 2}, _NO_STEP),
    # What may be left out is left out, and not empty.
    Refused(PICTURES["caption"], (np.ones((2, 12)),), {"start": _NO_IDS, "steps": 2}, _NO_STEP),
    # One step at a time.
    Refused(BEGUN, (np.ones((2, 3)),), {"start": _NO_IDS, "steps": 2}, _NO_STEP),
    Refused(BEGUN, (np.ones((2, 3)),), {"steps": 2, "temperature": -1}, _COLD),
    Refused(
        _VOICES, (), {"start": {"z": _IDS, "w": _VALUES}, "steps": 2, "temperature": -1}, _COLD
    ),
    Refused(_VOICES, (), {"start": {"z": _NO_IDS, "w": _NO_VALUES}, "steps": 2}, _NO_STEP),
)


def told(run: Run) -> list[str]:
    """What is said of each call; empty where it is not refused."""
    return [_told(run, item) for item in REFUSED]


def _told(run: Run, refused: Refused) -> str:
    try:
        run(refused.picture, refused.inputs, refused.options)
    except ValueError as error:
        return str(error)
    return ""
