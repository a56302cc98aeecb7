/**
 * Writes plugins for prodlike in JavaScript.
 *
 * A plugin is the class that `plugin.js` exports by default. It extends `Plugin`, and one of
 * its methods says what it is: `generate` fills columns, `apply` changes them, `detect` tells what
 * they mean, `check` says which rows can be. Columns are arrays, with
 * `null` for NULL. Integers of 64 bits and more, ticks of that size and decimals without their
 * point are `BigInt`; dates are days since 1970-01-01; an interval is `[months, days,
 * nanoseconds]`; binary values are `Uint8Array`, structs objects, maps arrays of pairs.
 *
 * A value must be a function of the options, the row's number, its random source (`row.rng()`)
 * and its input alone. In a component, `Math.random`, `Date.now` and their like throw.
 */
export { Batch, Column, dictionary, field, list } from "./columns.js";
export { DataError, OptionError, PluginError, Unsupported } from "./errors.js";
export { log } from "./log.js";
export { Plugin } from "./plugin.js";
export { Rng, Row, Rows } from "./rows.js";
