// Ladders: which values of a slider are asked for at once, and what their answers say.

import {positionOf, positionsOf, valueAt} from "./scales.js";

/**
 * @typedef {import("./declarations.js").NumberKind} NumberKind
 * @typedef {import("./declarations.js").Picked} Picked
 * @typedef {import("./declarations.js").Values} Values
 * @typedef {import("./questions.js").Answer} Answer
 * @typedef {import("./wire.js").Tensor} Tensor
 * @typedef {{key: string, run?: number, parameter?: string}} Place Where in a query a number stands: it is a key, or a
 *   `parameter` of the key's component, of one `run` where there are several
 * @typedef {import("./server/types.js").Rung} Rung
 * @typedef {import("./server/types.js").LadderAnswer} Ladder
 */

const MOST = 64; // values
const FEWEST = 12; // a slider with fewer stops is no slider

/**
 * How many values may be asked for at once; 0 if they would be too few to drag over.
 * @param {Answer | null} answer
 * @param {number} [share] of the answer's runs: 1/3 for one of three
 */
export function mostRungs(answer, share = 1) {
  const most = Math.min(MOST, Math.floor((answer?.ladder ?? 0) / share));
  return most < FEWEST ? 0 : most;
}

/**
 * Values all over a slider, as it rounds them, and the one in force; in ascending order.
 * @param {NumberKind} number
 * @param {number} most
 * @param {number | null} [inForce] left out where it is null or off the slider
 */
export function rungsOf(number, most, inForce = null) {
  const last = positionsOf(number);
  const [low, high] = number.slider;
  const isOn = inForce !== null && inForce >= low && inForce <= high;
  const count = Math.min(last + 1, isOn ? most - 1 : most);
  const positions = Array.from({length: count}, (_, index) => Math.round((index * last) / (count - 1)));
  const values = new Set(positions.map((position) => valueAt(number, position)));
  if (isOn) values.add(inForce);
  return [...values].sort((a, b) => a - b);
}

/**
 * The rung that is nearest on the slider.
 * @param {NumberKind} number
 * @param {number[]} rungs
 * @param {number} value
 */
export function nearestRung(number, rungs, value) {
  const position = positionOf(number, value);
  let [best, least] = [value, Infinity];
  for (const rung of rungs) {
    const distance = Math.abs(positionOf(number, rung) - position);
    if (distance < least) [best, least] = [rung, distance];
  }
  return best;
}

/** The name that the API has for a number. @param {Place} place */
export const nameOf = ({key, run, parameter}) => [key, run === undefined ? null : run + 1, parameter].filter(Boolean).join("."); // prettier-ignore

/** @param {Values} values @param {Place} place @returns {number | null} */
export function numberAt(values, {key, run, parameter}) {
  if (parameter === undefined) return /** @type {number | null} */ (values[key]);
  const picked = run === undefined ? values[key] : /** @type {Picked[]} */ (values[key])[run];
  return /** @type {number | null} */ (/** @type {Picked} */ (picked).values[parameter]);
}

/**
 * The same values with one number replaced.
 * @param {Values} values
 * @param {Place} place
 * @param {number} number
 * @returns {Values}
 */
export function withNumber(values, {key, run, parameter}, number) {
  if (parameter === undefined) return {...values, [key]: number};
  const put = (/** @type {Picked} */ picked) => ({...picked, values: {...picked.values, [parameter]: number}});
  const held = /** @type {Picked | Picked[]} */ (values[key]);
  return {...values, [key]: Array.isArray(held) ? held.map((one, at) => (at === run ? put(one) : one)) : put(held)};
}

/**
 * The part of a request that names the number and its values.
 * @param {Place} place
 * @param {number[]} rungs
 */
export const ladderLink = (place, rungs) => `vary=${nameOf(place)}&values=${rungs.join(",")}`;

/**
 * One run's part of an array of all rungs; a view, not a copy.
 * @param {Tensor} tensor
 * @param {number} rung
 * @param {number} run
 * @returns {Tensor}
 */
export function partOf({data, shape: [, runs, ...shape]}, rung, run) {
  const size = shape.reduce((product, side) => product * side, 1);
  const from = (rung * runs + run) * size;
  return {data: data.subarray(from, from + size), shape};
}

/**
 * What the race of one rung alone would have been answered with.
 * @param {Ladder} ladder
 * @param {number} index
 * @returns {Answer}
 */
export function answerAt({ladder, params, gap, rungs}, index) {
  const {runs, takeaway, notes} = rungs[index];
  const surface = /** @type {Answer["surface"]} */ (rungs[index].surface ?? rungs[0].surface);
  // Copies: a view that is sent to another thread takes the whole ladder along.
  const copy = (/** @type {Tensor} */ {data, shape}) => ({data: data.slice(), shape});
  return {
    surface,
    takeaway,
    notes,
    ladder,
    runs: runs.map((facts, run) => {
      const gaps = copy(partOf(gap, index, run));
      const loss = {data: Float64Array.from(gaps.data, (value) => value + surface.lowest), shape: gaps.shape};
      return {...facts, params: copy(partOf(params, index, run)), gap: gaps, loss};
    }),
  };
}
