/* Says, as JSON, what a build must know of the plugin: `node prodlike-sdk/describe.js`. */
import * as module from "../plugin.js";
import { find, kinds } from "./plugin.js";

const plugin = find(module);
process.stdout.write(JSON.stringify({ name: plugin.id, kinds: kinds(plugin) }));
