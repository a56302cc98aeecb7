"""The host's log: capped, escaped, and silent while real rows are read."""


class _Log:
    """`log.info("...")`; natively the lines are kept in `log.lines`."""

    def __init__(self):
        self.lines = []
        self._write = lambda level, message: self.lines.append((level, message))

    def debug(self, message):
        self._write("debug", str(message))

    def info(self, message):
        self._write("info", str(message))

    def warn(self, message):
        self._write("warn", str(message))


log = _Log()
