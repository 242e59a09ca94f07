"""job + framework → results: build one model, and run every check on it."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from seqdsl.runtime.adapter import DOUBLE, SINGLE
from seqdsl.verify import checks
from seqdsl.verify.alternate_build import build_alternate
from seqdsl.verify.build import find_factory, forget, load, release
from seqdsl.verify.checks.context import Context
from seqdsl.verify.failures import explain
from seqdsl.verify.jobs import BASIC
from seqdsl.verify.layouts import lay_out
from seqdsl.verify.own_weights import take_weights
from seqdsl.verify.report import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from seqdsl.runtime.adapter import Framework
    from seqdsl.verify.jobs import Job


def run(
    job: Job, framework: Framework, begin: Callable[[str], None], folder: str = ""
) -> Iterator[Result]:
    """The results of the job, one by one; ``begin`` is called with the name of each check before it runs.

    Args:
        job: what to build, and what to check it against.
        framework: its adapter.
        begin: called with the name of what is tried next.
        folder: where to save the model.
    """
    # The last model is garbage by now, but in cycles.
    release(job.parameters)
    framework.reset(generated=not job.factory)
    with ExitStack() as stack:
        context = Context(job, None, framework, folder)
        begin("build")
        result = timed(job, "build", partial(_build, context, stack))
        yield result
        if not result.passed:
            return
        yield from run_checks(context, begin)


def run_checks(context: Context, begin: Callable[[str], None]) -> Iterator[Result]:
    """The results of the checks of a model that has been built and has its weights."""
    for name in context.job.checks:
        begin(name)
        result = timed(context.job, name, partial(_check, name, context), context)
        context.misshapen |= name == "shapes" and not result.passed
        yield result


def reload(job: Job, framework: Framework, folder: str) -> Iterator[Result]:
    """Whether the model that another process has saved to ``folder`` gives the same here."""
    from seqdsl.verify.checks.saving import compare, inputs

    context = Context(job, None, framework, folder)

    def check() -> str | None:
        arrays = inputs(job)
        models, context.note = framework.restore(
            builder_of(job, framework, stack), Path(folder), arrays
        )
        for model in models:
            lay_out(model, job, framework)
        with context.drawn():
            faults = [compare(Path(folder), framework.call(model, arrays)) for model in models]
        return next((wrong for wrong in faults if wrong), None)

    release(job.parameters)
    framework.reset(generated=not job.factory)
    with ExitStack() as stack:
        yield timed(job, "saving", check, context)


def builder_of(job: Job, framework: Framework, stack: ExitStack) -> Callable[..., Any]:
    """What builds the model of a job."""
    module = _module(job, stack)
    return find_factory(job.factory) if module is None else framework.builder(module)


def _module(job: Job, stack: ExitStack) -> ModuleType | None:
    """The generated code as a module; nothing where the model is hand-written."""
    if job.factory:
        return None
    module = load(job.source, job.model)
    stack.callback(forget, module)
    return module


def _build(context: Context, stack: ExitStack) -> str | None:
    job, framework = context.job, context.framework
    context.module = module = _module(job, stack)
    builder = find_factory(job.factory) if module is None else framework.builder(module)
    # First, as nothing that it leaves behind may be what the results depend on.
    if job.alternate and not job.factory:
        try:
            context.alternate = build_alternate(job.alternate, builder, framework)
        except Exception as problem:
            return f"{job.alternate} fails: {explain(problem, job.source)}"
        release(job.parameters)
        framework.reset(generated=True)
    # A generated model is given all of its weights.
    with nullcontext() if job.factory else framework.undrawn():
        model = builder()
    if not framework.is_model(model):
        name = job.factory or "build_model"
        return f"{name}() returned {type(model).__name__}, which is not a {job.target} model"
    context.model = framework.cast(model, DOUBLE)
    lay_out(context.model, job, framework)
    if job.factory and not _runs(context):
        framework.reset(SINGLE)
        context.model = framework.cast(builder(), SINGLE)
        lay_out(context.model, job, framework)
        # What cannot be called is for the checks to say, but a model that can has its weights now.
        _runs(context)
    take_weights(context)
    return None


def _runs(context: Context) -> bool:
    """Whether a model that was not generated works in double precision: some insist on single."""
    try:
        context.call(context.arrays(context.job.cases[0]))
    except Exception:
        return False
    return True


def _check(name: str, context: Context) -> str | None:
    context.summary_values, context.note = (), ""
    if context.misshapen and name not in BASIC:
        return "not tried, because the shapes are wrong"
    return checks.load(name)(context)


def timed(
    job: Job, name: str, check: Callable[[], str | None], context: Context | None = None
) -> Result:
    """The result of a check, whatever becomes of it."""
    begun = perf_counter()
    try:
        message = check()
    # Also what is no `Exception`: code that calls sys.exit() must not end the worker.
    except BaseException as problem:
        message = explain(problem, job.source)
    seconds = perf_counter() - begun
    summary_values, note = (context.summary_values, context.note) if context else ((), "")
    return Result(
        job.model,
        job.target,
        name,
        message is None,
        message or note,
        seconds,
        job.file,
        job.line,
        summary_values=summary_values,
    )
