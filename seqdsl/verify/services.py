"""request → answers, within a worker: what `seqdsl.verify.programs` names as entry points.

A request to a framework is ``{"job": ..., "folder": path}``; with ``"reload": true`` the model is not checked, but
loaded from the folder to which another worker saved it; with ``"transfer"`` only a file of weights is read or written.
It is answered by ``{"check": name}`` before each check and ``{"result": ...}`` after it.

A request to the oracle is ``{"model": a pickled compiled model}``, answered by ``{"expected": ...}`` or
``{"failed": why}``.
"""

from __future__ import annotations

import pickle
from base64 import b64decode
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from seqdsl.sandbox.program import Service
from seqdsl.verify.failures import explain

if TYPE_CHECKING:
    from seqdsl.sandbox.program import Send


def serve_framework(target: str, *, forking: bool) -> Service:
    """Build models in a framework, and check them.

    Raises:
        ImportError: the framework cannot be imported.
        ValueError: there is no adapter for ``target``.
    """
    from seqdsl import targets
    from seqdsl.verify import runner
    from seqdsl.verify.jobs import from_dict
    from seqdsl.verify.weight_io import transfer_file

    framework = targets.runtime(target)
    if forking:
        framework.warm()

    def handle(request: dict[str, Any], send: Send) -> None:
        job, folder = from_dict(request["job"]), request.get("folder", "")
        if request.get("transfer"):
            results = transfer_file(job, framework, request["transfer"])
        elif request.get("reload"):
            results = runner.reload(job, framework, folder)
        else:
            results = runner.run(job, framework, lambda name: send(check=name), folder)
        for result in results:
            send(result=asdict(result))

    return Service(framework.version(), handle)


def serve_oracle(*, forking: bool) -> Service:
    """Compute expected results."""
    from seqdsl.verify.expected_results import compute_expected

    def handle(request: dict[str, Any], send: Send) -> None:
        # Nobody but our parent writes here.
        model = pickle.loads(b64decode(request["model"]))
        try:
            send(expected=asdict(compute_expected(model)))
        except Exception as problem:
            send(failed=explain(problem))

    return Service("oracle", handle)
