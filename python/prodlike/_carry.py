"""Source that stands for itself: a function, and what it uses of its module."""

from __future__ import annotations

import ast
import builtins
import datetime
import decimal
import dis
import inspect
import re
import sys
import textwrap
import uuid
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

from .errors import PluginError

#: Characters that a constant may have as text.
LARGEST = 1 << 20
#: Characters of a line, where a constant is written on several.
WIDTH = 96


def carry(plugin: str, function: Callable[..., object], reserved: Iterable[str]) -> str:
    """Return the source of a function, after that of everything that it uses.

    Parameters
    ----------
    plugin
        The name of the plugin, for errors.
    function
        A function that was written in a file or in a notebook.
    reserved
        Names that are wanted for something else.

    Returns
    -------
    str
        Imports, constants and functions, in an order in which they can be run.

    Raises
    ------
    PluginError
        Where something cannot be carried, with its name.
    """
    carrier = _Carrier(plugin, frozenset(reserved))
    carrier.take(function.__name__, function, ())
    imports = "".join(f"{line}\n" for line in sorted(carrier.imports))
    return "\n\n".join(part for part in (imports, *carrier.pieces) if part)


class _Carrier:
    def __init__(self, plugin: str, reserved: frozenset[str]) -> None:
        self.plugin = plugin
        self.reserved = reserved
        self.imports: set[str] = set()
        self.pieces: list[str] = []
        self.known: dict[str, object] = {}

    def take(self, name: str, value: object, path: tuple[str, ...]) -> None:
        """Take something that the functions of `path`, the outermost first, lead to."""
        if name in self.reserved:
            raise self.refused(name, path, "has a name that the plugin needs", "Rename it")
        if name in self.known:
            text = literal(value)
            if self.known[name] is value or (text and literal(self.known[name]) == text):
                return
            raise self.refused(name, path, "is two different things", "Rename one of them")
        self.known[name] = value
        if isinstance(value, ModuleType):
            self.take_module(name, value, path)
        elif (statement := _import(name, value)) is not None:
            self.imports.add(statement)
        elif isinstance(_unwrapped(value), FunctionType):
            self.take_function(name, cast("Callable[..., object]", value), path)
        elif (text := literal(value)) is not None:
            if len(text) > LARGEST:
                raise self.refused(
                    name,
                    path,
                    f"has {len(text):,} characters as text",
                    "Keep constants small; what is large can be a column that it is shown",
                )
            self.pieces.append(f"{name} = {text}\n")
        else:
            raise self.refused(name, path, f"is {_told(value)}", _hint(value))

    def take_module(self, name: str, module: ModuleType, path: tuple[str, ...]) -> None:
        whole = module.__name__
        if not _is_standard(whole):
            raise self.refused(
                name,
                path,
                f"is the module {whole!r}, which is not of Python's standard library",
                f"Import the functions themselves, `from {whole} import …`: their source is "
                "carried, where they are written in Python alone",
            )
        self.imports.add(f"import {whole}" if whole == name else f"import {whole} as {name}")

    def take_function(
        self, name: str, value: Callable[..., object], path: tuple[str, ...]
    ) -> None:
        from ._component import Component

        function = cast("FunctionType", _unwrapped(value))
        for other, known in list(self.known.items()):
            if known is value and other != name:
                # Its source is there, under another name.
                self.pieces.append(f"{name} = {other}\n")
                return
        if function.__name__ == "<lambda>":
            text, node = self.source_of_lambda(name, function, path)
            called = name
        else:
            # What a decorator left as it was is taken without it: it has done its work.
            decorated = function is not value and not isinstance(value, Component)
            text, node, called = self.source(name, function, path, decorated)
        if called != name:
            if called in self.known and self.known[called] is not function:
                raise self.refused(called, path, "is two different things", "Rename one of them")
            if called in self.reserved:
                raise self.refused(
                    called, path, "has a name that the plugin needs", "Rename it"
                )
            self.known[called] = value
        within = (*path, called)
        self.take_names(function, node, within)
        self.pieces.append(text)
        if called != name:
            self.pieces.append(f"{name} = {called}\n")

    def take_names(
        self, function: FunctionType, node: ast.AST, path: tuple[str, ...]
    ) -> None:
        """Take what a function uses: when it is called, and when it is defined."""
        held = visible(function)
        for name in dict.fromkeys((*_defining(node), *_used(function.__code__))):
            # Python's own names, and those that pytest writes into code that it tests.
            if name.startswith("__") or not name.isidentifier():
                continue
            if name in held:
                self.take(name, held[name], path)
            elif not hasattr(builtins, name):
                raise self.refused(name, path, "is not defined", "Define it before the plugin")
        for name in _changed(function.__code__):
            raise self.refused(
                name,
                path,
                f"is changed by `{path[-1]}`",
                "A value is a function of its row alone: keep what changes within the function",
            )
        for imported in _imported(node):
            # A component has no files: what is imported later must be there already.
            if not _is_standard(imported):
                raise self.refused(
                    imported,
                    path,
                    "is a module that is not of Python's standard library",
                    "A component has the standard library and nothing else",
                )
            self.imports.add(f"import {imported}")
        for dotted in _dotted(node):
            root = held.get(dotted.partition(".")[0])
            if isinstance(root, ModuleType) and root.__name__ == dotted.partition(".")[0]:
                self.imports.add(f"import {dotted}")

    def source(
        self, name: str, function: FunctionType, path: tuple[str, ...], decorated: bool
    ) -> tuple[str, ast.AST, str]:
        """Return the source of a function, its tree, and the name that it has there."""
        text = self.lines(name, function, path)
        whole = textwrap.dedent(text)
        wrapped = f"if True:\n{text}" if text[:1].isspace() else text
        tree = _parsed(wrapped)
        if wrapped is not text and tree is not None:
            tree = ast.Module(cast("ast.If", tree.body[0]).body, [])
            plain = _parsed(whole)
            # Texts of several lines must not lose what looks like an indent.
            same = plain is not None and ast.dump(plain) == ast.dump(tree)
            text, tree = (whole, plain) if same else (wrapped, tree)
        node = tree.body[0] if tree is not None else None
        if not isinstance(node, ast.FunctionDef):
            raise self.refused(
                name, path, "has a source that cannot be read", "Write it as a `def` of its own"
            )
        of, code = node.args, function.__code__
        parameters = [it.arg for it in (*of.posonlyargs, *of.args, *of.kwonlyargs)]
        known = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        if (node.name, *parameters) != (code.co_name, *known):
            raise self.refused(
                name,
                path,
                "has changed in its file since it was imported",
                "Import it again, in a new process or kernel",
            )
        lines = text.splitlines(keepends=True)
        head = lines[:1] if text is wrapped and wrapped.startswith("if True:\n") else []
        first = node.lineno
        if decorated:
            first = min([first, *(it.lineno for it in node.decorator_list)])
        else:
            node.decorator_list = []
        body = "".join([*head, *lines[first - 1 : node.end_lineno]])
        return body.rstrip("\n") + "\n", node, node.name

    def source_of_lambda(
        self, name: str, function: FunctionType, path: tuple[str, ...]
    ) -> tuple[str, ast.AST]:
        text = textwrap.dedent(self.lines(name, function, path))
        tree = _parsed(text)
        found = [it for it in ast.walk(tree) if isinstance(it, ast.Lambda)] if tree else []
        segment = ast.get_source_segment(text, found[0]) if len(found) == 1 else None
        if segment is None:
            raise self.refused(
                name,
                path,
                "is a lambda whose source cannot be told from what is around it",
                "Write it as a `def`",
            )
        return f"{name} = ({segment})\n", found[0]

    def lines(self, name: str, function: FunctionType, path: tuple[str, ...]) -> str:
        try:
            return inspect.getsource(function)
        except (OSError, TypeError):
            raise self.refused(
                name,
                path,
                "has no source",
                "Write it as a `def`, in a file or in a cell of a notebook",
            ) from None

    def refused(self, name: str, path: tuple[str, ...], why: str, hint: str) -> PluginError:
        if not path:
            return PluginError(f"the plugin `{self.plugin}` cannot be built: it {why}", (), hint)
        through = [it for it in path[1:] if it != name]
        of = f" (in {' → '.join(f'`{it}`' for it in through)})" if through else ""
        return PluginError(
            f"the plugin `{self.plugin}` cannot be built: it uses `{name}`{of}, which {why}",
            (),
            hint,
        )


def visible(function: FunctionType) -> dict[str, object]:
    """Return what a function sees around it: globals, and variables of enclosing functions."""
    held = dict(function.__globals__)
    for name, cell in zip(
        function.__code__.co_freevars, function.__closure__ or (), strict=True
    ):
        try:
            held[name] = cell.cell_contents
        except ValueError:
            # It has no value yet, and hides a global of the same name.
            held.pop(name, None)
    return held


def literal(value: object) -> str | None:
    """Return a constant as an expression; None where it is none that can be written down."""
    try:
        return _literal(value, 0)
    except (ValueError, RecursionError):
        return None


def _literal(value: object, depth: int) -> str:
    if depth > 50:
        raise ValueError
    kind = type(value)
    if value is None or value is ... or kind in (bool, int, str, bytes, range):
        return repr(value)
    if kind in (float, complex):
        text = repr(value)
        return f"{kind.__name__}({text!r})" if "n" in text else text
    if kind in (datetime.date, datetime.time, datetime.datetime, datetime.timedelta):
        if getattr(value, "tzinfo", None) is not None:
            raise ValueError
        # Not by the module's name, which may be something else's here.
        return repr(value).replace("datetime.", '__import__("datetime").', 1)
    if isinstance(value, (decimal.Decimal, uuid.UUID)) and kind in (decimal.Decimal, uuid.UUID):
        return f'__import__("{kind.__module__}").{kind.__name__}("{value}")'
    if kind is re.Pattern:
        pattern = cast("re.Pattern[Any]", value)
        return f'__import__("re").compile({pattern.pattern!r}, {pattern.flags})'
    if kind is dict:
        pairs = cast("dict[object, object]", value).items()
        items = [f"{_literal(k, depth + 1)}: {_literal(v, depth + 1)}" for k, v in pairs]
        return _listed("{", items, "}", depth)
    if kind in (list, tuple, set, frozenset):
        items = [_literal(it, depth + 1) for it in cast("Iterable[object]", value)]
        if kind is list:
            return _listed("[", items, "]", depth)
        if kind is tuple:
            return _listed("(", items, ",)" if len(items) == 1 else ")", depth)
        # In an order that is the same in every run.
        return _listed(f"{kind.__name__}([", sorted(items), "])", depth)
    raise ValueError


def _listed(opened: str, items: list[str], closed: str, depth: int) -> str:
    line = opened + ", ".join(items) + closed
    if len(line) + 4 * depth <= WIDTH or not items:
        return line
    indent = "    " * (depth + 1)
    lines = "".join(f"{indent}{item},\n" for item in items)
    return f"{opened}\n{lines}{'    ' * depth}{closed.lstrip(',')}"


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def _unwrapped(value: object) -> object:
    """Return the function within decorators; the value where there is none."""
    try:
        return inspect.unwrap(cast("Callable[..., Any]", value))
    except ValueError:
        # What has every attribute that it is asked for.
        return value


def _import(name: str, value: object) -> str | None:
    """Return the statement that imports a value of the standard library under a name."""
    named = getattr(value, "__name__", None)
    for module in (getattr(value, "__module__", None), type(value).__module__):
        if not isinstance(module, str) or not _is_standard(module):
            continue
        for attribute in (named, name):
            if not isinstance(attribute, str):
                continue
            held = getattr(sys.modules.get(module), attribute, None)
            if held is value and value is not None and literal(value) is None:
                alias = "" if attribute == name else f" as {name}"
                return f"from {module} import {attribute}{alias}"
    return None


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Iterate over the code of a function and of those within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _used(code: CodeType) -> Iterator[str]:
    """Iterate over names that a function has from outside."""
    yield from code.co_freevars
    for within in _codes(code):
        steps = list(dis.get_instructions(within))
        # The body of a class has names of its own, and asks for others in the same way.
        own = {step.argval for step in steps if step.opname == "STORE_NAME"}
        for step in steps:
            if step.opname in ("LOAD_GLOBAL", "LOAD_NAME") and step.argval not in own:
                yield str(step.argval)


def _changed(code: CodeType) -> Iterator[str]:
    """Iterate over names outside of a function to which it assigns."""
    for within in _codes(code):
        for step in dis.get_instructions(within):
            if step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
                yield str(step.argval)
            if step.opname in ("STORE_DEREF", "DELETE_DEREF") and step.argval in code.co_freevars:
                yield str(step.argval)


def _defining(node: ast.AST) -> Iterator[str]:
    """Iterate over names that are needed where a function is defined."""
    if isinstance(node, (ast.FunctionDef, ast.Lambda)):
        defaults = [*node.args.defaults, *(it for it in node.args.kw_defaults if it)]
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        for expression in (*decorators, *defaults):
            for it in ast.walk(expression):
                if isinstance(it, ast.Name):
                    yield it.id


def _imported(node: ast.AST) -> Iterator[str]:
    """Iterate over modules that are imported within a function."""
    for it in ast.walk(node):
        if isinstance(it, ast.Import):
            yield from (alias.name for alias in it.names)
        elif isinstance(it, ast.ImportFrom):
            yield it.module if it.module and not it.level else f".{it.module or ''}"


def _dotted(node: ast.AST) -> Iterator[str]:
    """Iterate over what looks like a module within a package: `os.path`."""
    for it in ast.walk(node):
        parts: list[str] = []
        while isinstance(it, ast.Attribute):
            parts.insert(0, it.attr)
            it = it.value
        if isinstance(it, ast.Name):
            for end in range(1, len(parts) + 1):
                dotted = ".".join((it.id, *parts[:end]))
                if dotted in sys.modules and _is_standard(dotted):
                    yield dotted


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except SyntaxError:
        return None


def _told(value: object) -> str:
    if isinstance(value, type):
        return "a class"
    kind = type(value)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    article = "an" if kind.__name__[:1].lower() in "aeiou" else "a"
    return f"{article} `{module}{kind.__qualname__}`"


def _hint(value: object) -> str:
    if isinstance(value, type):
        return "Write functions instead, or a `dict`; classes of the standard library can be used"
    if hasattr(value, "__arrow_c_stream__") or hasattr(value, "__dataframe__"):
        return (
            "A component sees the columns of its own rows: name them in `input`, or make a "
            "`dict` or a list of what it needs"
        )
    return (
        "Functions, numbers, texts, dates, lists, tuples, sets and dictionaries of them, and the "
        "standard library can be carried; what comes from outside becomes a constant or an option"
    )
