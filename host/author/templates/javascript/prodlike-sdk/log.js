const lines = [];
let write = (level, message) => lines.push([level, message]);

/** The host's log: capped, escaped, and silent while real rows are read. Natively, the lines are
 * kept in `log.lines`. */
export const log = {
  lines,
  debug: (message) => write("debug", String(message)),
  info: (message) => write("info", String(message)),
  warn: (message) => write("warn", String(message)),
};

/** Says where lines go. */
export function logTo(target) {
  write = target;
}
