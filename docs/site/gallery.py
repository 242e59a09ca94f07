"""examples → the gallery: a page for each file, and one on which they are found by topology and by layer."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from docs.pages.examples import about
from seqdsl.api import compile_all
from seqdsl.lowering.compiled import uncalled
from seqdsl.targets import NotWrittenError

if TYPE_CHECKING:
    from pathlib import Path

    from seqdsl.api import Model
    from seqdsl.draw.themes import ThemeName

TARGETS = {"keras": "Keras", "torch": "PyTorch", "numpy": "numpy"}
THEMES: tuple[ThemeName, ...] = ("light", "dark")

_HEAD = """---
hide:
  - toc
---
# Gallery

Every picture of [`examples/`]({project}), with its drawing, the source that is generated from it, and what
was inferred. Each is a test as well: its models are verified in every framework.

<div class="seq-find">
<label>Topology <select id="seq-topology"><option value="">any</option>{topologies}</select></label>
<label>Layer <select id="seq-layer"><option value="">any</option>{layers}</select></label>
<label>Words <input id="seq-words" type="search" placeholder="speech, attention, padded"></label>
<output id="seq-count" aria-live="polite">{count} pictures</output>
</div>

<div class="seq-gallery">
{cards}
</div>
"""
_PAGE = """# {name}

{about}

{facts}

{drawings}

## Picture

```seq
{text}
```

## Source

{sources}

## What was inferred

```text
{explanation}
```
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A file of pictures, its models that no other of them calls, and what its comment says."""

    name: str
    text: str
    models: tuple[Model, ...]
    about: str

    @property
    def topologies(self) -> list[str]:
        """The topologies of its models, each once."""
        return list(dict.fromkeys(model.topology for model in self.models))

    @property
    def layers(self) -> list[str]:
        """The kinds of layers of its models, each once."""
        return sorted({layer.kind for model in self.models for layer in model.spec.layers})

    def drawing(self, model: Model, theme: str) -> str:
        """The file of the drawing of one of its models."""
        stem = self.name if len(self.models) == 1 else f"{self.name}-{model.name}"
        return f"{stem}-{theme}.svg"


def examples(folder: Path) -> list[Example]:
    """The files of a folder, by name."""
    found = []
    for path in sorted(folder.glob("*.seq")):
        text = path.read_text("utf-8")
        models = tuple(uncalled(compile_all(text, path.name)))
        found.append(Example(path.stem, text, models, about(text)))
    return found


def write_gallery(found: list[Example], folder: Path, project: str) -> None:
    """Write all pages and drawings of the gallery into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for item in found:
        (folder / f"{item.name}.md").write_text(_page(item), "utf-8")
        for model in item.models:
            for theme in THEMES:
                drawn = model.draw("svg", theme, expand=_calls(model))
                (folder / item.drawing(model, theme)).write_text(str(drawn), "utf-8")
    (folder / "index.md").write_text(_index(found, project), "utf-8")


def _calls(model: Model) -> bool:
    # Of a model that calls others the drawing shows these as well.
    return bool(model.spec.called)


def _page(item: Example) -> str:
    drawings = "\n".join(
        f"![{model.name}: {model.topology}]({item.drawing(model, theme)}#only-{theme})"
        for model in item.models
        for theme in THEMES
    )
    facts = ["[All examples](index.md)", *item.topologies, *(f"`{kind}`" for kind in item.layers)]
    qualifiers = dict.fromkeys(word for model in item.models for word in model.qualifiers)
    return _PAGE.format(
        name=item.name,
        about=item.about,
        facts=" · ".join([*facts, *qualifiers]),
        drawings=drawings,
        text=item.text.rstrip(),
        sources="\n\n".join(_source(item, target) for target in TARGETS),
        explanation="\n\n".join(model.explain().rstrip() for model in item.models),
    )


def _source(item: Example, target: str) -> str:
    """A tab with what is generated for a framework, one module for each model."""
    modules = []
    for model in item.models:
        try:
            modules.append(f"```python\n{model.source(target).rstrip()}\n```")
        except NotWrittenError as error:
            modules.append(f"{error}")
    body = "\n\n".join(modules).replace("\n", "\n    ")
    return f'=== "{TARGETS[target]}"\n\n    {body}'


def _index(found: list[Example], project: str) -> str:
    topologies = sorted({name for item in found for name in item.topologies})
    layers = sorted({kind for item in found for kind in item.layers})
    return _HEAD.format(
        project=project,
        topologies=_choices(topologies),
        layers=_choices(layers),
        count=len(found),
        cards="\n".join(map(_card, found)),
    )


def _choices(values: list[str]) -> str:
    return "".join(f"<option>{escape(value)}</option>" for value in values)


def _card(item: Example) -> str:
    words = escape(f"{item.name} {item.about}".lower(), quote=True)
    drawings = "".join(
        f'<img loading="lazy" alt="" src="{item.drawing(item.models[0], theme)}#only-{theme}">'
        for theme in THEMES
    )
    return (
        f'<a class="seq-card" href="{item.name}/" data-topologies="{escape("|".join(item.topologies))}" '
        f'data-layers="{escape("|".join(item.layers))}" data-words="{words}">{drawings}'
        f"<strong>{item.name}</strong><span>{escape(item.about)}</span></a>"
    )
