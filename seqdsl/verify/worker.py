"""JSON lines → JSON lines: the process in which one framework is imported and its models live.

    python -m seqdsl.verify.worker torch

On standard input, a line ``{"job": ..., "limit": seconds on the clock, "folder": path}`` for each model; with
``"reload": true`` the model is not checked, but loaded from the folder to which another process
saved it. On standard output first ``{"ready": version, "forks": whether it makes copies of itself}`` or
``{"failed": why}``; then for each model ``{"check": name}`` before a check, ``{"result": ...}`` after it, and
``{"done": true}``. It ends when standard input does.

Instead of a framework it can be `REFERENCE`: then a line ``{"model": ..., "limit": seconds}`` asks what a
compiled model must compute, which is answered by ``{"expected": ...}``.
"""

from __future__ import annotations

import faulthandler
import gc
import pickle
import signal
import sys
from base64 import b64decode
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from seqdsl.verify import frameworks
from seqdsl.verify.channel import Channel
from seqdsl.verify.copies import can_be_copied, serve_copies
from seqdsl.verify.failures import explain
from seqdsl.verify.jobs import from_dict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Serve = Callable[[dict[str, Any], Callable[[str], None]], Iterator[dict[str, Any]]]
    """Answers a request, and says before each check what it is."""

REFERENCE = "reference"
"""The worker that has no framework but the interpreter."""


def main(target: str, line: str = "") -> int:
    """Serve requests until standard input ends.

    Args:
        target: a framework, or `REFERENCE`.
        line: the number of a socket; then it is not this process that serves, but all copies that are asked for there.
    """
    channel = _channel()
    try:
        version, serve = _reference() if target == REFERENCE else _framework(target, line)
    # Native libraries fail in many ways; each of them is the parent's to report.
    except BaseException as problem:
        channel.send(failed=explain(problem))
        return 1
    # What the framework's import made stays for good: no later collection need look at it again.
    gc.collect()
    gc.freeze()
    forks = bool(line) and can_be_copied()
    channel.send(ready=version, forks=forks)
    if forks:
        if not serve_copies(int(line)):
            return 0
        channel.close()
        channel = _channel()
        channel.send(ready=version)
    for request in channel:
        _serve(channel, serve, request)
    return 0


def _channel() -> Channel:
    channel = Channel.take()
    faulthandler.enable(channel.words)
    # The parent, who counts what we take, asks where we are before it ends us. Windows has no such signal.
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGTERM, channel.words, chain=True)
    return channel


def _framework(target: str, line: str) -> tuple[str, Serve]:
    from seqdsl.verify import runner
    from seqdsl.verify.weight_io import carry

    framework = frameworks.load(target)
    if line:
        framework.warm()

    def serve(request: dict[str, Any], begin: Callable[[str], None]) -> Iterator[dict[str, Any]]:
        job, folder = from_dict(request["job"]), request.get("folder", "")
        if request.get("transfer"):
            results = carry(job, framework, request["transfer"])
        elif request.get("reload"):
            results = runner.reload(job, framework, folder)
        else:
            results = runner.run(job, framework, begin, folder)
        for result in results:
            yield {"result": asdict(result)}

    return framework.version(), serve


def _reference() -> tuple[str, Serve]:
    from seqdsl.verify.expected_results import compute_expected

    def serve(request: dict[str, Any], begin: Callable[[str], None]) -> Iterator[dict[str, Any]]:
        # Nobody but our parent writes here.
        model = pickle.loads(b64decode(request["model"]))
        try:
            yield {"expected": asdict(compute_expected(model))}
        except Exception as problem:
            yield {"failed": explain(problem)}

    return REFERENCE, serve


def _serve(channel: Channel, serve: Serve, request: dict[str, Any]) -> None:
    channel.renew()
    # Ends this process from a thread of C, also when native code hangs or the parent is gone, and
    # says where it was.
    faulthandler.dump_traceback_later(request["limit"], exit=True, file=channel.words)
    for answer in serve(request, lambda name: channel.send(check=name)):
        channel.send(**answer)
    faulthandler.cancel_dump_traceback_later()
    channel.send(done=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
