"""origin → live model, its framework and how it is read: what a worker does first, and what knows the importers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqdsl import targets
from seqdsl.porting.origin import CannotRead, OriginKind
from seqdsl.verify.against import FRAMEWORKS
from seqdsl.verify.build import find_factory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.importers.reading import Reading
    from seqdsl.porting.origin import GivenInput, Origin
    from seqdsl.runtime.adapter import Framework

INPUTS_NEEDED = (
    "a PyTorch module does not say what it takes: give the shape of each input with --input, such as --input 20,4, or "
    "let the function return (module, example_inputs)"
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A live model.

    Attributes:
        model: the model.
        target: the name of its framework.
        framework: the adapter of its framework.
        examples: inputs that it can be called with, where its author gives some; ``None``: none are known.
    """

    model: Any
    target: str
    framework: Framework
    examples: Sequence[Any] | None = None

    @property
    def nested(self) -> Sequence[Any]:
        """The examples, if some of them are nested, as ``(x, (h, c))``; else nothing."""
        is_nested = any(isinstance(item, list | tuple | dict) for item in self.examples or ())
        return self.examples or () if is_nested else ()


class OriginModel:
    """The model of an origin, in the process that may run its code."""

    def __init__(self, origin: Origin) -> None:
        """Nothing is loaded yet."""
        self._origin = origin
        self._opened: Opened | None = None

    def load(self) -> None:
        """Build the model, if a function does; a file is loaded once it was read.

        Raises:
            CannotRead: the function builds no model of a framework that is read.
        """
        if self._origin.kind is OriginKind.FUNCTION:
            self.open()

    def read(self) -> Reading:
        """What can be read of it; of a file without running any of its code, unless that is allowed.

        Raises:
            CannotRead: it is no model of a framework that is read, or the shapes of its inputs are unknown.
        """
        if self._origin.kind is OriginKind.KERAS_FILE:
            return read_file(Path(self._origin.text), allow_code=self._origin.allow_code)
        return read_opened(self.open(), self._origin.inputs)

    def open(self) -> Opened:
        """The live model; of a file that was read before, as what cannot be read is not loaded."""
        if self._opened is None:
            self._opened = self._load()
        return self._opened

    def again(self, precision: str) -> Any:
        """The model, built or loaded once more."""
        # Keras numbers layers: without this, `lstm` would be `lstm_1` the second time.
        self.open().framework.reset(precision)
        return self._load().model

    def _load(self) -> Opened:
        if self._origin.kind is OriginKind.KERAS_FILE:
            archive = import_module("seqdsl.importers.keras.archive")
            model = archive.model_of_file(self._origin.text, allow_code=self._origin.allow_code)
            stored = import_module("seqdsl.importers.keras.stored_weights")
            try:
                stored.load_weights(model, self._origin.text)
            except stored.Refused as problem:
                raise CannotRead(problem.reason) from problem
            return Opened(model, "keras", targets.runtime("keras"))
        return opened(find_factory(self._origin.text)())


def opened(built: Any, name: str = "") -> Opened:
    """What a function has built: a model, or ``(model, example_inputs)``.

    Args:
        built: that.
        name: who asks for it, for messages; empty: whoever does says so.

    Raises:
        CannotRead: it is not a model.
    """
    model, examples, said = built, None, f"{name}: " if name else ""
    # A module may be a tuple's subclass; a tuple of two whose first is a model is what is asked for.
    if isinstance(built, tuple) and len(built) == 2 and _framework_of(built[0]):
        model, examples = built[0], _several(built[1])
    target = _framework_of(model)
    if not target:
        raise CannotRead(
            f"{said}{type(model).__name__} is neither a Keras model nor a PyTorch module"
        )
    framework = targets.runtime(target)
    if not framework.is_model(model):
        raise CannotRead(f"{said}{type(model).__name__} is not a model")
    return Opened(model, target, framework, examples)


def _several(examples: Any) -> Sequence[Any]:
    return examples if isinstance(examples, tuple | list) else (examples,)


def _framework_of(value: object) -> str:
    """The framework that a value's class comes from; empty if it is of none."""
    # On the backend `torch`, a layer of Keras is a module of PyTorch as well: Keras comes first.
    packages = {kind.__module__.partition(".")[0] for kind in type(value).__mro__}
    found = [framework for package, framework in FRAMEWORKS.items() if package in packages]
    return found[0] if found else ""


def read_file(path: Path, *, allow_code: bool) -> Reading:
    """What can be read of a ``.keras`` file."""
    reader = import_module("seqdsl.importers.keras.read")
    reading: Reading = reader.read_keras_file(path, allow_code=allow_code)
    return reading


def read_opened(model: Opened, inputs: Sequence[GivenInput] = ()) -> Reading:
    """What can be read of a live model.

    Raises:
        CannotRead: the shapes of its inputs are needed, and not given.
    """
    reader = import_module(f"seqdsl.importers.{model.target}.read")
    # A Keras model tells its shapes.
    if model.target == "keras":
        reading: Reading = reader.read_keras(model.model)
        return reading
    examples, free = model.examples, {}
    if inputs:
        made = import_module("seqdsl.importers.torch.examples")
        examples, free = made.examples(model.model, inputs)
    if examples is None:
        raise CannotRead(INPUTS_NEEDED)
    try:
        reading = reader.read_torch(model.model, examples, free)
    except ValueError as problem:
        said = str(problem).rstrip(".")
        raise CannotRead(f"{said}. {_advice(said)}" if inputs else said) from problem
    return reading


# What `forward` raises for a shape that --input has wrong, in PyTorch's words, and what to give instead.
_ADVICE = (
    (
        r"missing \d+ required positional",
        "Give the shape of each argument with an --input of its own, as in --input x=20,4 --input h0=1,B,8",
    ),
    (
        r"\bhx\b|hidden|batched",
        "A state of a recurrent layer has its layers before the samples: --input h0=1,B,8 for one layer of 8 units; a "
        "pair (h0, c0) has no --input",
    ),
    (
        r"[Ll]engths?\b.*(1D|CPU)|should be a 1D",
        "Lengths, one number for each sample, are --input lengths=B:int64",
    ),
    (r"scalar types|indices|embedding", "Token ids have a type: --input '*:int64'"),
)
_OTHERWISE = (
    "Check the features in --input, whose shapes have no samples: 20,4 is 20 steps of 4 features"
)


def _advice(problem: str) -> str:
    """What to do about inputs with which a module cannot be called."""
    found = next((way for pattern, way in _ADVICE if re.search(pattern, problem)), _OTHERWISE)
    return f"{found}. Or let the function return (module, example_inputs)"
