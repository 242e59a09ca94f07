"""models, findings and results → JSON: the stable schema of ``--format json`` (docs/json.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from seqdsl.analysis.parameter_counts import numbers
from seqdsl.text.codes.anchors import url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.ir.ends import Lengths
    from seqdsl.ir.graph import Input, Layer, Output, Shape, State
    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.pipeline import Analysis
    from seqdsl.text.diagnostics import Diagnostic
    from seqdsl.verify.report import Report


def report(
    analyses: Sequence[Analysis],
    results: Report | None = None,
    fixes: Sequence[Mapping[str, Any]] | None = None,
) -> str:
    """One JSON object about all files.

    Args:
        analyses: what the files came to.
        results: of `verify`, what it found.
        fixes: of `check`, the changes that remove findings, as data.
    """
    models = [model for analysis in analyses for model in analysis.models]
    content: dict[str, Any] = {
        "models": [_model(model) for model in models],
        "diagnostics": [
            _diagnostic(item, analysis.source.name)
            for analysis in analyses
            for item in analysis.diagnostics
        ],
    }
    if fixes is not None:
        content["fixes"] = list(fixes)
    if results is None:
        # `check` alone gives the representation: what `verify` reports are results.
        from seqdsl.ir.json import to_json

        for model, item in zip(models, content["models"], strict=True):
            item["ir"] = to_json(model.ir)
    else:
        content["results"] = [
            {
                "file": item.file,
                "line": item.line,
                "model": item.model,
                "target": item.target,
                "check": item.check,
                "passed": item.passed,
                "message": item.message,
                "seconds": round(item.seconds, 3),
                "cached": item.cached,
            }
            for item in results.results
        ]
    return json.dumps(content, indent=2)


def _model(model: CompiledModel) -> dict[str, Any]:
    return {
        "file": model.file,
        "line": model.lines[0],
        "name": model.name,
        "topology": model.topology,
        "qualifiers": list(model.qualifiers),
        "n": list(model.n),
        "inputs": [_input(model, item) for item in model.spec.arguments],
        "outputs": [_output(model, item) for item in model.outputs],
        "states": [_state(model, item) for item in model.spec.states],
        "parameters": dict(model.parameters),
        "layers": [_layer(model, item) for item in model.spec.layers],
    }


def _input(model: CompiledModel, item: Input | Lengths) -> dict[str, Any]:
    return {"name": item.name, "shape": _shape(model, item.shape), "dtype": item.dtype}


def _output(model: CompiledModel, item: Output) -> dict[str, Any]:
    return {"name": item.name, "shape": _shape(model, item.shape)}


def _state(model: CompiledModel, item: State) -> dict[str, Any]:
    return {
        "name": item.name,
        "shape": _shape(model, item.shape),
        "dtype": item.dtype,
        "input": item.is_taken,
        "output": item.is_given,
    }


def _shape(model: CompiledModel, shape: Shape) -> list[int | str | None]:
    return [model.length(size) for size in shape]


def _layer(model: CompiledModel, item: Layer) -> dict[str, Any]:
    return {
        "name": item.name,
        "kind": item.kind,
        "width": model.length(item.width),
        "units": model.length(item.units),
        "parameters": numbers(item, model.spec.defaults),
    }


def _diagnostic(item: Diagnostic, file: str) -> dict[str, Any]:
    return {
        "code": item.code,
        "severity": item.severity,
        "file": file,
        "line": item.span.line,
        "column": item.span.column,
        "end_column": item.span.end,
        "message": item.message,
        "hint": item.hint,
        "related": [
            {"line": span.line, "column": span.column, "end_column": span.end, "message": caption}
            for span, caption in item.related
        ],
        "url": url(item.code),
    }
