/* What a component exports: the contract's types on one side, the SDK's on the other. */
import "./ambient.js";
import { write } from "prodlike:plugin/log@0.1.0";
import * as module from "../plugin.js";
import { DataError, OptionError, PluginError, Unsupported } from "./errors.js";
import { logTo } from "./log.js";
import * as sdk from "./plugin.js";
import { Rows } from "./rows.js";

logTo(write);
const PLUGIN = sdk.find(module);

/* Fields from their preorder list. */
function fieldsOf(flat) {
  const left = flat[Symbol.iterator]();
  const one = ({ name, kind, nullable, children, semantic, role }) => ({
    name,
    kind: kind.tag,
    nullable,
    detail: kind.val,
    children: Array.from({ length: children }, () => one(left.next().value)),
    semantic,
    role,
  });
  return Array.from({ [Symbol.iterator]: () => left }, one);
}

/* The preorder list of fields. */
function flat(fields) {
  return fields.flatMap(({ name, kind, nullable, detail, children, semantic, role }) => [
    { name, kind: { tag: kind, val: detail }, nullable, children: children.length, semantic, role },
    ...flat(children),
  ]);
}

/* The contract's error of anything thrown. */
function reason(error) {
  if (error instanceof OptionError) return { tag: "options", val: [error.path, error.reason] };
  if (error instanceof Unsupported) return { tag: "unsupported", val: error.message };
  if (error instanceof DataError) return { tag: "data", val: [error.index, error.reason] };
  if (error instanceof PluginError) return { tag: "other", val: error.message };
  const line = /plugin\.js:(\d+)/.exec(error?.stack ?? "");
  return { tag: "other", val: line ? `${error} (plugin.js, line ${line[1]})` : String(error) };
}

function guarded(call) {
  try {
    return call();
  } catch (error) {
    throw reason(error);
  }
}

class Instance {
  configured(settings, serves) {
    return guarded(() => {
      const known = {
        ...settings,
        input: fieldsOf(settings.input),
        wanted: fieldsOf(settings.wanted),
        secrets: Object.fromEntries(settings.secrets.map(({ name, bytes }) => [name, bytes])),
      };
      this.plugin = sdk.configure(PLUGIN, settings.options, known, serves);
      // Neither has an error in the contract, so what they throw is told here.
      if (serves === "generator" || serves === "transform") this.fields = flat(this.plugin.output());
      if (serves === "rule") this.ranges = this.plugin.domains().map(domain);
      return this;
    });
  }

  batch(nodes) {
    return sdk.batchOf(this.plugin.settings.input, nodes);
  }

  run(method, rows, nodes) {
    return guarded(() => sdk.run(this.plugin, method, new Rows(rows), this.batch(nodes)));
  }

  output() {
    return this.fields;
  }

  generate(rows, nodes) {
    return this.run("generate", rows, nodes);
  }

  apply(rows, nodes) {
    return this.run("apply", rows, nodes);
  }

  check(rows, nodes) {
    return this.run("check", rows, nodes);
  }

  domains() {
    return this.ranges;
  }

  detect(nodes) {
    return guarded(() => this.plugin.detect(this.batch(nodes)));
  }
}

function domain(values) {
  if (!values) return { tag: "any" };
  if (Array.isArray(values)) return { tag: "one-of", val: values };
  return { tag: "range", val: [values.low, values.high] };
}

/* The exports of an interface. */
function exported(serves) {
  class Served extends Instance {
    static configure(settings) {
      return new Served().configured(settings, serves);
    }
  }
  return { Instance: Served };
}

export const about = { describe: () => sdk.describe(PLUGIN) };
export const generator = exported("generator");
export const transform = exported("transform");
export const detector = exported("detector");
export const rule = exported("rule");
