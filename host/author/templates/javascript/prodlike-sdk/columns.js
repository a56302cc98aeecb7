/* Columns: arrays, and the buffers that cross the boundary. */
import { Unsupported } from "./errors.js";

/**
 * A column's shape. `kind` is the contract's name (`utf8`, `int64`, `timestamp`, ...) and `detail`
 * what belongs to it: [precision, scale], a unit, [unit, time zone], a length.
 */
export function field(name, { kind = "utf8", nullable = false, detail, children = [], semantic, role = "value" } = {}) {
  return { name, kind, nullable, detail, children, semantic, role };
}

/** Text of which few values differ: each is sent once. */
export function dictionary(name, more = {}) {
  return field(name, { ...more, kind: "dictionary", children: [field("values")] });
}

/** Lists of the values of another field. */
export function list(name, item, more = {}) {
  return field(name, { ...more, kind: "list", children: [item] });
}

const NUMBERS = {
  int8: Int8Array, int16: Int16Array, int32: Int32Array, int64: BigInt64Array,
  uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, uint64: BigUint64Array,
  float32: Float32Array, float64: Float64Array,
};

/* What the numbers of a field are: a name of NUMBERS, or undefined. */
function numberOf({ kind, detail }) {
  if (kind === "date") return "int32";
  if (kind === "time") return detail === "second" || detail === "millisecond" ? "int32" : "int64";
  if (kind === "timestamp" || kind === "duration") return "int64";
  return kind in NUMBERS ? kind : undefined;
}

const TEXT = new TextDecoder("utf-8", { fatal: true });
const BYTES = new TextEncoder();

function pack(bits) {
  const packed = new Uint8Array(Math.ceil(bits.length / 8));
  for (let row = 0; row < bits.length; row++) if (bits[row]) packed[row >> 3] |= 1 << (row & 7);
  return packed;
}

function isSet(bits, row) {
  return ((bits[row >> 3] >> (row & 7)) & 1) === 1;
}

function isNull(value) {
  return value === null || value === undefined;
}

/* Whole numbers of a type: what does not fit is an error, not another number. */
function numbers(name, values) {
  const packed = new NUMBERS[name](values.length);
  const big = name === "int64" || name === "uint64";
  const float = name === "float32" || name === "float64";
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    packed[row] = big && typeof value === "number" ? BigInt(value) : value;
    if (float ? typeof value !== "number" : packed[row] != value || typeof value === "string") {
      throw new RangeError(`${String(value)} is no ${name}`);
    }
  }
  return packed;
}

function offsetsOf(values) {
  const offsets = new Uint32Array(values.length + 1);
  for (let row = 0; row < values.length; row++) offsets[row + 1] = offsets[row] + values[row].length;
  return offsets;
}

function texts(values) {
  for (const value of values) if (typeof value !== "string") throw new TypeError(`${value} is no text`);
  const joined = values.join("");
  const data = BYTES.encode(joined);
  // Every character has one byte, or each text must be measured.
  if (data.length === joined.length) return { offsets: offsetsOf(values), data };
  const offsets = new Uint32Array(values.length + 1);
  for (let row = 0; row < values.length; row++) {
    offsets[row + 1] = offsets[row] + BYTES.encode(values[row]).length;
  }
  return { offsets, data };
}

function binaries(values) {
  const offsets = offsetsOf(values);
  const data = new Uint8Array(offsets[values.length]);
  values.forEach((value, row) => data.set(value, offsets[row]));
  return { offsets, data };
}

/* What lies under a NULL. */
function zeroOf({ kind, detail, children }) {
  const inner = (child) => (child.nullable ? null : zeroOf(child));
  switch (kind) {
    case "utf8": return "";
    case "binary": return new Uint8Array();
    case "fixed-binary": return new Uint8Array(detail);
    case "list": case "map": return [];
    case "fixed-list": return Array(detail).fill(inner(children[0]));
    case "interval": return [0, 0, 0n];
    case "decimal": return 0n;
    case "dictionary": return zeroOf(children[0]);
    case "struct": return Object.fromEntries(children.map((child) => [child.name, inner(child)]));
    default: return 0;
  }
}

/** Appends the nodes of a column of these values, in preorder. */
export function encode(shape, given, nodes) {
  const { kind, detail, children } = shape;
  const node = { length: given.length, validity: undefined, values: { tag: "none" } };
  nodes.push(node);
  if (kind === "null") return;
  let values = given;
  if (!ArrayBuffer.isView(values) && values.some(isNull)) {
    node.validity = pack(values.map((value) => !isNull(value)));
    const zero = zeroOf(shape);
    if (kind !== "dictionary") values = values.map((value) => (isNull(value) ? zero : value));
  }
  const set = (tag, val) => (node.values = { tag, val });
  const number = numberOf(shape);
  if (number) return void set(number, numbers(number, values));
  switch (kind) {
    case "utf8": return void set("varlen", texts(values));
    case "binary": return void set("varlen", binaries(values));
    case "boolean": return void set("bits", pack(values));
    case "fixed-binary": {
      if (values.some((value) => value.length !== detail)) throw new RangeError(`not ${detail} bytes`);
      return void set("fixed", binaries(values).data);
    }
    case "decimal": {
      const words = values.flatMap((value) => [value, value >> 64n].map((word) => BigInt.asUintN(64, word)));
      return void set("words", BigUint64Array.from(words));
    }
    case "interval": {
      const view = new DataView(new ArrayBuffer(values.length * 16));
      values.forEach(([months, days, nanoseconds], row) => {
        view.setInt32(row * 16, months, true);
        view.setInt32(row * 16 + 4, days, true);
        view.setBigInt64(row * 16 + 8, BigInt(nanoseconds), true);
      });
      return void set("words", new BigUint64Array(view.buffer));
    }
    case "dictionary": {
      const positions = new Map();
      const keys = Uint32Array.from(values, (value) => {
        if (isNull(value)) return 0;
        if (!positions.has(value)) positions.set(value, positions.size);
        return positions.get(value);
      });
      set("keys", keys);
      // A key must point at something, under a NULL too.
      if (keys.length && !positions.size) positions.set(zeroOf(children[0]), 0);
      return encode(children[0], [...positions.keys()], nodes);
    }
    case "struct":
      for (const child of children) encode(child, values.map((value) => value[child.name]), nodes);
      return;
    default: {
      if (kind === "map") {
        const [key, value] = children[0].children;
        values = values.map((pairs) => pairs.map((pair) => ({ [key.name]: pair[0], [value.name]: pair[1] })));
      }
      if (kind !== "fixed-list") set("offsets", offsetsOf(values));
      else if (values.some((value) => value.length !== detail)) throw new RangeError(`not ${detail} values`);
      return encode(children[0], values.flat(), nodes);
    }
  }
}

/* Takes a column's nodes from an iterator and returns its values. */
function decode(shape, nodes) {
  const { length, validity, values } = nodes.next().value;
  const make = (of) => {
    const made = new Array(length);
    for (let row = 0; row < length; row++) {
      made[row] = validity && !isSet(validity, row) ? null : of(row);
    }
    return made;
  };
  const { kind, detail, children } = shape;
  const val = values.val;
  if (numberOf(shape)) return make((row) => val[row]);
  switch (kind) {
    case "null": return Array(length).fill(null);
    case "boolean": return make((row) => isSet(val, row));
    case "utf8": {
      const text = TEXT.decode(val.data);
      if (text.length === val.data.length) {
        return make((row) => text.slice(val.offsets[row], val.offsets[row + 1]));
      }
      return make((row) => TEXT.decode(val.data.subarray(val.offsets[row], val.offsets[row + 1])));
    }
    case "binary": return make((row) => val.data.slice(val.offsets[row], val.offsets[row + 1]));
    case "fixed-binary": return make((row) => val.slice(row * detail, (row + 1) * detail));
    case "decimal": return make((row) => (BigInt.asIntN(64, val[2 * row + 1]) << 64n) | val[2 * row]);
    case "interval": {
      const view = new DataView(BigUint64Array.from(val).buffer);
      return make((row) => [
        view.getInt32(row * 16, true),
        view.getInt32(row * 16 + 4, true),
        view.getBigInt64(row * 16 + 8, true),
      ]);
    }
    case "dictionary": {
      const child = decode(children[0], nodes);
      return make((row) => child[val[row]]);
    }
    case "struct": {
      const columns = children.map((child) => decode(child, nodes));
      return make((row) => Object.fromEntries(children.map((child, at) => [child.name, columns[at][row]])));
    }
    default: {
      let child = decode(children[0], nodes);
      if (kind === "map") child = child.map((pair) => Object.values(pair));
      if (kind === "fixed-list") return make((row) => child.slice(row * detail, (row + 1) * detail));
      return make((row) => child.slice(val[row], val[row + 1]));
    }
  }
}

/* Takes the nodes of a column and of its children from an iterator. */
function take(shape, nodes, taken = []) {
  taken.push(nodes.next().value);
  for (const child of shape.children) take(child, nodes, taken);
  return taken;
}

/** A column of a batch: its field, and its values as an array, made when they are first read. */
export class Column {
  #nodes;
  #values;

  constructor(shape, nodes) {
    this.field = shape;
    this.#nodes = take(shape, nodes);
  }

  get values() {
    this.#values ??= decode(this.field, this.#nodes[Symbol.iterator]());
    return this.#values;
  }

  get length() {
    return this.#nodes[0].length;
  }

  map(make) {
    return this.values.map(make);
  }

  [Symbol.iterator]() {
    return this.values[Symbol.iterator]();
  }
}

/** The columns of some rows: `at` a position, by `name`, or by `meaning`. */
export class Batch {
  constructor(columns) {
    this.columns = columns;
  }

  at(index) {
    const column = this.columns[index];
    if (!column) throw new Unsupported(`column ${index + 1} is missing`);
    return column;
  }

  name(name) {
    const column = this.columns.find((known) => known.field.name === name);
    if (!column) throw new Unsupported(`there is no column \`${name}\``);
    return column;
  }

  /** The first column of that meaning, or undefined. */
  meaning(semantic) {
    return this.columns.find((known) => known.field.semantic === semantic);
  }
}
