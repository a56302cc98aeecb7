"""Takes clock and randomness from a component.

It has neither: what Python would return was frozen when the component was built, so values
would depend on the order of calls. An error says so at once.
"""

import datetime
import os
import random
import secrets
import time
import uuid

from .errors import AmbientError


def _forbidden(name, instead):
    def forbidden(*_, **__):
        raise AmbientError(f"`{name}` has no meaning in a plugin: use {instead}")

    return forbidden


_RNG = "`row.rng()`"
_NOW = "an option or a column"


def forbid():
    """Makes what reads the clock or draws at random raise `AmbientError`."""
    for name in random.__all__:
        if callable(getattr(random, name)) and not isinstance(getattr(random, name), type):
            setattr(random, name, _forbidden(f"random.{name}", _RNG))
    random._urandom = _forbidden("random.SystemRandom", _RNG)
    # `Random(5)` is a function of 5; without a seed it would ask the system.
    seed = random.Random.seed

    def seeded(self, a=None, version=2):
        if a is None:
            raise AmbientError(f"`random.Random()` has no seed: use {_RNG}")
        return seed(self, a, version)

    random.Random.seed = seeded
    for name in ("urandom", "getrandom"):
        setattr(os, name, _forbidden(f"os.{name}", _RNG))
    for name in secrets.__all__:
        if name not in ("compare_digest", "SystemRandom"):
            setattr(secrets, name, _forbidden(f"secrets.{name}", _RNG))
    for name in ("uuid1", "uuid4"):
        setattr(uuid, name, _forbidden(f"uuid.{name}", f"`uuid.UUID(int=...)` of {_RNG}"))
    clocks = "time time_ns monotonic perf_counter process_time thread_time clock_gettime"
    for name in clocks.split():
        for name in (name, f"{name}_ns"):
            if hasattr(time, name):
                setattr(time, name, _forbidden(f"time.{name}", _NOW))
    time.sleep = _forbidden("time.sleep", "nothing")
    for name, position in {"localtime": 0, "gmtime": 0, "ctime": 0, "asctime": 0, "strftime": 1}.items():
        setattr(time, name, _of_a_time(getattr(time, name), name, position))
    # They are types of C, whose methods cannot be replaced; their descendants' can.
    now = {
        name: _forbidden(f"datetime.{name}", _NOW) for name in ("now", "utcnow", "today")
    }
    datetime.datetime = type("datetime", (datetime.datetime,), now)
    today = {"today": _forbidden("date.today", _NOW)}
    datetime.date = type("date", (datetime.date,), today)


def _of_a_time(function, name, position):
    """The function where it is given a time."""

    def given(*arguments):
        if len(arguments) <= position or arguments[position] is None:
            raise AmbientError(f"`time.{name}` has no meaning in a plugin: use {_NOW}")
        return function(*arguments)

    return given
