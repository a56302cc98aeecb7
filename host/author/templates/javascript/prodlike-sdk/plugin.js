/* What a plugin is, and what the host and the tests do with one. */
import { Batch, Column, encode, field } from "./columns.js";
import { OptionError, PluginError, Unsupported } from "./errors.js";
import { parse, schemaOf } from "./options.js";

/** What all kinds share: who the plugin is, and how it is configured. */
export class Plugin {
  /** Its name: lower-case letters, digits and hyphens. */
  static id = "";
  static version = "0.1.0";
  /** One sentence. */
  static summary = "";
  /** Each option by name: a JSON Schema with a `default` and a `description`. */
  static options = {};
  /** What can be asked for by name: `{ name, summary, semantic?, kind? }`. */
  static outputs = [];
  /** Meanings of the columns that it likes to see in its input. */
  static context = [];
  /** Meanings that `detect` can find. */
  static finds = [];
  /** Options that show what the plugin does: `{ summary, options }`. */
  static examples = [];

  constructor(options, settings, serves) {
    this.options = options;
    /** The kind that this instance was made for: `generator`, `transform`, ... */
    this.serves = serves;
    /** `input` and `wanted` fields, `locale`, `unique`, `learned` counts. */
    this.settings = settings;
    this.configure();
  }

  /** Prepares what all batches share; options and settings are in `this`. */
  configure() {}

  /** A secret's bytes. */
  secret(name) {
    const bytes = this.settings.secrets?.[name];
    if (!bytes?.length) throw new Unsupported(`the secret \`${name}\` is missing`);
    return bytes;
  }

  /** The fields that every batch will hold: the input's for a transform, else those wanted, as
   * `outputs` has them. */
  output() {
    if (this.serves === "transform") return this.settings.input;
    const known = this.constructor.outputs;
    const names = this.settings.wanted.map((wanted) => wanted.name);
    return (names.length ? names : known.slice(0, 1).map((output) => output.name)).map((name) => {
      const found = known.find((output) => output.name === name);
      if (!found) throw new Unsupported(`there is no output \`${name}\``);
      const { kind, detail, semantic } = found;
      return field(name, { kind, detail, semantic });
    });
  }

  /** What values may be: one a column of the input, `{ low, high }`, an array of
   * texts, or null for any. */
  domains() {
    return this.settings.input.map(() => null);
  }
}

const HOLDS = field("holds", { kind: "boolean" });

const METHODS = { generator: "generate", transform: "apply", detector: "detect", rule: "check" };

/** The interface of the contract that a plugin serves. */
export function kindOf(plugin) {
  const kinds = Object.keys(METHODS).filter((kind) => METHODS[kind] in plugin.prototype);
  // The resources of the contract have one name, which componentize-js declares but once.
  if (kinds.length !== 1) {
    throw new PluginError(
      `the class must have one of ${Object.values(METHODS).join(", ")}: a component in JavaScript has one kind`,
    );
  }
  return kinds[0];
}

/** The plugin's class in a module. */
export function find(module) {
  const plugin = module.default;
  if (typeof plugin !== "function" || !(plugin.prototype instanceof Plugin)) {
    throw new PluginError("plugin.js must export a class that extends Plugin by default");
  }
  return plugin;
}

/** What the contract's `describe` says. */
export function describe(plugin) {
  return {
    name: plugin.id,
    version: plugin.version,
    summary: plugin.summary,
    options: JSON.stringify(schemaOf(plugin.options)),
    outputs: plugin.outputs.map(({ name, summary, semantic }) => ({ name, summary, semantic })),
    context: plugin.context,
    finds: plugin.finds,
    examples: plugin.examples.map(({ summary, options }) => ({
      summary,
      options: JSON.stringify(options),
    })),
  };
}

/** An instance by options in JSON, for one of its kinds. */
export function configure(plugin, options, settings, serves) {
  let given;
  try {
    given = JSON.parse(options || "{}");
  } catch (error) {
    throw new OptionError("", `is no JSON: ${error.message}`);
  }
  return new plugin(parse(plugin.options, given), settings, serves);
}

/** The columns of a batch from the nodes of the contract. */
export function batchOf(fields, nodes) {
  const left = nodes[Symbol.iterator]();
  return new Batch(fields.map((shape) => new Column(shape, left)));
}

/** The nodes of the contract from what a plugin returned for these fields. */
export function nodesOf(fields, made, count) {
  const columns = Array.isArray(made) ? made : fields.map((shape) => made[shape.name]);
  if (columns.length !== fields.length) {
    throw new PluginError(`returned ${columns.length} columns instead of ${fields.length}`);
  }
  const nodes = [];
  fields.forEach((shape, at) => {
    const values = columns[at] instanceof Column ? columns[at].values : columns[at];
    if (values?.length !== count) {
      throw new PluginError(`column \`${shape.name}\` has ${values?.length} values for ${count} rows`);
    }
    try {
      encode(shape, values, nodes);
    } catch (error) {
      throw new PluginError(`column \`${shape.name}\` (${shape.kind}): ${error.message}`);
    }
  });
  return nodes;
}

/** The nodes that a plugin makes of a batch, by the method of its kind. */
export function run(instance, method, rows, batch) {
  if (method === "check") return nodesOf([HOLDS], [instance.check(rows, batch)], rows.length);
  return nodesOf(instance.output(), instance[method](rows, batch), rows.length);
}
