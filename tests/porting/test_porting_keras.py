"""A Keras model is read with its mask, and checked in double precision."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import seqdsl
from seqdsl.cli.main import cli

HERE = Path(__file__).parent


def test_a_masked_keras_model_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = tmp_path / "model.seq"
    words = ["import", "models_keras:classifier", "-o", str(picture), "--format", "json"]
    monkeypatch.chdir(HERE)
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert (report["grade"], report["unread"], report["framework"][:5]) == ("exact", [], "keras")
    assert report["own_weights"]["precision"] == "float64"
    assert report["own_weights"]["largest_difference"] < 1e-12
    model = seqdsl.compile(picture.read_bytes(), "model.seq")
    assert model.name == "classifier"
    assert [item.name for item in model.inputs] == ["words"]
