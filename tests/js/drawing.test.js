import assert from "node:assert/strict";
import test from "node:test";

import {
  angleBetween,
  areSame,
  clipSegment,
  exitOf,
  finiteRows,
  holdAll,
  projection,
  roundTo,
  squareUp,
} from "../../static/js/geometry.js";
import {levelsOf} from "../../static/js/levels.js";
import {moveOf, rangesAfter} from "../../static/js/pinch.js";
import {lossAt} from "../../static/js/readout.js";
import {STYLES} from "../../static/js/styles.js";
import {fromPlain, toPlain} from "../../static/js/tokens.js";
import {columnOf, decode, decodeAll, fromBase64Slowly} from "../../static/js/wire.js";

/** @param {number[][]} rows */
const path = (rows) => ({data: Float64Array.from(rows.flat()), shape: [rows.length, 2]});
/** @type {import("../../static/js/geometry.js").Ranges} */
const BOX = [-1, 1, -1, 1];

test("arrays are decoded with their shape, and infinities pass", () => {
  const values = Float32Array.of(1, -2.5, Infinity, NaN);
  const bdata = Buffer.from(values.buffer).toString("base64");
  const {data, shape} = decode({dtype: "f4", bdata, shape: "2,2"});
  assert.deepEqual([...data], [...values]);
  assert.deepEqual(shape, [2, 2]);
  assert.deepEqual([...columnOf({data, shape}, 1)], [-2.5, NaN]);
  assert.deepEqual(fromBase64Slowly(bdata), new Uint8Array(values.buffer));
});

test("an answer keeps its shape around its arrays", () => {
  const bdata = Buffer.from(Float64Array.of(0.1).buffer).toString("base64");
  const answer = decodeAll({runs: [{loss: {dtype: "f8", bdata, shape: "1"}, title: "GD"}], at: null});
  assert.equal(answer.runs[0].loss.data[0], 0.1);
  assert.equal(answer.runs[0].title, "GD");
  assert.equal(answer.at, null);
});

test("a square view keeps its middle, and a square one is left as it is", () => {
  assert.deepEqual(squareUp([0, 4, 0, 2]), [0, 4, -1, 3]);
  assert.deepEqual(squareUp([-10, 10, -5, 15]), [-10, 10, -5, 15]);
  assert.ok(areSame([0, 1, 0, 1], [0, 1 + 1e-7, 0, 1]));
});

test("pixels become data again", () => {
  const at = projection([-5, 5, 0, 20], {left: 50, top: 10, width: 400, height: 400});
  assert.equal(at.fromX(at.x(1.25)), 1.25);
  assert.equal(at.fromY(at.y(7)), 7);
  assert.ok(at.y(20) < at.y(0), "y points up");
});

test("coordinates are rounded to what the eye can tell", () => {
  assert.deepEqual(roundTo([1.23456, -0.00001], 20), [1.23, 0]);
});

test("a diverged path is drawn up to its first infinite point", () => {
  assert.equal(finiteRows(path([[0, 0], [1, NaN], [2, 2]])), 1); // prettier-ignore
  assert.equal(finiteRows(path([[0, 0], [1, 1]])), 2); // prettier-ignore
});

test("a segment is cut at the edges, or not there at all", () => {
  assert.deepEqual(clipSegment(BOX, 0, 0, 2, 0), [0, 0, 1, 0]);
  assert.equal(clipSegment(BOX, 2, 2, 3, 3), null);
});

// prettier-ignore
for (const [name, rows, last, expected] of /** @type {[string, number[][], number, {step: number, x: number, y: number} | null][]} */ ([
  ["stays inside", [[0, 0], [0.5, 0]], 1, null],
  ["leaves to the right at step 1", [[0, 0], [2, 0], [5, 0]], 2, {step: 1, x: 1, y: 0}],
  ["has come back", [[0, 0], [2, 0], [0.5, 0]], 2, null],
  ["has not left yet", [[0, 0], [2, 0]], 0, null],
  ["leaves for the second time at step 3", [[0, 0], [2, 0], [0, 0], [0, -3]], 3, {step: 3, x: 0, y: -1}],
  ["becomes infinite in the direction of its last step", [[0, 0], [0.5, 0], [NaN, NaN]], 2, {step: 2, x: 1, y: 0}],
])) {
  test(`the arrow at the edge: a path that ${name}`, () => {
    const exit = exitOf(path(rows), last, BOX);
    assert.deepEqual(exit && {step: exit.step, x: exit.x, y: exit.y}, expected);
  });
}

test("all paths fit, but what flies away does not blow up the view", () => {
  const [x0, x1] = holdAll(BOX, [path([[0, 0], [5, 0], [1e9, 0]])]); // prettier-ignore
  assert.ok(x0 < -1 && x1 > 5 && x1 < 6);
});

test("small angles survive", () => {
  assert.equal(angleBetween(1, 0, 0, 2), 90);
  assert.ok(Math.abs((angleBetween(1, 0, 1, 1e-9) ?? 0) - (1e-9 * 180) / Math.PI) < 1e-15);
  assert.equal(angleBetween(0, 0, 1, 0), null);
});

test("contour levels are log-spaced, few, and lie within the values", () => {
  const gaps = Float64Array.from({length: 400}, (_, index) => 10 ** (index / 100 - 2));
  const {z, low, high, step} = levelsOf(gaps);
  assert.equal(step, 0.5);
  assert.ok(low >= -2 && high <= 2 && (high - low) / step <= 14);
  assert.ok(Math.abs(z[200] - 0) < 1e-6);
});

test("the minimum itself and rounding below it are lower than every line", () => {
  const {z, low} = levelsOf([0, -1e-17, 1, 10, 100]);
  assert.ok(z[0] < low && z[1] < low);
});

test("a flat surface has levels too", () => {
  const {low, high, step} = levelsOf([2, 2, 2]);
  assert.ok(high >= low && step > 0);
});

test("the loss between the points of a grid is exact where it is bilinear, and nothing outside", () => {
  const [x, y] = [
    [0, 1, 2],
    [10, 20],
  ];
  const loss = y.flatMap((b) => x.map((a) => 3 * a + b + a * b));
  for (const [a, b] of [
    [0, 10],
    [0.25, 17],
    [2, 20],
    [1, 12.5],
  ]) {
    assert.ok(Math.abs(lossAt({x, y, loss}, a, b) - (3 * a + b + a * b)) < 1e-9, `at ${a}, ${b}`);
  }
  assert.ok(Number.isNaN(lossAt({x, y, loss}, 2.1, 15)));
  assert.ok(Number.isNaN(lossAt({x, y, loss}, 1, 9)));
});

test("fingers that part zoom in about the point between them", () => {
  const rect = {left: 50, top: 10, width: 100, height: 100};
  const move = moveOf(
    [
      [90, 60],
      [110, 60],
    ],
    [
      [80, 60],
      [120, 60],
    ],
  );
  assert.equal(move.scale, 2);
  assert.deepEqual(rangesAfter(move, BOX, rect), [-0.5, 0.5, -0.5, 0.5]);
});

test("fingers that keep their distance move the view, and both fingers in one place do no harm", () => {
  const rect = {left: 0, top: 0, width: 100, height: 100};
  const move = moveOf(
    [
      [40, 40],
      [60, 60],
    ],
    [
      [65, 40],
      [85, 60],
    ],
  );
  assert.deepEqual(rangesAfter(move, BOX, rect), [-1.5, 0.5, -1, 1]);
  const odd = moveOf(
    [
      [5, 5],
      [5, 5],
    ],
    [
      [5, 5],
      [5, 5],
    ],
  );
  assert.ok(rangesAfter(odd, BOX, rect).every(Number.isFinite));
});

test("a worker is sent the same colors", () => {
  const names = ["paper", "ink", "quiet", "rule", "accent", "minimum", "contourLow", "contourHigh", "contourLine"];
  const words = Object.fromEntries(names.map((name) => [name, `color of ${name}`]));
  const run = (/** @type {string} */ token) => `color of ${token}`;
  const tokens = /** @type {import("../../static/js/tokens.js").Tokens} */ ({...words, run, font: "serif", size: 16});
  const arrived = fromPlain(structuredClone(toPlain(tokens)));
  assert.deepEqual({...arrived, run: null}, {...tokens, run: null});
  for (const {token} of STYLES) assert.equal(arrived.run(token), run(token));
});
