"""Students outside the workflow: `load` one, predict with it; its passport needs no TensorFlow."""

from importlib import import_module
from typing import Any

# Front doors, and the modules that they stand in: networks are imported once one is opened.
_DOORS = {"load": "loaded", "Student": "loaded"}


def __getattr__(name: str) -> Any:
    if name not in _DOORS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_DOORS[name]}"), name)
