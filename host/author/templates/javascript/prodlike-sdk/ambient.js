/* Takes clock and randomness from a component. It has neither: what JavaScript would return was
 * frozen when the component was built, so values would depend on the order of calls. Imported
 * before the plugin, for its effect. */
const RNG = "`row.rng()`";
const NOW = "an option or a column";

function forbidden(shown, instead) {
  return () => {
    throw new Error(`\`${shown}\` has no meaning in a plugin: use ${instead}`);
  };
}

function replace(owner, name, value) {
  Object.defineProperty(owner, name, { value, writable: false, configurable: false });
}

replace(Math, "random", forbidden("Math.random", RNG));
replace(globalThis, "crypto", {
  getRandomValues: forbidden("crypto.getRandomValues", RNG),
  randomUUID: forbidden("crypto.randomUUID", RNG),
});
replace(globalThis, "performance", { now: forbidden("performance.now", NOW) });

const Given = Date;
replace(Given, "now", forbidden("Date.now", NOW));
const Guarded = new Proxy(Given, {
  apply: forbidden("Date()", NOW),
  construct(target, values, derived) {
    if (values.length === 0) forbidden("new Date()", NOW)();
    return Reflect.construct(target, values, derived);
  },
});
replace(globalThis, "Date", Guarded);
// `new (new Date(0).constructor)()` is the same class.
replace(Given.prototype, "constructor", Guarded);
