"""Files of models: what may be hostile is refused before anything of it runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import keras
import pytest
from keras import layers

from seqdsl.importers.keras.read import read_keras, read_keras_file
from tests.importers.keras_models import Positions

GOLDEN = Path(__file__).parents[1] / "golden" / "keras"


def _saved(path: Path, *parts: layers.Layer) -> Path:
    keras.Sequential([keras.Input((6, 3), name="x"), *parts], name="saved").save(path)
    return path


def _changed(path: Path, change: Any) -> Path:
    """A file whose configuration is another one."""
    with ZipFile(path) as archive:
        told = json.loads(archive.read("config.json"))
    change(told["config"]["layers"][1])
    with ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(told))
    return path


def test_code_runs_only_where_it_is_allowed(tmp_path: Path) -> None:
    last = layers.Lambda(lambda x: x[:, -2:], name="last", output_shape=(2, 3))
    path = _saved(tmp_path / "m.keras", last, layers.LSTM(2, name="run"))
    refused = read_keras_file(path)
    assert [(item.name, item.kind) for item in refused.unread] == [("last", "Lambda")]
    assert "--allow-code" in refused.unread[0].way
    allowed = read_keras_file(path, allow_code=True)
    assert allowed.wirings is not None
    assert [block.steps for block in allowed.wirings.at[0].blocks] == [6, 2, None]


def test_classes_of_somebodys_own_are_named(tmp_path: Path) -> None:
    ids = keras.Input((5,), dtype="int32")
    path = tmp_path / "m.keras"
    keras.Model(ids, layers.GRU(2, name="run")(Positions(5, 9, 4, name="places")(ids))).save(path)
    found = read_keras_file(path)
    assert [(item.name, item.kind) for item in found.unread] == [("places", "Positions")]


def _generated(name: str) -> keras.Model:
    """The model of a generated module, whose classes are forgotten again."""
    source = (GOLDEN / f"{name}.py").read_text()
    with keras.saving.CustomObjectScope({}):
        before = set(keras.saving.get_custom_objects())
        space: dict[str, Any] = {"__name__": "generated"}
        exec(compile(source, f"{name}.py", "exec"), space)
        for added in {*keras.saving.get_custom_objects()} - before:
            del keras.saving.get_custom_objects()[added]
    made: keras.Model = space["build_model"]()
    return made


def test_the_wrapper_of_generated_code_is_known(tmp_path: Path) -> None:
    path = tmp_path / "m.keras"
    model = _generated("video-next-frame")
    model.save(path)
    found, live = read_keras_file(path), read_keras(model)
    assert found.wirings is not None and live.wirings is not None
    assert found.wirings.at == live.wirings.at
    # The convolution within the wrapper counts.
    assert found.operations == live.operations == len(live.wirings.at[0].blocks) - 1


@pytest.mark.parametrize(
    "names", [("EachStep", "Custom>EachStep"), ("__typespec__", "seqdsl>EachStep")]
)
def test_a_wrapper_of_another_package_is_not_known(tmp_path: Path, names: tuple[str, str]) -> None:
    each = layers.TimeDistributed(layers.Dense(2, name="inner"), name="each")
    kind, registered = names
    path = _changed(
        _saved(tmp_path / "m.keras", each),
        lambda item: item.update(class_name=kind, registered_name=registered, module=None),
    )
    (fault,) = read_keras_file(path).unread
    assert (fault.name, fault.kind) == ("each", kind)


def test_a_layer_within_a_wrapper_counts() -> None:
    each = layers.TimeDistributed(layers.Dense(2))
    model = keras.Sequential([keras.Input((6, 3)), each, layers.LSTM(4)])
    assert read_keras(model).operations == 2


@pytest.mark.parametrize(
    "change",
    [
        # A function of Python's, a loader of files, a function of Keras's that is no layer.
        lambda item: item.update(module="os", class_name="system"),
        lambda item: item.update(class_name="TFSMLayer"),
        lambda item: item.update(module="keras.utils", class_name="get_file"),
        lambda item: item["config"].update(activation={"module": "os", "class_name": "system"}),
    ],
)
def test_a_class_that_is_no_layer_is_not_made(change: Any, tmp_path: Path) -> None:
    path = _changed(_saved(tmp_path / "m.keras", layers.Dense(2, name="y")), change)
    found = read_keras_file(path)
    assert found.wirings is None
    assert len(found.unread) == 1
    assert found.unread[0].kind != "file"


def _bomb(path: Path) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * 2**22)


def _deep(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr("config.json", "[" * 100_000)


BROKEN: dict[str, tuple[Any, str]] = {
    "bomb": (_bomb, "too large"),
    "deep": (_deep, "damaged"),
    "text": (lambda path: path.write_text("x"), "damaged"),
    "none": (lambda path: None, "cannot be read"),
    "hdf5": (lambda path: path.write_bytes(b"\x89HDF\r\n\x1a\n"), "Keras 2"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_file_of_keras_is_refused(name: str, tmp_path: Path) -> None:
    write, reason = BROKEN[name]
    path = tmp_path / "m.keras"
    write(path)
    (problem,) = read_keras_file(path).unread
    assert reason in problem.reason
