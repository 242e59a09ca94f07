"""why a model with feedback cannot run free."""

from __future__ import annotations

from enum import Enum


class FreeFault(Enum):
    """Why a model cannot run free."""

    LATER = "it reads later steps of the input that is fed back"
    UNREACHED = "nothing leads from the input that is fed back to it"
    WINDOW = "its windows are not `padding=causal`"
    SHIFTED = "its steps are not those of the input that is fed back"
    BESIDE = "it reads a known sequence beside the input that is fed back, at other steps than that"
    UNEVEN = "it has another length than the first input that is fed back"
    UNKEPT = "what it has to keep of all earlier steps cannot be written"
    MARKS = "the model that it calls marks padding in its own input"
    LOOP = "its loop with delayed nodes does not go on from what is fed back"


class NoFreeRun(Exception):
    """A model cannot run free.

    Attributes:
        fault: why.
        node: the node that cannot be computed step by step.
    """

    def __init__(self, fault: FreeFault, node: int) -> None:
        """Say why, and which node it is."""
        super().__init__(fault.value)
        self.fault, self.node = fault, node
