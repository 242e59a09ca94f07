"""kinds of messages → page: ``docs/from-an-error.md``; print it with ``python -m seqdsl.diagnosis.page``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.diagnosis.diagnose import diagnose
from seqdsl.diagnosis.kind import KERAS, TORCH
from seqdsl.diagnosis.kinds import KINDS

if TYPE_CHECKING:
    from seqdsl.diagnosis.kind import Kind

_HEAD = """# From a shape error

Keras and PyTorch say which numbers differ, but not which wire of the model is wrong. Save the message to a file,
with its traceback or without:

```console
seqdsl explain --error error.txt
```

`-` reads standard input. In [the playground](playground.md), *From an error* takes the message. The answer explains in
two sentences what it means for the topology and what to change in the code, and shows the picture of the code that
fails and the picture to draw. `--data` and `--target` draw both pictures in the shapes of your data, samples first,
and check whether the right one fits:

```console
seqdsl explain --error error.txt --data 1000,20,4 --target 1000,5
```

If it does not, the first picture of [the catalog](topologies.md) that fits is shown as well. `--format json`
prints [one object](json.md#explain) for programs. For an unknown message, the nearest known one is explained, and
the answer says so (exit code 1).

The known messages are below, {keras} of Keras and {torch} of PyTorch. The page is generated from the records in
`seqdsl/diagnosis/kinds`; a test makes the installed frameworks print each of them, so that a change of their
wording is noticed. Messages are recognized in older wordings, too.
"""


def page() -> str:
    """The whole page, as Markdown."""
    counts = {name: sum(kind.framework == name for kind in KINDS) for name in (KERAS, TORCH)}
    parts = [_HEAD.format(keras=counts[KERAS], torch=counts[TORCH])]
    for framework in (KERAS, TORCH):
        kinds = [kind for kind in KINDS if kind.framework == framework]
        parts += [f"## {framework}\n", *map(_section, kinds)]
    return "\n".join(parts)


def _section(kind: Kind) -> str:
    item = diagnose(kind.message).explanations[0]
    parts = [
        f"### {kind.title[0].upper()}{kind.title[1:]}",
        f"```text\n{kind.message}\n```",
        item.meaning,
        f"Change: {item.fix}",
    ]
    if item.wrong:
        parts.append(f"Wrong:\n\n```seq\n{item.wrong.rstrip()}\n```")
    parts.append(f"Right:\n\n```seq\n{item.right.rstrip()}\n```")
    lines = "\n".join(f"- {name}: `{line}`" for name, line in item.lines.items())
    return "\n\n".join([*parts, lines]) + "\n"


if __name__ == "__main__":
    print(page(), end="")
