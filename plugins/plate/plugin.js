/**
 * Number plates of cars by country, in JavaScript.
 *
 * Plates have the shape of their country's and avoid the letters that it does not use. A series
 * is one that is issued: a plate may be somebody's.
 */
import { OptionError, Plugin, Unsupported } from "./prodlike-sdk/index.js";

const DIGITS = "0123456789";
const NOT_ZERO = "123456789";

/* A shape: 9 is a digit, 1 one that is not 0, A a letter of the country, @ what stands for
 * an office (or the age of a car, in Britain); all else stands for itself. */
const COUNTRIES = {
  AT: { names: ["Austria", "Österreich"], shapes: ["@-1999AA", "@-199AA"], letters: "ABCDEFGHJKLMNPRSTUVWXYZ", offices: ["W", "G", "L", "S", "I", "K", "BR", "WN", "GU", "LL"] },
  DE: { names: ["Germany", "Deutschland"], shapes: ["@-AA 1999", "@-AA 199", "@-A 1999"], letters: "ABCDEFGHJKLMNPRSTUVWXYZ", offices: ["B", "M", "HH", "K", "F", "S", "D", "DO", "E", "L", "HB", "DD", "H", "N", "KI", "ROW"] },
  ES: { names: ["Spain", "España"], shapes: ["9999 AAA"], letters: "BCDFGHJKLMNPRSTVWXYZ" },
  FR: { names: ["France"], shapes: ["AA-999-AA"], letters: "ABCDEFGHJKLMNPQRSTVWXYZ" },
  GB: { names: ["United Kingdom", "Great Britain", "UK"], shapes: ["AA@ AAA"], letters: "ABCDEFGHJKLMNOPRSTUVWXY", offices: ["19", "69", "20", "70", "21", "71", "22", "72", "23", "73", "24", "74"] },
  IT: { names: ["Italy", "Italia"], shapes: ["AA 999 AA"], letters: "ABCDEFGHJKLMNPRSTVWXYZ" },
  NL: { names: ["Netherlands", "The Netherlands", "Nederland"], shapes: ["A-999-AA", "AA-999-A"], letters: "BDFGHJKLNPRSTVXZ" },
  PL: { names: ["Poland", "Polska"], shapes: ["@ 99999", "@ 9999A"], letters: "ACEFGHJKLMNPRSTUVWXY", offices: ["WA", "WB", "KR", "PO", "GD", "DW", "LU", "SK"] },
  PT: { names: ["Portugal"], shapes: ["AA-99-AA"], letters: "ABCDEFGHIJLMNOPQRSTUVXZ" },
  SE: { names: ["Sweden", "Sverige"], shapes: ["AAA 999", "AAA 99A"], letters: "ABCDEFGHJKLMNOPRSTUWXYZ" },
};

/* Texts of a part of a plate, at most. */
const MOST = 1000;

/* The parts of a shape, each with all texts that it may have: neighbouring places are one part
 * where that is a short list. It is made when the component is built, and a row takes few steps. */
function parts(shape, { letters, offices }) {
  const drawn = { 9: [...DIGITS], 1: [...NOT_ZERO], A: [...letters], "@": offices };
  const made = [[""]];
  for (const place of [...shape].map((letter) => drawn[letter] ?? [letter])) {
    if (made.at(-1).length * place.length > MOST) made.push([""]);
    made.push(made.pop().flatMap((start) => place.map((end) => start + end)));
  }
  return made;
}

for (const country of Object.values(COUNTRIES)) {
  country.plates = country.shapes.map((shape) => parts(shape, country));
}

const CODES = Object.keys(COUNTRIES);
const BY_NAME = new Map(
  CODES.flatMap((code) => [code, ...COUNTRIES[code].names].map((name) => [name.toLowerCase(), code])),
);

export default class Plate extends Plugin {
  static id = "plate";
  static summary = "Number plates of cars, in the shape of their country";
  static options = {
    countries: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Countries where no column tells; the locale's, or all, where there are none",
    },
  };
  static outputs = [{ name: "plate", summary: "A plate of the row's country", semantic: "document_number" }];
  static context = ["country"];
  static examples = [{ summary: "Of two countries", options: { countries: ["DE", "AT"] } }];

  configure() {
    if (this.settings.unique) throw new Unsupported("plates are drawn: they may repeat");
    this.drawn = this.options.countries.map((name, at) => {
      const code = codeOf(name);
      if (!code) throw new OptionError(`countries[${at}]`, "plates of that country are not known");
      return code;
    });
    const local = codeOf(this.settings.locale?.split("_")[1]);
    if (!this.drawn.length) this.drawn = local ? [local] : CODES;
    this.column = this.settings.input.findIndex((field) => field.semantic === "country");
    // A country that is a number is no name.
    const shape = this.settings.input[this.column];
    const inner = shape?.kind === "dictionary" ? shape.children[0].kind : shape?.kind;
    if (shape && inner !== "utf8") throw new Unsupported(`column \`${shape.name}\` holds no names`);
  }

  generate(rows, batch) {
    const names = this.column < 0 ? [] : batch.at(this.column).values;
    const plates = rows.map((row) => {
      const told = names.length ? codeOf(names[row.index]) : undefined;
      return plate(told ? [told] : this.drawn, row.rng().unit());
    });
    return [plates];
  }
}

/** The code of a country by its code or name; undefined where it is not known. */
export function codeOf(name) {
  return BY_NAME.get(name?.trim().toLowerCase());
}

/* A plate of one of the countries, from one number from 0 to 1: a draw is what costs most. Each
 * choice takes what it needs of the 53 bits, which are more than all need. */
function plate(codes, unit) {
  let left = unit * codes.length;
  let at = left | 0;
  const { plates } = COUNTRIES[codes[at]];
  left = (left - at) * plates.length;
  at = left | 0;
  let text = "";
  for (const part of plates[at]) {
    left = (left - at) * part.length;
    at = left | 0;
    text += part[at];
  }
  return text;
}
