import unittest

from plugin import Policy, check_digits, digits
from prodlike_sdk import Field, OptionError
from prodlike_sdk.testing import Job

ALL = [Field("number"), Field("line"), Field("year", "int32")]


class TestPolicy(unittest.TestCase):
    def test_check_digits_are_those_of_ibans(self):
        # The example of ISO 13616, its account before its country.
        self.assertEqual(check_digits(digits("370400440532013000DE")), 89)

    def test_outputs_of_a_row_agree_and_validate(self):
        numbers, lines, years = Job(Policy, wanted=ALL).generate()
        for number, line, year in zip(numbers, lines, years):
            self.assertEqual(digits(number) % 97, 1)
            self.assertTrue(number.startswith(f"{line}-{year % 100:02}-"))
        self.assertEqual(set(lines), {"KH", "KA", "HR", "WG", "HP", "LV", "UN"})

    def test_numbers_do_not_repeat(self):
        (numbers,) = Job(Policy, unique=True, rows=5000).generate()
        # Lines and years are drawn: the serial number alone tells rows apart.
        self.assertEqual(len({number.split("-")[2] for number in numbers}), 5000)
        self.assertEqual({len(number) for number in numbers}, {len("KH-24-0123456-87")})

    def test_wrong_options_are_named(self):
        for options, path in [
            ({"lines": {"KH": 0}}, "lines"),
            ({"lines": {"kh": 1}}, "lines.kh"),
            ({"first_year": 2025, "last_year": 2024}, "first_year"),
        ]:
            with self.assertRaises(OptionError) as caught:
                Job(Policy, options).generate()
            self.assertIn(path, str(caught.exception))


if __name__ == "__main__":
    unittest.main()
