"""Plugins of functions: what a decorator makes, and what can be done with it."""

from __future__ import annotations

import functools
import inspect
import os
import re
import types
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Generic, Literal, NamedTuple, ParamSpec, TypeVar, cast

from . import _build, _engine, _glue, _preview
from ._names import unknown
from ._parameters import Input, parameters, written
from ._show import as_html, as_text
from .errors import PluginError

P = ParamSpec("P")
R = TypeVar("R")

#: Types that a column may be made of, beside `decimal(PRECISION,SCALE)`.
KINDS = (
    *("utf8", "boolean", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float32", "float64", "date", "timestamp", "binary"),
)

#: A version of Semantic Versioning.
VERSION = r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?"


class Verdict(NamedTuple):
    """One check of a component."""

    #: Its name, as `prodlike plugin check` has it.
    check: str
    #: The kind of plugin that it was tried as; None for the whole component.
    kind: str | None
    #: `passed`, `failed` or `not applicable`.
    outcome: str
    #: Why, unless it passed.
    reason: str | None


class Checks(list[Verdict]):
    """What all checks of a component said; shows itself as a table."""

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return not self.failed

    @property
    def failed(self) -> list[Verdict]:
        """The checks that failed."""
        return [it for it in self if it.outcome == "failed"]

    _heading = ("check", "outcome", "reason")

    def _rows(self) -> list[tuple[str, str, str]]:
        # Lines after the first say how to do it again on the command line.
        return [(it.check, it.outcome, (it.reason or "").partition("\n")[0]) for it in self]

    def __repr__(self) -> str:
        """Return the checks, one a line."""
        return as_text(self._heading, self._rows())

    def _repr_html_(self) -> str:
        return as_html(self._heading, self._rows())


class Component:
    """A plugin, of which `prodlike.fit` and `prodlike.evaluate` take the component."""

    #: The plugin's name, which a schema says.
    name: str
    #: Its version.
    version: str
    #: What it does, in a sentence.
    summary: str
    #: `generator` or `transform`.
    kind: str
    #: The columns that it makes, and their types; for a transform the column that it changes.
    outputs: dict[str, str]

    def __init__(
        self,
        function: Callable[..., object],
        kind: Literal["generator", "transform"],
        *,
        name: str | None,
        version: str,
        outputs: Mapping[str, str],
        semantic: str | Mapping[str, str] | None,
        unique: bool,
    ) -> None:
        if not isinstance(function, types.FunctionType):
            raise _no_function(function, "none")
        if function.__name__ == "<lambda>":
            raise _no_function(function, "a lambda")
        if hasattr(function, "__wrapped__"):
            raise _no_function(function, "wrapped by another decorator")
        functools.update_wrapper(cast("Any", self), function)
        self.name = name if name is not None else function.__name__.replace("_", "-")
        if not re.fullmatch("[a-z][a-z0-9]*(-[a-z0-9]+)*", self.name) or len(self.name) > 64:
            raise PluginError(
                f"{self.name!r} cannot be a plugin's name",
                (),
                "A name has lower-case letters, digits and single hyphens: `name=\"…\"` says one",
            )
        self.version = version
        if not re.fullmatch(VERSION, version, re.ASCII):
            raise PluginError(
                f"{version!r} cannot be the version of the plugin `{self.name}`",
                (),
                "A version is one of Semantic Versioning, such as `1.2.3`",
            )
        doc = inspect.getdoc(function) or ""
        self.summary = " ".join(doc.partition("\n\n")[0].split()) or f"Plugin {self.name}"
        if len(self.summary.encode()) > 1000:
            raise PluginError(
                f"the summary of the plugin `{self.name}` has more than 1,000 bytes",
                (),
                "Begin its docstring with a sentence and an empty line",
            )
        self.kind = kind
        self.outputs = dict(outputs)
        self._function: Callable[..., Any] = function
        self._unique = unique
        if not outputs:
            raise PluginError(
                f"the plugin `{self.name}` has no output",
                (),
                "Name what it makes, `outputs={\"number\": \"utf8\"}`, or leave `outputs` out",
            )
        self._output_kinds = {it: _kind(self.name, text) for it, text in outputs.items()}
        self._semantics = _semantics(self.name, semantic, list(outputs))
        self._inputs, self._options = parameters(self.name, function, kind)
        self._check_names()

    def _check_names(self) -> None:
        """Refuse names that the engine would refuse once the component is built."""
        # A generator's columns are found by their meanings.
        columns = self.input if self.kind == "generator" else []
        for what, names in {
            "an output": self.outputs,
            "a semantic type": self._semantics.values(),
            "a column": columns,
        }.items():
            for name in names:
                if not re.fullmatch("[a-z]([a-z0-9_]{0,62}[a-z0-9])?", name):
                    raise PluginError(
                        f"{name!r} cannot be the name of {what} of the plugin `{self.name}`",
                        (),
                        "A name has lower-case letters, digits and underscores between them",
                    )

    @property
    def input(self) -> list[str]:
        """The names of the columns that it is shown, as the function calls them."""
        return [it.name for it in self._inputs]

    @property
    def options(self) -> dict[str, Any]:
        """The options and what they are where a schema says nothing."""
        return {it.name: it.default for it in self._options}

    @property
    def source(self) -> str:
        """The source of the component: `plugin.py` of a project, with all that it uses.

        Raises
        ------
        PluginError
            Where the function uses what cannot be in a component.
        """
        return _glue.source(self)

    def preview(
        self,
        n: int = 5,
        options: Mapping[str, object] | None = None,
        seed: int = 0,
        **columns: Iterable[object],
    ) -> _preview.Preview:
        """Show what the plugin makes, in this process and without building it.

        The values are not those of a dataset with the same seed, which depend on the table too.

        Parameters
        ----------
        n
            Rows; fewer where the columns have fewer values.
        options
            Options as a schema would say them.
        seed
            Another one gives other values.
        columns
            Values of the columns that the function is shown, by their names: lists, or columns
            of data frames. Those of pandas need PyArrow.

        Returns
        -------
        Preview
            Columns by their names, which `polars.DataFrame` and `pandas.DataFrame` take.

        Raises
        ------
        PluginError
            Where the function fails, its values depend on more than their row, or columns or
            options are none that a plugin can have.
        """
        return _preview.preview(self, n, dict(options or {}), seed, columns)

    def build(self) -> Path:
        """Make the component.

        It is kept where the user's caches are, so that a source is built once: the first build
        of all installs componentize-py beside it, from the network, unless it came with
        `pip install prodlike[plugin]`.

        Returns
        -------
        Path
            The file, which `prodlike plugin add` takes too.

        Raises
        ------
        PluginError
            Where the function uses what cannot be in a component, or cannot be built.
        """
        return _build.component(self.name, self.source)

    def read_bytes(self) -> bytes:
        """Return the component's bytes.

        Raises
        ------
        PluginError
            Where it cannot be built.
        """
        return self.build().read_bytes()

    def check(self) -> Checks:
        """Try the component on what a job could ask of it, as `prodlike plugin check` does.

        Returns
        -------
        Checks
            What each check said, shown as a table; nothing is raised where one failed.

        Raises
        ------
        PluginError
            Where the component cannot be built.
        """
        told = _engine.check_plugin(os.fspath(self.build()))
        return Checks(Verdict(*verdict) for verdict in told)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the component to a file.

        Parameters
        ----------
        path
            The file, usually `NAME.wasm`.
        overwrite
            Whether a file that is there is replaced.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        PluginError
            Where the component cannot be built, or the file is there or cannot be written.
        """
        held, path = self.read_bytes(), Path(path)
        try:
            with path.open("wb" if overwrite else "xb") as file:
                file.write(held)
        except FileExistsError:
            raise PluginError(
                f"{os.fspath(path)!r} is there already", (), "Replace it with `overwrite=True`"
            ) from None
        except OSError as error:
            raise PluginError(
                f"the plugin `{self.name}` cannot be written to {os.fspath(path)!r}",
                [error.strerror or str(error)],
                "Name a file in a directory that is there and can be written to",
            ) from error
        return path

    _heading = ("", "name", "type", "unless said otherwise")

    def _rows(self) -> list[tuple[str, str, str, str]]:
        return [
            *(("shown", it.name, _shown(it), "") for it in self._inputs),
            *(("option", it.name, written(it.hint) or "", repr(it.default)) for it in self._options),
            *(
                ("makes", name, kind, "")
                for name, kind in self.outputs.items()
                if self.kind == "generator"
            ),
        ]

    def _caption(self) -> str:
        return f"{self.name} {self.version}, a {self.kind}: {self.summary}"

    def __repr__(self) -> str:
        """Return what it is shown, its options and what it makes."""
        return f"{self._caption()}\n" + as_text(self._heading, self._rows())

    def _repr_html_(self) -> str:
        return as_html(self._heading, self._rows(), self._caption())


class Plugin(Component, Generic[P, R]):
    """A function that became a plugin, and can be called as before."""

    @property
    def function(self) -> Callable[P, R]:
        """The function."""
        return self._function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function."""
        return self.function(*args, **kwargs)


def _no_function(function: object, what: str) -> PluginError:
    return PluginError(
        f"a plugin is a function with a source of its own, and {function!r} is {what}",
        (),
        "Put the decorator directly above a `def`",
    )


def _shown(it: Input) -> str:
    return f"{it.hint or 'any'}{' | None' if it.hint and it.may_be_none else ''}"


def _kind(plugin: str, text: str) -> tuple[str, object]:
    """Return a type's name and what belongs to it."""
    if text in KINDS:
        return text, ("microsecond", None) if text == "timestamp" else None
    found = re.fullmatch(r"decimal\((\d+), ?(\d+)\)", text)
    if found and 0 < int(found[1]) <= 38 and int(found[2]) <= int(found[1]):
        return "decimal", (int(found[1]), int(found[2]))
    known = unknown("type", text, [*KINDS, "decimal(12,2)"])
    raise PluginError(f"the plugin `{plugin}` cannot make values of type {text!r}", (), known.hint)


def _semantics(
    plugin: str, semantic: str | Mapping[str, str] | None, outputs: list[str]
) -> dict[str, str]:
    """Return what each output means."""
    if isinstance(semantic, str):
        return {outputs[0]: semantic}
    for name in semantic or {}:
        if name not in outputs:
            known = unknown("output", name, outputs)
            raise PluginError(f"the plugin `{plugin}` has no output {name!r}", (), known.hint)
    return dict(semantic or {})


