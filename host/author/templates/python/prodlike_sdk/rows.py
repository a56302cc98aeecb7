"""The rows of one batch, and their randomness: there is no other."""

from operator import itemgetter

from .errors import Unsupported

_MASK = (1 << 64) - 1


def mix(word):
    """The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB & _MASK
    return word ^ (word >> 31)


class Rng:
    """A row's source of random numbers: `row.rng()` and `row.stream(n)` alone make one. The
    numbers are those of prodlike's SDK for Rust."""

    __slots__ = ("_state",)

    def __init__(self, seed):
        self._state = seed

    def bits(self):
        """64 random bits."""
        self._state = word = (self._state + 0x9E3779B97F4A7C15) & _MASK
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB & _MASK
        return word ^ (word >> 31)

    def below(self, n):
        """A number from 0 to n - 1; 0 where n is 0."""
        # As `bits`: a call costs as much as the arithmetic.
        self._state = word = (self._state + 0x9E3779B97F4A7C15) & _MASK
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB & _MASK
        return (word ^ (word >> 31)) * n >> 64

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

    def rng(self):
        """The row's source of random numbers, from its beginning."""
        return Rng(self[2])

    def stream(self, stream):
        """Another source of the same row, for columns that have nothing in common."""
        return Rng(mix(self[2] ^ mix(stream + 1)))


class Rows:
    """The rows of one batch, in order. `total` is the number of rows of the table."""

    def __init__(self, count, first, numbers, seeds, total, key):
        self._numbers = numbers or range(first, first + count)
        self._seeds, self.total, self._key = seeds or [0] * count, total, key

    def __len__(self):
        return len(self._numbers)

    def __iter__(self):
        return map(Row, zip(range(len(self)), self._numbers, self._seeds))

    def unique(self, n, salt=0):
        """A function from row numbers to different numbers below n, the same for all rows."""
        if n < self.total or n > 1 << 62:
            raise Unsupported(f"{self.total} rows want different values, and there are {n}")
        return _permutation(self._key ^ mix(salt), n)


def _permutation(key, n):
    """A Feistel network with cycle walking (Black and Rogaway, CT-RSA 2002)."""
    half = (max(2, (n - 1).bit_length()) + 1) // 2
    mask, keys = (1 << half) - 1, [mix(key ^ mix(turn + 1)) for turn in range(10)]

    def apply(x):
        if x >= n:
            return x
        while True:
            left, right = x >> half, x & mask
            for turn in keys:
                left, right = right, left ^ (mix(right ^ turn) & mask)
            x = left << half | right
            if x < n:
                return x

    return apply
