// The numbers that shape a run, by the names that links give them: what a map may be over, and how one is set.

import {openParameters} from "../declarations.js";

/**
 * @typedef {import("../declarations.js").Values} Values
 * @typedef {import("../declarations.js").Picked} Picked
 * @typedef {import("../declarations.js").Key} Key
 * @typedef {import("../declarations.js").ComponentKind} ComponentKind
 */

const COMPONENTS = ["surface", "scaler", "clip", "penalty", "noise"];
const SCHEDULE = "schedule";
const SHARED = "shared"; // a run's schedule that is that of all

/** @param {Key[]} keys @param {string} name */
const componentOf = (keys, name) => /** @type {ComponentKind | undefined} */ (keys.find((key) => key.name === name));

/** @param {Picked} run Whether a run has a schedule of its own. */
const hasOwnSchedule = (run) => (run.values[SCHEDULE] ?? SHARED) !== SHARED;

/**
 * The names of a run's numbers.
 * @param {Key[]} keys
 * @param {Values} values
 * @param {number} number which run, from 1
 * @returns {string[]}
 */
export function namesOf(keys, values, number) {
  const run = /** @type {Picked[]} */ (values.run)[number - 1];
  const entries = componentOf(keys, "run")?.entries;
  if (!run || !entries) return [];
  const {parameters} = entries[run.name];
  const numbers = parameters.filter((parameter) => parameter.kind === "number");
  const own = numbers.map(({name}) => name);
  const brought = [...openParameters(parameters, run.values)]
    .filter((parameter) => parameter.kind === "number" && !parameters.includes(parameter))
    .map(({name}) => `${SCHEDULE}.${name}`);
  const shared = numbers.some(({isRate}) => isRate) && !hasOwnSchedule(run) ? [SCHEDULE] : [];
  const others = [...COMPONENTS, ...shared].flatMap((name) => {
    const kind = componentOf(keys, name);
    const picked = /** @type {Picked} */ (values[name]);
    if (!kind || !picked) return [];
    return [...openParameters(kind.entries[picked.name].parameters, picked.values)]
      .filter((parameter) => parameter.kind === "number")
      .map((parameter) => `${name}.${parameter.name}`);
  });
  return [...own, ...brought, ...others, "start.x", "start.y"];
}

/**
 * The same values with one number of a run replaced.
 * @param {Values} values
 * @param {number} number which run, from 1
 * @param {string} name
 * @param {number} value
 * @param {number[]} start where the runs begin now
 * @returns {Values}
 */
export function withNumber(values, number, name, value, start) {
  const [component, sub] = name.includes(".") ? name.split(".") : ["run", name];
  if (component === "start") {
    const given = /** @type {number[] | null} */ (values.start);
    const moved = given ? [...given] : [...start];
    moved["xy".indexOf(sub)] = value;
    return {...values, start: moved};
  }
  const runs = /** @type {Picked[]} */ (values.run);
  if (component === "run" || (component === SCHEDULE && hasOwnSchedule(runs[number - 1]))) {
    const changed = {...runs[number - 1], values: {...runs[number - 1].values, [sub]: value}};
    return {...values, run: runs.with(number - 1, changed)};
  }
  const picked = /** @type {Picked} */ (values[component]);
  return {...values, [component]: {...picked, values: {...picked.values, [sub]: value}}};
}

/**
 * The value of one number of a run, or null where the page does not know it yet.
 * @param {Values} values
 * @param {number} number which run, from 1
 * @param {string} name
 * @param {import("../questions.js").Answer | null} answer
 * @returns {number | null}
 */
export function numberOf(values, number, name, answer) {
  const [component, sub] = name.includes(".") ? name.split(".") : ["run", name];
  const run = /** @type {Picked[]} */ (values.run)[number - 1];
  if (component === "start") {
    const start = /** @type {number[] | null} */ (values.start) ?? answer?.surface.start;
    return start?.["xy".indexOf(sub)] ?? null;
  }
  if (component === "run") {
    // What is in force, unless rates are relative: then the link's own number is that of the map.
    const given = run?.values[sub] ?? values[sub];
    if (typeof given === "number") return given;
    const used = answer?.runs[number - 1]?.hyperparameters[sub];
    return typeof used === "number" && values.rate !== "relative" ? used : null;
  }
  const picked = component === SCHEDULE && run && hasOwnSchedule(run) ? run : /** @type {Picked} */ (values[component]);
  const value = picked?.values[sub];
  return typeof value === "number" ? value : null;
}
