"""arguments of layers that act in training alone, and are not in the language → differences, which reports name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seqdsl.importers.keras.network import Record
    from seqdsl.importers.keras.state import State

_WHAT = {
    "_regularizer": "adds to the loss in training, and the picture's model has none",
    "_constraint": "keeps its weights within bounds in training, and the picture's model has none",
}

_WITHIN = ("layer", "backward_layer")
"""Where wrappers have the configuration of the layer within."""


def note_training(walk: State, record: Record) -> None:
    """Note what a layer has for training alone."""
    for name, kind, what in _settings(record.config):
        shown = f"`{name}={kind}`" if kind else f"`{name}`"
        walk.differs(record.path, f"{shown} {what}")


def _settings(config: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, value in config.items():
        for ending, what in _WHAT.items():
            if name.endswith(ending) and value is not None:
                yield name, _kind(value), what
    for name in _WITHIN:
        inner = config.get(name)
        if isinstance(inner, dict) and isinstance(inner.get("config"), dict):
            yield from _settings(inner["config"])


def _kind(value: Any) -> str:
    """The class of a regularizer: ``L2`` of ``{"class_name": "L2", "config": {"l2": 0.01}}``."""
    return str(value.get("class_name", "")) if isinstance(value, dict) else ""
