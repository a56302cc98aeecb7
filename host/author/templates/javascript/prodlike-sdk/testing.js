/** Runs plugins natively, in unit tests. */
import assert from "node:assert/strict";

import { encode } from "./columns.js";
import { parse } from "./options.js";
import { batchOf, configure, run } from "./plugin.js";
import { mix, Rows } from "./rows.js";

/** A plugin under test, its options, and what the host would tell it. `input` is an array of
 * [field, values]; `rows` counts where there is no input. */
export class Job {
  #make;
  #settings;
  #columns;
  #count;
  #seed;

  constructor(plugin, options = {}, { rows = 1000, input = [], seed = 1, ...settings } = {}) {
    this.#columns = input.map(([, values]) => values);
    this.#count = input.length ? this.#columns[0].length : rows;
    this.#seed = BigInt(seed);
    const fields = input.map(([shape]) => shape);
    this.#settings = { input: fields, wanted: [], unique: false, learned: [], ...settings };
    const text = JSON.stringify(options);
    this.#make = (serves) => configure(plugin, text, this.#settings, serves);
    for (const example of plugin.examples) parse(plugin.options, example.options);
  }

  #rows(start, end) {
    const key = mix(this.#seed);
    const seeds = Array.from({ length: end - start }, (_, row) => mix(key ^ BigInt(start + row)));
    return new Rows({ count: end - start, first: start, numbers: [], seeds, total: this.#count, key });
  }

  #batch(start = 0, end = this.#count) {
    const nodes = [];
    const fields = this.#settings.input;
    fields.forEach((shape, at) => encode(shape, this.#columns[at].slice(start, end), nodes));
    return batchOf(fields, nodes);
  }

  #made(method) {
    const part = (instance, start, end) => {
      const nodes = run(instance, method, this.#rows(start, end), this.#batch(start, end));
      return batchOf(instance.output(), nodes).columns;
    };
    const kind = { generate: "generator", apply: "transform" }[method];
    const whole = part(this.#make(kind), 0, this.#count);
    // Rows depend neither on their batch nor on earlier ones: the host looks, so do tests.
    const fresh = this.#make(kind);
    const middle = this.#count >> 1;
    const second = part(fresh, middle, this.#count);
    const first = part(fresh, 0, middle);
    whole.forEach(({ field, values }, at) => {
      const halves = [...first[at].values, ...second[at].values];
      assert.deepEqual(halves, values, `\`${field.name}\` depends on the batch or on earlier rows`);
    });
    return whole.map((column) => column.values);
  }

  /** The columns that `generate` makes, as arrays. */
  generate() {
    return this.#made("generate");
  }

  /** The columns that `apply` makes, as arrays. */
  apply() {
    return this.#made("apply");
  }

  /** The findings of `detect`. */
  detect() {
    return this.#make("detector").detect(this.#batch());
  }

  /** What `check` says of each row. */
  check() {
    return this.#make("rule").check(this.#rows(0, this.#count), this.#batch());
  }
}
