/** Why a plugin gives up; the text is shown to the user. */
export class PluginError extends Error {}

/** An option is wrong: its path, and why. */
export class OptionError extends PluginError {
  constructor(path, reason) {
    super(`${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}

/** The columns cannot be served, and why. */
export class Unsupported extends PluginError {}

/** A row of the batch is wrong: `row.index`, and why. */
export class DataError extends PluginError {
  constructor(index, reason) {
    super(`row ${index}: ${reason}`);
    this.index = index;
    this.reason = reason;
  }
}
