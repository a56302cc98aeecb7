"""The rows of one batch, and their randomness: there is no other."""

from array import array
from functools import cached_property
from itertools import repeat
from operator import itemgetter

from .errors import Unsupported
from .lanes import MASK, Lanes, mix

_STEP = 0x9E3779B97F4A7C15
# How many draws of a stream, and how many streams, are computed for all rows of a batch at once:
# what goes beyond may be wanted by a row alone.
_TOGETHER = 16


class _Stream(list):
    """What the rows of a batch draw: the words of the first draw, then of the second, ..."""

    # A row holds it, and rows can be keys.
    __hash__ = object.__hash__

    def __init__(self, seeds):
        self.seeds, self._streams = seeds, {}

    @cached_property
    def _lanes(self):
        return Lanes(len(self.seeds))

    @cached_property
    def _states(self):
        return self._lanes.of(self.seeds)

    def word(self, turn, row):
        """The word of a draw beyond those of the list."""
        if turn >= _TOGETHER:
            return mix(self.seeds[row] + (turn + 1) * _STEP & MASK)
        # A row draws in turn, so one more draw is what is missing.
        lanes = self._lanes
        states = lanes.add(self._states, (turn + 1) * _STEP & MASK)
        self.append(lanes.words(lanes.mix(states)))
        return self[turn][row]

    def stream(self, number, row):
        """A row's source of another stream."""
        streams, salt = self._streams, mix(number + 1 & MASK)
        if number in streams:
            return Rng(streams[number], row)
        if len(streams) == _TOGETHER:
            return Rng(_Stream(array("Q", [mix(self.seeds[row] ^ salt)])), 0)
        lanes = self._lanes
        seeds = lanes.mix(self._states ^ lanes.ones * salt)
        streams[number] = _Stream(lanes.words(seeds))
        return Rng(streams[number], row)


class Rng:
    """A row's source of random numbers: `row.rng()` and `row.stream(n)` alone make one. The
    numbers are those of prodlike's SDK for Rust."""

    __slots__ = ("_stream", "_row", "_turn")

    def __init__(self, stream, row):
        self._stream, self._row, self._turn = stream, row, 0

    def bits(self):
        """64 random bits."""
        turn = self._turn
        self._turn = turn + 1
        try:
            return self._stream[turn][self._row]
        except IndexError:
            return self._stream.word(turn, self._row)

    def below(self, n):
        """A number from 0 to n - 1; 0 where n is 0."""
        # As `bits`: a call costs as much as what it does.
        turn = self._turn
        self._turn = turn + 1
        try:
            return self._stream[turn][self._row] * n >> 64
        except IndexError:
            return self._stream.word(turn, self._row) * n >> 64

    def range(self, low, high):
        """A number from low to high, both included; low where they are reversed."""
        return low + self.below(high - low + 1) if low <= high else low

    def unit(self):
        """A number from 0 to below 1."""
        return (self.bits() >> 11) * 2.0**-53

    def chance(self, numerator, denominator):
        """True with a probability of numerator / denominator."""
        return self.below(denominator) < numerator

    def pick(self, items):
        """One of the items, each as likely; None where there are none."""
        return items[self.below(len(items))] if items else None


class Row(tuple):
    """One row: its number in the table, and the only randomness there is. `index` is its
    position in the batch: for reading input, never for making a value."""

    # A tuple, because one is made without a call of Python code.
    __slots__ = ()
    index = property(itemgetter(0))
    number = property(itemgetter(1))

    def _seed(self):
        return self[2].seeds[self[0]]

    def rng(self):
        """The row's source of random numbers, from its beginning."""
        return Rng(self[2], self[0])

    def stream(self, stream):
        """Another source of the same row, for columns that have nothing in common."""
        return self[2].stream(stream, self[0])


class Rows:
    """The rows of one batch, in order. `total` is the number of rows of the table."""

    def __init__(self, count, first, numbers, seeds, total, key):
        self._numbers = numbers or range(first, first + count)
        self._stream = _Stream(array("Q", seeds or bytes(8 * count)))
        self.total, self._key = total, key

    def __len__(self):
        return len(self._numbers)

    def __iter__(self):
        return map(Row, zip(range(len(self)), self._numbers, repeat(self._stream)))

    def unique(self, n, salt=0):
        """A function from row numbers to different numbers below n, the same for all rows."""
        if n < self.total or n > 1 << 62:
            raise Unsupported(f"{self.total} rows want different values, and there are {n}")
        return _Permutation(self._key ^ mix(salt), n, self._numbers).__getitem__


class _Permutation(dict):
    """A Feistel network with cycle walking (Black and Rogaway, CT-RSA 2002), of a batch's rows."""

    __slots__ = ("_n", "_keys")

    def __init__(self, key, n, numbers):
        self._n, self._keys = n, [mix(key ^ mix(turn + 1)) for turn in range(10)]
        self._add(numbers)

    def __missing__(self, number):
        self._add([number])
        return self[number]

    def _add(self, numbers):
        # What is not below n is its own image, as a permutation of all words would have it.
        self.update(zip(numbers, numbers))
        left = [number for number in numbers if number < self._n]
        while left:
            walked = self._walk([self[number] for number in left])
            self.update(zip(left, walked))
            left = [number for number, word in zip(left, walked) if word >= self._n]

    def _walk(self, words):
        lanes = Lanes(len(words))
        # As few bits as n has, so that few numbers walk on; with an odd number one half is longer.
        bits = max(2, (self._n - 1).bit_length())
        short = bits // 2
        high, low = (lanes.ones * ((1 << size) - 1) for size in (bits - short, short))
        words = lanes.of(words)
        left, right = words >> short & high, words & low
        for key in self._keys:
            left, right = right, left ^ lanes.mix(right ^ lanes.ones * key) & high
            high, low = low, high
        return lanes.words(left << short | right)
