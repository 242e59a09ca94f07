"""comparison of two models → data: what the process that runs them says, and what it comes to."""

from __future__ import annotations

from dataclasses import asdict
from enum import Enum
from typing import TYPE_CHECKING, Any

from seqdsl.porting.untrusted import sentence
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.importers.reading import Difference


CHECKS = ("shapes", "reference", "dependence", "agreement", "training")
"""Those of `seqdsl.verify.checks` that tell whether a picture means a model: how it is saved is its author's affair,
and weights that it does not use are counted apart."""


class Grade(Enum):
    """What checking a picture against the model that it was read from came to."""

    EXACT = "exact"
    EQUAL_BUT = "equal but for what is named"
    REFUSED = "refused"


class Taken(Enum):
    """Which samples a model takes; its value says what it does not."""

    ALL = ""
    VALID = (
        "the model raises an error for samples without a valid step, or gives no numbers; "
        "the picture's model takes them"
    )
    SORTED = (
        "the model raises an error for samples without a valid step, or that are not sorted by length; the picture's "
        "model takes them"
    )


@record(frozen=True)
class Comparison:
    """Two models with the same weights, called alike.

    Attributes:
        cases: how many calls were compared.
        precision: in which they were computed: ``"float64"`` or ``"float32"``.
        largest: the largest difference between two results.
        fault: how they differ; empty: they do not.
        padding: how they differ on padded steps, where they differ on no other; empty: they do not.
        gradients: of how many weights gradients were compared.
        reshaped: the results that have axes of length 1 more in the picture's model, or fewer.
        taken: which samples the original takes.
        untrained: the tables of embeddings of which it does not train the id for padding, where that is read.
    """

    cases: int
    precision: str
    largest: float
    fault: str = ""
    padding: str = ""
    gradients: int = 0
    reshaped: tuple[str, ...] = ()
    taken: Taken = Taken.ALL
    untrained: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The comparison as JSON has it."""
        return {**asdict(self), "taken": self.taken.name}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Comparison:
        """The comparison that `to_json` took apart."""
        return Comparison(
            int(data["cases"]),
            sentence(data["precision"]),
            float(data["largest"]),
            sentence(data["fault"]),
            sentence(data["padding"]),
            int(data["gradients"]),
            tuple(map(sentence, data["reshaped"])),
            Taken[data["taken"]],
            tuple(map(sentence, data["untrained"])),
        )


@record(frozen=True)
class Failed:
    """A check that failed.

    Attributes:
        check: its name.
        why: what is wrong.
    """

    check: str
    why: str


@record(frozen=True)
class Outcome:
    """What was found of a picture and the model that it was read from.

    Attributes:
        grade: what it comes to.
        framework: the model's framework with its version, as ``torch 2.13.0``.
        own: the comparison with the model's own weights.
        passed: the checks that the model passed with random weights, by name.
        failed: those that it did not.
        skipped: why the checks with random weights could not be tried; empty: they were.
        differences: what differs, the reader's findings and those of the checks.
        unused: how many weights the model has that the picture does not.
        merged: the arrays that hold the sum of two of the model's.
    """

    grade: Grade
    framework: str
    own: Comparison | None
    passed: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()
    skipped: str = ""
    differences: tuple[Difference, ...] = ()
    unused: int = 0
    merged: tuple[str, ...] = ()
