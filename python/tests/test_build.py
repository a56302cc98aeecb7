"""Where components are kept, what builds them, and the SDK in this process."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest
from prodlike import PluginError, _build


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "prodlike" / "components"


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was built, by a stand-in for what takes half a minute."""
    sources: list[str] = []

    def build(project: Path, source: str, built: Path) -> None:
        sources.append(source)
        built.parent.mkdir()
        built.write_bytes(b"\0asm")

    monkeypatch.setattr(_build, "_build", build)
    return sources


def test_a_source_is_built_once(caches: Path, built: list[str]) -> None:
    paths = [_build.component("it", source) for source in ("a", "b", "a")]
    assert built == ["a", "b"]
    assert paths[0] == paths[2] != paths[1]
    assert all(path.parent.parent == caches for path in paths)


@pytest.mark.usefixtures("caches")
def test_what_was_not_asked_for_longest_is_forgotten(built: list[str]) -> None:
    first = _build.component("it", "0")
    for number in range(1, _build.KEPT):
        os.utime(_build.component("it", f"{number}"), (number, number))
    assert _build.component("it", "0") == first
    _build.component("it", "one more")
    assert first.is_file()
    assert _build.component("it", "0") == first
    assert len(built) == _build.KEPT + 1
    _build.component("it", "1")
    assert built[-1] == "1"


@pytest.mark.usefixtures("caches")
def test_a_cache_of_somebody_else_can_be_read(
    built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _build.component("it", "a")

    def denied(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", denied)
    assert _build.component("it", "a") == path
    assert built == ["a"]


def test_without_a_directory_an_error_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    told = "cannot be unpacked\nCaused by: (.|\n)*\nhint: .* TMPDIR"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(PluginError, match=told), _build.scratch():
        pass
    told = "no directory to keep .*\nCaused by: Could not .*\nhint: .* XDG_CACHE_HOME"
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(PluginError, match=told):
        _build.home()
    told = "cannot be kept in .*\nCaused by: .*\nhint: .* XDG_CACHE_HOME"
    tmp_path.joinpath("file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(PluginError, match=told):
        _build.component("it", "a")


def test_what_builds_is_linked_once_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "scripts" / _build.TOOL
    program.parent.mkdir()
    program.touch()
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "1.0")
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(program.parent))
    link = tmp_path / "target" / f"{_build.TOOL}-1.0" / "bin" / _build.TOOL
    # Stopped before the link was made.
    link.parent.mkdir(parents=True)
    _build._offer_tool(tmp_path / "target")
    assert link.resolve() == program
    # The environment is gone, and with it what the link led to.
    program.unlink()
    _build._offer_tool(tmp_path / "target")
    assert not link.parent.exists()


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ("ModuleNotFoundError: No module named 'ssl'", "hint: Components have no module 'ssl'"),
        ("json.decoder.JSONDecodeError: Expecting value", "Caused by: json.decoder.JSONDecodeError"),
        ("Exception: no", "Caused by: Exception: no"),
        ("the tool is not there", "not built"),
    ],
)
def test_a_build_says_what_python_said(cause: str, told: str) -> None:
    error = _build._told(PluginError("not built", [f"Traceback\n\nCaused by:\n    {cause}\n"]))
    assert told in str(error)


def test_the_sdk_is_loaded_once_and_whole() -> None:
    program = """
import sys
from concurrent.futures import ThreadPoolExecutor
from prodlike import _build, _native

def parts():
    return [it for it in sys.modules if it.startswith("prodlike._native_sdk")]

whole = _build.sdk
_build.sdk = lambda: {**whole(), "prodlike_sdk/testing.py": b"1 / 0"}
try:
    _native.sdk()
except ZeroDivisionError:
    assert not parts(), parts()
_build.sdk = whole
with ThreadPoolExecutor(8) as pool:
    loaded = [it.result() for it in [pool.submit(_native.sdk) for _ in range(8)]]
assert len(set(map(id, loaded))) == 1
assert loaded[0].OptionError is loaded[0].options.OptionError
assert "prodlike._native_sdk.testing" in parts()
"""
    subprocess.run([sys.executable, "-c", program], check=True)
