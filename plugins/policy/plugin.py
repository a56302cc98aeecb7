"""Insurance policy numbers with check digits, in Python.

`KH-24-0123456-87`: the line of business, the year in which the policy began, a serial number and
two check digits by ISO 7064 (MOD 97-10), as IBANs have them: letters count from A = 10, and all
of it is 1 modulo 97. Lines are those that German insurers write: KH and KA for cars (liability,
own damage), HR for households, WG for buildings, HP for liability, LV for life, UN for accidents.
"""

from dataclasses import dataclass

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
        self.lines = [(line, weight) for line, weight in options.lines.items() if weight > 0]
        if not self.lines:
            raise OptionError("lines", "one weight at least must be more than 0")
        for line in options.lines:
            if not (line.isascii() and line.isalnum() and line.isupper()):
                raise OptionError(f"lines.{line}", "a line is capitals and digits")
        if options.first_year > options.last_year:
            raise OptionError("first_year", "it is after `last_year`")
        if self.settings.unique and "number" not in (names or ["number"]):
            raise Unsupported("only `number` can be unique")
        self.total = sum(weight for _, weight in self.lines)

    def generate(self, rows, batch):
        unique = rows.unique(SERIALS) if self.settings.unique else None
        made = {"number": [], "line": [], "year": []}
        for row in rows:
            rng = row.rng()
            line = self.line(rng.below(self.total))
            year = rng.range(self.options.first_year, self.options.last_year)
            serial = unique(row.number) if unique else rng.below(SERIALS)
            body = f"{line}-{year % 100:02}-{serial:07}"
            made["number"].append(f"{body}-{check_digits(body):02}")
            made["line"].append(line)
            made["year"].append(year)
        return [made[field.name] for field in self.output()]

    def line(self, drawn):
        for line, weight in self.lines:
            drawn -= weight
            if drawn < 0:
                return line
        raise AssertionError("what is drawn is below the sum of the weights")


def remainder(text):
    """A text modulo 97, its letters counting from A = 10; hyphens do not count."""
    digits = "".join(str(int(letter, 36)) for letter in text if letter != "-")
    return int(digits) % 97


def check_digits(body):
    return 98 - remainder(body + "00")
