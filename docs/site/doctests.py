"""docstrings → docstrings whose examples are code: an extension of griffe, which reads them for mkdocstrings.

An example is a paragraph that begins with ``>>>``, as `doctest` runs it. Markdown would take it for a quotation.
"""

from __future__ import annotations

import textwrap

from griffe import Extension, Object


class Doctests(Extension):  # type: ignore[misc]  # it is installed where the site is built
    """Puts each example between fences."""

    def on_instance(self, *, obj: Object, **_: object) -> None:
        """Change the docstring of what was read."""
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(text: str) -> str:
    r"""A docstring with its examples as code.

    >>> print(fenced("Double.\n\n>>> 2 * 2\n4"))
    Double.
    <BLANKLINE>
    ```pycon
    >>> 2 * 2
    4
    ```
    """
    # A raw docstring is dedented behind its first line only.
    first, _, rest = text.partition("\n")
    paragraphs = f"{first}\n{textwrap.dedent(rest)}".split("\n\n")
    return "\n\n".join(
        f"```pycon\n{paragraph.strip()}\n```" if paragraph.lstrip().startswith(">>>") else paragraph
        for paragraph in paragraphs
    )
