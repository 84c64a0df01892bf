// The home page: each laboratory's card shows a small picture, drawn from the laboratory's own answer.

import {createCanvas} from "./canvas.js";
import {levelsOf} from "./levels.js";
import {createTheme} from "./menu.js";
import {fetchJson} from "./requests.js";
import {spanOf} from "./search/span.js";
import {STYLES} from "./styles.js";
import {readTokens} from "./tokens.js";
import {decodeAll} from "./wire.js";

/**
 * @typedef {[number, number]} Point
 * @typedef {{paint: CanvasRenderingContext2D, width: number, height: number, tokens: ReturnType<typeof readTokens>}} Picture
 */

const {language, apis} = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("page")).textContent ?? "");
const LONG = 500; // rows of a path
const GRID = 120;

/** @param {string} name @param {string} query */
const ask = async (name, query) =>
  decodeAll(await fetchJson(`${apis[name]}?${query}`, {signal: new AbortController().signal, language}));

/** The query's keys that shape the surface. @param {string} query */
const shapeOf = (query) =>
  query
    .split("&")
    .filter((pair) => /^(surface|scaler|penalty|view|seed|start)=/.test(pair))
    .join("&");

/**
 * Bands between log-spaced levels, light where the loss is high, as on the laboratories' own plots.
 * @param {Picture} picture
 * @param {{x: any, y: any, gap: any, view: number[][]}} grid
 */
function drawBands({paint, width, height, tokens}, {x, y, gap, view}) {
  const {z, low, high, step} = levelsOf(gap.data);
  const bands = Math.round((high - low) / step) + 2;
  const ramp = paint.createLinearGradient(0, 0, bands, 0);
  ramp.addColorStop(0, tokens.contourLow);
  ramp.addColorStop(1, tokens.contourHigh);
  const strip = new OffscreenCanvas(bands, 1).getContext("2d");
  if (!strip) return;
  strip.fillStyle = ramp;
  strip.fillRect(0, 0, bands, 1);
  const colors = strip.getImageData(0, 0, bands, 1).data;
  const [columns, rows] = [x.data.length, y.data.length];
  const [w, h] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
  const image = new ImageData(w, h);
  const [[x0, x1], [y0, y1]] = view;
  const [[left, right], [bottom, top]] = cut(view, width / height);
  for (let j = 0; j < h; j++) {
    for (let i = 0; i < w; i++) {
      // Bilinear between the grid's points, so that bands have smooth edges at every size.
      const u = ((left + ((right - left) * i) / (w - 1) - x0) / (x1 - x0)) * (columns - 1);
      const v = ((top - ((top - bottom) * j) / (h - 1) - y0) / (y1 - y0)) * (rows - 1);
      const [a, b] = [Math.min(Math.floor(u), columns - 2), Math.min(Math.floor(v), rows - 2)];
      const at = b * columns + a;
      const lower = z[at] + (u - a) * (z[at + 1] - z[at]);
      const upper = z[at + columns] + (u - a) * (z[at + columns + 1] - z[at + columns]);
      const level = lower + (v - b) * (upper - lower);
      const band = Math.min(Math.max(Math.floor((level - low) / step) + 1, 0), bands - 1);
      image.data.set(colors.subarray(4 * band, 4 * band + 4), 4 * (j * w + i));
    }
  }
  paint.putImageData(image, 0, 0);
}

/**
 * The middle of a view, with axes of equal scale: a circle stays a circle.
 * @param {number[][]} view
 * @param {number} aspect width over height
 */
function cut([[x0, x1], [y0, y1]], aspect) {
  const size = Math.min((x1 - x0) / aspect, y1 - y0);
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return [
    [x - (size * aspect) / 2, x + (size * aspect) / 2],
    [y - size / 2, y + size / 2],
  ];
}

/** @param {Picture} picture @param {number[][]} view */
function placeIn({width, height}, view) {
  const [[left, right], [bottom, top]] = cut(view, width / height);
  return (/** @type {number} */ x, /** @type {number} */ y) =>
    /** @type {Point} */ ([((x - left) / (right - left)) * width, ((top - y) / (top - bottom)) * height]);
}

/** @param {Picture} picture @param {Point[]} points @param {string} color @param {number} [thick] */
function drawLine({paint}, points, color, thick = 2) {
  paint.beginPath();
  for (const [x, y] of points) paint.lineTo(x, y);
  paint.lineJoin = "round";
  paint.lineWidth = thick;
  paint.strokeStyle = color;
  paint.stroke();
}

/** @param {Picture} picture @param {Point} point @param {string} color @param {number} radius */
function drawDot({paint, tokens}, [x, y], color, radius) {
  paint.beginPath();
  paint.arc(x, y, radius, 0, 7);
  paint.fillStyle = color;
  paint.fill();
  paint.lineWidth = 1.5;
  paint.strokeStyle = tokens.paper;
  paint.stroke();
}

/** @type {{[kind: string]: (picture: Picture, asked: {api: string, surface: string, query: string}) => Promise<void>}} */
const DRAWINGS = {
  /** Paths over their surface. */
  async paths(picture, {api, surface, query}) {
    const [grid, race] = await Promise.all([ask(surface, `${query}&n=${GRID}`), ask(api, query)]);
    drawBands(picture, grid);
    const place = placeIn(picture, grid.view);
    race.runs.forEach((/** @type {any} */ {params}, /** @type {number} */ index) => {
      const color = picture.tokens.run(STYLES[index].token);
      const points = [];
      for (let row = 0; row < params.shape[0]; row++)
        points.push(place(params.data[2 * row], params.data[2 * row + 1]));
      // A long path that hovers would be a blot.
      const thick = points.length > LONG ? 0.6 : 2;
      if (points.length <= LONG) drawLine(picture, points, picture.tokens.paper, 2 * thick);
      drawLine(picture, points, color, thick);
      drawDot(picture, /** @type {Point} */ (points.at(-1)), color, 4);
    });
  },
  /** A noisy series and its averages. */
  async series(picture, {api, query}) {
    const {observed, averages} = await ask(api, query);
    const {paint, width, height, tokens} = picture;
    const seen = observed.data.subarray(1); // row t is after t values
    const [low, high] = [Math.min(...seen), Math.max(...seen)];
    const points = (/** @type {ArrayLike<number>} */ values) =>
      Array.from(values, (value, at) => {
        const share = (value - low) / (high - low);
        return /** @type {Point} */ ([(at / (values.length - 1)) * width, height * (0.95 - 0.9 * share)]);
      });
    paint.fillStyle = tokens.quiet;
    for (const [x, y] of points(seen)) paint.fillRect(x - 1, y - 1, 2, 2);
    averages.forEach((/** @type {any} */ {value}, /** @type {number} */ index) =>
      drawLine(picture, points(value.data.subarray(1)), tokens.run(STYLES[index].token), 2.5),
    );
  },
  /** The runs of a search on their own map, darker the lower they end, and the best of them. */
  async samples(picture, {api, query}) {
    const {x, y, samples} = await ask(api, query);
    const {width, height, tokens, paint} = picture;
    const spans = [spanOf(x), spanOf(y)];
    const values = samples.value.map((/** @type {number | null} */ value) => (value === null ? Infinity : value));
    const ranked = values.toSorted((/** @type {number} */ a, /** @type {number} */ b) => a - b);
    paint.fillStyle = tokens.contourHigh;
    paint.fillRect(0, 0, width, height);
    values.forEach((/** @type {number} */ value, /** @type {number} */ at) => {
      const place = /** @type {Point} */ ([
        (0.04 + 0.92 * spans[0].shareOf(samples.x[at])) * width,
        (0.96 - 0.92 * spans[1].shareOf(samples.y[at])) * height,
      ]);
      const share = ranked.indexOf(value) / values.length;
      const color = share
        ? `color-mix(in oklab, ${tokens.run(STYLES[0].token)}, ${tokens.contourLow} ${100 * share}%)`
        : "";
      drawDot(picture, place, color || tokens.run(STYLES[1].token), share ? 6 : 9);
    });
  },
  /** Critical points on their surface. */
  async points(picture, {api, surface, query}) {
    const [grid, found] = await Promise.all([ask(surface, `${shapeOf(query)}&n=${GRID}`), ask(api, query)]);
    drawBands(picture, grid);
    const place = placeIn(picture, grid.view);
    const kinds = ["minimum", "saddle", "maximum"];
    for (const {at, kind} of found.points) {
      const style = STYLES[Math.max(kinds.indexOf(kind), 0)];
      drawDot(picture, place(at[0], at[1]), picture.tokens.run(style.token), 5);
    }
  },
};

/** @param {HTMLCanvasElement} element */
function createPicture(element) {
  const canvas = createCanvas(element);
  const {kind = "", api = "", surface = "", query = ""} = element.dataset;
  return async () => {
    element.removeAttribute("style"); // as large as its card lets it be
    const {clientWidth: width, clientHeight: height} = element;
    canvas.resize(width, height);
    canvas.clear();
    await DRAWINGS[kind]({paint: canvas.context, width, height, tokens: readTokens()}, {api, surface, query});
  };
}

const pictures = [...document.querySelectorAll("canvas")].map(createPicture);
async function drawAll() {
  // One after the other: a school's small server has other things to do than pictures.
  for (const draw of pictures) await draw().catch(() => {}); // a card without its picture still leads to its lab
  document.documentElement.dataset.ready = "true";
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let resized;
addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(drawAll, 200);
});
createTheme(drawAll);
drawAll();
