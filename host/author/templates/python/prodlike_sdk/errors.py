"""Why a plugin gives up."""


class Error(Exception):
    """Why a plugin gives up; the text is shown to the user."""


class OptionError(Error):
    """An option is wrong: its path, and why."""

    def __init__(self, path, reason):
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


class Unsupported(Error):
    """The columns cannot be served, and why."""


class DataError(Error):
    """A row of the batch is wrong: `row.index`, and why."""

    def __init__(self, index, reason):
        super().__init__(f"row {index}: {reason}")
        self.index, self.reason = index, reason


class AmbientError(Error):
    """A component has no clock and no randomness of its own."""
