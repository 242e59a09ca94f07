"""job → results, across a process: what a worker of a framework is asked, whatever becomes of it."""

from __future__ import annotations

from dataclasses import asdict
from time import perf_counter
from typing import TYPE_CHECKING, Any

from seqdsl.verify.report import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.sandbox.worker_client import WorkerClient
    from seqdsl.verify.jobs import Job


def ask(  # noqa: PLR0913 - all but three are options, given by name
    worker: WorkerClient,
    job: Job,
    limit: float,
    memory: int | None = None,
    *,
    folder: str = "",
    reload: bool = False,
    transfer: Mapping[str, Any] | None = None,
) -> list[Result]:
    """The results of ``job``; the last is a failure if the worker died of it.

    Args:
        worker: a worker of the job's framework.
        job: what to check against its picture.
        limit: the seconds of processor time it may take.
        memory: the bytes it may take; default: any number.
        folder: where to save the model.
        reload: only load the model that another worker has saved there.
        transfer: only read or write a file of weights, as `seqdsl.verify.transfer` orders it.
    """
    begun = perf_counter()
    request = {"job": asdict(job), "folder": folder, "reload": reload, "transfer": transfer}
    answers, why = worker.ask(request, limit, memory)
    results = [_result(answer["result"]) for answer in answers if "result" in answer]
    if not why:
        return results
    step = "saving" if reload else "build"
    # The check that was begun last is what the worker died of.
    step = next((item["check"] for item in reversed(answers) if "check" in item), step)
    seconds = perf_counter() - begun
    return [*results, Result(job.model, job.target, step, False, why, seconds, job.file)]


def _result(data: dict[str, Any]) -> Result:
    return Result(**{**data, "summary_values": tuple(data["summary_values"])})
