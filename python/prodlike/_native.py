"""Source of components, run in this process on the SDK that they are built with."""

from __future__ import annotations

import builtins
import functools
import importlib
import importlib.util
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

from . import _build
from .errors import PluginError


#: One thread at a time loads the SDK, whose modules must be those of one another.
_LOADING = threading.Lock()


def sdk() -> ModuleType:
    """Return the SDK as a module, with its `testing`, under a name of its own."""
    with _LOADING:
        return _loaded()


@functools.cache
def _loaded() -> ModuleType:
    name = f"{__package__}._native_sdk"
    with _build.scratch() as directory:
        for path, text in _build.sdk().items():
            (directory / Path(path).name).write_bytes(text)
        spec = importlib.util.spec_from_file_location(
            name, directory / "__init__.py", submodule_search_locations=[str(directory)]
        )
        if spec is None or spec.loader is None:
            raise PluginError("the SDK for plugins cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
            importlib.import_module(f"{name}.testing")
        except BaseException:
            for part in list(sys.modules):
                if part == name or part.startswith(f"{name}."):
                    del sys.modules[part]
            raise
    return module


def run(source: str, file: str) -> dict[str, Any]:
    """Run source as a component would, and return the names that it defines.

    Parameters
    ----------
    source
        What imports `prodlike_sdk`, and has the SDK of components for it.
    file
        What tracebacks call it.

    Returns
    -------
    dict
        The globals.
    """

    def load(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "prodlike_sdk":
            return sdk()
        return builtins.__import__(name, *arguments, **named)

    # Classes are defined in it, and some of what defines them looks it up.
    name = f"{__package__}._native_plugin"
    sys.modules.setdefault(name, ModuleType(name))
    module: dict[str, Any] = {
        "__name__": name,
        "__builtins__": {**vars(builtins), "__import__": load},
    }
    exec(compile(source, file, "exec", dont_inherit=True), module)
    return module
