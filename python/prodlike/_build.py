"""Components of sources, and the SDK that they are built with."""

from __future__ import annotations

import fcntl
import functools
import hashlib
import importlib.metadata
import os
import re
import shutil
import sysconfig
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from . import _engine
from .errors import PluginError

#: What makes components; the engine installs it unless it is there.
TOOL = "componentize-py"
#: Components that are kept: each has an interpreter in it.
KEPT = 16


def home() -> Path:
    """Return the directory where components are kept: where caches of the user are."""
    try:
        caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError as error:
        raise PluginError(
            "there is no directory to keep components in",
            [str(error)],
            "Name one that can be written to in the variable XDG_CACHE_HOME",
        ) from error
    return Path(caches) / "prodlike" / "components"


@contextmanager
def scratch() -> Generator[Path]:
    """Make a directory that is there for a while."""
    try:
        with tempfile.TemporaryDirectory() as directory:
            yield Path(directory)
    except OSError as error:
        raise PluginError(
            "the SDK for plugins cannot be unpacked",
            [str(error)],
            "Name a directory that can be written to in the variable TMPDIR",
        ) from error


@functools.cache
def sdk() -> Mapping[str, bytes]:
    """Return the files of the SDK by their names."""
    with scratch() as directory:
        project = directory / "project"
        _engine.create_plugin(os.fspath(project), "any")
        files = sorted((project / "prodlike_sdk").glob("*.py"))
        return {f"prodlike_sdk/{path.name}": path.read_bytes() for path in files}


def component(name: str, source: str) -> Path:
    """Return the component of a source, which is built where nobody has built it yet.

    Parameters
    ----------
    name
        The plugin's name.
    source
        What `plugin.py` is to be.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    PluginError
        Where it cannot be built.
    """
    digest = hashlib.sha256(source.encode())
    for path, text in sdk().items():
        digest.update(path.encode() + b"\0" + text)
    directory = home()
    built = directory / digest.hexdigest()[:32] / f"{name}.wasm"
    if not _is_kept(built):
        try:
            directory.mkdir(parents=True, exist_ok=True)
            with _locked(directory / "lock"):
                if not _is_kept(built):
                    _build(directory / "project", source, built)
                    _forget(directory)
        except OSError as error:
            raise PluginError(
                f"components cannot be kept in {os.fspath(directory)!r}",
                [str(error)],
                "Name a directory that can be written to in the variable XDG_CACHE_HOME",
            ) from error
    return built


def _is_kept(built: Path) -> bool:
    """Whether a component is there, which says that it was asked for."""
    try:
        os.utime(built)
    except FileNotFoundError:
        return False
    except OSError:
        # Of somebody else, or where nothing can be written.
        return built.is_file()
    return True


def _build(project: Path, source: str, built: Path) -> None:
    """Build in the one project that all components share: what makes them is installed once."""
    for path, text in {**sdk(), "plugin.py": source.encode()}.items():
        file = project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.is_file() or file.read_bytes() != text:
            file.write_bytes(text)
    for stale in project.glob("prodlike_sdk/*"):
        if f"prodlike_sdk/{stale.name}" not in sdk() and stale.is_file():
            stale.unlink()
    _offer_tool(project / "target")
    try:
        made = Path(_engine.build_plugin(os.fspath(project)))
    except PluginError as error:
        raise _told(error) from error
    built.parent.mkdir(exist_ok=True)
    os.replace(made, built)


def _told(error: PluginError) -> PluginError:
    """Return what Python said in a component, where a build failed there."""
    found = re.search(r"^Caused by:\s+([\w.]*(?:Error|Exception): .*)$", str(error), re.MULTILINE)
    if found is None:
        return error
    missing = re.fullmatch(r"ModuleNotFoundError: No module named '(.+)'", found[1])
    hint = f"Components have no module {missing[1]!r}: do without it" if missing else None
    return PluginError("the plugin cannot be built", [found[1]], hint)


def _offer_tool(target: Path) -> None:
    """Link componentize-py of this environment to where the engine looks for its own.

    That is what `pip install prodlike[plugin]` brought: then nothing is installed later.
    """
    for directory in target.glob(f"{TOOL}-*"):
        link = directory / "bin" / TOOL
        if link.is_symlink() and not link.exists():
            shutil.rmtree(directory)
    try:
        version = importlib.metadata.version(TOOL)
    except importlib.metadata.PackageNotFoundError:
        return
    program = Path(sysconfig.get_path("scripts")) / TOOL
    link = target / f"{TOOL}-{version}" / "bin" / TOOL
    if program.is_file() and not link.exists():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(program)


def _forget(directory: Path) -> None:
    """Remove the components that were not asked for longest."""
    kept = sorted(directory.glob("*/*.wasm"), key=lambda path: path.stat().st_mtime_ns)
    for oldest in kept[:-KEPT]:
        shutil.rmtree(oldest.parent, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Generator[None]:
    """Hold a lock that one process at a time has."""
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
