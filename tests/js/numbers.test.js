import assert from "node:assert/strict";
import test from "node:test";

import {fixed, readNumber, short} from "../../static/js/numbers.js";
import {positionOf, positionsOf, valueAt} from "../../static/js/scales.js";
import {gapRange, ticksOf} from "../../static/js/losschart.js";
import {RATE} from "./keys.js";

/** @typedef {import("../../static/js/declarations.js").NumberKind} NumberKind */
/** @type {NumberKind[]} */
const SLIDERS = [
  RATE,
  {...RATE, scale: "linear", slider: [0, 0.99]},
  {...RATE, scale: "linear", slider: [-90, 90]},
  {...RATE, scale: "one_minus_log", slider: [0, 0.9999]},
  {...RATE, scale: "log", slider: [10, 2000], isInteger: true},
  {...RATE, scale: "linear", slider: [0, 20], isInteger: true},
];

for (const slider of SLIDERS) {
  const name = `${slider.scale} ${slider.slider} ${slider.isInteger ? "whole" : ""}`;
  test(`the slider ${name} reaches both ends, never falls, and shows the value it gives`, () => {
    const last = positionsOf(slider);
    assert.equal(valueAt(slider, 0), slider.slider[0]);
    assert.equal(valueAt(slider, last), slider.slider[1]);
    let before = -Infinity;
    for (let position = 0; position <= last; position++) {
      const value = valueAt(slider, position);
      assert.ok(value >= before, `${value} after ${before}`);
      assert.ok(Math.abs(positionOf(slider, value) - position) <= (slider.isInteger ? last / 50 : 3), `at ${position}`);
      assert.ok(String(value).length <= 8, `${value} is short`);
      before = value;
    }
  });
}

test("a value beyond the slider lies at its end", () => {
  assert.equal(positionOf(RATE, 1e3), positionsOf(RATE));
  assert.equal(positionOf(RATE, 0), 0);
});

for (const [value, text] of /** @type {[number, string][]} */ ([
  [0.3374, "0.337"],
  [-2.5, "−2.5"],
  [0, "0"],
  [123456, "1.23·10⁵"],
  [1e-7, "10⁻⁷"],
  [NaN, "–"],
  [Infinity, "∞"],
])) {
  test(`${value} reads ${text}`, () => assert.equal(short(value), text));
}

for (const [text, value] of /** @type {[string, number | null][]} */ ([
  ["0.5", 0.5],
  [" 1e-3 ", 1e-3],
  ["−2", -2], // a real minus sign, as the page prints it
  ["2·10^-3", 2e-3],
  ["", null],
  ["nan", null],
  ["1,5", null],
])) {
  test(`'${text}' is read as ${value}`, () => assert.equal(readNumber(text), value));
}

test("numbers of a table have the same digits", () => {
  assert.equal(fixed(1.5), "1.5000");
  assert.equal(fixed(-10.7371), "−10.737");
  assert.equal(fixed(1e-9), "1.000e−9");
});

test("a diverging run does not press the others flat", () => {
  const lines = [{gap: Float64Array.of(1, 1e9, Infinity), slot: 0, panel: 0, letter: ""}];
  const [low, high] = gapRange(lines, false);
  assert.ok(low === 0 && high > 1 && high < 2);
  assert.deepEqual(ticksOf(0, 10, 5), [0, 2, 4, 6, 8, 10]);
});
