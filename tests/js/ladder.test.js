import assert from "node:assert/strict";
import test from "node:test";

import {answerAt, ladderLink, mostRungs, nearestRung, numberAt, rungsOf, withNumber} from "../../static/js/ladder.js";
import {positionOf} from "../../static/js/scales.js";

/** @type {any} */
const rate = {name: "learning_rate", slider: [1e-4, 10], scale: "log", isInteger: false};
/** @type {any} */
const every = {name: "every", slider: [1, 20], scale: "linear", isInteger: true};
/** @type {any} */
const beta = {name: "beta2", slider: [0, 0.9999], scale: "one_minus_log", isInteger: false};

test("a ladder's values cover the slider, rounded as it rounds, with the one in force", () => {
  const rungs = rungsOf(rate, 64, 0.0783);
  assert.equal(rungs.length, 64);
  assert.deepEqual([rungs[0], rungs.at(-1)], [1e-4, 10]);
  assert.ok(rungs.includes(0.0783));
  assert.deepEqual(
    rungs,
    [...rungs].sort((a, b) => a - b),
  );
  assert.deepEqual(
    rungsOf(every, 64),
    Array.from({length: 20}, (_, index) => index + 1),
  );
  assert.equal(new Set(rungsOf(beta, 64)).size, 64);
});

test("a value beyond the slider has no rung", () => {
  assert.ok(!rungsOf(rate, 64, 100).includes(100));
  assert.deepEqual(rungsOf(rate, 64, null), rungsOf(rate, 64));
});

test("a drag snaps to what is nearest on the track, and a rung to itself", () => {
  const rungs = rungsOf(rate, 64, 0.0783);
  for (const rung of rungs) assert.equal(nearestRung(rate, rungs, rung), rung);
  const snapped = nearestRung(rate, rungs, 0.005);
  const apart = (/** @type {number} */ value) => Math.abs(positionOf(rate, value) - positionOf(rate, 0.005));
  assert.ok(rungs.every((rung) => apart(snapped) <= apart(rung)));
});

test("what the server can answer decides how many values there are, and few are none", () => {
  const mostOf = (/** @type {number} */ ladder, /** @type {number} */ share) =>
    mostRungs(/** @type {any} */ ({ladder}), share);
  assert.equal(mostOf(64, 1), 64);
  assert.equal(mostOf(20, 1), 20);
  assert.equal(mostOf(11, 1), 0);
  assert.equal(mostOf(8, 1 / 3), 24);
  assert.equal(mostOf(30, 1 / 6), 64);
  assert.equal(mostRungs(null), 0);
});

test("a number is found and replaced wherever it stands", () => {
  /** @type {any} */
  const values = {
    beta1: 0.9,
    surface: {name: "bowl", values: {kappa: 25}},
    run: [{name: "gd", values: {learning_rate: null}, slot: 0}, {name: "adam", values: {learning_rate: 0.1}, slot: 3}], // prettier-ignore
  };
  const places = [
    {key: "beta1"},
    {key: "surface", parameter: "kappa"},
    {key: "run", run: 1, parameter: "learning_rate"},
  ];
  for (const place of places) {
    const replaced = withNumber(values, place, 7);
    assert.equal(numberAt(replaced, place), 7);
    assert.notEqual(numberAt(values, place), 7);
    assert.deepEqual(withNumber(replaced, place, Number(numberAt(values, place))), values);
  }
  assert.equal(ladderLink(places[2], [0.1, 1e-7]), "vary=run.2.learning_rate&values=0.1,1e-7");
});

test("a rung reads like the answer to its own question", () => {
  const surface = {name: "bowl", lowest: 2};
  const facts = {optimizer: "gd", sentence: "…"};
  /** @type {any} */
  const ladder = {
    values: [1, 2],
    ladder: 64,
    params: {data: Float32Array.from({length: 12}, (_, index) => index), shape: [2, 1, 3, 2]},
    gap: {data: Float32Array.of(3, 2, 1, 6, 5, 4), shape: [2, 1, 3]},
    rungs: [
      {query: "a", takeaway: "first", notes: [], surface, runs: [facts]},
      {query: "b", takeaway: "second", notes: ["n"], surface: null, runs: [facts]},
    ],
  };
  const answer = answerAt(ladder, 1);
  assert.equal(answer.takeaway, "second");
  assert.equal(answer.surface, surface);
  const [run] = answer.runs;
  assert.equal(run.sentence, "…");
  assert.deepEqual([...run.params.data], [6, 7, 8, 9, 10, 11]);
  assert.deepEqual(run.params.shape, [3, 2]);
  assert.deepEqual([...run.gap.data], [6, 5, 4]);
  assert.deepEqual([...run.loss.data], [8, 7, 6]);
  // What is sent to another thread takes its whole buffer along.
  assert.equal(run.params.data.buffer.byteLength, 24);
});
