/* Says, as JSON, what a build must know of the plugin: `node prodlike-sdk/describe.js`. */
import * as module from "../plugin.js";
import { PluginError } from "./errors.js";
import { find, kindOf } from "./plugin.js";

try {
  const plugin = find(module);
  process.stdout.write(JSON.stringify({ name: plugin.id, kinds: [kindOf(plugin)] }));
} catch (error) {
  if (!(error instanceof PluginError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
