"""files → test items: each check of each model in each framework is a test.

One worker a framework lives as long as the session. The items of one model and framework ask it once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from _pytest._code.code import ReprFileLocation, TerminalRepr

from seqdsl.integrations.texts import analyze_text
from seqdsl.project import config as configuration
from seqdsl.project.files import Text, Unreadable, holds_blocks, matches
from seqdsl.targets import TARGETS, registered
from seqdsl.text.diagnostics import ALL_AS_JSON, excerpts
from seqdsl.verify.check_names import CHECKS, checks_of
from seqdsl.verify.compare import compare
from seqdsl.verify.lane import TIMEOUT, Lane
from seqdsl.verify.oracle_worker import OracleWorker, job_with_expected
from seqdsl.verify.report import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from _pytest._io import TerminalWriter

    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.pipeline import Analysis
    from seqdsl.project.config import Settings


class Plugin:
    """The hooks of a session with ``--seq``, and its workers."""

    def __init__(self, settings: Settings, targets: Sequence[str]) -> None:
        """No worker starts before an item needs it."""
        self.settings, self.targets = settings, targets
        self._timeout = settings.timeout or TIMEOUT
        self._lanes: dict[str, Lane] = {}
        self._oracle = OracleWorker(self._timeout, settings.memory)
        self._results: dict[tuple[str, int, str], list[Result]] = {}

    @staticmethod
    def of(config: pytest.Config) -> Plugin:
        """The plugin as the command line and pyproject.toml have it."""
        try:
            settings = configuration.settings_for([config.rootpath])
        except configuration.BadSetting as error:
            raise pytest.UsageError(str(error)) from error
        targets = config.getoption("--seq-target") or settings.targets or TARGETS
        for target in targets:
            if target not in TARGETS and target not in registered():
                meant = configuration.meant(target, TARGETS)
                raise pytest.UsageError(f"--seq-target: unknown framework {target!r}{meant}")
        return Plugin(settings, tuple(dict.fromkeys(targets)))

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> SeqFile | None:
        """The pictures of a folder; Markdown and Python files if they are named."""
        if not self._wants(file_path, named=parent.session.isinitpath(file_path)):
            return None
        file: SeqFile = SeqFile.from_parent(parent, path=file_path)
        file.plugin = self
        return file

    def _wants(self, path: Path, *, named: bool) -> bool:
        if named:
            return path.suffix == ".seq" or holds_blocks(path.name)
        settings = self.settings
        # With exclude = ["old"], old/a.seq is excluded for its folder: hence all parents.
        return matches(path, settings.include, settings.root) and not any(
            matches(part, settings.exclude, settings.root) for part in (path, *path.parents)
        )

    def results(self, model: CompiledModel, target: str) -> list[Result]:
        """The worker's results for a model."""
        if target not in self._lanes:
            self._lanes[target] = Lane(target, self._timeout, self.settings.memory)
        job = job_with_expected(model, target, CHECKS, self._oracle)
        earlier = self._results.setdefault((model.file, model.lines[0], model.name), [])
        # The results of the other framework come first: the frameworks must agree.
        whole = compare([*earlier, *self._lanes[target].run(job)])
        results = whole[len(earlier) :]
        earlier += results
        return results

    def pytest_unconfigure(self) -> None:
        """End the workers."""
        for lane in self._lanes.values():
            lane.close()
        self._oracle.close()


class SeqFile(pytest.File):
    """A file with pictures."""

    plugin: Plugin

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Each model; what is wrong with the pictures is one item that fails."""
        settings = self.plugin.settings
        analysis = self._analysis()
        problems = [
            item
            for item in analysis.diagnostics
            if item.is_error or (settings.strict and settings.wants(item.code))
        ]
        if problems:
            texts = "\n\n".join(excerpts(problems, analysis.source, ALL_AS_JSON))
            yield CompileItem.of(self, Failure(problems[0].message, texts, problems[0].span.line))
        for model in analysis.models:
            # `from_parent` makes all nodes of pytest; what else a node needs, it takes afterwards.
            collector: SeqModel = SeqModel.from_parent(self, name=model.name)
            collector.take(model, analysis, self.plugin)
            yield collector

    def _analysis(self) -> Analysis:
        name = _short(self.path, self.config)
        try:
            return analyze_text(Text(name, self.path.read_bytes()))
        # pytest shows it without a traceback.
        except (OSError, Unreadable) as error:
            raise self.CollectError(str(error)) from error


class SeqModel(pytest.Collector):
    """A model: its frameworks."""

    def take(self, model: CompiledModel, analysis: Analysis, plugin: Plugin) -> None:
        """Be this model."""
        self.model, self.analysis, self.plugin = model, analysis, plugin
        # Wherever xdist sends the first item of a model, the others go as well: its workers are there.
        self.add_marker(pytest.mark.xdist_group(f"{model.file}:{model.lines[0]}"))

    def collect(self) -> Iterable[pytest.Collector]:
        """A collector for each framework."""
        for target in self.plugin.targets:
            collector: SeqTarget = SeqTarget.from_parent(self, name=target)
            collector.take(self)
            yield collector


class SeqTarget(pytest.Collector):
    """A model in a framework: its checks."""

    def take(self, parent: SeqModel) -> None:
        """Be a framework of this model."""
        self.model, self.analysis, self.plugin = parent.model, parent.analysis, parent.plugin
        self._results: list[Result] | None = None

    def collect(self) -> Iterable[pytest.Item]:
        """An item for each check."""
        for check in checks_of(self.name):
            item: PromiseItem = PromiseItem.from_parent(self, name=check)
            item.line = self.model.lines[0]
            yield item

    def failure(self, check: str) -> Result | None:
        """The result that ``check`` fails with: its own, or that of what had to work before it."""
        if self._results is None:
            self._results = self.plugin.results(self.model, self.name)
        for item in self._results:
            if item.check == check:
                return None if item.passed else item
        # A check that was not tried has not passed, whatever the reason.
        failed = [item for item in self._results if not item.passed]
        return (
            failed[-1] if failed else Result(self.model.name, self.name, check, False, "not tried")
        )


class Failure(NamedTuple):
    """What a failed item shows: why, in a line and in full, and where."""

    why: str
    text: str
    line: int


class CheckFailed(Exception):
    """A check that the generated model fails, or a picture that does not compile."""

    def __init__(self, failure: Failure) -> None:
        """Raise it with what is to be shown."""
        self.failure = failure
        super().__init__(failure.why)


class _Item(pytest.Item):
    """An item at a line of a file, and fails without a traceback."""

    line = 1

    def reportinfo(self) -> tuple[Path, int, str]:
        """The file, the line from 0 and the name."""
        # pytest counts lines from 0 here, and from 1 in `ReprFileLocation`.
        return self.path, self.line - 1, self.nodeid.partition("::")[2].replace("::", ".")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The picture and the reason."""
        if not isinstance(excinfo.value, CheckFailed):
            return super().repr_failure(excinfo, style)
        return _Shown(_short(self.path, self.config), excinfo.value.failure)


class PromiseItem(_Item):
    """One check of one model in one framework."""

    parent: SeqTarget

    def runtest(self) -> None:
        """Ask the worker.

        Raises:
            CheckFailed: the check does not pass.
        """
        target = self.parent
        if result := target.failure(self.name):
            tried = result.check == self.name
            what = "failed" if tried else f"was not tried, because {result.check} failed"
            what = f"{target.model.name}, {target.name}: {self.name} {what}"
            rows = _picture(target.model, target.analysis)
            text = "\n".join([*rows, "", what, *(f"  {row}" for row in result.message.split("\n"))])
            why = result.message.partition("\n")[0]
            raise CheckFailed(Failure(why if tried else f"{result.check}: {why}", text, self.line))


class CompileItem(_Item):
    """A file that does not compile."""

    @staticmethod
    def of(parent: SeqFile, failure: Failure) -> CompileItem:
        """The item that fails with ``failure``."""
        item: CompileItem = CompileItem.from_parent(parent, name="compile")
        item.failure, item.line = failure, failure.line
        return item

    failure: Failure

    def runtest(self) -> None:
        """Fail.

        Raises:
            CheckFailed: with the findings.
        """
        raise CheckFailed(self.failure)


class _Shown(TerminalRepr):
    """A failure as pytest prints it: in full below the test's name, in a line in the summary."""

    def __init__(self, file: str, failure: Failure) -> None:
        self.reprcrash = ReprFileLocation(file, failure.line, failure.why)
        self._text = failure.text

    def __str__(self) -> str:
        return self._text

    def toterminal(self, tw: TerminalWriter) -> None:
        tw.line(self._text)
        tw.line()
        self.reprcrash.toterminal(tw)


def _picture(model: CompiledModel, analysis: Analysis) -> Iterator[str]:
    first, last = model.lines
    for number, row in enumerate(analysis.source.lines[first - 1 : last], start=first):
        yield f"{number:>4} | {row}".rstrip()


def _short(path: Path, config: pytest.Config) -> str:
    root = config.rootpath
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
