"""What all tests share: golden files, compared or refreshed; processes that have imported a framework."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.shared_servers import shared

# As many processes run tests as there are processors: a framework's second thread would only be waited for, in a loop.
for variable in (
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
    *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
):
    os.environ.setdefault(variable, "1")

# Golden sources are read, never imported. What others run as a script would import Keras and PyTorch in every process
# of the tests, which looks for doctests in all that it collects.
collect_ignore_glob = ["golden/*/*.py", "diagnosis/raise_*.py"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--refresh-golden",
        action="store_true",
        help="write golden files anew; each test that does so fails once, so that they are read",
    )
    parser.addoption(
        "--random-pictures",
        type=int,
        default=2_000,
        metavar="N",
        help="how many random pictures are compiled (`make fuzz`: 20,000)",
    )
    parser.addoption(
        "--proven-pictures",
        type=int,
        default=80,
        help="how many random pictures must pass all checks in both frameworks",
    )
    parser.addoption(
        "--drawn-out-pictures",
        type=int,
        default=800,
        metavar="N",
        help="how many random pictures, those with an ellipsis, must mean the same when drawn in full",
    )
    parser.addoption(
        "--laid-out-pictures",
        type=int,
        default=240,
        metavar="N",
        help="how many random pictures must mean the same when laid out anew (`make fuzz`: 10,000)",
    )
    parser.addoption(
        "--wired-pictures",
        type=int,
        default=200,
        metavar="N",
        help="how many random pictures are drawn again from their wires alone (`make fuzz`: 2,000)",
    )
    parser.addoption(
        "--all-round-trips",
        action="store_true",
        help="whether the models of all examples are imported again, and not only some (`make fuzz`)",
    )
    parser.addoption(
        "--ports-in-full",
        action="store_true",
        help="whether ported models are checked with random weights, too, as `seqdsl port` does (`make fuzz`)",
    )
    parser.addoption(
        "--hostile-texts",
        type=int,
        default=400,
        metavar="N",
        help="how many texts that nobody would write go through all commands (`make fuzz`: 100,000)",
    )
    parser.addoption(
        "--first-seed",
        type=int,
        default=0,
        metavar="N",
        help="the number of the first random picture or text: others than those of the last run",
    )


LONGEST = {
    "test_verify_keras_backends.py",
    "test_examples.py",
    "test_catalogue_entries.py",
    "test_ported_keras.py",
    "test_ported_torch.py",
    "test_verify_random.py",
    "test_verify_transfer.py",
    "test_verify_wrong_models.py",
    "test_trained.py",
    "test_layers_added.py",
    "test_targets_sources.py",
    "test_drawn_out_pictures.py",
    "test_formatter_properties.py",
    "test_random_pictures.py",
    "test_growth_work.py",
}
"""Files that take minutes of processor time: a process that begins with one last is waited for by all others."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what takes longest first."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_collection_finish() -> None:
    """Look for no garbage among what stays: the tests, their modules, the frameworks.

    That is more than a million objects: a second for each search, and Keras searches whenever it forgets a model.
    """
    gc.collect()
    gc.freeze()
    # Compiling makes many objects and no cycles: a search after each 700 of them is a twentieth of its time.
    gc.set_threshold(20_000)


@pytest.fixture(scope="session", autouse=True)
def shared_servers() -> Iterator[None]:
    """A framework is imported once for all tests of a process that verify models."""
    with shared():
        yield


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with its golden file, which is missing, stale or right."""

    def compare(path: Path, text: str) -> None:
        known = path.read_text("utf-8") if path.exists() else None
        if known == text:
            return
        if request.config.getoption("--refresh-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            pytest.fail(f"{path.name} was written: read it and run the test again")
        assert known is not None, f"{path.name} is missing: run with --refresh-golden"
        assert text == known

    return compare
