"""Distributions built from a copy of the repository, and fresh environments to install into."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# An egg-info folder lists the files of an earlier build, and setuptools would ship what it lists:
# a file that is missing from pyproject.toml would go unnoticed.
LEFT_OUT = ("*.egg-info", "build", "dist", "__pycache__", ".*")


@dataclass(frozen=True)
class Environment:
    """A virtual environment that sees the libraries, but not the seqdsl, of the one that tests."""

    folder: Path

    @property
    def scripts(self) -> Path:
        """Where its commands are."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    def run(self, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment, which has to succeed, from the folder ``cwd``."""
        return run([str(self.scripts / command[0]), *command[1:]], cwd)

    def install(self, *arguments: str) -> None:
        """Install with pip, without the network."""
        pip = [sys.executable, "-m", "pip", "--python", str(self.scripts / "python")]
        offline = ["--no-deps", "--no-build-isolation", "--no-index"]
        run([*pip, "install", "-q", *offline, *arguments], self.folder)


def run(command: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to success; if it fails, the test fails with all that it said."""
    # With PYTHONPATH the repository itself could stand in for what was installed.
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=environ, check=False, capture_output=True, text=True
    )
    if done.returncode:
        pytest.fail(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository, as a fresh clone has it: builds write into their source folder."""
    copy = tmp_path_factory.mktemp("checkout") / "seqdsl"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return copy


@pytest.fixture(scope="session")
def distributions(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from this sdist."""
    folder = tmp_path_factory.mktemp("dist")
    # Without --sdist and --wheel, `build` makes the wheel from the sdist, not from the checkout.
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)], checkout)
    return folder


@pytest.fixture
def new_environment(tmp_path: Path) -> Callable[[], Environment]:
    """Makes a fresh virtual environment."""

    def make() -> Environment:
        folder = tmp_path / "environment"
        venv.create(folder, with_pip=False)
        scheme = {"base": str(folder), "platbase": str(folder)}
        packages = Path(sysconfig.get_path("purelib", vars=scheme))
        # Folders named by a .pth file are searched, but their own .pth files are not followed:
        # the editable install of the environment that tests stays out of sight.
        outer = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
        (packages / "outer.pth").write_text("\n".join(outer) + "\n")
        return Environment(folder)

    return make
