"""jobs ⇄ files of a folder: what ``--changed-only`` remembers of models that were verified before.

A model is remembered by all that its results depend on: the generated code with its picture, what it is
checked against, the checks, and the versions of seqdsl and of the frameworks. Only models of which every check
passed are remembered. An entry that cannot be read is as if not there, and so is a folder that cannot be used.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import platform
import sys
import time
from dataclasses import asdict, replace
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqdsl import __version__
from seqdsl.atomic import whole
from seqdsl.verify.check_names import CHECKS
from seqdsl.verify.report import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.verify.jobs import Job

FOLDER = ".seqdsl_cache"

MAX_AGE = 30 * 24 * 3600
"""Seconds after which an entry that was not used is removed."""

LARGEST = 2**20
"""Bytes of an entry: no model has as many checks as would fill that."""

PACKAGES = {
    "keras": ("keras", "tensorflow", "jax", "torch", "numpy"),
    "torch": ("torch", "numpy"),
    "numpy": ("numpy",),
}
"""What a framework's results depend on; a framework that is not listed depends on itself."""

_TAG = """Signature: 8a477f597d28d172789f06886806bc55
# This folder is the cache of seqdsl. It can be removed at any time.
# See https://bford.info/cachedir/
"""


class Cache:
    """The models that were verified before, each with its results, as files of a folder."""

    def __init__(self, root: Path, targets: Sequence[str]) -> None:
        """The cache of the project in ``root``, for these frameworks in their present versions."""
        self._folder = root / FOLDER
        self._surroundings = json.dumps([*_versions(targets), _sources()])

    def lookup(self, jobs: Sequence[Job]) -> list[Result] | None:
        """The results of a model's ``jobs``, if all of them passed before."""
        path = self._path(jobs)
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
            if len(data) > LARGEST:
                return None
            results = [_result(entry, jobs) for entry in json.loads(data)]
        # Another program, or a full disk, may have left anything there.
        except (OSError, ValueError, TypeError, KeyError, RecursionError, OverflowError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return results if _is_whole(jobs, results) else None

    def keep(self, jobs: Sequence[Job], results: Sequence[Result]) -> None:
        """Remember a model of which every check passed; a folder that cannot be written is none."""
        if not all(item.passed for item in results) or not _is_whole(jobs, results):
            return
        entries = [
            {
                "target": item.target,
                "check": item.check,
                "seconds": item.seconds,
                "message": item.message,
            }
            for item in results
        ]
        path = self._path(jobs)
        with contextlib.suppress(OSError):
            self._make(path.parent)
            # Another run may read it meanwhile: it is there as a whole or not at all.
            with whole(path) as stream:
                stream.write(json.dumps(entries).encode())

    def _path(self, jobs: Sequence[Job]) -> Path:
        # A picture that has moved, or whose file has, is the same model.
        parts = [replace(job, file="", line=0) for job in jobs]
        text = json.dumps([asdict(part) for part in parts], sort_keys=True)
        key = sha256(f"{self._surroundings}\n{text}".encode()).hexdigest()
        return self._folder / "verified" / f"{key}.json"

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        folder.mkdir(parents=True, exist_ok=True)
        (self._folder / ".gitignore").write_text("*\n", "utf-8")
        (self._folder / "CACHEDIR.TAG").write_text(_TAG, "utf-8")

    def prune(self) -> None:
        """Remove what was not used for a month."""
        for path in self._entries():
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < time.time() - MAX_AGE:
                    path.unlink()

    def _entries(self) -> list[Path]:
        """All files; none if the folder cannot be read."""
        with contextlib.suppress(OSError):
            return list((self._folder / "verified").iterdir())
        return []


def _is_whole(jobs: Sequence[Job], results: Sequence[Result]) -> bool:
    """Whether there is one result for each check of each job, and no other."""
    ran = sorted((item.target, item.check) for item in results)
    asked = sorted((job.target, check) for job in jobs for check in ("build", *job.checks))
    return ran == asked


def _result(entry: dict[str, Any], jobs: Sequence[Job]) -> Result:
    (job,) = [job for job in jobs if job.target == entry["target"]]
    seconds = float(entry["seconds"])
    check, message = entry["check"], entry["message"]
    if not isinstance(check, str) or not isinstance(message, str) or not math.isfinite(seconds):
        raise TypeError("not the result of a check")
    # JSON can hold halves of a character, which nothing can print.
    message.encode()
    return Result(
        job.model, job.target, check, True, message, seconds, job.file, job.line, cached=True
    )


def _versions(targets: Sequence[str]) -> Iterator[str]:
    """All whose change makes earlier results worthless."""
    yield from (__version__, *CHECKS, sys.version, platform.platform())
    yield os.environ.get("KERAS_BACKEND", "")
    for package in sorted({name for target in targets for name in PACKAGES.get(target, (target,))}):
        yield f"{package} {_version(package)}"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "none"


def _sources() -> str:
    """A digest of seqdsl itself: what a picture means, or a check, may be edited where the version is not."""
    digest = sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
