"""The language server, asked by a client in another process; what it answers is tested where it is made."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.workspace import Workspace

from seqdsl.cli.main import COMMANDS
from seqdsl.editing.snapshot import Snapshot
from seqdsl.lsp import opened as module
from tests.lsp.clients import ROOT, Client, at, document, span, with_client, written

SEQ = "file:///a/one.seq"
PICTURE = "Y Y   dense(2)\n| |\nH-H   lstm(units)\n| |\nX X   input(3)\n\nunits = 4\n"
WRONG = "Y Y Y   dense(2)\n| |  |\nX X X   input(8)\n"


def test_a_session() -> None:
    """All that is answered about one text."""

    async def scenario(client: Client) -> None:
        client.open(SEQ, PICTURE)
        assert not (await client.diagnostics()).diagnostics
        await views(client)
        await names(client)
        await writing(client)

    with_client(scenario)


async def views(client: Client) -> None:
    hover = await client.text_document_hover_async(types.HoverParams(document(SEQ), at(2, 0)))
    assert hover is not None and isinstance(hover.contents, types.MarkupContent)
    assert "an LSTM of 4 units" in hover.contents.value
    assert hover.range == span(2, 0, 1)
    nothing = await client.text_document_hover_async(types.HoverParams(document(SEQ), at(1, 1)))
    assert nothing is None
    whole = types.Range(at(0, 0), at(9, 0))
    hints = await client.text_document_inlay_hint_async(types.InlayHintParams(document(SEQ), whole))
    assert hints is not None
    assert [(item.position.line, item.label) for item in hints] == [
        (0, "(2, 2)"),
        (2, "(2, 4)"),
        (4, "(2, 3)"),
    ]
    outline = await client.text_document_document_symbol_async(
        types.DocumentSymbolParams(document(SEQ))
    )
    assert outline is not None and isinstance(outline[0], types.DocumentSymbol)
    assert [item.name for item in outline[0].children or ()] == ["dense_y", "lstm_h", "x", "units"]
    tokens = await client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(document(SEQ))
    )
    assert tokens is not None and len(tokens.data) % 5 == 0
    options = client.capabilities.semantic_tokens_provider if client.capabilities else None
    assert options is not None
    # The first two: `Y` and `Y`, two characters behind it, both as functions are.
    function = options.legend.token_types.index("function")
    assert list(tokens.data[:10]) == [0, 0, 1, function, 0, 0, 2, 1, function, 0]
    lenses = await client.text_document_code_lens_async(types.CodeLensParams(document(SEQ)))
    assert lenses is not None and lenses[0].command is not None
    assert (lenses[0].command.command, list(lenses[0].command.arguments or ())) == (
        "seqdsl.draw",
        [SEQ, "one", ""],
    )
    run = types.ExecuteCommandParams("seqdsl.server.source", arguments=[SEQ, "one", "torch"])
    assert "nn.LSTM(3, units" in str(await client.workspace_execute_command_async(run))
    run = types.ExecuteCommandParams("seqdsl.server.drawing", arguments=[SEQ, 2, 0, "dark"])
    drawn = str(await client.workspace_execute_command_async(run))
    assert drawn.startswith("<svg") and drawn.count('<rect class="highlight"') == 1


async def names(client: Client) -> None:
    place = types.DefinitionParams(document(SEQ), at(2, 12))
    found = await client.text_document_definition_async(place)
    assert isinstance(found, Sequence)
    assert [item.range for item in found if isinstance(item, types.Location)] == [span(6, 0, 5)]
    context = types.ReferenceContext(include_declaration=True)
    used = await client.text_document_references_async(
        types.ReferenceParams(context, document(SEQ), at(6, 0))
    )
    assert used is not None and [item.range.start.line for item in used] == [2, 6]
    ready = await client.text_document_prepare_rename_async(
        types.PrepareRenameParams(document(SEQ), at(2, 1))
    )
    assert ready == span(2, 0, 1)
    edit = await client.text_document_rename_async(
        types.RenameParams(document(SEQ), at(2, 12), "size")
    )
    assert edit is not None and edit.changes is not None
    assert written(PICTURE, list(edit.changes[SEQ])) == PICTURE.replace("units", "size")
    with pytest.raises(JsonRpcException, match="reserved"):
        await client.text_document_rename_async(
            types.RenameParams(document(SEQ), at(2, 12), "self")
        )


async def writing(client: Client) -> None:
    client.change(SEQ, 2, PICTURE.replace("Y Y   dense(2)", "Y Y   de"))
    await client.diagnostics()
    found = await client.text_document_completion_async(
        types.CompletionParams(document(SEQ), at(0, 8))
    )
    assert isinstance(found, types.CompletionList)
    assert found.items[0].label == "dense"
    edit = found.items[0].text_edit
    assert isinstance(edit, types.TextEdit) and (edit.range, edit.new_text) == (
        span(0, 6, 8),
        "dense",
    )
    client.change(SEQ, 3, "O    O   lstm( 4 )\n│    │\no    o\n")
    await client.diagnostics()
    options = types.FormattingOptions(tab_size=4, insert_spaces=True)
    edits = await client.text_document_formatting_async(
        types.DocumentFormattingParams(document(SEQ), options)
    )
    assert edits is not None
    assert (
        written("O    O   lstm( 4 )\n│    │\no    o\n", list(edits)) == "O O   lstm(4)\n| |\nO O\n"
    )


def test_findings_and_their_fix() -> None:
    async def scenario(client: Client) -> None:
        client.open(SEQ, WRONG)
        published = await client.diagnostics()
        (found,) = published.diagnostics
        assert (found.code, found.severity) == ("SEQ202", types.DiagnosticSeverity.Error)
        assert found.range == span(1, 5, 6)
        assert found.code_description is not None and "#seq202" in found.code_description.href
        context = types.CodeActionContext(diagnostics=[found])
        asked = types.CodeActionParams(document(SEQ), found.range, context)
        (action,) = await client.text_document_code_action_async(asked) or ()
        assert isinstance(action, types.CodeAction) and action.edit is not None
        edits = (action.edit.changes or {})[SEQ]
        client.change(SEQ, 2, written(WRONG, list(edits)))
        published = await client.diagnostics()
        assert published.version == 2 and not published.diagnostics
        client.text_document_did_close(types.DidCloseTextDocumentParams(document(SEQ)))
        assert not (await client.diagnostics()).diagnostics

    with_client(scenario)


def test_a_fix_is_offered_anywhere_in_its_line() -> None:
    async def scenario(client: Client) -> None:
        client.open(SEQ, WRONG)
        await client.diagnostics()
        context = types.CodeActionContext(diagnostics=[])
        for line, count in ((0, 0), (1, 1)):
            asked = types.CodeActionParams(document(SEQ), span(line, 0, 0), context)
            actions = await client.text_document_code_action_async(asked) or ()
            assert len(actions) == count
        (action,) = actions
        assert isinstance(action, types.CodeAction) and action.diagnostics is not None
        assert [item.code for item in action.diagnostics] == ["SEQ202"]

    with_client(scenario)


SHIFTED = "Y Y Y   dense(2)\n | | |\nX X X   input(8)\n"


@pytest.mark.parametrize(
    ("name", "language", "before", "behind"),
    [("one.seq", "seq", "", ""), ("page.md", "markdown", "```seq\n", "```\n")],
)
def test_the_one_mistake_is_looked_for_when_the_keys_rest(
    name: str, language: str, before: str, behind: str
) -> None:
    uri, text = f"file:///a/{name}", f"{before}{SHIFTED}{behind}"

    async def codes(client: Client) -> tuple[int | None, list[str]]:
        found = await client.diagnostics()
        return found.version, [str(item.code) for item in found.diagnostics]

    async def scenario(client: Client) -> None:
        # Who opens a file does not type.
        client.open(uri, text, language)
        assert await codes(client) == (1, ["SEQ213"])
        shorter = text.replace("(8)", "(7)")
        client.change(uri, 2, shorter)
        assert await codes(client) == (2, ["SEQ202", "SEQ202", "SEQ202"])
        client.change(uri, 3, text)
        assert await codes(client) == (3, ["SEQ202", "SEQ202", "SEQ202"])
        assert await codes(client) == (3, ["SEQ213"])

    with_client(scenario)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_characters_are_counted_as_the_client_does(encoding: str) -> None:
    """Letters of two and of four bytes, in a line that is changed and in others."""
    text = "# 😀é\n\nå 😀:\n\n> ```seq\n> Y Y\n> |  |  # 😀\n> X X\n> ```\n"

    async def scenario(client: Client) -> None:
        uri = "file:///a/page.md"
        client.open(uri, text, "markdown")
        (found,) = (await client.diagnostics()).diagnostics
        assert found.range == span(6, 5, 6)
        line = {"utf-8": 6, "utf-16": 4, "utf-32": 3}[encoding]
        client.change(uri, 2, "", types.Range(at(2, 0), at(2, line)))
        await client.diagnostics()
        client.change(uri, 3, " ", span(6, 4, 6))
        client.change(uri, 4, " |", span(6, 3, 5))
        while (published := await client.diagnostics()).version != 4:
            pass
        assert not published.diagnostics

    with_client(scenario, encoding)


def test_pictures_in_half_typed_python() -> None:
    text = 'def f(\n    """A.\n\n    .. seq::\n\n        Y Y\n        |  |\n        X X\n'

    async def scenario(client: Client) -> None:
        client.open("file:///a/code.py", text, "python")
        (found,) = (await client.diagnostics()).diagnostics
        assert found.range == span(6, 11, 12)

    with_client(scenario)


def test_only_the_last_of_many_changes_is_compiled() -> None:
    async def scenario(client: Client) -> list[int | None]:
        client.open(SEQ, PICTURE)
        await client.diagnostics()
        for version in range(2, 42):
            client.change(SEQ, version, f"{PICTURE}# {version}\n")
        versions = []
        while not versions or versions[-1] != 41:
            versions.append((await client.diagnostics()).version)
        return versions

    versions = with_client(scenario)
    assert versions[-1] == 41
    assert len(versions) < 20


def test_a_new_text_ends_the_search_for_a_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = itertools.count()

    def endless(_: Snapshot) -> Iterator[None]:
        for step in steps:
            assert step < 10_000, "nothing ended it"
            yield None

    monkeypatch.setattr(module, "search_fixes", endless)

    async def scenario() -> None:
        workspace, opened = Workspace(None), module.Opened()
        workspace.put_text_document(types.TextDocumentItem(SEQ, "seq", 1, WRONG))
        found, _ = opened.snapshot(workspace, SEQ)
        search = asyncio.ensure_future(opened.fixes(SEQ, found))
        # What waits for its turn gets it between two steps.
        for _ in range(5):
            await asyncio.sleep(0)
        assert not search.done()
        workspace.put_text_document(types.TextDocumentItem(SEQ, "seq", 2, PICTURE))
        opened.snapshot(workspace, SEQ)
        assert await search == ()

    asyncio.run(scenario())
    assert next(steps) < 20


def test_a_fault_in_what_is_done_later_is_seen() -> None:
    seen: list[object] = []

    async def fault() -> None:
        raise AssertionError("a fault")

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: seen.append(context["exception"]))
        opened = module.Opened()
        opened.later(SEQ, fault)
        # What is dropped is no fault.
        opened.later("file:///b.seq", fault)
        opened.drop("file:///b.seq")
        await asyncio.sleep(0.01)

    asyncio.run(scenario())
    assert [str(item) for item in seen] == ["a fault"]


MOST_SECONDS = {"ordinary": 0.5, "fourteen": 1.5}
"""Ten times and more of what it takes on a quiet machine: what is looked for is work that grew."""


def test_findings_come_while_somebody_types() -> None:
    many = "\n".join(f"model m{n}\n\n{PICTURE}" for n in range(14))

    async def scenario(client: Client) -> None:
        for name, text in (("ordinary", PICTURE), ("fourteen", many)):
            uri = f"file:///a/{name}.seq"
            client.open(uri, text)
            await client.diagnostics()
            seconds = []
            for version in range(2, 14):
                started = time.perf_counter()
                client.change(uri, version, f"{text}# {version}\n")
                while (await client.diagnostics()).version != version:
                    pass
                seconds.append(time.perf_counter() - started)
            assert statistics.median(seconds) < MOST_SECONDS[name]

    with_client(scenario)


def test_it_is_a_command_and_a_page_says_how_to_use_it() -> None:
    assert "lsp" in COMMANDS
    page = (ROOT / "docs" / "editors.md").read_text("utf-8")
    for editor in ("VS Code", "Neovim", "Helix", "Emacs", "PyCharm"):
        assert f"## {editor}" in page
    assert page.count('"lsp"') + page.count("seqdsl lsp") >= 4
