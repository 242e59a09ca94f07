"""findings → SARIF 2.1.0: what code scanning services and editors read.

The format is the OASIS standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from seqdsl import __version__
from seqdsl.reports.finding import Finding, findings, relative
from seqdsl.text.codes import CODES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.pipeline import Analysis
    from seqdsl.verify.report import Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def report(analyses: Sequence[Analysis], results: Report | None = None) -> str:
    """One log with one run."""
    items = list(findings(analyses, results))
    rules = list(dict.fromkeys(item.rule for item in items))
    run = {
        "tool": {
            "driver": {
                "name": "seqdsl",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        # Else columns are UTF-16 code units, of which an emoji has two.
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, rules.index(item.rule)) for item in items],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(rule: str) -> dict[str, Any]:
    if rule not in CODES:
        # `verify/reference`: the catalogue has no entry for a check.
        name = rule.partition("/")[2]
        return {"id": rule, "shortDescription": {"text": f"the check `{name}` of a model failed"}}
    code = CODES[rule]
    return {
        "id": rule,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.why},
        "defaultConfiguration": {"level": code.severity},
    }


def _result(item: Finding, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": item.rule,
        "ruleIndex": index,
        "level": item.severity,
        "message": {
            "text": item.message if item.rule in CODES else f"{item.title}\n{item.message}"
        },
        "locations": [_location(item.file, item.line, item.column, item.end)],
    }
    if item.related:
        result["relatedLocations"] = [
            {**_location(item.file, line, column, end), "message": {"text": caption}}
            for line, column, end, caption in item.related
        ]
    return result


def _location(file: str, line: int, column: int, end: int) -> dict[str, Any]:
    region = {"startLine": line}
    if column:
        # SARIF's endColumn is the column after the last, as ours is.
        region |= {"startColumn": column, "endColumn": end}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}, "region": region}}


def _uri(file: str) -> str:
    path = relative(file)
    # A relative reference is resolved against the root of the checkout; `quote` leaves `/` as it is.
    return Path(path).as_uri() if Path(path).is_absolute() else quote(path)
