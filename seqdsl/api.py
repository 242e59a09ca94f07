"""text → models that write source, draw and build: the facade, which `seqdsl` exports.

Nothing in seqdsl but the adapters for Python (`seqdsl` itself, the notebook) imports it: each package takes from below
what it needs.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from seqdsl import pipeline
from seqdsl.lowering.compiled import CompiledModel
from seqdsl.records import record
from seqdsl.targets import TRAINED, source, write
from seqdsl.text.diagnostics import SeqError

if TYPE_CHECKING:
    from seqdsl.draw.themes import ThemeName


@record(frozen=True)
class Model(CompiledModel):
    """A compiled picture, and what can be made of it."""

    def source(self, target: str, *, logits: bool = False) -> str:
        """The Python source of the model for ``"keras"``, ``"torch"``, ``"numpy"`` or another target.

        Args:
            target: the target.
            logits: whether to leave out the softmax, log_softmax or sigmoid in which an output ends, for losses that
                apply it themselves; weights and shapes stay.

        Raises:
            ValueError: there is no such target, or no such activation, or it cannot be left out.
        """
        if logits:
            # Most never ask for it: `import seqdsl` is to stay fast.
            from seqdsl.passes.logits import with_logits

            return source(with_logits(self).spec, target)
        return source(self.spec, target)

    def build(self, target: str, *, logits: bool = False) -> Any:
        """A live model: a ``keras.Model`` or a ``torch.nn.Module``; ``logits`` as `source` has it.

        Raises:
            ValueError: as of `source`.
            ImportError: the framework is not installed.
        """
        # The pure core has neither threads nor processes: what needs them is imported where it is used.
        from seqdsl.verify.build import build

        return build(self.source(target, logits=logits), self.name)

    def draw(
        self,
        form: str = "svg",
        theme: ThemeName = "auto",
        *,
        title: str | None = None,
        scale: float | None = None,
        transparent: bool = False,
    ) -> str | bytes:
        """A drawing of the model, in one of the forms of `seqdsl.draw.FORMS`; PNG and PDF are bytes, all others text.

        Args:
            form: ``"svg"``, ``"png"``, ``"pdf"``, ``"dot"`` (Graphviz), ``"mmd"`` (Mermaid) or ``"txt"``, the picture.
            theme: the colors of SVG, PNG and PDF: ``"light"``, ``"dark"``, or ``"auto"``, which is as the reader's
                system has it in SVG, and light elsewhere.
            title: what stands above instead of the model's name; ``""`` for neither title nor topology.
            scale: of SVG and PDF, how many times their usual size; of PNG, how many pixels stand for one of SVG (2).
            transparent: whether the ground of SVG, PNG or PDF is left out.

        Raises:
            ValueError: there is no such form, an option is not for it, or the scale is no number above 0.
            ImportError: what PNG or PDF needs is not installed.
            seqdsl.draw.errors.CannotRender: no font has the letters of a text, or PNG would be too large.
        """
        from seqdsl.draw import draw
        from seqdsl.draw.options import Options

        return draw(self, form, Options(theme, title, scale, transparent))

    def summary(self) -> str:
        """A table of the inputs, layers and outputs, with shapes (without the batch) and parameter counts."""
        from seqdsl.explain.summary import plain

        return plain(self)

    def explain(self, width: int = 100) -> str:
        """What was inferred and why, in sentences; lines have at most ``width`` columns, where words allow it."""
        from seqdsl.explain.model import explain

        modules = {target: write(self.spec, target) for target in TRAINED}
        return explain(self.spec, modules, width)

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


@record(frozen=True)
class Analysis(pipeline.Analysis):
    """What a text came to: the models that compiled, and all findings in the order of the text."""

    models: tuple[Model, ...]


def analyze(text: str | bytes, name: str = "model.seq", default: str = "") -> Analysis:
    """Compile every model of ``text``; problems are in the result, nothing is raised for them.

    Args:
        text: a ``.seq`` text, or its bytes in UTF-8.
        name: what messages call it; its stem names a model that has no name of its own.
        default: another name for such a model.

    Raises:
        TypeError: ``text`` is something else, such as a path.
    """
    if not isinstance(text, str | bytes):
        raise TypeError(_not_a_text(text))
    found = pipeline.analyze(text, name, default)
    models = tuple(Model(item.spec, item.drawing, item.file, item.lines) for item in found.models)
    return Analysis(found.source, found.document, models, found.diagnostics)


def _not_a_text(value: object) -> str:
    """What is said of a wrong argument, with what to write for a path."""
    if isinstance(value, PurePath):
        path = repr(str(value))
        return f"a text is expected, not a path: Path({path}).read_bytes(), and {path} as the name"
    return f"a text is expected, str or bytes, not {type(value).__name__}"


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
