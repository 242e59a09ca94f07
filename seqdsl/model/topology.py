"""a path through a model → its name: the topologies that the language knows."""

from __future__ import annotations

from enum import Enum


class Topology(str, Enum):
    """What the field calls the way from an input to an output, or a whole model; as text, its name for people."""

    ONE_TO_ONE = "one-to-one"
    ONE_TO_MANY = "one-to-many"
    MANY_TO_ONE = "many-to-one"
    ALIGNED = "many-to-many aligned"
    LAST_N = "many-to-many last N"
    PADDED = "many-to-many padded"
    ENCODER_DECODER = "encoder-decoder"
    GRAPH = "graph"
    """None of these names fits."""

    # Python 3.10 and 3.12 differ in what a template or an f-string shows of such a member.
    def __str__(self) -> str:
        """Its name for people."""
        return str(self.value)
