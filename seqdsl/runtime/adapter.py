"""what an adapter of a framework defines: the few things that `verify` asks, under the same names in each."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import ModuleType

    from numpy.typing import NDArray

    from seqdsl.runtime.controlled import Draws
    from seqdsl.runtime.generating import Asked
    from seqdsl.runtime.named_weights import LayerWeights
    from seqdsl.runtime.settings import Settings
    from seqdsl.runtime.stateful import Stateful

    Array = NDArray[Any]

SINGLE, DOUBLE = "float32", "float64"
"""Precisions. Checks are in double where a model allows it."""

MANY_WEIGHTS = 10_000_000
"""Weights of a model that may be faster with more than one thread."""


class Framework(Protocol):
    """What an adapter module defines."""

    def version(self) -> str:
        """The framework's name and version."""

    def warm(self) -> None:
        """Load what the framework leaves for later, as far as that starts no thread: the process is to be forked."""

    def builder(self, module: ModuleType) -> Callable[..., Any]:
        """What makes a model of a generated module; its keywords are the picture's parameters."""

    def begin(self, model: Any, layers: Sequence[LayerWeights]) -> None:
        """Give a model its first weights, where a framework does not do so itself."""

    def undrawn(self) -> AbstractContextManager[None]:
        """Within the block models may be built without the random numbers that large weights begin with.

        That is for models which are given all of their weights: drawing them may take three arrays of their size.
        """

    def is_model(self, value: object) -> bool:
        """Whether ``value`` is a model of the framework."""

    def declared(self, model: Any) -> tuple[list[Declared], list[Declared]] | None:
        """The input and output shapes that the model declares, if it does; the batch left out."""

    def count_parameters(self, model: Any) -> int:
        """The number of weights, shared ones counted once."""

    def cast(self, model: Any, precision: str) -> Any:
        """The model with weights of a precision."""

    def copy(self, model: Any, precision: str) -> Any:
        """A copy of a live model of the user, with its weights in a precision; the model stays as it is.

        What it raises says that it cannot be copied.
        """

    def aside(self) -> AbstractContextManager[None]:
        """Within the block models compute in double precision where they can.

        Settings and random numbers of the process are afterwards as they were.
        """

    def threads_for(self, weights: int) -> AbstractContextManager[None]:
        """Within the block a model of so many weights is run, in one thread if that is faster."""

    def flatten(self, model: Any, example: Sequence[Any]) -> None:
        """Let a copy of the user's model take and give arrays alone, none of them nested.

        Args:
            model: the copy.
            example: arguments that it can be called with, nested as it takes them; empty: it takes arrays.
        """

    def arrange(self, model: Any, axes: Sequence[str], results: Sequence[Declared]) -> None:
        """Let a copy of the user's model take and give its axes in the order of pictures.

        Args:
            model: the copy.
            axes: the order of axes of each argument: ``"sbf"`` has the steps before the samples; ``"sbf_1_3"`` holds
                the arguments 1 and 3 of a picture as its steps, and the last results hold theirs so.
            results: the shape of each result, the batch left out.
        """

    def merged(self, model: Any, layers: Sequence[LayerWeights]) -> list[str]:
        """The arrays that `read` adds up of several weights of the model, none of which is zero."""

    def spared(self, layers: Sequence[LayerWeights]) -> int:
        """How many weights the framework's own layers have more than what keeps the arrays of these apart."""

    def frozen(self, model: Any, layers: Sequence[LayerWeights]) -> list[str]:
        """The arrays whose weights the author of a model keeps from being trained, but for moving statistics."""

    def untrained(self, model: Any, layers: Sequence[LayerWeights]) -> Mapping[str, int]:
        """The arrays of which one row is not trained, and which row: that of the id that stands for padding."""

    def train_padding(self, model: Any) -> None:
        """Let a copy of somebody's own model train the rows that `untrained` names, as pictures do."""

    def lay_out(self, model: Any, inputs: Sequence[bool], outputs: Sequence[bool]) -> None:
        """Note which arguments and results of a model hold images.

        Whoever calls the adapter has their channels last; a framework that has them first turns them.
        """

    def call(self, model: Any, arrays: Sequence[Array], *, training: bool = False) -> list[Array]:
        """The model's results for ``arrays``, as in inference or as in training.

        In training, batch normalization uses its moving statistics: those of a batch are random where
        there is dropout.
        """

    def call_once(self, model: Any, arrays: Sequence[Array]) -> list[Array]:
        """The same as `call`, of a model that is not called with such shapes again: nothing is made ready for that."""

    def results_at_any_length(
        self, model: Any, arrays: Sequence[Array], shapes: Sequence[Declared]
    ) -> list[Array] | None:
        """A model's results in a graph for any lengths, where they may be others than `call` gives.

        Args:
            model: the model.
            arrays: its arguments.
            shapes: their shapes without the batch; ``None`` for a free length.
        """

    def generator(self, module: ModuleType, model: Any) -> Callable[..., Any] | None:
        """The ``generate`` of a generated module, or of its model; nothing if there is none."""

    def generate(
        self, generator: Callable[..., Any], model: Any, arrays: Sequence[Array], asked: Asked
    ) -> Any:
        """What ``generator`` makes of the arguments that are not fed, as one array or a dictionary of them."""

    def stateful(self, module: ModuleType | None, model: Any, batch: int) -> Stateful | None:
        """The model of a generated module whose layers keep their state, with the weights of ``model``; or nothing."""

    def call_controlled(self, model: Any, arrays: Sequence[Array], draws: Draws) -> list[Array]:
        """The same as `call` in training, with the uniform numbers of ``draws`` instead of random ones."""

    def sampled(self, *, ids: bool = True) -> AbstractContextManager[None]:
        """Within the block what a model samples is drawn by `seqdsl.runtime.noise`, in training and otherwise.

        Without ``ids``, those that a ``generate`` draws at a temperature stay random; what rows draw does not.
        """

    def gradients(
        self,
        model: Any,
        layers: Sequence[LayerWeights],
        arrays: Sequence[Array],
        goals: Sequence[Array],
        *,
        training: bool = False,
    ) -> tuple[float, dict[str, Array]]:
        """The loss (`seqdsl.runtime.loss`) and its gradient by each named array of weights."""

    def write(
        self, model: Any, layers: Sequence[LayerWeights], arrays: Mapping[str, Array]
    ) -> None:
        """Give the model the named weights; `NoSuchWeights` if it has no place for them."""

    def read(
        self, model: Any, layers: Sequence[LayerWeights], *, copied: bool = True
    ) -> dict[str, Array]:
        """The model's weights by name; if they are not to be ``copied``, they may be the model's own memory.

        That is for whoever is done with them before the model is given others, and changes nothing.
        """

    def places(self, model: Any) -> list[str]:
        """Where the model may keep the weights of a layer."""

    def fits(self, model: Any, layer: LayerWeights) -> bool:
        """Whether the model has room for a layer in its place."""

    def settings(self, model: Any, layer: LayerWeights) -> Settings:
        """What changes the numbers of a layer in its place, as far as it can be read; nothing if it is another."""

    def save(self, model: Any, folder: Path, arrays: Sequence[Array], *, must_export: bool) -> None:
        """Save the model in each way that its users do.

        Args:
            model: the model.
            folder: where to.
            arrays: arguments that it can be called with.
            must_export: whether every way must work; some cannot take what depends on the data.
        """

    def restore(
        self, build: Callable[[], Any], folder: Path, arrays: Sequence[Array]
    ) -> tuple[list[Any], str]:
        """The models that were saved to a folder, by a process that never saw them, and what could not be saved.

        Args:
            build: builds the model anew, for formats that hold weights alone.
            folder: where they were saved.
            arrays: arguments that a model can be called with.
        """

    def load_file(self, build: Callable[[], Any], file: Path) -> Any:
        """A model with the weights in a file of one of the framework's formats."""

    def holds_models(self, file: Path) -> bool:
        """Whether a file's format holds a whole model, not its weights alone."""

    def file_precision(self, file: Path) -> str:
        """The precision of the weights in a file: double if any of them is."""

    def save_file(self, model: Any, file: Path) -> None:
        """Write a model's weights in the format that the file's suffix tells."""

    def reset(self, precision: str = DOUBLE, *, generated: bool = False) -> None:
        """Forget earlier models, seed the weights of the next and set what they are made of by default.

        Args:
            precision: of the weights.
            generated: whether the next model is a generated one: what the framework keeps does not change its results.
        """


def channels_last(model: Any, inputs: Sequence[bool], outputs: Sequence[bool]) -> None:
    """`Framework.lay_out` of a framework that has the channels of images last, as callers have: nothing to do."""


def no_such_graph(model: Any, arrays: Sequence[Array], shapes: Sequence[Declared]) -> None:
    """What `Framework.results_at_any_length` gives in a framework that has one way to call a model."""


def drawn_in_place() -> AbstractContextManager[None]:
    """`Framework.undrawn` of a framework that draws weights where it keeps them: nothing to do."""
    return nullcontext()


def any_threads(weights: int) -> AbstractContextManager[None]:
    """`Framework.threads_for` of a framework that gives small tensors to one thread by itself: nothing to do."""
    return nullcontext()


def never_nested(model: Any, example: Sequence[Any]) -> None:
    """`Framework.flatten` of a framework whose models are called with arrays alone: nothing to do."""


def samples_first(model: Any, axes: Sequence[str], results: Sequence[Declared]) -> None:
    """`Framework.arrange` of a framework that has the samples first everywhere: nothing to do."""


Declared = tuple["int | None", ...]
