"""The kinds of plugins: a class each."""

import dataclasses
import json
import sys
import typing

from .columns import Batch, Column, Field, decode, encode
from .errors import Error, OptionError, Unsupported
from .options import parse, schema_of


@dataclasses.dataclass(frozen=True)
class Output:
    """A column that a manifest can ask for by name."""

    name: str
    summary: str
    semantic: str | None = None
    kind: str = "utf8"
    detail: typing.Any = None


@dataclasses.dataclass(frozen=True)
class Example:
    """Options that show what the plugin does; `prodlike plugin check` runs them."""

    summary: str
    options: dict


@dataclasses.dataclass(frozen=True)
class Count:
    """A key that `keys` gave and at least k entities share."""

    key: str
    rows: int
    entities: int


@dataclasses.dataclass(frozen=True)
class Settings:
    """What an instance is told once. `wanted` are the columns to be filled, named as outputs."""

    input: tuple = ()
    wanted: tuple = ()
    locale: str | None = None
    unique: bool = False
    secrets: dict = dataclasses.field(default_factory=dict, repr=False)
    learned: tuple = ()

    def secret(self, name):
        """A secret's bytes."""
        if not self.secrets.get(name):
            raise Unsupported(f"the secret `{name}` is missing")
        return self.secrets[name]


@dataclasses.dataclass
class NoOptions:
    """A plugin without options."""


class Plugin:
    """What all kinds share: who the plugin is, and how it is configured."""

    name = ""
    version = "0.1.0"
    #: A dataclass; `option(default, summary)` documents its fields.
    Options = NoOptions
    outputs: typing.Sequence[Output] = ()
    #: Meanings of the columns that it likes to see in its input.
    context: typing.Sequence[str] = ()
    #: Meanings that a detector can find.
    finds: typing.Sequence[str] = ()
    examples: typing.Sequence[Example] = ()

    def __init__(self, options, settings, serves):
        #: `serves` is the kind that this instance was made for: `generator`, `transform`, ...
        self.options, self.settings, self.serves = options, settings, serves
        self.configure()

    def configure(self):
        """Prepares what all batches share. Options and settings are in `self`."""

    def output(self):
        """The fields that every batch will hold: the input's for a transform, else those
        wanted, as `outputs` has them."""
        if self.serves == "transform":
            return list(self.settings.input)
        known = {output.name: output for output in self.outputs}
        names = [field.name for field in self.settings.wanted] or list(known)[:1]
        for name in names:
            if name not in known:
                raise Unsupported(f"there is no output `{name}`")
        return [
            Field(name, known[name].kind, False, known[name].detail, (), known[name].semantic)
            for name in names
        ]


class Generator(Plugin):
    """Fills columns, from seeds and from other columns of the same rows."""

    def generate(self, rows, batch):
        """The columns of `output()` in its order, or a dict of columns by name."""
        raise NotImplementedError


class Transform(Plugin):
    """Changes columns: pseudonyms, noise, coarser values."""

    def apply(self, rows, batch):
        """The columns of `output()` in its order, or a dict of columns by name."""
        raise NotImplementedError


@dataclasses.dataclass(frozen=True)
class Finding:
    """How many values have the meaning `finds[semantic]`, and the share that chance would."""

    semantic: int
    matched: int
    chance: float


class Detector(Plugin):
    """Tells what the values of a column mean."""

    def detect(self, batch):
        """A list of findings."""
        raise NotImplementedError


@dataclasses.dataclass(frozen=True)
class Range:
    """What a column's values may be: from low to high, both included."""

    low: float
    high: float


@dataclasses.dataclass(frozen=True)
class OneOf:
    """What a column's values may be: these texts."""

    values: tuple


class Rule(Plugin):
    """Says which rows can be."""

    def domains(self):
        """One a column of the input: a `Range`, a `OneOf`, or None for any."""
        return [None] * len(self.settings.input)

    def check(self, rows, batch):
        """A list of booleans: whether the row can be."""
        raise NotImplementedError


#: What `keys` of a plugin that learns returns: for each row the keys that count.
KEYS = Field.list("keys", Field("item", nullable=True), nullable=True)


def kinds(plugin):
    """The interfaces of the contract that a plugin serves."""
    classes = {"generator": Generator, "transform": Transform, "detector": Detector, "rule": Rule}
    served = [name for name, base in classes.items() if issubclass(plugin, base)]
    return served + (["learn"] if hasattr(plugin, "keys") else [])


def find(module):
    """The plugin's class in a module."""
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Plugin)
        and value.__module__ == module.__name__
        and kinds(value)
    ]
    if len(found) != 1:
        raise Error(f"plugin.py must have one class that is a plugin; it has {len(found)}")
    return found[0]


def describe(plugin):
    """What the contract's `describe` says, as a dict."""
    summary = (plugin.__doc__ or "").strip().partition("\n")[0]
    return {
        "name": plugin.name,
        "version": plugin.version,
        "summary": summary,
        "options": json.dumps(schema_of(plugin.Options)),
        "outputs": plugin.outputs,
        "context": list(plugin.context),
        "finds": list(plugin.finds),
        "examples": plugin.examples,
    }


def configure(plugin, options, settings, serves):
    """An instance by options in JSON, for one of its kinds."""
    try:
        parsed = json.loads(options or "{}")
    except ValueError as error:
        raise OptionError("", f"is no JSON: {error}") from None
    return plugin(parse(plugin.Options, parsed, ""), settings, serves)


def batch_of(fields, nodes):
    """The columns of a batch from the nodes of the contract."""
    left = iter(nodes)
    return Batch([Column(field, decode(field, left)) for field in fields])


def nodes_of(fields, columns, n_rows):
    """The nodes of the contract from what a plugin returned for these fields."""
    if isinstance(columns, dict):
        columns = [columns[field.name] for field in fields]
    if len(columns) != len(fields):
        raise Error(f"returned {len(columns)} columns instead of {len(fields)}")
    nodes = []
    for field, values in zip(fields, columns):
        values = values.values if isinstance(values, Column) else values
        if len(values) != n_rows:
            raise Error(f"column `{field.name}` has {len(values)} values for {n_rows} rows")
        try:
            encode(field, values, nodes)
        except (TypeError, ValueError, OverflowError, AttributeError, KeyError) as error:
            raise Error(f"column `{field.name}` ({field.kind}): {error}") from None
    return nodes


def run(instance, method, rows, batch):
    """The nodes that a generator, transform or rule makes of a batch."""
    if method == "check":
        return nodes_of([Field("holds", "boolean")], [instance.check(rows, batch)], len(rows))
    made = getattr(instance, method)(rows, batch)
    return nodes_of(instance.output(), made, len(rows))


def reason(error):
    """What is told of an exception that the SDK does not know: with its place in the plugin."""
    place = error.__traceback__
    line = None
    while place is not None:
        if place.tb_frame.f_code.co_filename.endswith("plugin.py"):
            if place.tb_frame.f_globals.get("__name__") == "plugin":
                line = place.tb_lineno
        place = place.tb_next
    where = f" (plugin.py, line {line})" if line else ""
    return f"{type(error).__name__}: {error}{where}"


def main():
    """Says, as JSON, what a build must know of the plugin in the current directory."""
    sys.path.insert(0, ".")
    import plugin as module

    try:
        found = find(module)
    except Error as error:
        sys.exit(str(error))
    json.dump({"name": found.name, "kinds": kinds(found)}, sys.stdout)
