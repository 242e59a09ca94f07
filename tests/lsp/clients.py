"""A client of the language server, as an editor is one: a server in a process of its own, messages over its pipes.

If the variable SEQDSL_LSP has a command, that is the server: so `make vscode` tests the one that the extension carries.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

ROOT = Path(__file__).parents[2]
SECONDS = 60.0
"""What an answer may take at most, on a machine that does other things as well."""

_T = TypeVar("_T")


def command() -> list[str]:
    """What starts the server: this Python, or what the environment says."""
    given = shlex.split(os.environ.get("SEQDSL_LSP", ""))
    return given or [sys.executable, "-m", "seqdsl", "lsp", "--stdio"]


class Client(LanguageClient):
    """A client that keeps what the server says unasked."""

    def __init__(self) -> None:
        super().__init__("a client of the tests", "1")
        self.published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.capabilities: types.ServerCapabilities | None = None

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.published.put_nowait(params)

    async def begin(self, encoding: str = "utf-16") -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        await self.start_io(*command(), env=environment, cwd=str(ROOT))
        general = types.GeneralClientCapabilities(position_encodings=[encoding])
        capabilities = types.ClientCapabilities(general=general)
        found = await self.initialize_async(types.InitializeParams(capabilities))
        self.capabilities = found.capabilities
        self.initialized(types.InitializedParams())

    async def end(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.shutdown_async(None), SECONDS)
            self.exit(None)
        await self.stop()

    def open(self, uri: str, text: str, language: str = "seq") -> None:
        item = types.TextDocumentItem(uri, language, 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, uri: str, version: int, text: str, place: types.Range | None = None) -> None:
        what = (
            types.TextDocumentContentChangeWholeDocument(text)
            if place is None
            else types.TextDocumentContentChangePartial(place, text)
        )
        document = types.VersionedTextDocumentIdentifier(version=version, uri=uri)
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, [what]))

    async def diagnostics(self) -> types.PublishDiagnosticsParams:
        return await asyncio.wait_for(self.published.get(), SECONDS)


def with_client(scenario: Callable[[Client], Awaitable[_T]], encoding: str = "utf-16") -> _T:
    """Run a scenario with a client whose server has been started."""

    async def run() -> _T:
        client = Client()
        await client.begin(encoding)
        try:
            return await asyncio.wait_for(scenario(client), 4 * SECONDS)
        finally:
            await client.end()

    return asyncio.run(run())


def document(uri: str) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(uri)


def at(line: int, character: int) -> types.Position:
    return types.Position(line, character)


def span(line: int, character: int, end: int) -> types.Range:
    return types.Range(at(line, character), at(line, end))


def written(text: str, edits: list[Any]) -> str:
    """A text with the edits of a message; characters are counted as in Python."""
    lines = text.split("\n")
    for edit in sorted(
        edits, key=lambda item: (item.range.start.line, item.range.start.character), reverse=True
    ):
        start, end = edit.range.start, edit.range.end
        head = "\n".join([*lines[: start.line], lines[start.line][: start.character]])
        tail = "\n".join([lines[end.line][end.character :], *lines[end.line + 1 :]])
        lines = (head + edit.new_text + tail).split("\n")
    return "\n".join(lines)
