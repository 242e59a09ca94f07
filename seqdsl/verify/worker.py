"""JSON lines → JSON lines: the process in which one framework is imported and its models live.

    python -m seqdsl.verify.worker torch

On standard input, a line ``{"job": ..., "limit": seconds, "folder": path}`` for each model; with
``"reload": true`` the model is not proven, but loaded from the folder to which another process
saved it. On standard output
first ``{"ready": version}`` or ``{"failed": why}``; then for each model ``{"check": name}`` before
a check, ``{"result": ...}`` after it, and ``{"done": true}``. It ends when standard input does.
"""

from __future__ import annotations

import faulthandler
import gc
import sys
from dataclasses import asdict
from typing import Any

from seqdsl.verify import frameworks
from seqdsl.verify.channel import Channel
from seqdsl.verify.failures import explain
from seqdsl.verify.jobs import Job, from_dict
from seqdsl.verify.runner import reload, run, transfer


def main(target: str) -> int:
    """Serve jobs for ``target`` until standard input ends."""
    channel = Channel.take()
    faulthandler.enable(channel.words)
    try:
        framework = frameworks.load(target)
    # Native libraries fail in many ways; each of them is the parent's to report.
    except BaseException as problem:
        channel.send(failed=explain(problem))
        return 1
    # What the framework's import made stays for good: no later collection need look at it again.
    gc.collect()
    gc.freeze()
    channel.send(ready=framework.version())
    for request in channel:
        _serve(channel, framework, from_dict(request["job"]), request)
    return 0


def _serve(
    channel: Channel, framework: frameworks.Framework, job: Job, request: dict[str, Any]
) -> None:
    channel.renew()
    # Ends this process from a thread of C, also when native code hangs or the parent is gone, and
    # says where it was.
    faulthandler.dump_traceback_later(request["limit"], exit=True, file=channel.words)
    folder = request.get("folder", "")
    if request.get("transfer"):
        results = transfer(job, framework, request["transfer"])
    elif request.get("reload"):
        results = reload(job, framework, folder)
    else:
        results = run(job, framework, lambda name: channel.send(check=name), folder)
    for result in results:
        channel.send(result=asdict(result))
    faulthandler.cancel_dump_traceback_later()
    channel.send(done=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
