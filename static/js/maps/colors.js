// What a map's colours mean: a cell's loss or steps on one scale, its outcome, or the point where it ends.

import {short} from "../numbers.js";
import {_} from "../words.js";

/**
 * @typedef {import("./picture.js").Picture} Picture
 * @typedef {{color: string, text: string, pattern?: "hatched" | "open"}} Swatch
 * @typedef {{of: (cell: number, i: number, j: number) => number, swatches: Swatch[],
 *   ramp: {low: string, high: string, words: string} | null}} Colors `ramp`: what its first and last colours stand for
 */

// Viridis (Smith and van der Walt, 2015), from matplotlib, CC0: as even to the eye as to a photocopier.
const VIRIDIS = [
  "#440154",
  "#482878",
  "#3e4989",
  "#31688e",
  "#26828e",
  "#1f9e89",
  "#35b779",
  "#6ece58",
  "#b5de2b",
  "#fde725",
].map(parse);
const SHADES = 256;
/** Viridis from its light end, which stands for the least. */
export const RAMP = Array.from({length: SHADES}, (_shade, at) => {
  const place = (1 - at / (SHADES - 1)) * (VIRIDIS.length - 1);
  const index = Math.min(Math.floor(place), VIRIDIS.length - 2);
  return mix(VIRIDIS[index], VIRIDIS[index + 1], place - index);
});

// Okabe and Ito (2008).
const HUES = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a7f00", "#7b4bb3"].map(parse);
const [WHITE, GREY, DARK] = ["#ffffff", "#8c8c8c", "#1c1c1c"].map(parse);
const OUTCOMES = {
  converged: "#0072b2",
  stuck: "#e69f00",
  moving: "#dfe6ea",
  unbounded: "#cc79a7",
  elsewhere: "#b9a88a",
};
const HATCH = ["#a3a3a3", "#7f7f7f"].map(parse); // gone: told apart without colour too
const DECADES = 14; // what rounding leaves of a loss is no height of its own
const LIGHTEST = 0.72; // how white the slowest run is

/** @typedef {[number, number, number]} Rgb */

/** @param {string} hex @returns {Rgb} */
function parse(hex) {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** @param {Rgb} a @param {Rgb} b @param {number} share of the second @returns {Rgb} */
function mix(a, b, share) {
  return /** @type {Rgb} */ (a.map((part, at) => Math.round(part + (b[at] - part) * share)));
}

/** A pixel as a canvas stores it: red first, on every machine with a browser. @param {Rgb} color */
const pixelOf = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** @param {Rgb} color */
export const cssOf = ([r, g, b]) => `rgb(${r} ${g} ${b})`;

const pixels = (/** @type {string} */ hex) => pixelOf(parse(hex));
const RAMP_PIXELS = RAMP.map(pixelOf);
const HATCHED = HATCH.map(pixelOf);

/** A grey that is striped, in places so fine that it keeps its stripes on every map. */
const hatched = (/** @type {number} */ i, /** @type {number} */ j, /** @type {number} */ width) =>
  HATCHED[Math.floor((i + j) / width) & 1];

const gone = () => ({color: cssOf(HATCH[0]), text: _("diverged"), pattern: /** @type {const} */ ("hatched")});

const OPEN = ["#ffffff", "#b9c9d4"].map(parse);
const OPENED = OPEN.map(pixelOf);

/** White and blue-grey, striped the other way: a run that has not come to rest has no end yet. */
const open = (/** @type {number} */ i, /** @type {number} */ j, /** @type {number} */ width) =>
  OPENED[Math.floor((i - j + 4096 * width) / width) & 1];

const notThere = () => ({color: cssOf(OPEN[1]), text: _("not there yet"), pattern: /** @type {const} */ ("open")});

/**
 * The range of the losses that maps show beside each other, in powers of ten.
 * @param {Picture[]} pictures
 * @returns {[number, number]}
 */
export function gapRange(pictures) {
  /** @type {number[]} */
  const found = [];
  for (const picture of pictures) {
    const {kind, gap} = picture.data;
    const lost = ["diverged", "unbounded"].map((name) => picture.head.kinds.indexOf(name));
    const step = Math.max(1, Math.floor(gap.length / 4096));
    for (let cell = 0; cell < gap.length; cell += step) {
      if (picture.has(cell) && !lost.includes(kind[cell]) && gap[cell] > 0 && gap[cell] < Infinity) {
        found.push(Math.log10(gap[cell]));
      }
    }
  }
  if (!found.length) return [-1, 0];
  found.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => found[Math.floor(share * (found.length - 1))];
  const high = Math.ceil(at(0.98));
  return [Math.min(Math.max(Math.floor(at(0.02)), high - DECADES), high - 1), high];
}

/**
 * The colours of a map over two numbers.
 * @param {Picture} picture
 * @param {"loss" | "steps" | "outcome"} show
 * @param {[number, number]} range of the losses, in powers of ten
 * @returns {Colors}
 */
export function colorsOf(picture, show, [low, high]) {
  const {head, data, columns} = picture;
  const [isGone, isUnbounded] = ["diverged", "unbounded"].map((name) => head.kinds.indexOf(name));
  const width = Math.max(2, Math.round(columns / 64));
  const unbounded = pixels(OUTCOMES.unbounded);
  const lost = [gone()];
  if (show === "outcome") {
    const colors = head.kinds.map((name) => pixels(OUTCOMES[/** @type {keyof typeof OUTCOMES} */ (name)] ?? "#000000"));
    const words = {converged: _("converged"), moving: _("still moving"), stuck: _("stuck"), unbounded: _("unbounded")};
    const named = Object.entries(words).map(([name, text]) => ({
      color: OUTCOMES[/** @type {keyof typeof OUTCOMES} */ (name)],
      text,
    }));
    return {
      of: (cell, i, j) => (data.kind[cell] === isGone ? hatched(i, j, width) : colors[data.kind[cell]]),
      swatches: [...named.filter((_swatch, at) => at !== 3 || data.kind.includes(isUnbounded)), ...lost],
      ramp: null,
    };
  }
  const shade = (/** @type {number} */ share) =>
    RAMP_PIXELS[Math.min(Math.max(Math.round(share * (SHADES - 1)), 0), SHADES - 1)];
  if (show === "steps") {
    const most = Math.log(1 + head.steps);
    const never = pixels(OUTCOMES.moving);
    return {
      of(cell, i, j) {
        if (data.kind[cell] === isGone) return hatched(i, j, width);
        return data.reached[cell] < 0 ? never : shade(Math.log(1 + data.reached[cell]) / most);
      },
      swatches: [{color: OUTCOMES.moving, text: _("not reached")}, ...lost],
      ramp: {low: "0", high: String(head.steps), words: _("steps")},
    };
  }
  return {
    of(cell, i, j) {
      if (data.kind[cell] === isGone) return hatched(i, j, width);
      if (data.kind[cell] === isUnbounded) return unbounded;
      const gap = data.gap[cell];
      return shade(gap > 0 ? (Math.log10(gap) - low) / (high - low) : gap === 0 || gap < 0 ? 0 : 1);
    },
    swatches: data.kind.includes(isUnbounded) ? [{color: OUTCOMES.unbounded, text: _("unbounded")}, ...lost] : lost,
    ramp: {low: short(10 ** low, 1), high: short(10 ** high, 1), words: _("final L")},
  };
}

/**
 * The colour of each critical point, by its place among its kind: the domain's come first, in the same order wherever
 * one looks, so that zooming changes no colour. Minima in strong hues, saddles in faded ones, maxima nearly black.
 * @param {Picture["head"]["points"]} points
 * @returns {Rgb[]}
 */
export function pointColors(points) {
  /** @type {{[kind: string]: number}} */
  const counts = {};
  return points.map(({kind}) => {
    const at = (counts[kind] = (counts[kind] ?? -1) + 1);
    if (kind === "maximum") return mix(DARK, HUES[at % HUES.length], 0.25);
    const hue = HUES[at % HUES.length];
    return kind === "minimum" ? hue : mix(mix(hue, GREY, 0.62), DARK, 0.12);
  });
}

/**
 * The colours of a map over start points.
 * @param {Picture} picture
 * @returns {Colors}
 */
export function basinColors(picture) {
  const {head, data, columns} = picture;
  const width = Math.max(2, Math.round(columns / 64));
  const kinds = Object.fromEntries(head.kinds.map((name, at) => [name, at]));
  const most = Math.log(1 + head.steps);
  const shades = pointColors(head.points).map((color) =>
    Array.from({length: SHADES}, (_shade, at) => pixelOf(mix(color, WHITE, (at / (SHADES - 1)) * LIGHTEST))),
  );
  const plain = Object.fromEntries(Object.entries(OUTCOMES).map(([name, hex]) => [name, pixels(hex)]));
  /** @type {Swatch[]} */
  const swatches = [];
  if (data.kind.includes(kinds.moving)) swatches.push(notThere());
  if (data.kind.includes(kinds.unbounded)) swatches.push({color: OUTCOMES.unbounded, text: _("unbounded")});
  if (data.kind.includes(kinds.diverged)) swatches.push(gone());
  return {
    of(cell, i, j) {
      const kind = data.kind[cell];
      if (kind === kinds.diverged) return hatched(i, j, width);
      const end = data.end[cell];
      if (end !== head.elsewhere) {
        const share = data.settled[cell] < 0 ? 0.5 : Math.log(1 + data.settled[cell]) / most;
        return shades[end][Math.round(share * (SHADES - 1))];
      }
      if (kind === kinds.moving) return open(i, j, width);
      return kind === kinds.unbounded ? plain.unbounded : plain.elsewhere;
    },
    swatches: [...swatches, {color: OUTCOMES.elsewhere, text: _("ends elsewhere")}],
    ramp: null,
  };
}

const FIRST = parse("#0072b2");
const SECOND = parse("#d55e00");

/** @typedef {"same" | "first" | "second" | "open"} Verdict `first`: A is better; `open`: a run is not there yet */

/**
 * What two maps of the same cells say of each: which run is better or, of basins, whether B ends elsewhere.
 * @param {Picture} a @param {Picture} b
 * @param {boolean} isBasins
 * @returns {(cell: number) => Verdict}
 */
export function differenceOf(a, b, isBasins) {
  const [one, two] = [a.data, b.data];
  const {kinds} = a.head;
  const moving = kinds.indexOf("moving");
  const lost = ["diverged", "unbounded"].map((name) => kinds.indexOf(name));
  const isOpen = (/** @type {number} */ cell) => one.kind[cell] === moving || two.kind[cell] === moving;
  if (isBasins) {
    return (cell) => {
      if (isOpen(cell)) return "open";
      return one.end[cell] === two.end[cell] && one.kind[cell] === two.kind[cell] ? "same" : "second";
    };
  }
  return (cell) => {
    const isLost = lost.includes(one.kind[cell]) || lost.includes(two.kind[cell]);
    // Who has reached the tolerance has won, whatever becomes of the other.
    if (!isLost && isOpen(cell) && one.reached[cell] < 0 && two.reached[cell] < 0) return "open";
    const order = compare(one, two, cell, lost);
    return order === 0 ? "same" : order < 0 ? "first" : "second";
  };
}

/**
 * How many cells, of those that have come in both maps, have each verdict.
 * @param {Picture} a @param {Picture} b
 * @param {(cell: number) => Verdict} verdictOf
 */
export function countVerdicts(a, b, verdictOf) {
  const counts = {same: 0, first: 0, second: 0, open: 0};
  for (let cell = 0; cell < a.data.kind.length; cell++) if (a.has(cell) && b.has(cell)) counts[verdictOf(cell)]++;
  return counts;
}

const SAME = "#e9e9e4";

/**
 * Where two maps of the same cells differ.
 * @param {(cell: number) => Verdict} verdictOf
 * @param {{isBasins: boolean, hasOpen: boolean, columns: number}} options `hasOpen`: some cells are not there yet
 * @returns {Colors}
 */
export function differenceColors(verdictOf, {isBasins, hasOpen, columns}) {
  const colors = {same: pixels(SAME), first: pixelOf(FIRST), second: pixelOf(SECOND)};
  const width = Math.max(2, Math.round(columns / 64));
  const ends = [
    {color: SAME, text: _("the same end")},
    {color: cssOf(SECOND), text: _("another end")},
  ];
  const better = [
    {color: cssOf(FIRST), text: _("A is better")},
    {color: cssOf(SECOND), text: _("B is better")},
    {color: SAME, text: _("the same")},
  ];
  return {
    of(cell, i, j) {
      const verdict = verdictOf(cell);
      return verdict === "open" ? open(i, j, width) : colors[verdict];
    },
    swatches: [...(isBasins ? ends : better), ...(hasOpen ? [notThere()] : [])],
    ramp: null,
  };
}

const ALIKE = 1e-6;

/**
 * Which of two runs did better: it is not lost, it got to the tolerance earlier, it ends lower.
 * @param {Picture["data"]} a @param {Picture["data"]} b @param {number} cell @param {number[]} lost
 */
function compare(a, b, cell, lost) {
  const [isLost, isOtherLost] = [lost.includes(a.kind[cell]), lost.includes(b.kind[cell])];
  if (isLost || isOtherLost) return Number(isLost) - Number(isOtherLost);
  const [mine, theirs] = [a.reached[cell], b.reached[cell]].map((row) => (row < 0 ? Infinity : row));
  if (mine !== theirs) return mine < theirs ? -1 : 1;
  if (mine < Infinity) return 0;
  const [x, y] = [a.gap[cell], b.gap[cell]];
  return Math.abs(x - y) <= ALIKE * Math.max(x, y) ? 0 : x < y ? -1 : 1;
}
