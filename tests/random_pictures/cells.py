"""random numbers → random cells: equations of bounded size with one to three states, and pictures that run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_FUNCTIONS = ("sigmoid", "tanh", "relu", "softsign", "linear")
_STATES = ("h", "c", "m")

# Where a cell may stand: one direction or both, masked, from a state that is handed over, in a loop, from call to call.
PICTURES = {
    "forward": "Y Y Y   dense(2)\n| | |\nH-H-H\n| | |\nX X X   input(4)\n",
    "bidirectional": "Y Y Y   dense(2)\n| | |\nH=H=H\n| | |\nX X X   input(4)\n",
    "masked": "    Y   dense(2)\n    |\nH-H-H\n| | |\nX X X   input(4, mask=0)\n",
    "passed": "    Y Y\n    | |\nE-E-H-H\n| | | |\nX X Z Z\n\nX = input(4)\nZ = input(4)\nY = dense(2)\nE = {call}\n",
    "looped": "Y Y Y   dense(4)\n| | |\nH-H-H\n| | |\nS y y\n\nS = input(4)\n",
    "carried": "   Y Y Y   dense(2)\n   | | |\n*--H-H-H--*\n   | | |\n   X X X   input(4)\n",
}
# An initial state that is zero and a step that reads four features: `x` fits what has units, which are four, too.
CALL = "own(4)"


def picture_of(cell: str, place: str) -> str:
    """A file with a cell and a picture that runs it."""
    # Definitions stand below the picture, behind one blank line.
    end = "" if " = " in PICTURES[place] else "\n"
    return f"{cell}\n\n{PICTURES[place].format(call=CALL).rstrip()}\n{end}H = {CALL}\n"


def random_cell(random: Random) -> str:
    """A cell `own(units)`: up to three states, of which each is read before its equation."""
    states = _STATES[: random.randint(1, 3)]
    gates = [f"g{number}" for number in range(random.randint(0, 3))]
    known = ["x", *states]
    lines = []
    for gate in gates:
        # A gate may read the gates above it.
        lines.append(f"    {gate} = {_value(random, known, 2)}")
        known.append(gate)
    for state in (*states[1:], states[0]):
        # Each is mixed with what it was, so that it is a state.
        lines.append(f"    {state} = {_mixed(random, state, known)}")
    return "\n".join(["cell own(units):", *lines])


def _mixed(random: Random, state: str, known: list[str]) -> str:
    value = _value(random, known, 2)
    if random.random() < 0.2:
        return f"zoneout({state}, {value}, 0.3)"
    return f"0.5 * {state} + {random.choice(_FUNCTIONS[:2])}({value})"


def _value(random: Random, known: list[str], depth: int) -> str:
    """An expression as wide as the units, in which no number grows."""
    name = random.choice(known)
    if depth == 0:
        return name
    inner = _value(random, known, depth - 1)
    forms = (
        f"{random.choice(_FUNCTIONS)}(dense({name}, {inner}))",
        f"sigmoid({inner}) * {name}",
        f"(1 - sigmoid({inner})) * {name}",
        f"scale({inner})",
        f"max({name}, {inner})",
        f"tanh(dense(concat({name}, {inner}), bias=false))",
        f"dense(dropout({inner}, 0.2))",
        f"layernorm(dense({inner}))",
    )
    return random.choice(forms)
