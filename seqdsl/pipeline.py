"""path or text → compiled models and diagnostics: the map of the whole way, one line for each arrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seqdsl.diagnostics import Diagnostic, SeqError
from seqdsl.source import Source

if TYPE_CHECKING:
    import networkx as nx

    from seqdsl.model.spec import Input, ModelSpec, Output


@dataclass(frozen=True)
class Model:
    """A compiled picture."""

    spec: ModelSpec
    file: str

    @property
    def name(self) -> str:
        """The model's name."""
        return self.spec.name

    @property
    def topology(self) -> str:
        """One of the topologies of the language, such as ``"many-to-one"``."""
        return self.spec.topology

    @property
    def qualifiers(self) -> tuple[str, ...]:
        """What else there is to say, such as ``"bidirectional"``."""
        return self.spec.qualifiers

    @property
    def n(self) -> tuple[int | str | None, ...]:
        """The number of output steps of each output; a name or ``None`` where it is free."""
        raise NotImplementedError

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The arguments of the generated model, in order."""
        return self.spec.inputs

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The results of the generated model, in order."""
        return self.spec.outputs

    @property
    def parameters(self) -> dict[str, int]:
        """The number of weights for each framework."""
        return self.spec.counts

    @property
    def graph(self) -> nx.DiGraph:
        """The step graph: a node for every drawn unit, an edge for every wire."""
        raise NotImplementedError

    def source(self, target: str) -> str:
        """The Python source of the model for ``"keras"`` or ``"torch"``."""
        raise NotImplementedError

    def build(self, target: str) -> Any:
        """A live model of the framework ``"keras"`` or ``"torch"``."""
        raise NotImplementedError


@dataclass(frozen=True)
class Analysis:
    """What a text came to: the models that compiled, and all findings in the order of the text."""

    source: Source
    models: tuple[Model, ...]
    diagnostics: tuple[Diagnostic, ...]


def analyze(text: str | bytes, name: str = "model.seq") -> Analysis:
    """Compile every model of ``text``; problems are in the result, nothing is raised for them."""
    raise NotImplementedError


def compile_all(text: str | bytes, name: str = "model.seq") -> tuple[Model, ...]:
    """Compile every model of ``text``.

    Raises:
        SeqError: the text has errors.
    """
    analysis = analyze(text, name)
    if any(item.is_error for item in analysis.diagnostics):
        raise SeqError(analysis.diagnostics, analysis.source)
    return analysis.models


def compile(text: str | bytes, name: str = "model.seq") -> Model:
    """Compile ``text``, which holds one model.

    Raises:
        SeqError: the text has errors.
        ValueError: the text holds several models.
    """
    models = compile_all(text, name)
    if len(models) != 1:
        raise ValueError(f"{name} holds {len(models)} models; use seqdsl.compile_all")
    return models[0]
