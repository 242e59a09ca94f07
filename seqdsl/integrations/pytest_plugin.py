"""``pytest --seq`` → test items: the options, and nothing heavy for those who do not ask.

pytest imports this module in every session of every project that seqdsl is installed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options ``--seq`` and ``--seq-target``."""
    group = parser.getgroup("seqdsl", "seqdsl pictures")
    group.addoption("--seq", action="store_true", help="collect .seq files: verify their models")
    group.addoption(
        "--seq-target",
        action="append",
        metavar="FRAMEWORK",
        help="framework to verify in: keras or torch (default: both); may be repeated",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Begin to collect pictures, if asked for."""
    if config.getoption("--seq"):
        from seqdsl.integrations.pytest_items import Plugin

        # Also where xdist, which gives it a meaning, is not installed and markers are strict.
        config.addinivalue_line("markers", "xdist_group(name): run these in the same process")
        config.pluginmanager.register(Plugin.of(config), "seqdsl-items")
