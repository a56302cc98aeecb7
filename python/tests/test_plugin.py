"""Plugins that are functions: what is carried, refused, shown, built and used."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import enum
import functools
import linecache
import os
import random
import re
import subprocess
import sys
import textwrap
import time
import xml.etree.ElementTree
from collections.abc import Callable
from math import floor
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy
import pandas as pd
import polars as pl
import prodlike
import pyarrow as pa
import pytest
from prodlike import PluginError, plugin

LINES = {"KH": 38, "KA": 17, "HR": 14}
SINCE = dt.date(1995, 1, 1)
LETTERS = re.compile("[A-Z]+", re.ASCII)
FRAME = pl.DataFrame({"a": [1]})
shorten = lambda text: text[:2]  # noqa: E731


@functools.cache
def remainder(text: str) -> int:
    digits = "".join(str(int(letter, 36)) for letter in text if letter != "-")
    return int(digits) % 97


def check_digits(body: str) -> int:
    return 98 - remainder(body + "00")


@plugin.generator(semantic="document_number", unique=True)
def policy(
    row: plugin.Row,
    country: str,
    *,
    prefix: Annotated[str, plugin.option("What all begin with", pattern="^[A-Z]{0,4}$")] = "KH",
    digits: Annotated[int, plugin.option("Digits of the serial number", minimum=6, maximum=12)] = 7,
) -> str:
    """Policy numbers
    with our check digits.

    They are those of ISO 7064.
    """
    serial = row.unique(10**digits)
    body = f"{prefix}{shorten(country)}-{serial:0{digits}}"
    return f"{body}-{check_digits(re.sub('[^A-Z0-9-]', '', body)):02}"


@plugin.transform
def masked(value: str, *, keep: Annotated[int, plugin.option("Letters", minimum=0)] = 1) -> str:
    "All but the first letters hidden."
    return value[:keep].ljust(len(value), "*")


# What a decorated function is.


def test_a_function_can_still_be_called() -> None:
    number = policy(plugin.row(3, seed=1), "DE", digits=6)
    assert re.fullmatch(r"KHDE-\d{6}-\d\d", number)
    assert policy(plugin.row(3, seed=1), "DE", digits=6) == number
    assert policy.function(plugin.row(4, seed=1), "DE", digits=6) != number
    assert masked("Vienna", keep=2) == "Vi****"


def test_what_is_said_of_a_plugin() -> None:
    assert policy.name == "policy"
    assert policy.version == "0.1.0"
    assert policy.summary == "Policy numbers with our check digits."
    assert policy.input == ["country"]
    assert policy.options == {"prefix": "KH", "digits": 7}
    assert policy.outputs == {"value": "utf8"}
    assert repr(policy).splitlines() == [
        "policy 0.1.0, a generator: Policy numbers with our check digits.",
        "        name     type  unless said otherwise",
        "shown   country  str",
        "option  prefix   str   'KH'",
        "option  digits   int   7",
        "makes   value    utf8",
    ]
    assert "<table>" in policy._repr_html_()


def test_the_name_is_the_function_s_unless_it_is_said() -> None:
    @plugin.generator
    def order_number(row: plugin.Row) -> str:
        return "1"

    @plugin.generator(name="other", version="1.2.0")
    def anything(row: plugin.Row) -> str:
        return "1"

    assert order_number.name == "order-number"
    assert (anything.name, anything.version) == ("other", "1.2.0")


# What is carried.


def test_functions_constants_and_modules_are_carried() -> None:
    source = policy.source
    compile(source, "plugin.py", "exec")
    for part in (
        "import re\n",
        "import functools\n",
        "@functools.cache\ndef remainder(text: str) -> int:\n",
        "def check_digits(body: str)",
        "shorten = (lambda text: text[:2])",
        "def policy(\n",
    ):
        assert part in source
    for part in ("polars", "LINES", "@plugin.generator", "FRAME"):
        assert part not in source
    # What is used stands before what uses it.
    assert source.index("def remainder") < source.index("def check_digits")
    assert policy.source == source


def test_every_sort_of_constant_is_carried() -> None:
    amount = decimal.Decimal("1.50")
    held = {"a": [1, 2.5, None, True], "b": ("x",), "c": {3, 1, 2}, "d": b"\x00", "e": float("inf")}

    @plugin.generator
    def value(row: plugin.Row) -> str:
        years = (dt.date(2020, 1, 1) - SINCE).days // 365
        named = xml.etree.ElementTree.Element("x").tag
        return f"{held} {amount} {years} {LETTERS.pattern} {LETTERS.flags} {named} {floor(2.5)}"

    assert value.preview(1)["value"] == [value(plugin.row())]
    assert "from math import floor\n" in value.source
    assert "import xml.etree.ElementTree\n" in value.source


def test_long_constants_are_written_on_several_lines() -> None:
    words = [f"word {number}" for number in range(50)]

    @plugin.generator
    def value(row: plugin.Row) -> str:
        return row.rng().pick(words)

    assert "\n    'word 49',\n" in value.source
    assert set(value.preview(20)["value"]) <= set(words)


def test_names_within_functions_are_found() -> None:
    @plugin.generator
    def value(row: plugin.Row) -> str:
        import textwrap as wrap

        def within() -> str:
            return ",".join(line for line in LINES)

        return wrap.shorten(within(), 40)

    assert value.preview(1)["value"] == ["KH,KA,HR"]
    assert "import textwrap\n" in value.source


def test_a_dataclass_within_a_function_is_one() -> None:
    @plugin.generator
    def value(row: plugin.Row) -> str:
        @dataclasses.dataclass
        class Point:
            x: int = 1

        return str(Point().x)

    assert value.preview(1)["value"] == ["1"]


def test_an_attribute_is_no_global() -> None:
    @plugin.generator
    def value(row: plugin.Row) -> int:
        # There is a global of that name, which cannot be carried.
        return row.number if row.number >= 0 else row.FRAME  # type: ignore

    assert "polars" not in value.source


def test_functions_that_call_one_another_are_carried_once() -> None:
    def even(n: int) -> bool:
        return n == 0 or odd(n - 1)

    def odd(n: int) -> bool:
        return n != 0 and even(n - 1)

    @plugin.generator(kind="boolean")
    def value(row: plugin.Row) -> bool:
        return even(row.number)

    assert value.source.count("def even(") == value.source.count("def odd(") == 1
    assert value.preview(3)["value"] == [True, False, True]


def test_a_plugin_can_use_another_s_function() -> None:
    @plugin.generator
    def value(row: plugin.Row) -> str:
        return masked("secret")

    assert value.preview(1)["value"] == ["s*****"]
    assert value.source.count("class _Plugin(") == 1


# What is refused.


def refusal(function: Callable[..., object], **said: object) -> PluginError:
    with pytest.raises(PluginError) as caught:
        plugin.generator(**said)(function).source  # type: ignore[call-overload]
    return caught.value


def test_what_cannot_be_carried_is_named() -> None:
    connection = open(__file__)  # noqa: SIM115

    def with_frame(row: plugin.Row) -> int:
        return len(FRAME)

    def with_file(row: plugin.Row) -> str:
        return connection.read()

    def helper() -> str:
        return connection.read()

    def through(row: plugin.Row) -> str:
        return helper()

    def with_module(row: plugin.Row) -> object:
        return pl.DataFrame()

    def with_class(row: plugin.Row) -> object:
        return Path2()

    def with_lambda(row: plugin.Row) -> object:
        return made(1)

    made = eval("lambda value: value")

    def undefined(row: plugin.Row) -> object:
        return nowhere  # type: ignore[name-defined] # noqa: F821

    with connection:
        assert str(refusal(with_frame)) == (
            "the plugin `with-frame` cannot be built: it uses `FRAME`, which is a "
            "`polars.dataframe.frame.DataFrame`\n"
            "hint: A component sees the columns of its own rows: name them in `input`, or make a "
            "`dict` or a list of what it needs"
        )
        assert str(refusal(with_file)).startswith(
            "the plugin `with-file` cannot be built: it uses `connection`, which is a "
            "`_io.TextIOWrapper`\nhint: Functions, numbers, texts"
        )
        assert "it uses `connection` (in `helper`), which" in str(refusal(through))
    assert str(refusal(with_module)) == (
        "the plugin `with-module` cannot be built: it uses `pl`, which is the module 'polars', "
        "which is not of Python's standard library\nhint: Import the functions themselves, `from "
        "polars import …`: their source is carried, where they are written in Python alone"
    )
    assert "it uses `Path2`, which is a class" in str(refusal(with_class))
    assert "it uses `made`, which has no source\nhint: Write it as a `def`" in str(
        refusal(with_lambda)
    )
    assert "it uses `nowhere`, which is not defined" in str(refusal(undefined))


class Path2:
    """A class of a user."""


class Everything:
    """What has every attribute."""

    def __getattr__(self, name: str) -> Everything:
        return Everything()


def test_what_has_every_attribute_is_refused_too() -> None:
    anything = Everything()

    def value(row: plugin.Row) -> object:
        return anything

    assert "it uses `anything`, which is an `" in str(refusal(value))


counted = 0


def test_a_function_must_not_change_what_is_around_it() -> None:
    def counting(row: plugin.Row) -> int:
        global counted
        counted += 1
        return counted

    assert "it uses `counted`, which is changed by `counting`" in str(refusal(counting))


def test_names_that_a_plugin_needs_are_refused() -> None:
    def _read(row: plugin.Row) -> str:
        return _read(row)

    def value(row: plugin.Row) -> str:
        return _read(row)

    assert "cannot be built: it has a name that the plugin needs\nhint: Rename it" in str(
        refusal(_read, name="reader")
    )
    assert "it uses `_read`, which has a name that the plugin needs" in str(refusal(value))


def test_names_must_not_collide() -> None:
    def first() -> str:
        word = "a"

        def helper() -> str:
            return word

        return helper  # type: ignore[return-value]

    word = "b"
    helper = first()

    def value(row: plugin.Row) -> str:
        return helper() + word  # type: ignore[operator]

    assert "it uses `word`" in str(refusal(value))
    assert "is two different things" in str(refusal(value))


def test_a_source_that_changed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "changing.py"
    text = """
from prodlike import plugin

@plugin.generator
def first(row):
    return "1"

@plugin.generator
def second(row, city):
    return "2"
"""
    file.write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    import changing  # type: ignore[import-not-found]

    assert "def second(row, city)" in changing.second.source
    file.write_text("\n" * 4 + text)
    with pytest.raises(PluginError, match="has changed in its file since it was imported"):
        changing.second.source  # noqa: B018


def test_large_constants_are_refused() -> None:
    words = ["x" * 100] * 20_000

    def value(row: plugin.Row) -> str:
        return words[0]

    assert "it uses `words`, which has 2," in str(refusal(value))


def test_names_of_plugins_are_checked() -> None:
    def Policy(row: plugin.Row) -> str:  # noqa: N802
        return ""

    assert str(refusal(Policy)) == (
        "'Policy' cannot be a plugin's name\n"
        'hint: A name has lower-case letters, digits and single hyphens: `name="…"` says one'
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"outputs": {"Number": "utf8"}}, "'Number' cannot be the name of an output"),
        ({"outputs": {"": "utf8"}}, "'' cannot be the name of an output"),
        ({"outputs": {}}, "the plugin `value` has no output\nhint: Name what it makes"),
        ({"semantic": "document number"}, "cannot be the name of a semantic type"),
        ({"kind": "int32", "outputs": {"number": "utf8"}}, "`kind` or `outputs`, and not both"),
        ({"version": "1.0"}, "'1.0' cannot be the version of the plugin `value`\nhint: A version"),
    ],
)
def test_what_the_engine_would_refuse_is_refused_at_once(
    said: dict[str, object], told: str
) -> None:
    def value(row: plugin.Row) -> str:
        return ""

    with pytest.raises(PluginError, match=told):
        plugin.generator(**said)(value)  # type: ignore[call-overload]


def test_names_of_columns_and_lengths_of_summaries_are_checked() -> None:
    def value(row: plugin.Row, City: str) -> str:  # noqa: N803
        return City

    def chatty(row: plugin.Row) -> str:
        return ""

    chatty.__doc__ = "It does. " * 200
    assert "'City' cannot be the name of a column of the plugin `value`" in str(refusal(value))
    assert "has more than 1,000 bytes\nhint: Begin its docstring" in str(refusal(chatty))


def test_what_has_no_source_of_its_own_is_no_plugin() -> None:
    def twice(function: Callable[..., str]) -> Callable[..., str]:
        @functools.wraps(function)
        def doubled(row: plugin.Row) -> str:
            return function(row) * 2

        return doubled

    @twice
    def value(row: plugin.Row) -> str:
        return "1"

    assert value(plugin.row()) == "11"
    # What is built would be the function without the decorator.
    assert "is wrapped by another decorator\nhint: Put the decorator directly" in str(refusal(value))
    assert "is a lambda" in str(refusal(lambda row: "", name="short"))
    assert "is none" in str(refusal(functools.partial(value)))


def test_parameters_are_checked() -> None:
    def nothing() -> str:
        return ""

    def several(row: plugin.Row, *columns: str) -> str:
        return ""

    def without(row: plugin.Row, *, digits: int) -> str:
        return ""

    def wrong(row: plugin.Row, *, digits: int = "7") -> str:  # type: ignore[assignment]
        return ""

    def other(row: plugin.Row, *, since: dt.date = SINCE) -> str:
        return ""

    def empty(row: plugin.Row, *, words: list = []) -> str:  # type: ignore[type-arg]
        return ""

    def colour(row: plugin.Row, *, case: Literal[Colour.RED] = Colour.RED) -> str:
        return ""

    def endless(row: plugin.Row, *, share: float = float("nan")) -> str:
        return ""

    def yields(row: plugin.Row):  # type: ignore[no-untyped-def]
        yield ""

    async def later(row: plugin.Row):  # type: ignore[no-untyped-def]
        yield ""

    assert "hint: Its first parameter is the row: `def nothing(row, …)`" in str(refusal(nothing))
    assert "has a parameter `*columns: 'str'`" in str(refusal(several))
    assert str(refusal(without)).startswith("option `digits` of plugin `without` has no default")
    assert str(refusal(wrong)) == (
        "option `digits` of plugin `wrong` is int, and its default is '7'\n"
        "hint: Give it a default of its type, or annotate it as what its default is"
    )
    assert "option `since` of plugin `other` cannot be of type date" in str(refusal(other))
    assert "option `words` of plugin `empty` cannot be of type list" in str(refusal(empty))
    assert "option `case` of plugin `colour` cannot be of type" in str(refusal(colour))
    assert "is float, and its default is nan\nhint: " in str(refusal(endless))
    for function in (yields, later):
        assert "does not return a value" in str(refusal(function))


class Colour(enum.Enum):
    RED = 1


@pytest.mark.parametrize(
    ("said", "default", "told"),
    [
        ({"minimum": 6}, 3, "has the default 3, which its limits exclude: minimum 6\nhint: "),
        ({"maximum": 2.5}, 3, "has the default 3, which its limits exclude: maximum 2.5\nhint: "),
        ({"pattern": "^[A-Z]$"}, "a", "has the default 'a', which its limits exclude: pattern"),
    ],
)
def test_defaults_are_within_their_limits(
    said: dict[str, Any], default: int | str, told: str
) -> None:
    def value(row: plugin.Row, *, it: Annotated[Any, plugin.option("It", **said)] = default) -> str:
        return ""

    value.__annotations__["it"] = Annotated[type(default), plugin.option("It", **said)]
    assert told in str(refusal(value))


def test_limits_are_checked() -> None:
    with pytest.raises(PluginError, match="a limit of an option cannot be -inf\nhint: Leave out"):
        plugin.option("It", minimum=float("-inf"))
    with pytest.raises(PluginError, match=r"'\(' of an option is no regular expression\nCaused by: "):
        plugin.option("It", pattern="(")

    def value(row: plugin.Row, *, it: Annotated[str, plugin.option("It", pattern="(")] = "") -> str:
        return it

    assert "is no regular expression" in str(refusal(value))


def test_choices_are_carried_as_they_are() -> None:
    @plugin.generator
    def value(row: plugin.Row, *, case: Literal["Literal[x]", "y"] = "Literal[x]") -> str:
        return case

    assert value.preview(1, {"case": "Literal[x]"})["value"] == ["Literal[x]"]


def test_a_function_can_name_what_has_no_value_yet() -> None:
    @plugin.generator(kind="int64")
    def depth(row: plugin.Row, city: str, *, deep: bool = False) -> int:
        return 1 if deep else depth(row, city, deep=True) + later

    later = 1
    assert depth.preview(city=["Vienna"])["value"] == [2]


def test_types_and_meanings_are_checked() -> None:
    def value(row: plugin.Row) -> str:
        return ""

    assert str(refusal(value, kind="string")) == (
        "the plugin `value` cannot make values of type 'string'\nhint: There are: utf8, boolean, "
        "int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64, date, "
        "timestamp, binary, decimal(12,2)"
    )
    assert "Did you mean 'int32'?" in str(refusal(value, kind="int3"))
    assert "has no output 'nmber'\nhint: Did you mean 'number'?" in str(
        refusal(value, outputs={"number": "utf8"}, semantic={"nmber": "code"})
    )


# What is shown.


def test_a_preview_shows_columns_and_values() -> None:
    shown = policy.preview(country=["Germany", "France"], options={"digits": 6}, seed=1)
    assert list(shown) == ["country", "value"]
    assert [value[:5] for value in shown["value"]] == ["KHGe-", "KHFr-"]
    assert shown == policy.preview(country=["Germany", "France"], options={"digits": 6}, seed=1)
    assert shown != policy.preview(country=["Germany", "France"], options={"digits": 6}, seed=2)
    assert repr(shown).startswith("country  value\nGermany  KHGe-")
    assert pl.DataFrame(shown).height == 2


def test_a_preview_takes_frames_and_types() -> None:
    frame = pl.DataFrame(
        {
            "day": [dt.date(2024, 2, 29), None],
            "at": [dt.datetime(2024, 2, 29, 12, 30), dt.datetime(1960, 1, 1)],
            "amount": [decimal.Decimal("1.50"), decimal.Decimal("-2.25")],
        }
    )

    @plugin.generator(
        outputs={"text": "utf8", "day": "date", "at": "timestamp", "amount": "decimal(12,2)"}
    )
    def value(
        row: plugin.Row, day: dt.date | None, at: dt.datetime, amount: decimal.Decimal
    ) -> object:
        later = at + dt.timedelta(hours=1)
        return f"{day} {at:%H:%M} {amount}", day or SINCE, later, amount * 2

    shown = value.preview(day=frame["day"], at=frame["at"], amount=frame["amount"])
    assert shown["text"] == ["2024-02-29 12:30 1.50", "None 00:00 -2.25"]
    # An output has a column's name where both are shown.
    assert shown["amount"] == [decimal.Decimal("3.00"), decimal.Decimal("-4.50")]
    assert shown["at"] == [dt.datetime(2024, 2, 29, 13, 30), dt.datetime(1960, 1, 1, 1)]


@plugin.generator
def echo(row: plugin.Row, it=None):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    return repr(it)


DAY = dt.datetime(2024, 2, 29, 12)


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (pd.Series(["a", None]), ["'a'", "None"]),
        (pd.Series([1, None], dtype="Int64"), ["1", "None"]),
        (pd.Series([1.5, float("nan")]), ["1.5", "None"]),
        (pd.Series([DAY, None], dtype="datetime64[us]"), [repr(DAY), "None"]),
        (pd.Series([True, None], dtype="boolean"), ["True", "None"]),
        (pd.Series(["a", "b"], dtype="category"), ["'a'", "'b'"]),
        (numpy.array([1, 2]), ["1", "2"]),
        (numpy.array(["2024-02-29T12"], dtype="datetime64[us]"), [repr(DAY)]),
        (pa.chunked_array([["a"], [None]]), ["'a'", "None"]),
        (pl.Series([1, None]), ["1", "None"]),
        ([1, 2.5], ["1.0", "2.5"]),
        ([None, None], ["None", "None"]),
    ],
)
def test_a_preview_takes_columns_of_every_library(column: Any, told: list[str]) -> None:
    assert echo.preview(it=column)["value"] == told


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ([1 << 70], "has a value that no column can hold\nCaused by: .*\nhint: Give"),
        ([decimal.Decimal("NaN")], "has a value that no column can hold\nCaused by: .*\nhint: Give"),
        ([DAY.astimezone(dt.timezone.utc)], "has a value that no column can hold\nCaused by: can't"),
        (["\ud800"], "has a value that no column can hold\nCaused by: .*surrogates"),
        (["a", 1], "cannot hold int, str\nhint: Give texts"),
        ([object()], "cannot hold object\nhint: Give texts"),
        (numpy.zeros((2, 2)), "cannot be read\nCaused by: .*\nhint: Give values of one type"),
        ("abc", "is no list of values, but 'abc'\nhint: Give some values: `preview"),
        (3, "is no list of values, but 3\nhint: Give some values: `preview"),
    ],
)
def test_columns_that_no_table_has_are_refused(column: Any, told: str) -> None:
    with pytest.raises(PluginError, match=told):
        echo.preview(it=column)


def test_sizes_and_options_of_previews_are_checked() -> None:
    assert echo.preview(0) == {"value": []}
    with pytest.raises(PluginError, match="cannot have -1 rows\nhint: Say how many"):
        echo.preview(-1)
    with pytest.raises(PluginError, match="option 'keep' .* cannot be \\{1\\}\nCaused by: .*\nhint: O"):
        masked.preview(value=["a"], options={"keep": {1}})

    @plugin.generator
    def value(row: plugin.Row, n: int) -> str:
        return str(n)

    with pytest.raises(PluginError, match="cannot be given the column 'n'\nhint: Rename"):
        value.preview(n=[1])


def test_previews_leave_nothing_behind() -> None:
    echo.preview()
    held = len(linecache.cache)
    for _ in range(3):
        echo.preview()
    assert len(linecache.cache) == held


def test_a_row_without_as_many_numbers_is_told() -> None:
    with pytest.raises(PluginError, match="4 rows want .* there are 2\nhint: Draw from as many"):
        plugin.row(3).unique(2)


def test_several_outputs_are_a_tuple_or_a_dictionary() -> None:
    @plugin.generator(outputs={"number": "utf8", "year": "int32"})
    def as_tuple(row: plugin.Row) -> object:
        return f"{row.number}", 2020

    @plugin.generator(outputs={"number": "utf8", "year": "int32"})
    def as_dict(row: plugin.Row) -> object:
        return {"year": 2020, "number": f"{row.number}"}

    @plugin.generator(outputs={"number": "utf8", "year": "int32"})
    def short(row: plugin.Row) -> object:
        return (f"{row.number}",)

    assert as_tuple.preview(2) == as_dict.preview(2) == {"number": ["0", "1"], "year": [2020, 2020]}
    with pytest.raises(PluginError, match=r"`short` is to return number, year, not \('0',\)"):
        short.preview()

    @plugin.generator
    def alone(row: plugin.Row) -> object:
        return {"value" if row.number == 0 else "number": "1"}

    assert alone.preview(1) == {"value": ["1"]}
    with pytest.raises(PluginError, match="row 1: `alone` is to return value, not {'number': '1'}"):
        alone.preview(2)


def test_options_of_every_type_are_taken() -> None:
    @plugin.generator
    def value(
        row: plugin.Row,
        *,
        share: float = 1,
        names: list[str] = [],  # noqa: B006
        weights: dict = {"a": 1},  # type: ignore[type-arg] # noqa: B006
        case: Literal["upper", "lower"] = "upper",
        locale: str | None = None,
        exact: bool = False,
        bare="x",  # type: ignore[no-untyped-def] # noqa: ANN001
    ) -> str:
        return f"{share} {names} {weights} {case} {locale} {exact} {bare}"

    assert value.preview(1)["value"] == ["1.0 [] {'a': 1} upper None False x"]
    given = {"names": ["b"], "weights": {"c": 2}, "case": "lower", "locale": "de", "exact": True}
    assert value.preview(1, given)["value"] == ["1.0 ['b'] {'c': 2} lower de True x"]
    with pytest.raises(PluginError, match="option `case` is none of upper, lower"):
        value.preview(1, {"case": "title"})
    with pytest.raises(PluginError, match="option `cases` is no option"):
        value.preview(1, {"cases": "title"})


def test_errors_have_their_place() -> None:
    @plugin.generator
    def value(row: plugin.Row, city: str) -> str:
        if row.number == 1:
            raise ValueError("there is no such city")
        return city

    with pytest.raises(PluginError) as caught:
        value.preview(city=["Vienna", "Atlantis"])
    assert str(caught.value) == (
        "the plugin `value` failed: row 1: ValueError: there is no such city (`value`, line 3)"
    )
    with pytest.raises(PluginError, match=r"is to be shown a column 'city'\nhint: Give some"):
        value.preview()
    with pytest.raises(PluginError, match=r"shown no column 'cty'\nhint: Did you mean 'city'"):
        value.preview(cty=["Vienna"])


def test_values_that_cannot_be_compared_are_told() -> None:
    @plugin.generator
    def value(row: plugin.Row) -> object:
        class Odd:
            def __eq__(self, other: object) -> bool:
                raise ValueError("odd")

        return Odd()

    with pytest.raises(PluginError, match="`value` failed: ValueError: odd"):
        value.preview()


def test_null_is_none_where_the_annotation_says_so() -> None:
    @plugin.generator
    def bare(row: plugin.Row, city) -> str:  # type: ignore[no-untyped-def] # noqa: ANN001
        return str(city)

    @plugin.generator
    def optional(row: plugin.Row, city: str | None) -> str:
        return city or "nowhere"

    @plugin.generator
    def needed(row: plugin.Row, city: str) -> str:
        return city

    assert bare.preview(city=["Vienna", None])["value"] == ["Vienna", "None"]
    assert optional.preview(city=["Vienna", None])["value"] == ["Vienna", "nowhere"]
    with pytest.raises(PluginError, match=r"row 1: `city` is NULL: .* annotated `str \| None`"):
        needed.preview(city=["Vienna", None])


def test_wrong_values_are_told() -> None:
    @plugin.generator
    def none(row: plugin.Row) -> object:
        return None

    @plugin.generator(kind="int32")
    def large(row: plugin.Row) -> int:
        return 1 << 40

    @plugin.generator(kind="date")
    def day(row: plugin.Row) -> object:
        return "2024-01-01"

    with pytest.raises(PluginError, match="row 0: `value` is None, and every row must have"):
        none.preview()
    with pytest.raises(PluginError, match=r"column `value` \(int32\)"):
        large.preview()
    with pytest.raises(PluginError, match="`value` is to return a date: 'str' object"):
        day.preview()

    @plugin.generator(kind="decimal(4,2)")
    def amount(row: plugin.Row) -> decimal.Decimal:
        return decimal.Decimal("99.99") + row.number

    assert amount.preview(1)["value"] == [decimal.Decimal("99.99")]
    with pytest.raises(PluginError, match="row 1: `value` has more than 4 digits: 100.99"):
        amount.preview(3)


def test_a_preview_finds_what_depends_on_more_than_the_row() -> None:
    @plugin.generator
    def value(row: plugin.Row) -> str:
        return str(random.random())

    with pytest.raises(PluginError) as caught:
        value.preview()
    assert str(caught.value) == (
        "the plugin `value` failed: `value` depends on the batch or on earlier rows\n"
        "hint: Draw at random from `row.rng()` alone, and keep nothing from one row to the next"
    )


def test_a_transform_leaves_nulls_alone() -> None:
    shown = masked.preview(value=["Vienna", None], options={"keep": 2})
    assert shown == {"value": ["Vienna", None], "returned": ["Vi****", None]}
    with pytest.raises(PluginError, match="it changes str, and the column is int64"):
        masked.preview(value=[1])
    with pytest.raises(PluginError, match="takes 2 values\nhint: It takes one"):
        plugin.transform(two_values)


def two_values(value: str, other: str) -> str:
    return value


# What is built: real components, which are kept from one run to the next.


def test_a_component_is_built_once(tmp_path: Path) -> None:
    built = policy.build()
    begun = time.perf_counter()
    assert policy.build() == built
    assert time.perf_counter() - begun < 0.5
    assert built.name == "policy.wasm"
    assert policy.read_bytes()[:4] == b"\0asm"
    saved = policy.save(tmp_path / "mine.wasm")
    assert saved.read_bytes() == policy.read_bytes()
    with pytest.raises(PluginError, match="is there already\nhint: Replace it with"):
        policy.save(saved)
    policy.save(saved, overwrite=True)
    with pytest.raises(PluginError, match="`policy` cannot be written .*\nCaused by: No such file"):
        policy.save(tmp_path / "nowhere" / "mine.wasm")


@pytest.mark.skipif(os.environ.get("PRODLIKE_NOTEBOOKS") != "all", reason="takes minutes")
def test_a_component_passes_its_checks() -> None:
    checks = policy.check()
    assert checks.passed, checks
    outcomes = {it.check: it.outcome for it in checks}
    assert outcomes["loads"] == outcomes["limits"] == outcomes["unique"] == "passed"
    assert repr(checks).startswith("check ")
    assert "<table>" in checks._repr_html_()


def test_a_transform_passes_its_checks() -> None:
    assert masked.check().passed, masked.check()


def test_checks_find_ambient_randomness() -> None:
    @plugin.generator
    def value(row: plugin.Row) -> str:
        return str(random.random())

    checks = value.check()
    assert not checks.passed
    told = " ".join(it.reason or "" for it in checks.failed)
    assert "`random.random` has no meaning in a plugin: use `row.rng()` (`value`, line 2)" in told


def shop(n: int = 300) -> dict[str, pl.DataFrame]:
    countries = ["Germany", "France", "Austria"]
    customers = pl.DataFrame({"id": range(n), "country": countries * (n // 3)})
    policies = pl.DataFrame(
        {
            "id": range(2 * n),
            "customer_id": [row % n for row in range(2 * n)],
            "country": countries * (2 * n // 3),
            "number": [f"KH-{row:07}" for row in range(2 * n)],
        }
    )
    return {"customers": customers, "policies": policies}


def test_a_model_generates_with_a_plugin(tmp_path: Path) -> None:
    source = prodlike.connect(shop())
    schema = source.inspect()
    schema["policies"]["number"].update(
        generator="policy", options={"digits": 8}, input=["country"]
    )
    model = prodlike.fit(source, schema, plugins=[policy])
    made = model.generate(seed=7)["policies"].to_polars()
    assert made["number"].n_unique() == made.height == 600
    for country, number in made.select("country", "number").iter_rows():
        assert re.fullmatch(rf"KH{country[:2]}-\d{{8}}-\d\d", number)
    # The component is in the model: neither the function nor the plugin is needed any more.
    model.save(tmp_path / "shop.prodlike")
    program = textwrap.dedent(
        """
        import sys, prodlike
        made = prodlike.load(sys.argv[1]).generate(seed=7)["policies"].to_polars()
        print(made["number"][0])
        """
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "shop.prodlike")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == made["number"][0]


@pytest.mark.parametrize("it", ["nowhere.wasm", two_values])
def test_what_is_no_component_is_told(it: Any) -> None:
    with pytest.raises(PluginError, match="there is no component .*\nCaused by: .*\nhint: Give"):
        prodlike.fit(shop(30), plugins=[it])


def test_a_model_tells_of_errors_with_their_place() -> None:
    source = prodlike.connect(shop())
    schema = source.inspect()
    schema["policies"]["number"].update(generator="policy", input=["id", "country"])
    with pytest.raises(PluginError, match="it is to be shown `country`, and 2 are given"):
        prodlike.fit(source, schema, plugins=[policy]).generate()["policies"].to_polars()
