"""requests of the page → answers, as JSON: an adapter without logic of its own, which runs in the page's worker.

Whatever goes wrong is an answer, too: a page that waits for an answer that never comes looks as if all was well.
"""

from __future__ import annotations

import json
import traceback
from time import process_time
from typing import TYPE_CHECKING, Any

from jinja2 import ModuleLoader

from seqdsl.editing.data import as_json
from seqdsl.editing.findings import diagnostics, finding
from seqdsl.editing.fixes import different, search_fixes
from seqdsl.editing.inlays import inlays
from seqdsl.editing.snapshot import snapshot
from seqdsl.lowering.compiled import uncalled
from seqdsl.targets import TARGETS, NotWrittenError
from seqdsl.targets.emit.render import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.editing.data import Fix
    from seqdsl.editing.snapshot import Snapshot
    from seqdsl.lowering.compiled import CompiledModel

    Given = dict[str, Any]


# What `web/pack/collect.py` made of the templates, beside this file in the archive.
environment().loader = ModuleLoader(f"{__file__.rpartition('/')[0]}/packed_templates")


class _Last:
    """The text that was read last: what is asked of it, tab by tab, is asked of one analysis."""

    key: tuple[str, str] | None = None
    is_quick: bool = False
    read: Snapshot
    search: Iterator[Fix | None] = iter(())
    found: list[Fix]


def answer(task: str, given: str) -> str:
    """The answer to a request: ``{"value": ...}``, or ``{"fault": ...}`` where we failed."""
    try:
        return json.dumps({"value": _TASKS[task](json.loads(given))})
    except Exception:
        return _fault()


def start_fixes(given: str) -> None:
    """Begin to look for fixes of a text."""
    _Last.found = []
    _Last.search = search_fixes(_read(json.loads(given)))


def step_fixes(seconds: float, is_last: bool = False) -> str:
    """Look on for so long; the answer, once there is nothing more to look for, or it is said to be enough."""
    try:
        until = process_time() + seconds
        while process_time() < until:
            try:
                fix = next(_Last.search)
            except StopIteration:
                is_last = True
                break
            _Last.found += [] if fix is None else [fix]
        return json.dumps({"value": {"fixes": as_json(different(_Last.found))}}) if is_last else ""
    except Exception:
        return _fault()


def _fault() -> str:
    return json.dumps({"fault": traceback.format_exc()})


def _read(given: Given) -> Snapshot:
    # While keys are pressed, what is wrong is enough; the mistake behind it is looked for when they rest.
    key, is_quick = (given["text"], given["name"]), given.get("is_quick", False)
    if _Last.key != key or (_Last.is_quick and not is_quick):
        _Last.read = snapshot(given["text"], f"{given['name']}.seq", diagnose=not is_quick)
        _Last.key = key
        # Where nothing is wrong, there is no mistake to look for.
        _Last.is_quick = is_quick and len(diagnostics(_Last.read)) > 0
    return _Last.read


def _compile(given: Given) -> Given:
    read = _read(given)
    models = [model for part in read.parts for model in part.analysis.models]
    model = _chosen(models, given["model"])
    return {
        "models": [_model(item) for item in models],
        "model": model and model.name,
        "findings": as_json(diagnostics(read)),
        "inlays": as_json(inlays(read)),
        "views": {} if model is None else {
            view: _view(model, view, given["theme"]) for view in given["views"]
        },
    }  # fmt: skip


def _chosen(models: Sequence[CompiledModel], name: str | None) -> CompiledModel | None:
    """The model of a name; else the first that no other one calls."""
    named = [model for model in models if model.name == name]
    return next(iter([*named, *uncalled(models)]), None)


def _model(model: CompiledModel) -> Given:
    def ports(items: Sequence[Any]) -> list[Given]:
        return [{"name": item.name, "shape": model.shape_text(item.shape)} for item in items]

    return {
        "name": model.name,
        "topology": model.topology,
        "inputs": ports(model.spec.arguments),
        "outputs": ports(model.outputs),
    }


def _view(model: CompiledModel, view: str, theme: str) -> dict[str, str]:
    try:
        if view in TARGETS:
            return _source(model, view)
        return {
            "text": _drawn(model, theme) if view == "drawing" else _explained(model),
            "note": "",
        }
    except NotWrittenError as error:
        return {"text": "", "note": str(error)}


def _source(model: CompiledModel, target: str) -> dict[str, str]:
    from seqdsl.targets import write

    module = write(model.spec, target)
    return {"text": module.source, "note": module.lacks}


def _drawn(model: CompiledModel, theme: Any) -> str:
    from seqdsl.draw import draw
    from seqdsl.draw.options import Options

    return str(draw(model, "svg", Options(theme)))


def _explained(model: CompiledModel) -> str:
    from seqdsl.explain.model import explain
    from seqdsl.targets import write_trained

    return explain(model.spec, write_trained(model.spec))


def _format(given: Given) -> Given:
    from seqdsl.formatter.format import format_text

    formatted = format_text(given["text"], f"{given['name']}.seq")
    reason = "The text says `# fmt: off`." if formatted.is_off else "Fix the errors first."
    return {"text": formatted.text, "reason": "" if formatted.text is not None else reason}


def _fit(given: Given) -> Given:
    from seqdsl.catalogue.draw import Wanted, pictures
    from seqdsl.catalogue.fit import candidates
    from seqdsl.catalogue.listing import in_a_line, nothing
    from seqdsl.catalogue.shapes import BadShape, parse

    try:
        inputs, outputs = (tuple(map(parse, given[side])) for side in ("inputs", "outputs"))
    except BadShape as error:
        return {"candidates": [], "problem": str(error)}
    wanted = Wanted(inputs, outputs, given["units"])
    found = [
        {
            "name": item.entry.name,
            "topology": ", ".join([item.model.topology, *item.model.qualifiers]),
            "when": item.entry.when,
            "order": "" if item.wanted == wanted else str(item.wanted),
            "picture": "\n".join(pictures(item.entry, item.wanted)),
            "layers": in_a_line(item),
            "text": item.text,
        }
        for item in candidates(wanted)
    ]
    return {"candidates": found, "problem": "" if found else nothing(wanted)}


def _check(given: Given) -> Given:
    from seqdsl.editing.data import Range
    from seqdsl.explain.arrays import read_array
    from seqdsl.explain.data import data_findings, data_notes

    try:
        data, targets = (list(map(read_array, given[side])) for side in ("data", "targets"))
    except ValueError as error:
        return {"findings": [], "notes": [], "problem": str(error)}
    models = [model for part in _read(given).parts for model in part.analysis.models]
    model = _chosen(models, given["model"])
    if model is None:
        return {"findings": [], "notes": [], "problem": "Fix the picture first."}
    found = [finding(item, Range.of) for item in data_findings(model.spec, data, targets)]
    return {
        "findings": as_json(found),
        "notes": list(data_notes(model.spec, data, targets)),
        "problem": "",
    }


def _error(given: Given) -> Given:
    from seqdsl.diagnosis.diagnose import diagnose
    from seqdsl.diagnosis.report import as_json as report
    from seqdsl.diagnosis.words import words
    from seqdsl.explain.arrays import read_array

    try:
        data, targets = (list(map(read_array, given[side])) for side in ("data", "targets"))
    except ValueError as error:
        return {"diagnosis": {"known": False, "explanations": []}, "text": str(error)}
    found = diagnose(given["message"], data, targets)
    return {"diagnosis": json.loads(report(found)), "text": words(found)}


def _code(given: Given) -> Given:
    from seqdsl.explain.catalogue import explain_code

    return {"text": explain_code(given["code"])}


def _complete(given: Given) -> Given:
    from seqdsl.editing.completions import completions

    return {"items": as_json(completions(_read(given), given["line"], given["column"]))}


def _hover(given: Given) -> Given:
    from seqdsl.editing.hover import hover

    return {"hover": as_json(hover(_read(given), given["line"], given["column"]))}


_TASKS: dict[str, Callable[[Given], Given]] = {
    "compile": _compile,
    "format": _format,
    "fit": _fit,
    "check": _check,
    "code": _code,
    "error": _error,
    "complete": _complete,
    "hover": _hover,
}
