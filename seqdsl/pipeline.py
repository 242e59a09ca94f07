"""path or text → compiled models and diagnostics: the map of the whole way, one line for each arrow."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from seqdsl.codes import CODES
from seqdsl.diagnostics import Diagnostic, SeqError
from seqdsl.model.budget import Budget
from seqdsl.model.compile import compile_picture
from seqdsl.records import record
from seqdsl.syntax.document import parse
from seqdsl.syntax.ignores import SIGN, find_ignores, is_ignored
from seqdsl.syntax.names import model_name
from seqdsl.syntax.reader import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx

    from seqdsl.draw.themes import ThemeName
    from seqdsl.ir.graph import Graph, Input, Output, Shape
    from seqdsl.model.drawing import Drawing
    from seqdsl.model.spec import ModelSpec
    from seqdsl.source import Source
    from seqdsl.syntax.ast import Picture

TARGETS = ("keras", "torch")
_CERTAIN = frozenset(
    code
    for code in CODES
    if code.startswith("SEQ2") or code in ("SEQ301", "SEQ302", "SEQ303", "SEQ304")
)


def analyze(
    text: str | bytes,
    name: str = "model.seq",
    default: str = "",
    *,
    budget: Budget | None = None,
    telling: bool = True,
) -> Analysis:
    """Compile every model of ``text``; problems are in the result, nothing is raised for them.

    Args:
        text: a ``.seq`` text, or its bytes in UTF-8.
        name: what messages call it; its stem names a model that has no name of its own.
        default: another name for such a model.
        budget: what is left of the limits, for a text that is a part of another; all of them if left out.
        telling: whether the findings are for people; if not, no single mistake is looked for behind them.
    """
    budget = budget or Budget()
    source, diagnostics = read(text, name)
    if diagnostics:
        return Analysis(source, (), tuple(diagnostics))
    document, diagnostics = parse(source, model_name(default or PurePath(name).stem))
    models = []
    ignored, more = _ignores(source, document.pictures)
    diagnostics += more
    for picture, codes in zip(document.pictures, ignored, strict=True):
        compiled, found = (
            compile_picture(picture, budget, telling=telling) if picture.whole else (None, [])
        )
        found = [item for item in found if not codes or not is_ignored(item, codes)]
        # Where lines are missing, what they would have said is not held against the rest.
        diagnostics += (
            found if document.sound else [item for item in found if item.code in _CERTAIN]
        )
        if compiled is not None and document.sound:
            lines = (picture.rows[0].line, picture.rows[-1].line)
            models.append(Model(*compiled, file=name, lines=lines))
    ordered = sorted(dict.fromkeys(diagnostics), key=lambda item: (item.span, item.code))
    return Analysis(source, tuple(models), tuple(ordered))


def _ignores(
    source: Source, pictures: Sequence[Picture]
) -> tuple[Sequence[dict[int, tuple[str, ...]]], list[Diagnostic]]:
    """The codes that comments ignore, for each picture; hardly any text has such a comment."""
    return find_ignores(source, pictures) if SIGN in source.text else ([{}] * len(pictures), [])


@record(frozen=True)
class Analysis:
    """What a text came to: the models that compiled, and all findings in the order of the text."""

    source: Source
    models: tuple[Model, ...]
    diagnostics: tuple[Diagnostic, ...]


@record(frozen=True)
class Model:
    """A compiled picture; it stands in ``file``, on the ``lines`` from the first to the last."""

    spec: ModelSpec
    drawing: Drawing
    file: str
    lines: tuple[int, int] = (1, 1)

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
        return tuple(self.length(item.n) for item in self.outputs)

    def length(self, size: Any) -> int | str | None:
        """A size as a number; as text where a named length is free, ``None`` where an unnamed one is."""
        free = size.names & set(self.spec.free)
        if not free:
            return int(size.value(self.spec.defaults))
        return (
            None
            if any(name.startswith("_") for name in free)
            else str(size.subs(self.spec.defaults))
        )

    def shape_text(self, shape: Shape) -> str:
        """A shape for people, without the batch: free lengths by name, ``any`` if they have none."""
        parts = ["any" if (length := self.length(size)) is None else str(length) for size in shape]
        return f"({', '.join(parts)}{',' * (len(parts) == 1)})"

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
    def ir(self) -> Graph:
        """What the model means, as data and, by ``str``, as text; without where it is drawn."""
        return self.spec.ir

    @cached_property
    def graph(self) -> nx.DiGraph:
        """The step graph: a node for every drawn unit, an edge for every wire; see `seqdsl.graph.steps`."""
        return self.drawing.graph()

    def source(self, target: str) -> str:
        """The Python source of the model for ``"keras"`` or ``"torch"``.

        Raises:
            ValueError: there is no such target.
        """
        if target not in TARGETS:
            raise ValueError(f"no target {target!r}: choose one of {', '.join(TARGETS)}")
        return str(import_module(f"seqdsl.backends.{target}").source(self.spec))

    def build(self, target: str) -> Any:
        """A live model: a ``keras.Model`` or a ``torch.nn.Module``.

        Raises:
            ValueError: there is no such target.
            ImportError: the framework is not installed.
        """
        from seqdsl.verify.build import build

        return build(self.source(target), self.name)

    def draw(self, form: str = "svg", theme: ThemeName = "auto") -> str | bytes:
        """A drawing of the model, in one of the forms of `seqdsl.draw.FORMS`; PNG is bytes, all others text.

        Raises:
            ValueError: there is no such form.
            ImportError: what PNG needs is not installed.
        """
        from seqdsl.draw import draw

        return draw(self, form, theme)

    def __repr__(self) -> str:
        """A line about the model; all that it holds would fill pages."""
        return f"<seqdsl.Model {self.name}: {self.topology}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """What a notebook shows: the drawing, or where it cannot, the picture."""
        from seqdsl.draw.labels import headline

        text = f"{self.name}: {headline(self)}\n\n{self.spec.picture}"
        return {"image/svg+xml": self._repr_svg_(), "text/plain": text}

    def _repr_svg_(self) -> str:
        """The drawing, for front ends that ask for this form alone."""
        return str(self.draw("svg"))


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
