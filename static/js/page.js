// The page's one JSON, and the state that the page's parts share.

import {valuesOf} from "./grammar.js";

/**
 * @typedef {{name: string, title: string, lookFor: string, query: string}} Preset
 * @typedef {{lab: string, api: string, surfaceApi: string, mapApi?: string, ladderApi?: string, language: string, query: string,
 *   keys: import("./declarations.js").Key[], presets: Preset[], messages: {[text: string]: string}, version: string}} Page
 * @typedef {{
 *   values: import("./declarations.js").Values,
 *   vs: import("./declarations.js").Values,
 *   preset: string,
 *   home: string,
 *   selected: number,
 *   isPlaying: boolean,
 *   speed: number,
 *   isLog: boolean,
 *   hasInspector: boolean,
 *   isDeep: boolean,
 * }} State `preset`: whose hint is shown; `home`: the query that Reset returns to; `selected`: the run whose arrows
 *   and numbers are shown; `speed` in steps a second.
 * @typedef {ReturnType<typeof import("./store.js").createStore<State>>} Store
 */

/**
 * Read the JSON that the page carries.
 * @returns {Page}
 */
export function readPage() {
  return JSON.parse(/** @type {HTMLElement} */ (document.getElementById("page")).textContent ?? "");
}

let lastStepOf = (/** @type {State} */ state, /** @type {number} */ panel) => Number(valuesOf(state, panel).steps);

/**
 * Let a lab say how long its time line is.
 * @param {(state: State, panel: number) => number} measure
 */
export function measureTime(measure) {
  lastStepOf = measure;
}

/**
 * The last step that any panel has.
 * @param {State} state
 */
export function lastStep(state) {
  const isPair = Object.keys(state.vs).length > 0;
  return Math.max(lastStepOf(state, 0), isPair ? lastStepOf(state, 1) : 0);
}

/**
 * The step that everything shows.
 * @param {State} state
 */
export function frameOf(state) {
  const last = lastStep(state);
  return Math.min(Number(state.values.at ?? last), last);
}

/**
 * The change that shows a step; the last one is what links leave out.
 * @param {State} state
 * @param {number} frame
 * @returns {{values: import("./declarations.js").Values}}
 */
export function atFrame(state, frame) {
  const last = lastStep(state);
  const step = Math.min(Math.max(Math.round(frame), 0), last);
  return {values: {...state.values, at: step === last ? null : step}};
}
