// The rows' plot and the surface that a canvas draws while it is dragged.

import assert from "node:assert/strict";
import {test} from "node:test";
import {axesOf, blend, levelsOfBowl, partsOf} from "../../static/js/ground.js";
import {pack, unpack} from "../../static/js/ownrows.js";
import {rangesOf, targetsOf, toRaw} from "../../static/js/scaling/rowschart.js";

const tensor = (/** @type {number[]} */ values, /** @type {number[]} */ shape) => ({
  data: Float64Array.from(values),
  shape,
});

/** @param {object} changes @returns {import("../../static/js/server/types.js").RowsAnswer} */
const dataOf = (changes) => ({
  names: ["a", "b", "y"],
  axes: ["a", "b"],
  rows: tensor([0, 0, 4, 1], [2, 2]),
  targets: tensor([3, 7], [2]),
  is_test: tensor([0, 1], [2]),
  has_outlier: false,
  mean: [2, 0.5],
  covariance: [
    [4, 1],
    [1, 0.25],
  ],
  back: null,
  ...changes,
});

test("the axes of a matrix are its eigenvectors", () => {
  const {values, angle} = axesOf([
    [13, -5],
    [-5, 13],
  ]);
  assert.deepEqual(values, [18, 8]);
  assert.ok(Math.abs(Math.cos(angle) + Math.sin(angle)) < 1e-12); // along (1, −1)
});

test("a bowl's levels are the logarithms of what it is worth in the view", () => {
  const matrix = [
    [2, 0],
    [0, 2],
  ];
  const {low, high, step} = levelsOfBowl({matrix, at: [0, 0], axes: ["x", "y"]}, [-10, 10, -10, 10]);
  assert.ok(high <= Math.log10(200) && high > Math.log10(200) - step);
  assert.ok(low < high - 5 * step);
});

test("shades lie between their ends", () => {
  assert.deepEqual(partsOf("#102030"), [16, 32, 48]);
  assert.deepEqual(partsOf("rgb(1, 2, 3)"), [1, 2, 3]);
  assert.equal(blend("#000000", "rgb(100, 200, 50)", 0.5), "rgb(50 100 25)");
});

test("one unit of a feature is as long as one of the other, unless they are to be stretched", () => {
  const rect = {left: 0, top: 0, width: 100, height: 200};
  const [x0, x1, y0, y1] = rangesOf(dataOf({}), rect, false);
  assert.ok(Math.abs((x1 - x0) / 100 - (y1 - y0) / 200) < 1e-12);
  assert.ok(x0 < 0 && x1 > 4 && y0 < 0 && y1 > 1);
  const [a0, a1, b0, b1] = rangesOf(dataOf({}), rect, true);
  assert.ok(a1 - a0 < 5.1 && b1 - b0 < 1.3);
});

test("rows that do not differ are drawn all the same", () => {
  const ranges = rangesOf(dataOf({rows: tensor([5, 0, 5, 0], [2, 2])}), {left: 0, top: 0, width: 50, height: 50}, true);
  assert.ok(ranges[1] > ranges[0] && ranges[3] > ranges[2]);
});

test("a place on the plot is found again in raw units", () => {
  const back = {
    matrix: [
      [2, 0],
      [1, 3],
    ],
    center: [10, 20],
  };
  assert.deepEqual(toRaw(dataOf({back}), [1, 2]), [12, 27]);
  assert.equal(toRaw(dataOf({}), [1, 2]), null);
});

test("the outlier's target is no end of the scale", () => {
  assert.deepEqual(targetsOf(dataOf({})), [3, 7]);
  assert.deepEqual(targetsOf(dataOf({has_outlier: true})), [3, 3]);
});

test("a table comes out of a link as it went in", async () => {
  const csv = "größe,b,c\n1,2,3\n4,5,6\n".repeat(3);
  const text = await pack(csv);
  assert.match(text, /^[A-Za-z0-9_-]+$/);
  assert.equal(await unpack(text), csv);
});
