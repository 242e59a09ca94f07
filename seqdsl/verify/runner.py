"""job + framework → results: build one model, hold every check against it."""

from __future__ import annotations

import gc
from contextlib import ExitStack
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from seqdsl.verify import checks
from seqdsl.verify.build import forget, load
from seqdsl.verify.failures import explain
from seqdsl.verify.report import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seqdsl.verify.frameworks import Framework
    from seqdsl.verify.jobs import Job


def run(job: Job, framework: Framework, begin: Callable[[str], None]) -> Iterator[Result]:
    """The results of the job, one by one; ``begin`` hears the name of each check before it runs."""
    # The last model is garbage by now, but in cycles: without this, memory grows by the model.
    gc.collect()
    framework.reset()
    built: list[Any] = []
    with ExitStack() as stack:
        begin("build")
        result = _timed(job, "build", partial(_build, job, framework, stack, built))
        yield result
        if not result.passed:
            return
        context = checks.Context(job, built[0], framework)
        for name in checks.CHECKS:
            begin(name)
            yield _timed(job, name, partial(_check, name, context))


def _build(job: Job, framework: Framework, stack: ExitStack, built: list[Any]) -> str | None:
    module = load(job.source, job.model)
    stack.callback(forget, module)
    model = module.build_model()
    if not framework.is_model(model):
        return f"build_model() returned {type(model).__name__}, which is no {job.target} model"
    built.append(model)
    return None


def _check(name: str, context: checks.Context) -> str | None:
    return checks.load(name)(context)


def _timed(job: Job, name: str, check: Callable[[], str | None]) -> Result:
    begun = perf_counter()
    try:
        message = check()
    # Also what is no `Exception`: code that calls sys.exit() must not end the worker.
    except BaseException as problem:
        message = explain(problem, job.source)
    seconds = perf_counter() - begun
    return Result(job.model, job.target, name, message is None, message or "", seconds, job.file)
