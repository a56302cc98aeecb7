"""Insurance policy numbers with check digits, in Python.

`KH-24-0123456-87`: the line of business, the year in which the policy began, a serial number and
two check digits by ISO 7064 (MOD 97-10), as IBANs have them: letters count from A = 10, and all
of it is 1 modulo 97. Lines are those that German insurers write: KH and KA for cars (liability,
own damage), HR for households, WG for buildings, HP for liability, LV for life, UN for accidents.
"""

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate

from prodlike_sdk import Example, Generator, OptionError, Output, Unsupported, option

LINES = {"KH": 38, "KA": 17, "HR": 14, "WG": 8, "HP": 12, "LV": 7, "UN": 4}
SERIALS = 10**7


@dataclass
class Options:
    lines: dict[str, int] = option(LINES, "Lines of business and how often each comes")
    first_year: int = option(1995, "The first year of policies", minimum=1900, maximum=2099)
    last_year: int = option(2026, "The last year of policies", minimum=1900, maximum=2099)


class Policy(Generator):
    """Insurance policy numbers with line of business, year and check digits."""

    name = "policy"
    Options = Options
    outputs = [
        Output("number", "Line, year, serial number and two check digits", semantic="document_number"),
        Output("line", "The line of business that the row's number begins with"),
        Output("year", "The year that the row's number holds", kind="int32"),
    ]
    examples = [
        Example("Cars alone, of two years", {"lines": {"KH": 2, "KA": 1}, "first_year": 2024, "last_year": 2025}),
    ]

    def configure(self):
        options, names = self.options, [field.name for field in self.settings.wanted]
        for line in options.lines:
            if not (line.isascii() and line.isalnum() and line.isupper()):
                raise OptionError(f"lines.{line}", "a line is capitals and digits")
        # A line with the number that its policies begin with, year and serial number being 0.
        self.lines = [(line, digits(line) * 100 * SERIALS) for line in options.lines]
        self.bounds = list(accumulate(max(0, weight) for weight in options.lines.values()))
        if not self.lines or not self.bounds[-1]:
            raise OptionError("lines", "one weight at least must be more than 0")
        if options.first_year > options.last_year:
            raise OptionError("first_year", "it is after `last_year`")
        if self.settings.unique and "number" not in (names or ["number"]):
            raise Unsupported("only `number` can be unique")

    def generate(self, rows, batch):
        unique = rows.unique(SERIALS) if self.settings.unique else None
        first, last, total = self.options.first_year, self.options.last_year, self.bounds[-1]
        numbers, lines, years = [], [], []
        for row in rows:
            rng = row.rng()
            line, begin = self.lines[bisect(self.bounds, rng.below(total))]
            year = rng.range(first, last)
            short = year % 100
            serial = unique(row.number) if unique else rng.below(SERIALS)
            check = check_digits(begin + short * SERIALS + serial)
            numbers.append(f"{line}-{short:02}-{serial:07}-{check:02}")
            lines.append(line)
            years.append(year)
        made = {"number": numbers, "line": lines, "year": years}
        return [made[field.name] for field in self.output()]


LETTERS = str.maketrans({chr(55 + value): str(value) for value in range(10, 36)} | {"-": None})


def digits(text):
    """A text as a number, its letters counting from A = 10; hyphens do not count."""
    return int(text.translate(LETTERS))


def check_digits(number):
    """The two digits that make a number 1 modulo 97 when they follow it."""
    return 98 - number * 100 % 97
