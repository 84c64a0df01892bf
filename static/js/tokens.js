// Colors and sizes of the style sheet, as scripts need them to draw.

import {STYLES} from "./styles.js";

const NAMES = {
  paper: "--paper",
  ink: "--ink",
  quiet: "--quiet",
  rule: "--rule",
  accent: "--accent",
  minimum: "--minimum",
  contourLow: "--contour-low",
  contourHigh: "--contour-high",
  contourLine: "--contour-line",
};

/** @typedef {{[name in keyof typeof NAMES]: string} & {run(token: string): string, font: string, size: number}} Tokens */

/** @typedef {Omit<Tokens, "run"> & {runs: {[token: string]: string}}} PlainTokens */

/**
 * The tokens without a function, as a worker can be sent them.
 * @param {Tokens} tokens
 * @returns {PlainTokens}
 */
export function toPlain({run, ...rest}) {
  return {...rest, runs: Object.fromEntries(STYLES.map(({token}) => [token, run(token)]))};
}

/** @param {PlainTokens} plain @returns {Tokens} */
export function fromPlain({runs, ...rest}) {
  return {...rest, run: (token) => runs[token]};
}

/**
 * Read the tokens as they are in the present theme.
 * @returns {Tokens}
 */
export function readTokens() {
  const style = getComputedStyle(document.documentElement);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  /** @type {Map<string, string>} */
  const runs = new Map();
  return {
    .../** @type {{[name in keyof typeof NAMES]: string}} */ (
      Object.fromEntries(Object.entries(NAMES).map(([name, token]) => [name, read(token)]))
    ),
    run(token) {
      if (!runs.has(token)) runs.set(token, read(token));
      return /** @type {string} */ (runs.get(token));
    },
    font: style.fontFamily,
    size: parseFloat(style.fontSize) || 16,
  };
}
