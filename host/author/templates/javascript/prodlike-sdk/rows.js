/* The rows of one batch, and their randomness: there is no other. BigInt is faster than pairs of
 * 32-bit words, because a component's JavaScript is interpreted. */
import { Unsupported } from "./errors.js";

const MASK = 0xffff_ffff_ffff_ffffn;

/** The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
export function mix(word) {
  word = ((word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  word = ((word ^ (word >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return word ^ (word >> 31n);
}

/** A row's source of random numbers: `row.rng()` and `row.stream(n)` alone make one. The numbers
 * are those of prodlike's SDK for Rust. */
export class Rng {
  #state;

  constructor(seed) {
    this.#state = seed;
  }

  /** 64 random bits, as a BigInt. */
  bits() {
    // As `mix`: a call costs as much as the arithmetic.
    let word = (this.#state = (this.#state + 0x9e3779b97f4a7c15n) & MASK);
    word = ((word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    word = ((word ^ (word >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return word ^ (word >> 31n);
  }

  /** A number from 0 to n - 1, 0 where n is 0; a BigInt where n is one. */
  below(n) {
    if (typeof n === "bigint") return (this.bits() * n) >> 64n;
    return Number((this.bits() * BigInt(n)) >> 64n);
  }

  /** A number from low to high, both included; low where they are reversed. */
  range(low, high) {
    return low <= high ? low + this.below(high - low + (typeof low === "bigint" ? 1n : 1)) : low;
  }

  /** A number from 0 to below 1. */
  unit() {
    return Number(this.bits() >> 11n) * 2 ** -53;
  }

  /** True with a probability of numerator / denominator. */
  chance(numerator, denominator) {
    return this.below(denominator) < numerator;
  }

  /** One of the items, each as likely; undefined where there are none. */
  pick(items) {
    return items[this.below(items.length)];
  }
}

/** One row: its number in the table, and the only randomness there is. `index` is its position in
 * the batch: for reading input, never for making a value. */
export class Row {
  #seed;

  constructor(index, number, seed) {
    this.index = index;
    /** A Number: a table has fewer than 2^53 rows. */
    this.number = number;
    this.#seed = seed;
  }

  /** The row's source of random numbers, from its beginning. */
  rng() {
    return new Rng(this.#seed);
  }

  /** Another source of the same row, for columns that have nothing in common. */
  stream(stream) {
    return new Rng(mix(this.#seed ^ mix(BigInt(stream) + 1n)));
  }
}

/** The rows of one batch, in order. `total` is the number of rows of the table. */
export class Rows {
  #first;
  #numbers;
  #seeds;
  #key;

  constructor({ count, first, numbers, seeds, total, key }) {
    this.length = count;
    this.total = Number(total);
    this.#first = Number(first);
    this.#numbers = numbers;
    this.#seeds = seeds;
    this.#key = key;
  }

  *[Symbol.iterator]() {
    for (let index = 0; index < this.length; index++) yield this.row(index);
  }

  row(index) {
    const number = this.#numbers.length ? Number(this.#numbers[index]) : this.#first + index;
    return new Row(index, number, this.#seeds[index] ?? 0n);
  }

  /** An array of what a function makes of each row. */
  map(make) {
    const made = new Array(this.length);
    for (let index = 0; index < this.length; index++) made[index] = make(this.row(index));
    return made;
  }

  /** A function from row numbers to different numbers below n, the same for all rows. */
  unique(n, salt = 0) {
    if (n < this.total || n > Number.MAX_SAFE_INTEGER) {
      throw new Unsupported(`${this.total} rows want different values, and there are ${n}`);
    }
    return permutation(this.#key ^ mix(BigInt(salt)), n);
  }
}

/* A Feistel network with cycle walking (Black and Rogaway, CT-RSA 2002). */
function permutation(key, n) {
  const bits = Math.max(2, (n - 1).toString(2).length);
  const half = BigInt(Math.ceil(bits / 2));
  const mask = (1n << half) - 1n;
  const keys = Array.from({ length: 10 }, (_, turn) => mix(key ^ mix(BigInt(turn + 1))));
  return (number) => {
    let x = number;
    if (x >= n) return x;
    do {
      let left = BigInt(x) >> half;
      let right = BigInt(x) & mask;
      for (const turn of keys) [left, right] = [right, left ^ (mix(right ^ turn) & mask)];
      x = Number((left << half) | right);
    } while (x >= n);
    return x;
  };
}
