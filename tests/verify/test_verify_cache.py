"""What ``--changed-only`` remembers: only what passed, only as long as nothing has changed."""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seqdsl import atomic
from seqdsl.api import Model, compile_all
from seqdsl.verify import cache, changed_only
from seqdsl.verify.cache import FOLDER, LARGEST, MAX_AGE, Cache
from seqdsl.verify.changed_only import verify_changed
from seqdsl.verify.check_names import CHECKS
from seqdsl.verify.generated_job import job_for
from seqdsl.verify.jobs import Job
from seqdsl.verify.report import Report, Result

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
TARGETS = ("keras", "torch")


def models(*units: int) -> list[Model]:
    text = "\n".join(f"model m{k}\n{GOOD.replace('2', str(n))}" for k, n in enumerate(units))
    return list(compile_all(text, "a.seq"))


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the models that were really verified; a width of 13 fails."""
    names: list[str] = []

    def verify(models: Sequence[Model], targets: Sequence[str], **options: Any) -> Report:
        names.extend(model.name for model in models)
        jobs = [job_for(model, target) for model in models for target in targets]
        checks = ("build", *options.get("checks", CHECKS))
        return Report(tuple(_result(job, check) for job in jobs for check in checks))

    monkeypatch.setattr(changed_only, "verify", verify)
    yield names


def _result(job: Job, check: str) -> Result:
    passed = check == "build" or job.outputs[0].shape[-1] != 13
    return Result(job.model, job.target, check, passed, "", 0.5, job.file, job.line)


def changed(
    folder: Path,
    *units: int,
    targets: Sequence[str] = TARGETS,
    checks: Sequence[str] | None = None,
) -> Report:
    options = {} if checks is None else {"checks": checks}
    return verify_changed(models(*units), targets, Cache(folder, targets), **options)


def test_what_passed_is_not_verified_again(tmp_path: Path, verified: list[str]) -> None:
    first = changed(tmp_path, 2, 13, 4)
    assert verified == ["m0", "m1", "m2"]
    verified.clear()
    second = changed(tmp_path, 2, 13, 4)
    assert verified == ["m1"]
    # The report is the same, in the same order, and says what it did not do.
    assert [replace(item, cached=False) for item in second.results] == list(first.results)
    assert [item.model for item in second.results if not item.cached] == ["m1"] * 2 * (
        1 + len(CHECKS)
    )


def test_a_changed_picture_is_verified(tmp_path: Path, verified: list[str]) -> None:
    changed(tmp_path, 2, 3)
    verified.clear()
    changed(tmp_path, 2, 4)
    assert verified == ["m1"]


def test_another_place_in_the_file_is_no_change(tmp_path: Path, verified: list[str]) -> None:
    changed(tmp_path, 2)
    verified.clear()
    moved = [
        replace(model, file="b.seq", lines=(model.lines[0] + 9, model.lines[1] + 9))
        for model in models(2)
    ]
    report = verify_changed(moved, TARGETS, Cache(tmp_path, TARGETS))
    assert verified == []
    assert {(item.file, item.line) for item in report.results} == {("b.seq", moved[0].lines[0])}


def test_another_framework_is_verified(tmp_path: Path, verified: list[str]) -> None:
    changed(tmp_path, 2, targets=("torch",))
    changed(tmp_path, 2)
    assert verified == ["m0", "m0"]


CHANGES = {
    "seqdsl": ("__version__", "9.9.9"),
    "checks": ("CHECKS", ("shapes", "more")),
    "frameworks": ("_version", lambda package: "9" if package == "torch" else "1"),
    "code of the checks": ("_sources", lambda: "other"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_another_version_is_verified(
    name: str, tmp_path: Path, verified: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(tmp_path, 2)
    monkeypatch.setattr(cache, *CHANGES[name])
    changed(tmp_path, 2)
    assert verified == ["m0", "m0"]


def test_another_backend_is_verified(
    tmp_path: Path, verified: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(tmp_path, 2)
    monkeypatch.setenv("KERAS_BACKEND", "other")
    changed(tmp_path, 2)
    assert verified == ["m0", "m0"]


RUBBISH = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"3",
    b"[3]",
    b"[{}]",
    b"\xff\x00",
    b'[{"target": "jax", "check": "x", "seconds": 1}]',
    b'[{"target": "torch", "check": "x", "seconds": 1}]',
    b'[{"target": "torch", "check": "x", "seconds": "soon"}]',
    b"[" * 100_000,
    b'{"target": 1}',
    b"[[[]], 7]",
    b"[1e400]",
    b"9" * 5_000,
    b"[null, true]",
]

VALUES = {
    "an integer beyond any float": ("seconds", b"1" + b"0" * 400),
    "an infinite number": ("seconds", b"1e400"),
    "no number": ("seconds", b"NaN"),
    "a list for a number": ("seconds", b"[0]"),
    "a table for a message": ("message", b'{"a": [[]]}'),
    "half a character": ("message", b'"\\ud800"'),
    "a message without end": ("message", b'"' + b"x" * LARGEST + b'"'),
    "a number for a check": ("check", b"1e999"),
    "nested too deep": ("message", b"[" * 50_000 + b"]" * 50_000),
}
"""A key of an entry that is right but for its value there."""


@pytest.mark.parametrize("what", VALUES)
def test_an_entry_with_one_strange_value_is_as_if_not_there(
    what: str, tmp_path: Path, verified: list[str]
) -> None:
    changed(tmp_path, 2)
    (entry,) = (tmp_path / FOLDER / "verified").iterdir()
    key, value = VALUES[what]
    first, *rest = json.loads(entry.read_bytes())
    placed = json.dumps([first | {key: "HERE"}, *rest]).encode().replace(b'"HERE"', value)
    entry.write_bytes(placed)
    assert changed(tmp_path, 2).passed
    assert verified == ["m0", "m0"]


@pytest.mark.parametrize("data", RUBBISH, ids=lambda data: repr(data[:24]))
def test_a_corrupted_entry_is_as_if_not_there(
    data: bytes, tmp_path: Path, verified: list[str]
) -> None:
    changed(tmp_path, 2)
    (entry,) = (tmp_path / FOLDER / "verified").iterdir()
    entry.write_bytes(data)
    assert changed(tmp_path, 2).passed
    assert verified == ["m0", "m0"]
    # It has been mended.
    changed(tmp_path, 2)
    assert verified == ["m0", "m0"]


def test_other_checks_are_verified(tmp_path: Path, verified: list[str]) -> None:
    changed(tmp_path, 2, checks=("shapes",))
    changed(tmp_path, 2)
    assert verified == ["m0", "m0"]


@pytest.mark.parametrize("left", [("build",), ("build", "shapes"), ("build", "build", *CHECKS[1:])])
def test_an_entry_counts_for_the_checks_that_it_names(
    left: Sequence[str], tmp_path: Path, verified: list[str]
) -> None:
    changed(tmp_path, 2)
    (entry,) = (tmp_path / FOLDER / "verified").iterdir()
    kept = [
        {"target": target, "check": check, "seconds": 1, "message": ""}
        for target in TARGETS
        for check in left
    ]
    entry.write_text(json.dumps(kept))
    assert len(changed(tmp_path, 2).results) == 2 * (1 + len(CHECKS))
    assert verified == ["m0", "m0"]


def test_what_did_not_run_in_full_is_not_remembered(tmp_path: Path, verified: list[str]) -> None:
    (model,) = models(2)
    remembered = Cache(tmp_path, TARGETS)
    jobs = [replace(job_for(model, target), checks=CHECKS) for target in TARGETS]
    remembered.keep(jobs, [_result(job, check) for job in jobs for check in ("build", "shapes")])
    assert remembered.lookup(jobs) is None and not (tmp_path / FOLDER).exists()


def no_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / FOLDER).write_text("a file")


def no_writing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "read-only file system")

    monkeypatch.setattr(atomic, "mkstemp", refuse)


def no_space(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "fsync", refuse)


def no_times(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    (folder / FOLDER / "verified").mkdir(parents=True)
    monkeypatch.setattr(Path, "unlink", refuse)


def no_listing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refuse)


@pytest.mark.parametrize("spoil", [no_folder, no_writing, no_space, no_times, no_listing])
def test_a_cache_that_cannot_be_used_is_no_error(
    spoil: Callable[[Path, pytest.MonkeyPatch], None],
    tmp_path: Path,
    verified: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoil(tmp_path, monkeypatch)
    assert changed(tmp_path, 2).passed and changed(tmp_path, 2).passed
    remembered = spoil in (no_times, no_listing)
    assert verified == ["m0"] * (1 if remembered else 2)
    monkeypatch.undo()
    # No half a file is left.
    left = tmp_path.rglob(".seqdsl-*")
    assert not list(left)


def test_the_folder_tells_others_what_it_is(tmp_path: Path, verified: list[str]) -> None:
    changed(tmp_path, 2)
    folder = tmp_path / FOLDER
    assert (folder / ".gitignore").read_text() == "*\n"
    tag = (folder / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")
    (entry,) = (folder / "verified").iterdir()
    assert len(json.loads(entry.read_text())) == 2 * (1 + len(CHECKS))


def test_old_entries_are_removed(tmp_path: Path, verified: list[str]) -> None:
    changed(tmp_path, 2)
    (entry,) = (tmp_path / FOLDER / "verified").iterdir()
    long_ago = time.time() - MAX_AGE - 1
    os.utime(entry, (long_ago, long_ago))
    # Who is asked for stays young.
    changed(tmp_path, 2)
    assert entry.exists()
    os.utime(entry, (long_ago, long_ago))
    changed(tmp_path, 3)
    assert not entry.exists()
