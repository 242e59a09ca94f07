"""The language server without pipes and threads: a host hands messages over, one by one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from seqdsl.lsp.hosted import connect

URI = "file:///a/one.seq"
WRONG = "Y Y Y   dense(2)\n| |  |\nX X X   input(8)\n"
SECONDS = 30.0


class Host:
    """What JavaScript is to the server of the extension."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.receive: Callable[[str], bool] = connect(
            lambda text: self.sent.put_nowait(json.loads(text))
        )

    def give(self, method: str, params: object, number: int | None = None) -> bool:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        return self.receive(json.dumps(message if number is None else {**message, "id": number}))

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.sent.get(), SECONDS)


def test_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    def none(self: threading.Thread) -> None:
        raise RuntimeError("there are no threads here")

    monkeypatch.setattr(threading.Thread, "start", none)

    async def scenario() -> None:
        host = Host()
        host.give("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, 1)
        assert "hoverProvider" in (await host.next())["result"]["capabilities"]
        host.give("initialized", {})
        document = {"uri": URI, "languageId": "seq", "version": 1, "text": WRONG}
        host.give("textDocument/didOpen", {"textDocument": document})
        published = await host.next()
        assert published["method"] == "textDocument/publishDiagnostics"
        found = published["params"]["diagnostics"]
        assert [item["code"] for item in found] == ["SEQ202"]
        asked = {"textDocument": {"uri": URI}, "range": found[0]["range"]}
        host.give("textDocument/codeAction", {**asked, "context": {"diagnostics": found}}, 2)
        answer = await host.next()
        assert answer["id"] == 2 and answer["result"][0]["edit"]["changes"][URI]
        host.give("shutdown", None, 3)
        assert (await host.next())["id"] == 3
        assert not host.give("exit", None)

    asyncio.run(scenario())


def test_a_message_that_cannot_be_read_ends_nothing() -> None:
    async def scenario() -> None:
        host = Host()
        assert host.receive("{")
        assert "Error in server" in (await host.next())["params"]["message"]
        assert host.give("initialize", {"capabilities": {}}, 1)
        assert (await host.next())["id"] == 1

    asyncio.run(scenario())
