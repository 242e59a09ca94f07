"""a ``.keras`` file → the model in it, without its weights, made of Keras's own classes alone.

The file may be hostile. Its archive is bounded before anything of it is read, and only its configuration is. Keras
makes objects of what stands there: every class is compared with a list first, and what no wire depends on
(initializers, regularizers, losses) is left out. No code of the file runs, unless it is allowed to.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

import keras

from seqdsl.importers.keras.refusals import Refused
from seqdsl.importers.keras.table import knows
from seqdsl.importers.keras.written_classes import is_written, written_classes
from seqdsl.importers.reading import Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_ENTRIES = 10_000
_MOST_BYTES = 64 * 2**20
_MOST_RATIO = 200
"""Of a configuration: so many times smaller it may be in the archive. Real ones are 10 to 40 times."""

_HDF5 = b"\x89HDF\r\n\x1a\n"

_DROPPED = ("_initializer", "_regularizer", "_constraint", "compile_config", "quantization_config")
"""Ends of the names of arguments that no wire depends on."""

_PARTS = frozenset(
    ("__keras_tensor__", "__slice__", "__ellipsis__", "__tuple__", "__tensor__", "DTypePolicy")
)
"""Objects in configurations that are no layers."""


def model_of_file(path: str | Path, *, allow_code: bool = False) -> keras.Model:
    """Make the model of a file.

    Args:
        path: the file.
        allow_code: whether the code of its Lambda layers may run.

    Raises:
        Refused: it is none.
        NotMade: it has layers that are not made.
    """
    told = _configuration(Path(path))
    unread = tuple(_problems(told, allow_code=allow_code))
    if unread:
        raise NotMade(unread)
    try:
        model = keras.saving.deserialize_keras_object(
            _stripped(told), custom_objects=written_classes(), safe_mode=not allow_code
        )
    except Exception as problem:
        first = str(problem).strip().split("\n", 1)[0][:200]
        raise Refused(f"Keras cannot make the model of its configuration: {first}") from problem
    if not isinstance(model, keras.Model):
        raise Refused("it holds no model")
    return model


class NotMade(Exception):
    """A file has layers that are not made.

    Attributes:
        unread: all of them.
    """

    def __init__(self, unread: tuple[Unread, ...]) -> None:
        """Tell all of them."""
        super().__init__(", ".join(item.name for item in unread))
        self.unread = unread


def _configuration(path: Path) -> Any:
    """The configuration of a model, from its archive."""
    try:
        with path.open("rb") as file:
            if file.read(len(_HDF5)) == _HDF5:
                raise Refused(
                    "it is a file of Keras 2, in HDF5",
                    f"save it anew: keras.models.load_model('{path.name}').save('{path.stem}.keras')",
                )
        with ZipFile(path) as archive:
            return json.loads(_bounded(archive))
    except OSError as problem:
        raise Refused(f"it cannot be read: {problem.strerror or problem}") from problem
    except (BadZipFile, KeyError, ValueError, RecursionError) as problem:
        raise Refused("it is not a `.keras` file, or a damaged one") from problem


def _bounded(archive: ZipFile) -> bytes:
    """The configuration, if its size is that of one."""
    if len(archive.infolist()) > _MOST_ENTRIES:
        raise Refused("its archive has too many entries")
    entry = archive.getinfo("config.json")
    if entry.file_size > _MOST_BYTES or entry.file_size > _MOST_RATIO * max(entry.compress_size, 1):
        raise Refused("its configuration is too large")
    with archive.open(entry) as file:
        # What the archive says of the size may be wrong.
        text = file.read(_MOST_BYTES + 1)
    if len(text) > _MOST_BYTES:
        raise Refused("its configuration is too large")
    return text


def _problems(value: Any, *, allow_code: bool) -> Iterator[Unread]:
    """The layers and operations in a configuration that are not made."""
    if isinstance(value, list):
        for item in value:
            yield from _problems(item, allow_code=allow_code)
    if not isinstance(value, dict):
        return
    kind = value.get("class_name")
    if kind is not None and kind not in _PARTS:
        yield from _problem(str(kind), _name(value), value, allow_code=allow_code)
    if kind == "Lambda" and value.get("module") == "keras.layers":
        # What it holds is its code.
        return
    for key, item in value.items():
        if not key.endswith(_DROPPED):
            yield from _problems(item, allow_code=allow_code)


def _name(value: dict[str, Any]) -> str:
    """What a layer is called, or its class."""
    config = value.get("config")
    own = config.get("name") if isinstance(config, dict) else ""
    return str(value.get("name") or own or value["class_name"])


def _problem(kind: str, name: str, value: dict[str, Any], *, allow_code: bool) -> Iterator[Unread]:
    module, registered = str(value.get("module") or ""), value.get("registered_name")
    if kind == "Lambda" and module == "keras.layers":
        if not allow_code:
            way = "allow it by --allow-code if you trust the file, or import the live model"
            yield Unread(name, kind, "it holds code, which is not run", way=way)
    elif is_written(value):
        # What it holds is looked at like anything else.
        return
    elif not module.startswith("keras") or (registered and ">" in str(registered)):
        way = "import the live model by the function that builds it"
        yield Unread(
            name, kind, "its class is not one of Keras's, and its code is not in the file", way=way
        )
    elif not knows(module, kind):
        yield Unread(name, kind, "the language has nothing like it")


def _stripped(value: Any) -> Any:
    """A configuration without what no wire depends on."""
    if isinstance(value, list):
        return [_stripped(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: "zeros" if key.endswith("_initializer") else _stripped(item)
        for key, item in value.items()
        if key.endswith("_initializer") or not key.endswith(_DROPPED)
    }
