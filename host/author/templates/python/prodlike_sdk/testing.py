"""Runs plugins natively, in unit tests."""

import json

from . import plugin as _plugin
from .columns import encode
from .plugin import Settings, batch_of, configure, nodes_of
from .rows import Rows, mix


class Job:
    """A plugin under test, its options, and what the host would tell it. `input` is a list of
    (field, values); `rows` counts where there is no input."""

    def __init__(self, plugin, options=None, *, rows=1000, input=(), wanted=(), seed=1, **settings):
        fields = tuple(field for field, _ in input)
        self._columns = [list(values) for _, values in input]
        self._rows = len(self._columns[0]) if input else rows
        self._seed = seed
        self._settings = Settings(input=fields, wanted=tuple(wanted), **settings)
        text = json.dumps(options or {})
        self._make = lambda serves: configure(plugin, text, self._settings, serves)
        _check(plugin)

    def _rows_of(self, start, end):
        seeds = [mix(mix(self._seed) ^ row) for row in range(start, end)]
        return Rows(end - start, start, [], seeds, self._rows, mix(self._seed))

    def _batch(self, start, end):
        nodes, fields = [], self._settings.input
        for field, values in zip(fields, self._columns):
            encode(field, values[start:end], nodes)
        return batch_of(fields, nodes)

    def _run(self, instance, method, start, end):
        batch = self._batch(start, end)
        return _plugin.run(instance, method, self._rows_of(start, end), batch)

    def _columns_of(self, method):
        kind = {"generate": "generator", "apply": "transform"}[method]
        instance = self._make(kind)
        fields = instance.output()
        made = batch_of(fields, self._run(instance, method, 0, self._rows))
        # Rows depend neither on their batch nor on earlier ones: the host looks, so do tests.
        fresh, middle = self._make(kind), self._rows // 2
        second = batch_of(fields, self._run(fresh, method, middle, self._rows))
        first = batch_of(fields, self._run(fresh, method, 0, middle))
        for whole, *halves in zip(made, first, second):
            assert whole.values == halves[0].values + halves[1].values, (
                f"`{whole.field.name}` depends on the batch or on earlier rows"
            )
        return [column.values for column in made]

    def generate(self):
        """The columns that a generator makes, as lists."""
        return self._columns_of("generate")

    def apply(self):
        """The columns that a transform makes, as lists."""
        return self._columns_of("apply")

    def detect(self):
        """A detector's findings."""
        return self._make("detector").detect(self._batch(0, self._rows))

    def check(self):
        """What a rule says of each row."""
        rows, batch = self._rows_of(0, self._rows), self._batch(0, self._rows)
        return self._make("rule").check(rows, batch)

    def keys(self):
        """For each row the keys that a plugin learns from."""
        keys = self._make("learn").keys(self._batch(0, self._rows))
        return batch_of([_plugin.KEYS], nodes_of([_plugin.KEYS], [keys], self._rows))[0].values


def _check(plugin):
    """The examples match the options."""
    for example in plugin.examples:
        _plugin.parse(plugin.Options, example.options, "")
