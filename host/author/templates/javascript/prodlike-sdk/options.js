/* Options: each is a JSON Schema with a default; a manifest's are checked against them. */
import { OptionError } from "./errors.js";

/** The JSON Schema of a plugin's options. */
export function schemaOf(options) {
  return {
    type: "object",
    properties: options,
    required: Object.keys(options).filter((name) => !("default" in options[name])),
    additionalProperties: false,
  };
}

/** The options' values, defaults where JSON says nothing. */
export function parse(options, given) {
  check(schemaOf(options), given, "");
  const parsed = {};
  for (const [name, schema] of Object.entries(options)) {
    parsed[name] = name in given ? given[name] : structuredCopy(schema.default);
  }
  return parsed;
}

function structuredCopy(value) {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

const TYPES = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  array: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

/* The words of JSON Schema that options need; the host knows them all. */
function check(schema, value, path) {
  const fail = (reason) => {
    throw new OptionError(path, reason);
  };
  const types = [schema.type ?? []].flat();
  if (types.length && !types.some((type) => TYPES[type]?.(value))) fail(`is no ${types.join(" or ")}`);
  if (schema.enum && !schema.enum.includes(value)) fail(`is none of ${schema.enum.join(", ")}`);
  if (value < schema.minimum || value > schema.maximum) fail("is out of range");
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) {
    fail(`does not match ${schema.pattern}`);
  }
  if (TYPES.array(value) && schema.items) {
    value.forEach((item, at) => check(schema.items, item, `${path}[${at}]`));
  }
  if (TYPES.object(value)) {
    const properties = schema.properties ?? {};
    for (const name of schema.required ?? []) {
      if (!(name in value)) throw new OptionError(path ? `${path}.${name}` : name, "is missing");
    }
    for (const [name, item] of Object.entries(value)) {
      const inner = path ? `${path}.${name}` : name;
      const known = properties[name] ?? schema.additionalProperties;
      if (known === false) throw new OptionError(inner, "is no option");
      if (TYPES.object(known)) check(known, item, inner);
    }
  }
}
