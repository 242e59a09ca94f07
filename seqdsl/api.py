"""text → models that write source, draw and build: the facade, which `seqdsl` exports.

Nothing in seqdsl but the adapters for Python (`seqdsl` itself, the notebook) imports it: each package takes from below
what it needs.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from seqdsl import pipeline
from seqdsl.lowering.compiled import CompiledModel, uncalled
from seqdsl.records import record
from seqdsl.targets import source, write_trained
from seqdsl.text.diagnostics import SeqError

if TYPE_CHECKING:
    from seqdsl.draw.density import Fit
    from seqdsl.draw.themes import ThemeName


@record(frozen=True)
class Model(CompiledModel):
    r"""A compiled picture: what was inferred of it, and what can be made of it.

    `seqdsl.compile` and `seqdsl.compile_all` make models. A model is data and never changes; in a notebook it shows
    itself as its drawing.

    >>> import seqdsl
    >>> seqdsl.compile("Y Y Y   dense(2)\n| | |\nH-H-H   lstm(16)\n| | |\nX X X   input(8)")
    <seqdsl.Model model: many-to-many aligned>

    Attributes:
        file: the name of the text that it was compiled from.
        lines: its first and its last line there, from 1.
    """

    def source(self, target: str, *, logits: bool = False) -> str:
        r"""The Python source of the model, as `seqdsl generate` writes it.

        Nothing of a framework is imported for it.

        Args:
            target: ``"keras"``, ``"torch"``, ``"numpy"``, or a target that another package registers.
            logits: whether to omit the softmax, log_softmax or sigmoid in which an output ends, for losses that
                apply it themselves; weights and shapes stay.

        Raises:
            ValueError: there is no such target, or no such activation, or it cannot be omitted.

        >>> import seqdsl
        >>> model = seqdsl.compile("Y   dense(2)\n|\nX   input(8)")
        >>> "layers.Dense(2" in model.source("keras")
        True
        """
        if logits:
            # Most never ask for it: `import seqdsl` is to stay fast.
            from seqdsl.passes.logits import with_logits

            return source(with_logits(self).spec, target)
        return source(self.spec, target)

    def build(self, target: str, *, logits: bool = False) -> Any:
        r"""A live model, with the weights that its framework begins with.

        Args:
            target: as for `source`; its framework is imported.
            logits: as for `source`.

        Returns:
            A ``keras.Model``, a ``torch.nn.Module``, or what another target makes. It takes one array
            or tensor for each of `inputs`, of shape ``(batch, steps, features)`` for a sequence and
            ``(batch, features)`` for a vector, and gives one for each of `outputs`, in order.

        Raises:
            ValueError: as of `source`; or the target is ``"numpy"``, whose models have no weights to begin with.
            ImportError: the framework is not installed.

        >>> import seqdsl
        >>> model = seqdsl.compile("Y   dense(2)\n|\nX   input(8)")
        >>> model.build("keras").output_shape  # doctest: +SKIP
        (None, 2)
        """
        # The pure core has neither threads nor processes: what needs them is imported where it is used.
        from seqdsl.verify.build import build

        return build(self.source(target, logits=logits), self.name)

    def draw(  # noqa: PLR0913 - all but two are options, given by name
        self,
        form: str = "svg",
        theme: ThemeName = "auto",
        *,
        title: str | None = None,
        scale: float | None = None,
        transparent: bool = False,
        fit: Fit = "column",
        expand: bool = False,
    ) -> str | bytes:
        r"""A drawing of the model, as `seqdsl draw` writes it.

        Args:
            form: ``"svg"``, ``"png"``, ``"pdf"``, ``"dot"`` (Graphviz), ``"mmd"`` (Mermaid) or ``"txt"``, the picture.
            theme: the colors of SVG, PNG and PDF: ``"light"``, ``"dark"``, or ``"auto"``, which follows the reader's
                system in SVG, and is light elsewhere.
            title: what is shown instead of the model's name; ``""`` for neither title nor topology.
            scale: of SVG and PDF, how many times their usual size; of PNG, how many pixels make one of SVG (2).
            transparent: whether SVG, PNG or PDF have no background.
            fit: the width at which the labels of SVG, PNG and PDF are at least 6 points: a ``"column"`` of a paper (3.4
                inches) or a ``"page"`` (7 inches). A wider picture is drawn closer together, with its notes below.
            expand: whether the pictures that it calls are drawn as well, in all forms but ``"txt"``: each once, under
                its name, below the model's.

        Returns:
            Bytes for PNG and PDF, text for all others.

        Raises:
            ValueError: there is no such form, an option is not for it, or the scale is not a number above 0.
            ImportError: what PNG or PDF needs, the extra ``draw``, is not installed.
            seqdsl.draw.errors.CannotRender: no font has the letters of a text, or PNG would be too large.

        >>> import seqdsl
        >>> print(seqdsl.compile("O O   dense(2)\n| |\nX X").draw("dot").splitlines()[0])
        digraph "model" {
        """
        from seqdsl.draw import draw
        from seqdsl.draw.options import Options

        return draw(self, form, Options(theme, title, scale, transparent, fit, expand))

    def summary(self) -> str:
        r"""A table of the inputs, layers and outputs, as `seqdsl check -v` prints it.

        Shapes are without the batch; layers have the numbers of their weights.

        >>> import seqdsl
        >>> model = seqdsl.compile("Y   dense(2)\n|\nX   input(8)")
        >>> print(model.summary())
        model.seq: model: one-to-one, N = 1
          input   x           (8,) float32
          layer   dense_y     dense, 18 parameters
          output  y           (2,)
          total   parameters  18 parameters
        """
        from seqdsl.explain.summary import plain

        return plain(self)

    def explain(self, width: int = 100) -> str:
        r"""What was inferred and why, in sentences, as `seqdsl explain` prints it.

        Args:
            width: the number of columns at which lines are wrapped; a longer word keeps its line to itself.

        >>> import seqdsl
        >>> model = seqdsl.compile("Y   dense(2)\n|\nX   input(8)")
        >>> print(model.explain().partition("\n\n")[0])
        model: one-to-one, N = 1
        """
        from seqdsl.explain.model import explain

        return explain(self.spec, write_trained(self.spec), width)

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
    r"""Compile every model of ``text``, each of which begins with a line ``model NAME``.

    Args:
        text: a ``.seq`` text, or its bytes in UTF-8.
        name: what messages call the text; its stem names a model that has no name of its own.

    Returns:
        The models in the order of the text.

    Raises:
        SeqError: the text has errors. Warnings raise nothing; `seqdsl check` shows them.
        TypeError: ``text`` is something else, such as a path.

    >>> import seqdsl
    >>> models = seqdsl.compile_all("model a\nO\n|\nO\n\nmodel b\nO O\n| |\nO O\n")
    >>> [(model.name, model.n) for model in models]
    [('a', (1,)), ('b', (2,))]
    """
    analysis = analyze(text, name)
    if any(item.is_error for item in analysis.diagnostics):
        raise SeqError(analysis.diagnostics, analysis.source)
    return analysis.models


def compile(text: str | bytes, name: str = "model.seq") -> Model:
    r"""Compile ``text``, which holds one model, and perhaps others that it calls.

    Args:
        text: a ``.seq`` text, or its bytes in UTF-8: ``Path("picture.seq").read_bytes()``.
        name: what messages call the text; its stem names the model unless a line ``model NAME`` does.

    Raises:
        SeqError: the text has errors. Warnings raise nothing; `seqdsl check` shows them.
        ValueError: the text holds several models that no other calls, or none.
        TypeError: ``text`` is something else, such as a path.

    >>> import seqdsl
    >>> model = seqdsl.compile("    Y   dense(1)\n    |\nH-H-H   lstm(16)\n| | |\nX X X   input(8)", "score.seq")
    >>> model.name, model.topology, model.parameters
    ('score', 'many-to-one', {'keras': 1617, 'torch': 1681})
    """
    models = compile_all(text, name)
    models = tuple(uncalled(models))
    if len(models) != 1:
        raise ValueError(f"{name} holds {len(models)} models; use seqdsl.compile_all")
    return models[0]
