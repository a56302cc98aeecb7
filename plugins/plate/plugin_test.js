import assert from "node:assert/strict";
import test from "node:test";

import Plate, { codeOf } from "./plugin.js";
import { field } from "./prodlike-sdk/index.js";
import { Job } from "./prodlike-sdk/testing.js";

const SHAPES = {
  AT: /^[A-Z]{1,2}-[1-9]\d{2,3}[A-Z]{2}$/,
  DE: /^[A-Z]{1,3}-[A-Z]{1,2} [1-9]\d{2,3}$/,
  ES: /^\d{4} [B-DF-HJ-NP-TV-Z]{3}$/,
  FR: /^[A-Z]{2}-\d{3}-[A-Z]{2}$/,
  GB: /^[A-Z]{2}(19|69|2[0-4]|7[0-4]) [A-Z]{3}$/,
  IT: /^[A-Z]{2} \d{3} [A-Z]{2}$/,
  NL: /^[A-Z]{1,2}-\d{3}-[A-Z]{1,2}$/,
  PL: /^[A-Z]{2} \d{4}[A-Z\d]$/,
  PT: /^[A-Z]{2}-\d{2}-[A-Z]{2}$/,
  SE: /^[A-Z]{3} \d{2}[A-Z\d]$/,
};

test("plates have the shape of their country", () => {
  for (const [code, shape] of Object.entries(SHAPES)) {
    const [plates] = new Job(Plate, { countries: [code] }).generate();
    for (const plate of plates) assert.match(plate, shape);
    assert.ok(new Set(plates).size > 950, code);
  }
});

test("plates follow the row's country, else the locale's", () => {
  const input = [[field("land", { semantic: "country", nullable: true }), ["Germany", "ES", null, "Atlantis"]]];
  const [plates] = new Job(Plate, {}, { input, locale: "fr_FR" }).generate();
  ["DE", "ES", "FR", "FR"].forEach((code, row) => assert.match(plates[row], SHAPES[code]));
  assert.equal(codeOf(" polska "), "PL");
});

test("a country that is not known is named", () => {
  assert.throws(() => new Job(Plate, { countries: ["DE", "XX"] }).generate(), /countries\[1\]/);
});
