"""What the sdist and the wheel carry: every file of every package, and nothing else."""

from __future__ import annotations

import tarfile
import zipfile
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

import pytest

import seqdsl

# One process builds for all of these tests.
pytestmark = pytest.mark.xdist_group("packaging")

ROOT = Path(__file__).parents[2]
SHIPPED = {".py", ".typed", ".lark", ".j2"}


def source_files(checkout: Path) -> set[str]:
    """The files of the checkout that users need."""
    return {
        path.relative_to(checkout).as_posix()
        for home in ("seqdsl", "grammar", "templates")
        for path in (checkout / home).rglob("*")
        if path.suffix in SHIPPED
    }


def installed_name(name: str) -> str:
    """Where a file of the checkout is when installed."""
    return name if name.startswith("seqdsl/") else f"seqdsl/{name}"


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> Path:
    """The wheel that was built from the sdist."""
    (found,) = distributions.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def members(wheel: Path) -> set[str]:
    """The files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    """What the wheel says of itself."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        return HeaderParser().parsestr(archive.read(name).decode())


def test_wheel_from_sdist_carries_every_package_file(checkout: Path, members: set[str]) -> None:
    """A package that pyproject.toml does not list is found here."""
    packaged = {name for name in members if ".dist-info/" not in name}
    assert packaged == {installed_name(name) for name in source_files(checkout)}


# The comparison above would hold, too, if a folder had been emptied.
@pytest.mark.parametrize(
    "pattern",
    [
        "seqdsl/grammar/*.lark",
        "seqdsl/templates/keras/*.j2",
        "seqdsl/templates/torch/*.j2",
        "seqdsl/py.typed",
        "*/licenses/LICENSE",
    ],
)
def test_wheel_carries_data(members: set[str], pattern: str) -> None:
    assert any(Path(name).match(pattern) for name in members)


def test_sdist_carries_license_and_sources(checkout: Path, distributions: Path) -> None:
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert source_files(checkout) | {"LICENSE", "README.md", "pyproject.toml"} <= names


def test_metadata(metadata: Message) -> None:
    assert metadata["Version"] == seqdsl.__version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert set(metadata.get_all("Provides-Extra", [])) == {
        "keras",
        "torch",
        "jax",
        "draw",
        "lsp",
        "trained",
        "dev",
        "docs",
    }


def test_urls(metadata: Message) -> None:
    urls = dict(line.split(", ") for line in metadata.get_all("Project-URL", []))
    assert set(urls) == {"Homepage", "Documentation", "Repository", "Issues", "Changelog"}
    base = urls["Repository"]
    assert all(url.startswith(base) for url in urls.values())
    files = [url.partition("/main/")[2] for url in urls.values() if "/main/" in url]
    assert files and all((ROOT / name).exists() for name in files)
    # The page about CI installs from the same place.
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    assert (
        f"repo: {base}\n" in page and f"uses: {base.removeprefix('https://github.com/')}@" in page
    )


def test_classifiers(metadata: Message) -> None:
    """What may be asked for is checked by the index; here, that they agree with the rest."""
    classifiers = metadata.get_all("Classifier", [])
    pythons = [
        int(item.rpartition("3.")[2])
        for item in classifiers
        if item.startswith("Programming Language :: Python :: 3.")
    ]
    assert metadata["Requires-Python"] == f">=3.{pythons[0]}"
    assert pythons == list(range(pythons[0], pythons[-1] + 1))
    # PEP 639: beside a license expression, an index refuses a classifier for the license.
    assert not any(item.startswith("License ::") for item in classifiers)


def test_the_readme_is_the_description(metadata: Message) -> None:
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert str(metadata.get_payload()).strip() == (ROOT / "README.md").read_text("utf-8").strip()


def test_frameworks_are_optional(metadata: Message) -> None:
    plain = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    names = {line.partition(">=")[0] for line in plain}
    # The standard library reads TOML from Python 3.11 on.
    assert names == {"click", "jinja2", "lark", "markdown-it-py", "networkx", "rich", "tomli"}
