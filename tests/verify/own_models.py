"""Models that are not generated, as a user writes them, checked against pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

import seqdsl
from seqdsl.verify.against import factory_job
from seqdsl.verify.check_names import CHECKS
from seqdsl.verify.expected_results import compute_expected
from seqdsl.verify.lane import Lane
from seqdsl.verify.report import Result


class OwnModels:
    """A module of factories for each framework, with workers that can import it."""

    def __init__(self, name: str, targets: Sequence[str]) -> None:
        self._name = name
        self._lanes = {target: Lane(target) for target in targets}

    def check(
        self, target: str, function: str, picture: str, checks: Sequence[str] = CHECKS
    ) -> list[Result]:
        """The results of a factory's model."""
        model = seqdsl.compile(picture, "picture.seq")
        factory = f"{self._name}_{target}:{function}"
        job = factory_job(model, factory, target, checks, compute_expected)
        return self._lanes[target].run(job)

    def failures(
        self, target: str, function: str, picture: str, checks: Sequence[str] = CHECKS
    ) -> dict[str, str]:
        """What is wrong with a factory's model, by check."""
        return failures(self.check(target, function, picture, checks))

    def close(self) -> None:
        for lane in self._lanes.values():
            lane.close()


def failures(results: Sequence[Result]) -> dict[str, str]:
    return {item.check: item.message for item in results if not item.passed}


@contextmanager
def own_models(folder: Path, name: str, sources: Mapping[str, str]) -> Iterator[OwnModels]:
    """Write ``NAME_torch.py`` and so on to a folder, and let workers run there: names must differ between tests."""
    for target, source in sources.items():
        (folder / f"{name}_{target}.py").write_text(source, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        # First the folder: workers run where their server was started.
        patch.chdir(folder)
        found = OwnModels(name, tuple(sources))
        yield found
        found.close()
