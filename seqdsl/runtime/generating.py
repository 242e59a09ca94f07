"""how a model is asked to run free: the arguments of ``generate`` that all frameworks have, under one name each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.runtime.named_weights import Array


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model is asked to generate.

    Attributes:
        start: what is fed first, by input; nothing where a step before gives it.
        steps: how many steps are made.
        temperature: at which ids are drawn; 0 takes the most probable ones.
        stop: the id behind which a sample is filled with it; of several inputs that are fed, ids by their names.
        seed: what draws begin with.
        images: which of the arguments that are not fed hold images.
        fed_images: which inputs that are fed hold images, by name.
    """

    start: Mapping[str, Array]
    steps: int
    temperature: float = 0.0
    stop: int | Mapping[str, int] | None = None
    seed: int | None = None
    images: Sequence[bool] = ()
    fed_images: frozenset[str] = frozenset()

    def arguments(
        self, tensor: Callable[[Array], Any], image: Callable[[Array], Any] | None = None
    ) -> dict[str, Any]:
        """The keyword arguments, but what draws, which each framework has its own way for.

        Args:
            tensor: makes what the framework takes of an array.
            image: the same of one that holds images, where these are laid out otherwise.
        """
        made: dict[str, Any] = {"steps": self.steps}
        makers = dict.fromkeys(self.fed_images, image or tensor)
        tensors = {name: makers.get(name, tensor)(array) for name, array in self.start.items()}
        if tensors:
            made["start"] = tensors if len(tensors) > 1 else next(iter(tensors.values()))
        # A model that generates values takes neither of these.
        if self.temperature:
            made["temperature"] = self.temperature
        if self.stop is not None:
            made["stop"] = self.stop
        return made


def arrays_of(found: Any, array: Callable[[Any], Array]) -> Any:
    """What was generated as arrays: a dictionary of them where several inputs are fed."""
    if isinstance(found, dict):
        return {name: array(item) for name, item in found.items()}
    return array(found)
