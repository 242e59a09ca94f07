"""what a check looks at: the job, the model that was built for it, and its framework."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seqdsl.runtime.settings import unlike
from seqdsl.runtime.weight_binding import NoSuchWeights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from types import ModuleType

    from seqdsl.runtime.adapter import Framework
    from seqdsl.runtime.named_weights import LayerWeights
    from seqdsl.runtime.settings import Settings
    from seqdsl.runtime.weight_binding import Array
    from seqdsl.verify.alternate_build import BuiltAlternate
    from seqdsl.verify.expected import Expected
    from seqdsl.verify.jobs import Case, Job

    Gradients = tuple[float, dict[str, Array]]
    """A loss, and its gradient by each named array of weights."""


@dataclass(slots=True)
class Context:
    """What a check looks at: the job, the model that was built for it, and its framework.

    Attributes:
        job: the job.
        model: the model, with the weights of the expected results if it takes them.
        framework: its framework's adapter.
        folder: where to leave a saved model for another process.
        fault: why the model does not take the weights; empty if it does.
        misshapen: whether its shapes are wrong, so that there is no use in looking at values.
        summary_values: what a check computed that must be the same in all frameworks.
        doubt: why it may be open which layer is which; empty if it is clear.
        note: what a check that passed could not tell.
        gradients: the loss and its gradients, once they have been computed.
        layers: the layers that have weights, each with its place in the model.
        alternate: what the builder built for other parameters, if that was tried.
        module: the generated code; nothing where the model is hand-written.
        ways: in which ways the layers of a hand-written model can be matched with those of the picture.
    """

    job: Job
    model: Any
    framework: Framework
    folder: str = ""
    fault: str = ""
    misshapen: bool = False
    summary_values: tuple[float, ...] = ()
    doubt: str = ""
    note: str = ""
    gradients: Gradients | None = None
    layers: Sequence[LayerWeights] = ()
    alternate: BuiltAlternate | None = None
    module: ModuleType | None = None
    ways: Sequence[Sequence[LayerWeights]] = ()
    _outputs: dict[Case, list[Array]] = field(default_factory=dict)

    def forget(self) -> None:
        """Call the model anew for each case: its weights are others."""
        self._outputs.clear()

    def settings(self, layer: LayerWeights) -> Settings:
        """What the model has in a layer's place."""
        return self.framework.settings(self.model, layer)

    def unlike(self) -> str:
        """What no layer of the model has as the picture's has it, as a further line; nothing if there is no such."""
        if self.job.expected is None or not self.job.factory:
            return ""
        places = self.framework.places(self.model)
        return unlike(self.job.expected.layers, places, self.settings)

    def expected(self) -> Expected:
        """What the model must compute.

        Raises:
            NoSuchWeights: the model does not take its weights.
        """
        if self.fault:
            raise NoSuchWeights(f"not verified, because the weights cannot be set: {self.fault}")
        assert self.job.expected is not None, "a check that needs expected results was given none"
        return self.job.expected

    def arrays(self, case: Case) -> list[Array]:
        """The arguments in a case."""
        from seqdsl.verify.inputs import arrays_for

        return arrays_for(self.job.inputs, case)

    def outputs(self, case: Case) -> list[Array]:
        """What the model gives in a case; it is called once for all checks."""
        if case not in self._outputs:
            self._outputs[case] = self.call(self.arrays(case))
        return self._outputs[case]

    def call(self, arrays: Sequence[Array], *, training: bool = False) -> list[Array]:
        """What the model gives for ``arrays``, as in inference or as in training."""
        with self.drawn():
            return self.framework.call(self.model, arrays, training=training)

    def drawn(self, *, ids: bool = True) -> AbstractContextManager[None]:
        """Within the block all models that sample are given the same numbers; for ``ids`` of a free run, if so."""
        return self.framework.sampled(ids=ids) if self.job.samples else nullcontext()
