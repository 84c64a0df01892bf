import assert from "node:assert/strict";
import test from "node:test";

import {forkOf, ownRows, withForkOf, withoutRun, withRun} from "../../static/js/forks.js";
import {parse, print} from "../../static/js/grammar.js";
import {KEYS} from "./keys.js";

/** @typedef {import("../../static/js/declarations.js").Picked} Picked */

const runsOf = (/** @type {string} */ link) => /** @type {Picked[]} */ (parse(KEYS, link).values.run);
const linkOf = (/** @type {Picked[]} */ run) => print(KEYS, {values: {...parse(KEYS, "").values, run}, vs: {}});

test("a fork is the same run again at the end, with a color of its own", () => {
  const runs = withForkOf(runsOf("run=adam&run=gd,learning_rate:0.1"), 1, 37);
  assert.equal(linkOf(runs), "run=adam&run=gd,learning_rate:0.1&run=gd,learning_rate:0.1,fork:2@37");
  assert.deepEqual(
    runs.map(({slot}) => slot),
    [0, 1, 2],
  );
  assert.deepEqual(forkOf(runs[2]), {parent: 1, step: 37});
});

test("numbers follow when another run goes", () => {
  const runs = runsOf("run=adam&run=gd&run=gd,fork:2@37&run=gd,fork:3@40");
  assert.equal(linkOf(withoutRun(runs, 0)), "run=gd&run=gd,fork:1@37&run=gd,fork:2@40");
  assert.equal(linkOf(withoutRun(runs, 3)), "run=adam&run=gd&run=gd,fork:2@37");
});

test("forks go with the run that they come from", () => {
  const runs = runsOf("run=adam&run=gd&run=gd,fork:2@37&run=gd,fork:3@40&run=adam,fork:1@3");
  assert.equal(linkOf(withoutRun(runs, 1)), "run=adam&run=adam,fork:1@3");
});

test("a run that becomes another optimizer keeps its forks as runs of their own", () => {
  const runs = runsOf("run=gd&run=gd,learning_rate:0.3,fork:1@37");
  const [adam] = runsOf("run=adam");
  assert.equal(linkOf(withRun(runs, 0, adam)), "run=adam&run=gd,learning_rate:0.3");
  const [slower] = runsOf("run=gd,learning_rate:0.01");
  assert.equal(linkOf(withRun(runs, 0, slower)), "run=gd,learning_rate:0.01&run=gd,learning_rate:0.3,fork:1@37");
});

test("what a fork goes on from is bold up to it, the rest a ghost unless it is looked at", () => {
  const runs = runsOf("run=gd&run=gd,fork:1@37&run=gd,fork:1@20");
  assert.deepEqual(ownRows(runs, 1), [
    {from: 0, to: 20},
    {from: 37, to: Infinity},
    {from: 20, to: Infinity},
  ]);
  assert.deepEqual(ownRows(runs, 0)[0], {from: 0, to: Infinity});
});
