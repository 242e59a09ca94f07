"""line that is being typed → what completion asks of it: the begun word, and the picture that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.editing.data import Completion

if TYPE_CHECKING:
    from seqdsl.editing.snapshot import Part
    from seqdsl.syntax.ast import Document, Picture


class Typed(NamedTuple):
    """A line as far as the cursor.

    Attributes:
        part: the text that it is in.
        before: the line up to the cursor.
        word: the part of a word that ends there.
        line: its number.
    """

    part: Part
    before: str
    word: str
    line: int

    @property
    def document(self) -> Document:
        """What could be read of the text."""
        return self.part.analysis.document

    @property
    def picture(self) -> Picture | None:
        """The picture that the line belongs to, or is nearest below."""
        pictures = self.document.pictures
        above = [item for item in pictures if item.span.line <= self.line]
        return above[-1] if above else next(iter(pictures), None)

    def item(
        self, label: str, kind: str, detail: str, text: str = "", insert: str = ""
    ) -> Completion:
        """A word that may be written in place of the one that is begun."""
        end = len(self.before) + 1
        place = self.part.between((self.line, end - len(self.word)), (self.line, end))
        return Completion(label, kind, detail, text, insert or label, place)
