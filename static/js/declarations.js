// What a query is made of: the declarations that the server sends with the page, and values that fit them.

/**
 * @typedef {{kind: "number", name: string, title: string, symbol: string, help: string, low: number, high: number,
 *   slider: [number, number], scale: import("./scales.js").Scale, isInteger: boolean, isRate?: boolean, shared?: string,
 *   default: number | null}} NumberKind
 * @typedef {{kind: "flag", name: string, title: string, symbol: string, help: string, default: boolean}} FlagKind
 * @typedef {{[option: string]: string}} Options
 * @typedef {{kind: "choice", name: string, title: string, symbol: string, help: string,
 *   options: Options | {[parent: string]: Options}, default: string | {[parent: string]: string},
 *   dependsOn?: string, brings?: {[option: string]: Parameter[]}}} ChoiceKind
 * @typedef {{kind: "fork", name: string, title: string, symbol: string, help: string, default: null}} ForkKind Its value
 *   is a text, run@step.
 * @typedef {NumberKind | ChoiceKind | FlagKind | ForkKind} Parameter
 * @typedef {{kind: "numbers", name: string, title: string, symbol: string, help: string, parts: string[], low: number,
 *   high: number, mayBeAbsent: boolean, default: null}} NumbersKind
 * @typedef {{kind: "points", name: string, title: string, symbol: string, help: string, most: number, low: number,
 *   high: number, default: number[][]}} PointsKind
 * @typedef {{kind: "names", name: string, title: string, options: Options}} NamesKind
 * @typedef {{kind: "rows", name: string, title: string, symbol: string, help: string, mostLink: number,
 *   mostBytes: number, session: string, example: string, default: null}} RowsKind Its value is a text,
 *   compressed CSV; so is the example.
 * @typedef {{name: string, title: string, about: string, formula: string, family?: string, source?: string,
 *   parameters: Parameter[], hasRows?: boolean,
 *   quantities?: {name: string, symbol: string, title: string}[]}} Entry
 * @typedef {{kind: "component", name: string, title: string, help: string, most: number, one: string,
 *   adds: string, default: string | string[],
 *   entries: {[name: string]: Entry}}} ComponentKind
 * @typedef {Parameter | NumbersKind | PointsKind | NamesKind | RowsKind | ComponentKind} Kind
 * @typedef {Kind & {role: "query" | "page" | "api", group: string, shapes?: boolean,
 *   shownWith?: "" | "rows" | "quadratic", only?: string[]}} Key `shapes`: the surface; `shownWith`: its control is
 *   hidden unless the surface is made of rows, or is quadratic; `only`: the computations it changes, all if none is named.
 *
 * @typedef {number | string | boolean | null} Scalar
 * @typedef {{[name: string]: Scalar}} Scalars
 * @typedef {{name: string, values: Scalars, slot?: number}} Picked An entry with its values; a run also has the slot
 *   that gives it color, dash and marker.
 * @typedef {Scalar | number[] | number[][] | string[] | Picked | Picked[]} Value
 * @typedef {{[key: string]: Value}} Values
 */

/**
 * The names of the keys that shape the surface, wherever it is looked at from.
 * @param {Key[]} keys
 */
export const shaping = (keys) => keys.filter(({shapes}) => shapes).map(({name}) => name);

/**
 * The names of the keys that change what a computation answers.
 * @param {Key[]} keys
 * @param {string} computation
 */
export const askedBy = (keys, computation) =>
  keys
    .filter(({role, only}) => role === "query" && (!only?.length || only.includes(computation)))
    .map(({name}) => name);

/**
 * The options that are open now: those of the value that the choice depends on, if it does.
 * @param {ChoiceKind} choice
 * @param {Scalars} values
 * @returns {Options}
 */
export function optionsOf(choice, values) {
  return /** @type {Options} */ (choice.dependsOn ? choice.options[String(values[choice.dependsOn])] : choice.options);
}

/**
 * The default of a parameter, which may depend on a choice made earlier.
 * @param {Parameter} parameter
 * @param {Scalars} values
 * @returns {Scalar}
 */
export function defaultOf(parameter, values) {
  if (
    parameter.kind === "choice" &&
    parameter.dependsOn &&
    parameter.default &&
    typeof parameter.default === "object"
  ) {
    return parameter.default[String(values[parameter.dependsOn])];
  }
  return /** @type {Scalar} */ (parameter.default);
}

/**
 * Go through the parameters in order; those that an option brings follow it once `values` holds the choice.
 * @param {Parameter[]} parameters
 * @param {Scalars} values
 * @returns {Generator<Parameter>}
 */
export function* openParameters(parameters, values) {
  for (const parameter of parameters) {
    yield parameter;
    if (parameter.kind === "choice") {
      yield* openParameters(parameter.brings?.[String(values[parameter.name])] ?? [], values);
    }
  }
}

/**
 * A value for every open parameter: the given one where it is possible, else the default.
 * @param {Parameter[]} parameters
 * @param {Scalars} given
 * @returns {Scalars}
 */
export function complete(parameters, given) {
  /** @type {Scalars} */
  const values = {};
  for (const parameter of openParameters(parameters, values)) {
    const value = given[parameter.name];
    const isPossible =
      value !== undefined && (parameter.kind !== "choice" || String(value) in optionsOf(parameter, values));
    values[parameter.name] = isPossible ? value : defaultOf(parameter, values);
  }
  return values;
}

/**
 * An entry with `given` values and the defaults of all others; values that do not fit are left out.
 * @param {ComponentKind} kind
 * @param {string} name
 * @param {Scalars} [given]
 * @returns {Picked}
 */
export function pick(kind, name, given = {}) {
  const entry = kind.entries[name];
  if (!entry) throw new Error(`unknown ${kind.name} '${name}'`);
  return {name, values: complete(entry.parameters, given)};
}

/**
 * The same component with one value replaced.
 * @param {ComponentKind} kind
 * @param {Picked} picked
 * @param {string} parameter
 * @param {Scalar} value
 * @returns {Picked}
 */
export function withValue(kind, picked, parameter, value) {
  return {...picked, ...pick(kind, picked.name, {...picked.values, [parameter]: value})};
}

/**
 * What a control is called: words and symbol.
 * @param {{title: string, symbol?: string}} declaration
 */
export function label({title, symbol}) {
  return symbol ? `${title} ${symbol}` : title;
}

/**
 * The lowest slot that no run has.
 * @param {Picked[]} runs
 */
export function freeSlot(runs) {
  let slot = 0;
  while (runs.some((run) => run.slot === slot)) slot++;
  return slot;
}
