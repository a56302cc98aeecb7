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
    if (n < this.total || n > 2 ** 52) {
      throw new Unsupported(`${this.total} rows want different values, and there are ${n}`);
    }
    return permutation(this.#key ^ mix(BigInt(salt)), n);
  }
}

/* A generalised Feistel network over two numbers whose product hardly exceeds n, with cycle walking
 * (Black and Rogaway, CT-RSA 2002). Its rounds fit 32 bits, which are quicker than BigInt. */
function permutation(key, n) {
  const a = Math.ceil(Math.sqrt(n));
  const b = Math.ceil(n / a);
  const keys = Array.from({ length: 10 }, (_, turn) =>
    Number(mix(key ^ mix(BigInt(turn + 1))) & 0xffff_ffffn),
  );
  return (number) => {
    let x = number;
    if (x >= n) return x;
    do {
      let left = Math.floor(x / b);
      let right = x % b;
      for (let turn = 0; turn < 10; turn += 2) {
        left = (left + scramble(right ^ keys[turn])) % a;
        right = (right + scramble(left ^ keys[turn + 1])) % b;
      }
      x = left * b + right;
    } while (x >= n);
    return x;
  };
}

/* The finaliser of MurmurHash3 (Appleby, 2011). */
function scramble(word) {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
