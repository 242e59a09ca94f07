"""models → report, without those that were verified before: ``--changed-only``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seqdsl.verify.check_names import CHECKS
from seqdsl.verify.generated_job import guarded_job_for
from seqdsl.verify.lane import TIMEOUT
from seqdsl.verify.pool import verify
from seqdsl.verify.report import Report, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.lowering.compiled import CompiledModel as Model
    from seqdsl.verify.cache import Cache
    from seqdsl.verify.jobs import Job


def verify_changed(
    models: Sequence[Model],
    targets: Sequence[str],
    cache: Cache,
    *,
    timeout: float = TIMEOUT,
    memory: int | None = None,
    **options: Any,
) -> Report:
    """`seqdsl.verify.pool.verify`, of the models that are not in ``cache``.

    Args:
        models: the compiled models.
        targets: the frameworks.
        cache: what was verified before; what passes now is added.
        timeout: seconds of processor time that a model may take in one framework.
        memory: bytes that a model may take in one framework.
        options: ``checks``, ``workers`` and ``progress``, as `verify` has them.
    """
    checks = tuple(options.get("checks", CHECKS))
    jobs = [
        [replace(guarded_job_for(model, target), checks=checks) for target in targets]
        for model in models
    ]
    cached = [cache.lookup(each) for each in jobs]
    changed = [model for model, results in zip(models, cached, strict=True) if results is None]
    fresh = _by_model(verify(changed, targets, timeout=timeout, memory=memory, **options), jobs)
    results: list[Result] = []
    for each, earlier in zip(jobs, cached, strict=True):
        current = fresh[_key(each[0])] if earlier is None else earlier
        if earlier is None:
            cache.keep(each, current)
        results += current
    cache.prune()
    return Report(tuple(results))


def _by_model(report: Report, jobs: Iterable[Sequence[Job]]) -> dict[tuple[Any, ...], list[Result]]:
    by_model: dict[tuple[Any, ...], list[Result]] = {_key(each[0]): [] for each in jobs}
    for result in report.results:
        by_model[_key(result)].append(result)
    return by_model


def _key(item: Job | Result) -> tuple[Any, ...]:
    return (item.file, item.line, item.model)
