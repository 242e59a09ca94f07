"""messages, one by one ↔ the language server, for a host that has the pipes: without threads, in the loop that runs.

pygls reads pipes in a thread, which Pyodide does not have: there, JavaScript reads them, and passes each message.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcException

from seqdsl.lsp.server import make_server

if TYPE_CHECKING:
    from collections.abc import Callable


class _Sender:
    """Where pygls writes: each call is one whole message."""

    def __init__(self, send: Callable[[str], object]) -> None:
        self._send = send

    def write(self, data: bytes) -> None:
        self._send(data.decode())

    def close(self) -> None:
        """Nothing is kept open: the pipes are the host's."""


def connect(send: Callable[[str], object]) -> Callable[[str], bool]:
    """Start a server, and give what takes the messages of its client.

    Args:
        send: is called with each message of the server, as JSON.

    Returns:
        What to call with each message of the client, as JSON, in a running event loop; it is false once the client
        asked the server to end.
    """
    server = make_server()
    server.protocol.set_writer(_Sender(send), include_headers=False)

    def receive(message: str) -> bool:
        try:
            read = json.loads(message, object_hook=server.protocol.structure_message)
            server.protocol.handle_message(read)
        except SystemExit:
            return False
        except Exception as error:
            # As pygls does in its own loops: a message that cannot be read ends nothing.
            server.report_server_error(error, JsonRpcException)
        return True

    return receive
