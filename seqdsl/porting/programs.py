"""what the processes of an import and of a port run."""

from __future__ import annotations

from seqdsl.sandbox.program import Program
from seqdsl.verify.failures import explain_place
from seqdsl.verify.programs import advice, environment

THREADS = "2"

ORIGIN = Program(
    "the process of the model",
    "seqdsl.porting.services:serve_origin",
    environment=environment(THREADS),
    locate=explain_place,
)
"""The program that loads a model, reads it, and checks its picture against it. The model brings its framework."""


def port_program(target: str) -> Program:
    """The program that writes and checks a port for one framework."""
    return Program(
        target,
        "seqdsl.porting.services:serve_port",
        (target,),
        environment=environment(THREADS),
        advice=advice(target),
        locate=explain_place,
    )
