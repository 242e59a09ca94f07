"""framework → program: what a worker of the sandbox runs to build and check models, and what runs the oracle."""

from __future__ import annotations

import os

from seqdsl.sandbox.program import Program
from seqdsl.targets import find
from seqdsl.verify.failures import explain_place

ORACLE = Program(
    "reference",
    "seqdsl.verify.services:serve_oracle",
    preload=("seqdsl.verify.expected_results",),
    environment={"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    locate=explain_place,
)
"""The program that computes expected results; it imports no framework."""


def framework_program(target: str, threads: int = 1) -> Program:
    """The program that builds and checks the models of one framework.

    Args:
        target: the framework.
        threads: that each worker may use.
    """
    return Program(
        target,
        "seqdsl.verify.services:serve_framework",
        (target,),
        preload=("seqdsl.verify.runner", "seqdsl.verify.weight_io"),
        environment=environment(str(threads)),
        advice=advice(target),
        locate=explain_place,
    )


def environment(threads: str) -> dict[str, str]:
    """A framework that is quiet, runs on the processor, and uses so many threads."""
    return {
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # With it TensorFlow keeps all memory that it has ever used, and asks for twice of what it needs.
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "CUDA_VISIBLE_DEVICES": "-1",
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        # It starts its threads when numpy is imported; a process with threads is not forked.
        "OPENBLAS_NUM_THREADS": "1",
        "JAX_PLATFORMS": "cpu",
        # A model is compiled more often than it is called.
        "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": threads,
    }


def advice(target: str) -> str:
    """What to do where a framework cannot be imported."""
    backend = os.environ.get("KERAS_BACKEND", "") if target == "keras" else ""
    wanted = {"jax": '"seqdsl[jax]"', "torch": '"seqdsl[torch]" keras'}
    try:
        extra = find(target).extra
    except ValueError:
        # The worker says which targets there are.
        return ""
    what = wanted.get(backend, f'"seqdsl[{extra}]"' if extra else target)
    return f"Is it installed? pip install {what}"
