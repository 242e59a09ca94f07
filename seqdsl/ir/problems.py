"""rule, place → problem: what the verifier says of a graph that is not one."""

from __future__ import annotations

from enum import Enum

from seqdsl.records import record


class Rule(Enum):
    """What holds in every graph."""

    NAMES = "names are identifiers, and each stands for one thing"
    ORDER = "the order holds every node once, each after those that it reads"
    LOOPS = "nodes read each other in circles through earlier steps only"
    REFERENCES = "expressions refer to nodes, and final states to recurrences"
    SIZES = "sizes are whole numbers over parameters and free lengths"
    LAYERS = "layers are known, their arguments too, and they are applied as what they are"
    SHAPES = "what an operation reads fits it, and gives what the node says"
    STATES = "an initial state has the cell's units, and the source's cell"
    MASKS = "masks are those of masked nodes, as long as what they mask"
    USES = "uses are what is read of a node"
    ENDS = "inputs and outputs are those of their nodes"


@record(frozen=True)
class Problem:
    """What does not hold, and where.

    Attributes:
        rule: the rule that is broken.
        where: the node, layer or size, by its name.
        message: how it is broken.
    """

    rule: Rule
    where: str
    message: str

    def __str__(self) -> str:
        """A line for people."""
        return f"{self.where}: {self.message} ({self.rule.value})"


class InvalidGraph(ValueError):
    """A graph in which something does not hold.

    Attributes:
        problems: what does not hold, at least one.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Say all that does not hold, a line each."""
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))
