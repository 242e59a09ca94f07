"""import or port → JSON: what programs read of it."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from seqdsl.porting.outcome import Grade

if TYPE_CHECKING:
    from seqdsl.importers.reading import Reading
    from seqdsl.porting.importing import Imported, Refused
    from seqdsl.porting.outcome import Comparison, Outcome
    from seqdsl.porting.porting import Ported

Data = dict[str, Any]


def imported_to_json(imported: Imported, source: str) -> Data:
    """A picture that was read from ``source``."""
    return {
        **_head(source, imported.read.reading),
        **_outcome(imported.outcome),
        "picture": imported.text,
    }


def refused_to_json(refused: Refused, source: str) -> Data:
    """A model of which there is no picture."""
    found = _outcome(refused.outcome) if refused.outcome is not None else {}
    head = {**_head(source, refused.reading), "grade": Grade.REFUSED.name.lower()}
    return {**head, **found, "grade": Grade.REFUSED.name.lower(), "reasons": list(refused.lines)}


def ported_to_json(ported: Ported, source: str) -> Data:
    """A model that was read from ``source`` and written for another framework."""
    return {
        **imported_to_json(ported.imported, source),
        "port": {
            "target": ported.target,
            "own_weights": _comparison(ported.own),
            "checks": list(ported.passed),
            "not_checked": ported.skipped,
            "inexact_weights": list(ported.inexact),
            "source": ported.source,
        },
    }


def _head(source: str, reading: Reading) -> Data:
    return {
        "seqdsl": version("seqdsl"),
        "model": source,
        "layers": max(reading.operations, len(reading.unread)),
        "unread": [asdict(item) for item in reading.unread],
        "differences": [asdict(item) for item in reading.differences],
    }


def _outcome(outcome: Outcome) -> Data:
    return {
        "framework": outcome.framework,
        "grade": outcome.grade.name.lower(),
        "own_weights": None if outcome.own is None else _comparison(outcome.own),
        "checks": list(outcome.passed),
        "failed": [asdict(item) for item in outcome.failed],
        "not_checked": outcome.skipped,
        "differences": [asdict(item) for item in outcome.differences],
        "summed_weights": list(outcome.merged),
    }


def _comparison(own: Comparison) -> Data:
    return {
        "calls": own.cases,
        "precision": own.precision,
        "largest_difference": own.largest,
        "gradients": own.gradients,
    }
