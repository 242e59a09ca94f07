"""diagnosis → JSON: `seqdsl explain --error FILE --format json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seqdsl.diagnosis.diagnose import Diagnosis, Explanation


def as_json(diagnosis: Diagnosis) -> str:
    """A diagnosis as one JSON object; `docs/json.md` describes it."""
    items = [_explanation(item) for item in diagnosis.explanations]
    return json.dumps({"known": diagnosis.known, "explanations": items}, indent=2)


def _explanation(item: Explanation) -> dict[str, Any]:
    kind = item.found.kind
    return {
        "kind": kind.name,
        "framework": kind.framework,
        "title": kind.title,
        "message": item.found.matched,
        "meaning": item.meaning,
        "fix": item.fix,
        "wrong": item.wrong or None,
        "right": item.right,
        "layers": item.lines,
        "data": None if item.fits is None else _data(item),
    }


def _data(item: Explanation) -> dict[str, Any]:
    instead = item.instead and {"name": item.instead.name, "picture": item.instead.text}
    return {"fits": item.fits, "notes": list(item.notes), "instead": instead}
