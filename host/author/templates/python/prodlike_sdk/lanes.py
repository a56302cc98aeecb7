"""Words of many rows, side by side in one integer.

Python takes as long for an operation on one word as on a dozen: what all rows of a batch need is
computed for all at once, in lanes of 128 bits, which have room for the product of two words.
"""

from array import array

MASK = (1 << 64) - 1


class Lanes:
    """Arithmetic on `count` words of 64 bits."""

    def __init__(self, count):
        self._count = count
        #: A one in each lane: a multiple of it has the same word in all.
        self.ones = int.from_bytes((b"\1" + bytes(15)) * count, "little")
        self._mask = self.ones * MASK

    def of(self, words):
        """The lanes of these words."""
        lanes = array("Q", bytes(16 * self._count))
        lanes[::2] = array("Q", words)
        return int.from_bytes(lanes, "little")

    def words(self, lanes):
        """The words in these lanes, as an array."""
        return array("Q", lanes.to_bytes(16 * self._count, "little"))[::2]

    def add(self, lanes, word):
        """A word added to each, modulo 2**64."""
        return lanes + self.ones * word & self._mask

    def mix(self, lanes):
        """The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014)."""
        mask = self._mask
        lanes = ((lanes ^ (lanes >> 30)) & mask) * 0xBF58476D1CE4E5B9 & mask
        lanes = ((lanes ^ (lanes >> 27)) & mask) * 0x94D049BB133111EB & mask
        return (lanes ^ (lanes >> 31)) & mask


#: The finaliser of one word below 2**64.
mix = Lanes(1).mix
