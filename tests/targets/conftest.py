"""All generated sources, once as texts and once as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.targets.pictures import TARGETS, compiled


@pytest.fixture(scope="session")
def sources() -> dict[tuple[str, str], str]:
    """The source of every picture by target and name."""
    models = compiled()
    return {(t, name): model.source(t) for t in TARGETS for name, model in models.items()}


@pytest.fixture(scope="session")
def folder(sources: dict[tuple[str, str], str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources as emitted, in a folder for each target."""
    # A folder called `torch` would be the linter's idea of where `torch` comes from.
    root = tmp_path_factory.mktemp("generated")
    for (target, name), text in sources.items():
        path = root / f"for_{target}" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return root
