"""live model + job → the model as it runs free: what its ``generate`` makes of the arguments of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.runtime.generating import Asked
from seqdsl.verify.expected_generation import begun

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.runtime.named_weights import Array
    from seqdsl.verify.checks.context import Context
    from seqdsl.verify.expected import ExpectedGeneration, FedArgument
    from seqdsl.verify.jobs import Port


class Ungenerated(Exception):
    """What is generated is no array of the shape, or the type, that it must have."""


class FreeModel:
    """A model that runs free.

    Attributes:
        context: the model as it is trained.
        expected: what it must generate.
    """

    def __init__(self, context: Context, expected: ExpectedGeneration) -> None:
        """A model, and what it must generate."""
        self.context, self.expected = context, expected

    def generator(self) -> Callable[..., Any]:
        """The ``generate`` of the module, or of its model, which is another object with other weights in numpy.

        Raises:
            Ungenerated: there is none.
        """
        found = self._found()
        if found is None:
            raise Ungenerated("the picture has `feedback=`, but the module has no `generate`")
        return found

    def can_generate(self) -> bool:
        """Whether there is a ``generate``."""
        return self._found() is not None

    def _found(self) -> Callable[..., Any] | None:
        module, model = self.context.module, self.context.model
        return None if module is None else self.context.framework.generator(module, model)

    @property
    def fed(self) -> tuple[FedArgument, ...]:
        """The arguments that are fed."""
        return self.expected.fed

    def arguments(self, number: int) -> list[Array]:
        """The arguments in a case, those that are fed with a whole sequence."""
        return begun(self.context.job.inputs, self.context.job.cases[number], self.fed)

    def stop(self, number: int, id: int) -> int | dict[str, int]:
        """An id of an input that is fed as ``generate`` takes it to stop: by its name, if several are."""
        if len(self.fed) == 1:
            return id
        return {self.context.job.inputs[self.fed[number].place].name: id}

    def run(self, arrays: Sequence[Array], first: int, steps: int, **options: Any) -> list[Array]:
        """What is generated for each argument that is fed, of its first steps: an array each.

        Args:
            arrays: the arguments, as the model as trained takes them.
            first: how many steps of those that are fed are given.
            steps: how many are generated.
            options: what else `Asked` has.

        Raises:
            Ungenerated: what is generated is nothing of the kind.
        """
        names = {item.place: self.context.job.inputs[item.place].name for item in self.fed}
        start = {
            names[item.place]: _ids(arrays[item.place][:, :first], item)
            for item in self.fed
            if first
        }
        # What is not fed is given by position, in the order of the picture.
        # A run has no call before: it is given no states.
        ports = self.context.job.inputs
        others = [
            place for place, port in enumerate(ports) if place not in names and not port.is_state
        ]
        images = [ports[place].holds_images for place in others]
        fed = frozenset(name for place, name in names.items() if ports[place].holds_images)
        asked = Asked(start, steps, images=images, fed_images=fed, **options)
        given = [arrays[place] for place in others]
        # Rows that sample draw what they draw in the interpreter; how probable ids are at a temperature shows only
        # where these are random.
        with self.context.drawn(ids=not asked.temperature):
            found = self.context.framework.generate(
                self.generator(), self.context.model, given, asked
            )
        made = found if isinstance(found, dict) else {names[self.fed[0].place]: found}
        return [
            _checked(made.get(names[item.place]), item, arrays[item.place], steps)
            for item in self.fed
        ]


def _ids(start: Array, item: FedArgument) -> Array:
    """The first steps as ``generate`` takes them: ids, also of what is fed with their codes."""
    return start.argmax(-1) if item.is_coded else start


def _checked(made: Array | None, item: FedArgument, like: Array, steps: int) -> Array:
    """What is generated, which has the shape and the type of what is fed."""
    shape = (len(like), steps) if item.is_id else (len(like), steps, *like.shape[2:])
    if made is None or made.shape != shape:
        found = "nothing" if made is None else f"an array of the shape {made.shape}"
        raise Ungenerated(f"`generate` gives {found}, expected {shape}")
    if item.is_id and made.dtype.kind not in "iu":
        raise Ungenerated(f"`generate` gives {made.dtype}, expected ids, which are integers")
    return made


def continued(
    arrays: Sequence[Array], made: Sequence[Array], first: int, model: FreeModel
) -> list[Array]:
    """The arguments with what was generated behind what was given."""
    found = list(arrays)
    for item, values in zip(model.fed, made, strict=True):
        start = arrays[item.place][:, :first]
        # Codes are of a type of their own; ids of int32 may have come back as int64.
        behind = np.eye(start.shape[-1])[values] if item.is_coded else values
        longer = np.concatenate([start, behind.astype(start.dtype)], 1)
        found[item.place] = ended(longer, model.context.job.inputs[item.place])
    return found


def ended(array: Array, port: Port) -> Array:
    """A sequence that is padding behind its first padded step, if it may have padding at its end only."""
    # 3 0 4 2   becomes 3 0 0 0: the id 0 was chosen, and marks padding
    is_over = is_behind_padding(array, port)
    spread = is_over.reshape(*is_over.shape, *[1] * (array.ndim - 2))
    return np.where(spread, port.marks, array).astype(array.dtype)


def is_behind_padding(array: Array, port: Port) -> Array:
    """Which steps are behind a padded one, (batch, steps), where those are padding too: ``padding=end``."""
    # What is generated there means nothing, and the model as trained refuses valid steps there.
    if not port.at_end:
        return np.zeros(array.shape[:2], bool)
    is_padded = (array.reshape(*array.shape[:2], -1) == port.marks).all(-1)
    found: Array = is_padded.cumsum(1) > is_padded
    return found
