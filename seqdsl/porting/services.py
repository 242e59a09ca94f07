"""request → answers, within a worker: one loads a model, reads it and checks its picture, another writes its port.

Asked to read, ``{"read": origin}``, the first answers ``{"reading": ..., "target": ..., "version": ...}`` or
``{"cannot": why}``. Asked to check, ``{"check": job, "layers": ..., "save": folder}``, it answers what
`seqdsl.porting.checking.Original.check` gives. The second takes ``{"settle": ...}`` (`seqdsl.porting.settling`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqdsl.sandbox.program import Service
from seqdsl.verify.failures import explain

if TYPE_CHECKING:
    from seqdsl.porting.opening import OriginModel
    from seqdsl.sandbox.program import Send


def serve_origin(*, forking: bool) -> Service:
    """Read a model, and check a picture against it; the model names its framework."""
    from seqdsl.porting.checking import Original
    from seqdsl.porting.opening import OriginModel
    from seqdsl.porting.origin import origin_from_json
    from seqdsl.porting.streaming import why_unwritten
    from seqdsl.verify.expected import layers_from
    from seqdsl.verify.jobs import from_dict

    opened: list[OriginModel] = []

    def handle(request: dict[str, Any], send: Send) -> None:
        if "read" in request:
            model = OriginModel(origin_from_json(request["read"]))
            opened[:] = [model]
            read(model, send)
            return
        live = opened[0].open()
        layers = layers_from(request["layers"])
        job = from_dict(request["check"])
        again = opened[0].again
        original = Original(
            live.model, live.framework, job, layers, request["axes"], again, live.nested
        )
        folder = Path(request["save"]) if request["save"] else None
        try:
            for answer in original.check(folder):
                send(**answer)
        except Exception as problem:
            send(cannot=why_unwritten(problem, request["save"]) or explain(problem))

    return Service("models", handle)


def read(model: OriginModel, send: Send) -> None:
    """Answer what can be read of a model."""
    from seqdsl.porting.origin import CannotRead
    from seqdsl.porting.reading_json import to_json

    try:
        model.load()
    except CannotRead as problem:
        send(cannot=str(problem))
        return
    # Code of the user's may raise, or end, whatever it likes.
    except (Exception, SystemExit) as problem:
        send(cannot=explain(problem))
        return
    try:
        reading = model.read()
        if reading.wirings is None:
            send(reading=to_json(reading), target="", version="")
            return
        live = model.open()
    except (CannotRead, ValueError) as problem:
        send(cannot=str(problem))
        return
    except Exception as problem:
        send(cannot=f"internal error in seqdsl, please report it: {explain(problem)}")
        return
    send(reading=to_json(reading), target=live.target, version=live.framework.version())


def serve_port(target: str, *, forking: bool) -> Service:
    """Write the weights of a port, and check it."""
    from seqdsl import targets
    from seqdsl.porting.settling import settle
    from seqdsl.porting.streaming import why_unwritten
    from seqdsl.verify.expected import layers_from
    from seqdsl.verify.jobs import from_dict

    framework = targets.runtime(target)

    def handle(request: dict[str, Any], send: Send) -> None:
        order = request["settle"]
        try:
            for answer in settle(
                from_dict(order["job"]), layers_from(order["layers"]), framework, order
            ):
                send(**answer)
        except Exception as problem:
            send(cannot=why_unwritten(problem, order["folder"]) or explain(problem))

    return Service(framework.version(), handle)
