"""language server: each message asks one function of `seqdsl.editing`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from seqdsl import __version__

# pygls reads the types of commands when they are called, to check what they are given.
from seqdsl.draw.themes import ThemeName
from seqdsl.editing.colors import colors
from seqdsl.editing.completions import completions
from seqdsl.editing.findings import diagnostics
from seqdsl.editing.formatting import formatting
from seqdsl.editing.hover import hover
from seqdsl.editing.inlays import inlays
from seqdsl.editing.lenses import lenses
from seqdsl.editing.made import drawing, model_at, source_text
from seqdsl.editing.references import definition, references
from seqdsl.editing.rename import RenameError, renamable, rename
from seqdsl.editing.symbols import symbols
from seqdsl.lsp.convert import TOKEN_TYPES
from seqdsl.lsp.opened import Opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.editing.snapshot import Snapshot
    from seqdsl.lsp.convert import Converter

DELAY = 0.005
"""Seconds in which nothing else is typed before a text is compiled."""

REST = 0.25
"""Seconds in which nothing else is typed before the one mistake behind several findings is looked for."""

_TRIGGERS = ["(", ",", " ", "=", "."]


class Server(LanguageServer):
    """A server for one client."""

    def __init__(self) -> None:
        """Begin without texts."""
        super().__init__("seqdsl", __version__)
        self.opened = Opened()

    def read(self, uri: str, *, diagnose: bool = False) -> tuple[Snapshot, Converter]:
        """What a text is at this moment."""
        return self.opened.snapshot(self.workspace, uri, diagnose=diagnose)

    def publish(self, uri: str, *, diagnose: bool) -> None:
        """Report the findings of a text."""
        found, convert = self.read(uri, diagnose=diagnose)
        version = self.workspace.get_text_document(uri).version
        items = [convert.diagnostic(item, uri) for item in diagnostics(found)]
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, items, version=version)
        )

    async def follow(self, uri: str) -> None:
        """Report the findings of a text that is being typed: at once, and again when typing pauses."""
        await asyncio.sleep(DELAY)
        self.publish(uri, diagnose=False)
        if not self.read(uri)[0].is_diagnosed:
            await asyncio.sleep(REST)
            self.publish(uri, diagnose=True)

    async def begin(self, uri: str) -> None:
        """Report the findings of a text that was opened."""
        self.publish(uri, diagnose=True)


def make_server() -> Server:
    """A server with all that it answers."""
    server = Server()
    for add in (_add_texts, _add_views, _add_names, _add_writing, _add_commands):
        add(server)
    return server


def _add_texts(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.opened.later(uri, lambda: server.begin(uri))

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.opened.later(uri, lambda: server.follow(uri))

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.opened.close(uri)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def _add_views(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        found, convert = server.read(params.text_document.uri)
        item = hover(found, *convert.place(params.position))
        if item is None:
            return None
        text = types.MarkupContent(types.MarkupKind.Markdown, item.text)
        return types.Hover(text, convert.range(item.range))

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    def hinted(params: types.InlayHintParams) -> list[types.InlayHint]:
        found, convert = server.read(params.text_document.uri)
        lines = range(params.range.start.line, params.range.end.line + 1)
        return [
            types.InlayHint(
                convert.position(item.line, item.column),
                item.text,
                tooltip=types.MarkupContent(types.MarkupKind.Markdown, item.tooltip),
                padding_left=True,
            )
            for item in inlays(found)
            if item.line - 1 in lines
        ]

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outlined(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        found, convert = server.read(params.text_document.uri)
        return [convert.symbol(item) for item in symbols(found)]

    legend = types.SemanticTokensLegend(list(TOKEN_TYPES), [])

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, legend)
    def colored(params: types.SemanticTokensParams) -> types.SemanticTokens:
        found, convert = server.read(params.text_document.uri)
        return types.SemanticTokens(convert.tokens(colors(found)))

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def offered(params: types.CodeLensParams) -> list[types.CodeLens]:
        uri = params.text_document.uri
        found, convert = server.read(uri)
        return [
            types.CodeLens(
                convert.range(item.range),
                types.Command(
                    item.title, f"seqdsl.{item.command}", arguments=[uri, item.model, item.target]
                ),
            )
            for item in lenses(found)
        ]


def _add_names(server: Server) -> None:
    def located(
        ask: Callable[[Snapshot, int, int], Any], uri: str, position: types.Position
    ) -> list[types.Location]:
        found, convert = server.read(uri)
        places = ask(found, *convert.place(position))
        return [types.Location(uri, convert.range(place)) for place in places]

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def defined(params: types.DefinitionParams) -> list[types.Location]:
        return located(definition, params.text_document.uri, params.position)

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def used(params: types.ReferenceParams) -> list[types.Location]:
        return located(references, params.text_document.uri, params.position)

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def highlighted(params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
        places = located(references, params.text_document.uri, params.position)
        return [types.DocumentHighlight(item.range) for item in places]

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepared(params: types.PrepareRenameParams) -> types.Range | None:
        found, convert = server.read(params.text_document.uri)
        place = renamable(found, *convert.place(params.position))
        return None if place is None else convert.range(place)

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def renamed(params: types.RenameParams) -> types.WorkspaceEdit:
        uri = params.text_document.uri
        found, convert = server.read(uri)
        try:
            changes = rename(found, *convert.place(params.position), params.new_name)
        except RenameError as error:
            raise JsonRpcInvalidParams(str(error)) from error
        return types.WorkspaceEdit({uri: convert.edits(changes)})


def _add_writing(server: Server) -> None:
    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=_TRIGGERS)
    )
    def completed(params: types.CompletionParams) -> types.CompletionList:
        found, convert = server.read(params.text_document.uri)
        items = completions(found, *convert.place(params.position))
        shown = [convert.completion(item, order) for order, item in enumerate(items)]
        return types.CompletionList(is_incomplete=False, items=shown)

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def formatted(params: types.DocumentFormattingParams) -> list[types.TextEdit]:
        found, convert = server.read(params.text_document.uri)
        return convert.edits(formatting(found))

    options = types.CodeActionOptions([types.CodeActionKind.QuickFix])

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def fixed(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        found, convert = server.read(uri, diagnose=True)
        first, last = params.range.start.line + 1, params.range.end.line + 1
        # A client names the findings below its cursor. Who looks for a fix is often somewhere else in the line.
        given = {
            item.code: convert.diagnostic(item, uri)
            for item in diagnostics(found)
            if first <= item.range.end_line and item.range.line <= last
        }
        given |= {str(item.code): item for item in params.context.diagnostics}
        if not given:
            return []
        return [
            types.CodeAction(
                fix.title,
                types.CodeActionKind.QuickFix,
                [given[code] for code in fix.codes if code in given],
                is_preferred=fix.is_preferred or None,
                edit=types.WorkspaceEdit({uri: convert.edits(fix.changes)}),
            )
            for fix in await server.opened.fixes(uri, found)
            if given.keys() & set(fix.codes)
        ]


def _add_commands(server: Server) -> None:
    @server.command("seqdsl.server.source")
    def source(uri: str, model: str, target: str) -> str:
        return source_text(server.read(uri)[0], model, target)

    @server.command("seqdsl.server.drawing")
    def drawn(uri: str, line: int, character: int, theme: ThemeName) -> str:
        found, convert = server.read(uri)
        cursor = convert.place(types.Position(line, character))
        return drawing(found, model_at(found, cursor[0]), theme, cursor)
