"""a live model → its port to a framework, compared with it, all in this process.

`seqdsl port` runs the same functions in processes of their own; to start those for each model would take minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.porting.importing import Imported, checked
from seqdsl.porting.opening import opened, read_opened
from seqdsl.porting.origin import input_of
from seqdsl.porting.outcome import CHECKS, Comparison, Taken
from seqdsl.porting.reading_json import from_json, to_json
from seqdsl.porting.settling import settle
from seqdsl.porting.worker import Read, comparison_in
from seqdsl.targets import runtime
from seqdsl.verify.build import load
from seqdsl.verify.expected_results import compute_expected
from seqdsl.verify.generated_job import job_for
from seqdsl.verify.oracle_worker import OracleFailed, job_with_expected
from seqdsl.verify.spec_weights import layer_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from seqdsl.runtime.named_weights import LayerWeights
    from seqdsl.verify.expected import Expected
    from seqdsl.verify.jobs import Job
    from tests.ported.catalog import Entry


def imported(entry: Entry, folder: Path, *, in_full: bool = False) -> Imported:
    """The picture of a model, compared with it.

    Args:
        entry: the model.
        folder: where its weights and results are put.
        in_full: whether it is also checked with random weights.
    """
    live = opened(entry.build(), entry.name)

    def again(precision: str) -> Any:
        live.framework.reset(precision)
        return opened(entry.build(), entry.name).model

    reading = from_json(to_json(read_opened(live, [input_of(text) for text in entry.inputs])))
    read = Read(reading, live.target, live.framework.version())

    def check(job: Job, layers: Sequence[LayerWeights]) -> list[dict[str, Any]]:
        from seqdsl.porting.checking import Original

        original = Original(live.model, live.framework, job, layers, reading.axes, again)
        return _answers(original.check(folder), in_full=in_full)

    return checked(read, entry.name, _oracle(in_full=in_full), check)


def ported(found: Imported, target: str, folder: Path, *, in_full: bool = False) -> Comparison:
    """How near the port is to the model, with the model's weights.

    Args:
        found: what `imported` gave.
        target: the framework.
        folder: the same.
        in_full: whether its code is also checked with random weights.
    """
    job = job_with_expected(found.model, target, CHECKS, _oracle(in_full=in_full))
    assert not job.unwritten, job.unwritten
    taken = found.outcome.own.taken if found.outcome.own else Taken.ALL
    order = {"folder": str(folder), "taken": taken.name, "file": ""}
    layers = layer_weights(found.model.spec)
    answers = _answers(settle(job, layers, runtime(target), order), in_full=in_full)
    failed = [item["result"] for item in answers if not item.get("result", {}).get("passed", True)]
    assert not failed, failed
    own = comparison_in(answers)
    assert own is not None
    return own


def live_port(found: Imported, target: str, folder: Path) -> Callable[[Sequence[Any]], list[Any]]:
    """The ported model with the model's weights, as a function of arrays."""
    framework, layers = runtime(target), layer_weights(found.model.spec)
    job = job_for(found.model, target)
    module = load(job.source, job.model)
    built = framework.builder(module)()
    with np.load(folder / "weights.npz") as weights:
        framework.write(built, layers, weights)
    return lambda arrays: framework.call(built, arrays)


def _answers(answers: Iterable[dict[str, Any]], *, in_full: bool) -> list[dict[str, Any]]:
    """All answers, or those up to the comparison with its own weights."""
    found = []
    for answer in answers:
        found.append(answer)
        if "own" in answer and not in_full:
            break
    return found


def _oracle(*, in_full: bool) -> Callable[[Any], Expected]:
    """What computes expected results, which only the checks with random weights need."""

    def refuse(model: Any) -> Expected:
        raise OracleFailed("not asked for")

    return compute_expected if in_full else refuse
