"""live model → picture that was checked, in this process: the model is at hand, and is copied before it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.porting.importing import Imported, checked
from seqdsl.porting.opening import opened, read_opened
from seqdsl.porting.origin import input_of
from seqdsl.porting.reading_json import from_json, to_json
from seqdsl.porting.worker import Read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seqdsl.runtime.named_weights import LayerWeights
    from seqdsl.verify.jobs import Job


def import_live(model: Any, examples: Any = None, save: Path | None = None) -> Imported:
    """Read a live model, and check its picture against a copy of it.

    Args:
        model: a Keras model, or a PyTorch module; it stays as it is.
        examples: inputs that a module can be called with, or their shapes as of ``--input``.
        save: a folder for the model's weights and results, for a port.

    Raises:
        CannotRead: it is no such model, or what a module takes is unknown.
        Refused: no picture means the model.
    """
    texts = [examples] if isinstance(examples, str) else examples
    # Tensors have a truth value each, or none at all.
    is_text = isinstance(texts, list | tuple) and all(isinstance(text, str) for text in texts)
    shapes = tuple(map(input_of, texts)) if is_text else ()
    live = opened(model if examples is None or shapes else (model, examples), "seqdsl.read")
    # There and back: what readers may say is checked in one place, whoever asks them.
    reading = from_json(to_json(read_opened(live, shapes)))
    read = Read(reading, live.target, live.framework.version())

    def check(job: Job, layers: Sequence[LayerWeights]) -> list[dict[str, Any]]:
        from seqdsl.porting.checking import Original

        # A live model is at hand, and never has to be built once more.
        original = Original(
            live.model, live.framework, job, layers, reading.axes, example=live.nested
        )
        return list(original.check(save))

    from seqdsl.verify.expected_results import compute_expected

    return checked(read, type(model).__name__, compute_expected, check)
