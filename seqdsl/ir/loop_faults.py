"""fault, nodes → error: what no loop can have."""

from __future__ import annotations

from enum import Enum


class Fault(Enum):
    """Why nodes that read each other in circles cannot be computed step by step."""

    # The words are those of `verify`; pictures have coded errors of their own.
    LATER = "it reads a step that is not there yet"
    WHOLE = "it reads all steps at once"
    CALLED = "it calls a graph that marks padding by itself"
    BACKWARD = "it does not run forward"
    STRIDE = "it does not read step by step"
    STATE = "its initial state is of a node of the same loop"
    STATISTICS = "it normalizes by the statistics of all steps"
    UNCLEAR = "how many steps before depends on the lengths of the data"


class NoLoop(ValueError):
    """Nodes read each other in circles that are no loop.

    Attributes:
        fault: why not.
        node: the number of the node in which it shows.
        source: the node of the same circle that it reads there.
    """

    def __init__(self, fault: Fault, node: int, source: int) -> None:
        """Say what is wrong; names are added by those who know them."""
        self.fault, self.node, self.source = fault, node, source
        super().__init__(f"node {node} reads node {source}: {fault.value}")
