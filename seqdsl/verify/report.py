"""results → report: which checks of which model passed, in which framework, and which did not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One check of one model in one framework.

    Attributes:
        model: the model's name.
        target: the framework.
        check: its name (see `seqdsl.verify.check_names`), or what had to work before any could be
            tried: ``"source"``, ``"size"``, ``"import"``, ``"build"``.
        passed: whether it holds.
        message: why it does not; if it does, what of it could not be tried, if anything.
        seconds: how long it took.
        file: the file of the picture.
        line: the line of ``file`` on which the picture begins.
        cached: whether it is the result of an earlier run.
        summary_values: sums over outputs, derivatives and losses, which must be the same in all frameworks.
    """

    model: str
    target: str
    check: str
    passed: bool
    message: str = ""
    seconds: float = 0.0
    file: str = ""
    line: int = 0
    cached: bool = False
    summary_values: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All results, in the order of the models, then of the targets, then of the checks."""

    results: tuple[Result, ...]

    @property
    def passed(self) -> bool:
        """Whether every check of every model holds. A report of nothing has not passed."""
        return bool(self.results) and not self.failures

    @property
    def failures(self) -> tuple[Result, ...]:
        """The checks that do not hold."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def notes(self) -> tuple[Result, ...]:
        """The checks that hold as far as they could be tried."""
        return tuple(result for result in self.results if result.passed and result.message)

    def of(
        self, model: str, target: str, file: str | None = None, line: int | None = None
    ) -> tuple[Result, ...]:
        """The results of one model in one framework; default: of any ``file`` and ``line``."""
        return tuple(
            result
            for result in self.results
            if (result.model, result.target) == (model, target)
            and file in (None, result.file)
            and line in (None, result.line)
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """A model that has just been finished for one target: its results, and how far the run is."""

    model: str
    target: str
    file: str
    results: tuple[Result, ...]
    done: int
    total: int
