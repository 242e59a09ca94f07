"""ranges and data of `seqdsl.editing` ↔ those of the protocol: from 0, in the units that the client counts in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pygls.workspace import PositionCodec

    from seqdsl.editing.data import Change, Completion, Finding, Range, Symbol, Token

_SEVERITIES = {"error": types.DiagnosticSeverity.Error, "warning": types.DiagnosticSeverity.Warning}

_COMPLETIONS = {
    "layer": types.CompletionItemKind.Function,
    "argument": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.EnumMember,
    "letter": types.CompletionItemKind.Class,
    "parameter": types.CompletionItemKind.Variable,
    "length": types.CompletionItemKind.Variable,
    "function": types.CompletionItemKind.Function,
    "keyword": types.CompletionItemKind.Keyword,
    "code": types.CompletionItemKind.Constant,
    "cell": types.CompletionItemKind.Class,
    "model": types.CompletionItemKind.Module,
}
_SYMBOLS = {
    "model": types.SymbolKind.Module,
    "cell": types.SymbolKind.Class,
    "row": types.SymbolKind.Field,
    "parameter": types.SymbolKind.Variable,
}

# Themes have colors for these words only; layers that look alike in drawings have one word.
COLORS = {
    "input": "enumMember",
    "embedding": "enum",
    "recurrent": "class",
    "dense": "function",
    "conv": "struct",
    "attention": "interface",
    "combine": "typeParameter",
    "output": "property",
    "stepwise": "decorator",
    "delayed": "variable",
    "node": "variable",
    "wire": "operator",
    "state": "keyword",
    "ellipsis": "operator",
    "layer": "function",
    "argument": "property",
    "parameter": "parameter",
    "value": "enumMember",
    "number": "number",
    "letter": "class",
    "variable": "variable",
    "function": "function",
    "model": "namespace",
    "cell": "class",
    "keyword": "keyword",
    "comment": "comment",
}
TOKEN_TYPES = tuple(dict.fromkeys(COLORS.values()))
"""The words for colors, in the order in which messages number them."""


class Converter:
    """Converts for the lines of one text."""

    def __init__(self, lines: Sequence[str], codec: PositionCodec) -> None:
        """Take the lines, and what characters are counted in."""
        self.lines = lines
        self.codec = codec

    def position(self, line: int, column: int) -> types.Position:
        """A line and column as a position."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return types.Position(line - 1, self.codec.client_num_units(text[: column - 1]))

    def place(self, position: types.Position) -> tuple[int, int]:
        """A position as a line and column."""
        line = position.line + 1
        text = self.lines[position.line] if position.line < len(self.lines) else ""
        units = 0
        for at, char in enumerate(text):
            if units >= position.character:
                return line, at + 1
            units += self.codec.client_num_units(char)
        return line, len(text) + 1

    def range(self, place: Range) -> types.Range:
        """A range."""
        start = self.position(place.line, place.column)
        return types.Range(start, self.position(place.end_line, place.end_column))

    def diagnostic(self, item: Finding, uri: str) -> types.Diagnostic:
        """A finding."""
        message = f"{item.message}\n{item.hint}" if item.hint else item.message
        related = [
            types.DiagnosticRelatedInformation(
                types.Location(uri, self.range(other.range)), other.message
            )
            for other in item.related
        ]
        return types.Diagnostic(
            self.range(item.range),
            message,
            severity=_SEVERITIES[item.severity],
            code=item.code,
            code_description=types.CodeDescription(item.url),
            source="seqdsl",
            related_information=related or None,
        )

    def edits(self, changes: Iterable[Change]) -> list[types.TextEdit]:
        """Changes."""
        return [types.TextEdit(self.range(item.range), item.text) for item in changes]

    def completion(self, item: Completion, order: int) -> types.CompletionItem:
        """A word that may be written; clients sort by letters where no order is given."""
        documentation = types.MarkupContent(types.MarkupKind.Markdown, item.text)
        return types.CompletionItem(
            item.label,
            kind=_COMPLETIONS[item.kind],
            detail=item.detail,
            documentation=documentation if item.text else None,
            sort_text=f"{order:04}",
            filter_text=item.label,
            text_edit=types.TextEdit(self.range(item.range), item.insert),
        )

    def symbol(self, item: Symbol) -> types.DocumentSymbol:
        """A part of an outline."""
        return types.DocumentSymbol(
            item.name,
            _SYMBOLS[item.kind],
            self.range(item.range),
            self.range(item.selection),
            detail=item.detail,
            children=[self.symbol(child) for child in item.children],
        )

    def tokens(self, found: Iterable[Token]) -> list[int]:
        """Colors as numbers: of each token its distance from the one before, its length and its color."""
        numbers: list[int] = []
        line = start = 0
        for item in found:
            begin = self.position(item.line, item.column)
            end = self.position(item.line, item.column + item.length)
            first = begin.character - start if begin.line == line else begin.character
            color = TOKEN_TYPES.index(COLORS[item.kind])
            numbers += [begin.line - line, first, end.character - begin.character, color, 0]
            line, start = begin.line, begin.character
        return numbers
