"""seqdsl as users have it: installed from the wheel, or editable, and run from another folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import seqdsl

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.packaging.conftest import Environment

# The two ways share what conftest.py builds.
pytestmark = pytest.mark.xdist_group("packaging")

PICTURE = "examples/one-to-one.seq"

READ = """
from importlib.resources import files
import seqdsl
print(seqdsl.__file__)
print(files("seqdsl.grammar").joinpath("seq.lark").is_file())
for target in ("keras", "torch"):
    folder = files("seqdsl.templates").joinpath(target)
    print(any(item.name.endswith(".j2") for item in folder.iterdir()))
"""


@pytest.fixture
def from_wheel(distributions: Path, new_environment: Callable[[], Environment]) -> Environment:
    """An environment with the wheel."""
    environment = new_environment()
    (wheel,) = distributions.glob("*.whl")
    environment.install(str(wheel))
    return environment


@pytest.fixture
def from_checkout(checkout: Path, new_environment: Callable[[], Environment]) -> Environment:
    """An environment with an editable install."""
    environment = new_environment()
    environment.install("--editable", str(checkout))
    return environment


def read_data(environment: Environment, cwd: Path) -> tuple[Path, list[str]]:
    """Where the installed seqdsl is, and whether its grammar and its templates can be read."""
    home, *found = environment.run("python", "-c", READ, cwd=cwd).stdout.split("\n")[:-1]
    return Path(home), found


def check_commands(environment: Environment, checkout: Path, cwd: Path) -> None:
    """The installed command knows its version and compiles a picture."""
    version = environment.run("seqdsl", "--version", cwd=cwd).stdout
    assert seqdsl.__version__ in version
    summary = environment.run("seqdsl", "check", "-v", str(checkout / PICTURE), cwd=cwd).stdout
    assert "one-to-one" in summary


def test_wheel_data(from_wheel: Environment, tmp_path: Path) -> None:
    home, found = read_data(from_wheel, tmp_path)
    assert home.is_relative_to(from_wheel.folder)
    assert found == ["True"] * 3


def test_wheel_command(from_wheel: Environment, checkout: Path, tmp_path: Path) -> None:
    check_commands(from_wheel, checkout, tmp_path)


def test_editable_data(from_checkout: Environment, checkout: Path, tmp_path: Path) -> None:
    home, found = read_data(from_checkout, tmp_path)
    assert home == checkout / "seqdsl" / "__init__.py"
    assert found == ["True"] * 3


def test_editable_command(from_checkout: Environment, checkout: Path, tmp_path: Path) -> None:
    check_commands(from_checkout, checkout, tmp_path)


def test_editable_sees_new_packages(
    from_checkout: Environment, checkout: Path, tmp_path: Path
) -> None:
    """Whoever adds a module does not have to install again."""
    added = checkout / "seqdsl" / "added_later.py"
    added.write_text("print('seen')\n")
    try:
        done = from_checkout.run("python", "-c", "import seqdsl.added_later", cwd=tmp_path)
    finally:
        added.unlink()
    assert done.stdout == "seen\n"
