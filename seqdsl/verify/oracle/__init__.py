"""drawing + weights → values: what a picture computes, node by node, in plain numpy.

What the generated code is checked against. It knows the five rules of the language and
what was *read* of a picture (rows, wires, states, lengths), and nothing of how the compiler understood it:
no slots, views, windows or idioms.
"""

from __future__ import annotations

from seqdsl.verify.oracle.expand import Place, Source, Start, Steps, expand
from seqdsl.verify.oracle.logits import without_last_activations
from seqdsl.verify.oracle.reach import reachable
from seqdsl.verify.oracle.training import MOMENTUM, AtLevel, OneLost, Training, updated_statistics
from seqdsl.verify.oracle.values import Walk
from seqdsl.verify.oracle.walk import interpret

__all__ = [
    "MOMENTUM",
    "AtLevel",
    "OneLost",
    "Place",
    "Source",
    "Start",
    "Steps",
    "Training",
    "Walk",
    "expand",
    "interpret",
    "reachable",
    "updated_statistics",
    "without_last_activations",
]
