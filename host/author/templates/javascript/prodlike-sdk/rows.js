/* The rows of one batch, and their randomness: there is no other. Numbers of 64 bits are pairs of
 * 32, because arithmetic with BigInt allocates. */
import { Unsupported } from "./errors.js";

const HALF = 0x10000;
const WORD = 0x1_0000_0000;

/* The words of the last result, the upper one and the lower one. */
let upper = 0;
let lower = 0;

/* Multiplies `upper` and `lower` with four constants of 16 bits, the lowest first. */
function multiply(b0, b1, b2, b3) {
  const a0 = lower & 0xffff;
  const a1 = lower >>> 16;
  const low = a0 * b0;
  const middle = a0 * b1 + a1 * b0 + (low >>> 16);
  const high = Math.imul(upper, (b1 << 16) | b0) + Math.imul(lower, (b3 << 16) | b2);
  upper = (high + a1 * b1 + Math.floor(middle / HALF)) >>> 0;
  lower = (((middle & 0xffff) << 16) | (low & 0xffff)) >>> 0;
}

function fold(bits) {
  const shifted = ((upper << (32 - bits)) | (lower >>> bits)) >>> 0;
  upper = (upper ^ (upper >>> bits)) >>> 0;
  lower = (lower ^ shifted) >>> 0;
}

/* The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
function finalise() {
  fold(30);
  multiply(0xe5b9, 0x1ce4, 0x476d, 0xbf58);
  fold(27);
  multiply(0x11eb, 0x1331, 0x49bb, 0x94d0);
  fold(31);
}

/** The finaliser over a BigInt. */
export function mix(word) {
  upper = Number((word >> 32n) & 0xffff_ffffn);
  lower = Number(word & 0xffff_ffffn);
  finalise();
  return join(upper, lower);
}

function join(high, low) {
  return (BigInt(high) << 32n) | BigInt(low);
}

/** A row's source of random numbers: `row.rng()` and `row.stream(n)` alone make one. The numbers
 * are those of prodlike's SDK for Rust. */
export class Rng {
  #upper;
  #lower;

  constructor(high, low) {
    this.#upper = high;
    this.#lower = low;
  }

  /* Leaves 64 random bits in `upper` and `lower`. */
  #next() {
    const sum = this.#lower + 0x7f4a7c15;
    lower = this.#lower = sum >>> 0;
    upper = this.#upper = (this.#upper + 0x9e3779b9 + (sum >= WORD ? 1 : 0)) >>> 0;
    finalise();
  }

  /** 64 random bits, as a BigInt. */
  bits() {
    this.#next();
    return join(upper, lower);
  }

  /** A number from 0 to n - 1, 0 where n is 0; a BigInt where n is one. */
  below(n) {
    this.#next();
    if (typeof n === "bigint") return (join(upper, lower) * n) >> 64n;
    if (n > WORD) return Number((join(upper, lower) * BigInt(n)) >> 64n);
    // The high word of the product, 16 bits at a time: nothing exceeds 53 bits.
    let carry = Math.floor(((lower & 0xffff) * n) / HALF);
    carry = Math.floor(((lower >>> 16) * n + carry) / HALF);
    carry = Math.floor(((upper & 0xffff) * n + carry) / HALF);
    return Math.floor(((upper >>> 16) * n + carry) / HALF);
  }

  /** A number from low to high, both included; low where they are reversed. */
  range(low, high) {
    return low <= high ? low + this.below(high - low + (typeof low === "bigint" ? 1n : 1)) : low;
  }

  /** A number from 0 to below 1. */
  unit() {
    this.#next();
    return (upper * 0x200000 + (lower >>> 11)) * 2 ** -53;
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
  #upper;
  #lower;

  constructor(index, number, high, low) {
    this.index = index;
    /** A Number: a table has fewer than 2^53 rows. */
    this.number = number;
    this.#upper = high;
    this.#lower = low;
  }

  /** The row's source of random numbers, from its beginning. */
  rng() {
    return new Rng(this.#upper, this.#lower);
  }

  /** Another source of the same row, for columns that have nothing in common. */
  stream(stream) {
    const salt = mix(BigInt(stream) + 1n);
    mix(join(this.#upper, this.#lower) ^ salt);
    return new Rng(upper, lower);
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
    const words = BigUint64Array.from(seeds.length ? seeds : { length: count }, (seed) => seed ?? 0n);
    // WebAssembly and all machines that node runs on have the lower word first.
    this.#seeds = new Uint32Array(words.buffer);
    this.#key = key;
  }

  *[Symbol.iterator]() {
    for (let index = 0; index < this.length; index++) yield this.row(index);
  }

  row(index) {
    const number = this.#numbers.length ? Number(this.#numbers[index]) : this.#first + index;
    return new Row(index, number, this.#seeds[2 * index + 1], this.#seeds[2 * index]);
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

/* A Feistel network with cycle walking (Black and Rogaway, CT-RSA 2002). */
function permutation(key, n) {
  const bits = Math.max(2, BigInt(n - 1).toString(2).length);
  const half = Math.ceil(bits / 2);
  const size = 2 ** half;
  const mask = size - 1;
  const keys = Array.from({ length: 10 }, (_, turn) => {
    mix(key ^ mix(BigInt(turn + 1)));
    return [upper, lower];
  });
  return (number) => {
    let x = number;
    if (x >= n) return x;
    do {
      let left = Math.floor(x / size);
      let right = x % size;
      for (const [high, low] of keys) {
        // A half has at most 26 bits: it meets the lower word alone.
        upper = high;
        lower = (low ^ right) >>> 0;
        finalise();
        [left, right] = [right, (left ^ (lower & mask)) >>> 0];
      }
      x = left * size + right;
    } while (x >= n);
    return x;
  };
}
