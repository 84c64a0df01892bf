// Maps: cells as they come, sides, lines, and which question a state asks.

import assert from "node:assert/strict";
import {test} from "node:test";

import {basinColors, countVerdicts, differenceOf, gapRange} from "../../static/js/maps/colors.js";
import {differenceIn, mapLink} from "../../static/js/maps/maps.js";
import {namesOf, numberOf, withNumber} from "../../static/js/maps/numbers.js";
import {axisTicks} from "../../static/js/maps/frame.js";
import {createPicture, sideOf} from "../../static/js/maps/picture.js";
import {linesOf} from "../../static/js/maps/reader.js";
import {parse} from "../../static/js/grammar.js";
import {KEYS as OTHERS, RATE} from "./keys.js";

const words = {title: "", symbol: "", help: ""};
const entry = {...words, about: "", formula: "", parameters: []};
const BETA = {
  ...words,
  kind: "number",
  name: "beta1",
  low: 0,
  high: 1,
  slider: [0, 0.99],
  scale: "linear",
  default: null,
};
const side = (/** @type {string} */ name) => ({
  ...words,
  kind: "choice",
  name,
  options: {auto: "", learning_rate: "", beta1: ""},
  default: "auto",
});
const SHOW = {...words, kind: "choice", name: "show", options: {loss: "", steps: ""}, default: "loss"};
/** @type {any} */
const MAP = {
  ...words,
  kind: "component",
  name: "map",
  most: 0,
  default: "none",
  role: "page",
  group: "map",
  entries: {
    none: {...entry, name: "none"},
    stability: {...entry, name: "stability", parameters: [side("x"), side("y"), SHOW]},
  },
};
/** @type {import("../../static/js/declarations.js").Key[]} */
const KEYS = [
  ...OTHERS.map((/** @type {any} */ key) => {
    if (key.name !== "run") return key;
    const {adam} = key.entries;
    return {...key, entries: {...key.entries, adam: {...adam, parameters: [...adam.parameters, BETA]}}};
  }),
  MAP,
];

const axis = (/** @type {number[]} */ values, scale = "linear") =>
  /** @type {any} */ ({name: "x", title: "X", symbol: "", scale, values});
const head = /** @type {any} */ ({
  x: axis([0, 1, 2, 3]),
  y: axis([0, 1, 2, 3]),
  kinds: ["moving", "converged", "stuck", "unbounded", "diverged"],
  points: [],
  elsewhere: 255,
  steps: 10,
  cells: 16,
});
const block = (/** @type {number[]} */ at, /** @type {number} */ stride, /** @type {number} */ gap) =>
  /** @type {any} */ ({
    at: {data: at},
    stride,
    kind: {data: at.map(() => 1)},
    gap: {data: at.map(() => gap)},
    reached: {data: at.map(() => 3)},
    gone: {data: at.map(() => -1)},
    done: at.length,
  });

test("a coarse cell stands for its neighbors until they come, in whatever order blocks arrive", () => {
  const picture = createPicture(head);
  picture.take(block([0, 2], 2, 1));
  assert.equal(picture.cellAt(5)?.gap, 1);
  assert.equal(picture.cellAt(8), null);
  assert.equal(picture.sourceOf(7), 2);
  picture.take(block([5], 1, 7));
  assert.equal(picture.cellAt(5)?.gap, 7);
  assert.equal(picture.cellAt(4)?.gap, 1);
  picture.take(block([0], 2, 3)); // late: the finer one stays
  assert.equal(picture.cellAt(5)?.gap, 7);
  assert.equal(picture.cellAt(4)?.gap, 3);
  assert.equal(picture.has(5), true);
  assert.equal(picture.has(4), false);
});

test("pixels are filled from the top row, as canvases have them", () => {
  const picture = createPicture(head);
  picture.take(block([0], 1, 1));
  const pixels = new Uint32Array(16);
  picture.fill(pixels, (cell, i, j) => 100 + cell + i + j, 9);
  assert.equal(pixels[12], 100);
  assert.equal(pixels[0], 9);
});

test("a side knows where values lie, between its cells too", () => {
  const log = sideOf(axis([1, 10, 100], "log"));
  assert.ok(Math.abs(log.shareOf(10) - 0.5) < 1e-12);
  assert.ok(Math.abs(log.valueAt(0.5) - 10) < 1e-9);
  assert.deepEqual([0, 0.34, 0.99, 1].map(log.cellAt), [0, 1, 2, 2]);
  const near = sideOf(axis([0, 0.9, 0.99], "one_minus_log"));
  assert.ok(Math.abs(near.shareOf(0.9) - 0.5) < 1e-12);
});

const along = (
  /** @type {number} */ low,
  /** @type {number} */ high,
  into = (/** @type {number} */ value) => value,
) => ({
  range: /** @type {[number, number]} */ ([low, high]),
  shareOf: (/** @type {number} */ value) => (into(value) - into(low)) / (into(high) - into(low)),
});

test("ticks are round in the side's own scale", () => {
  assert.deepEqual(
    axisTicks(axis([], "log"), along(1e-4, 10, Math.log), 6).map((tick) => Number(tick.toPrecision(3))),
    [1e-4, 1e-3, 0.01, 0.1, 1, 10],
  );
  assert.deepEqual(
    axisTicks(
      axis([], "one_minus_log"),
      along(0, 0.9999, (value) => -Math.log(1 - value)),
      6,
    ),
    [0, 0.5, 0.9, 0.99, 0.999, 0.9999],
  );
});

test("the range of losses leaves out what is lost", () => {
  const picture = createPicture(head);
  picture.take(block([0, 1, 2], 1, 0.005));
  const lost = block([3], 1, 1e30);
  lost.kind.data = [4];
  picture.take(lost);
  assert.deepEqual(gapRange([picture]), [-3, -2]);
});

/** A map of four cells, each with its kind, its end and when it got there. @param {[string, number, number][]} cells */
function ended(cells, points = /** @type {any[]} */ ([])) {
  const picture = createPicture({...head, x: axis([0, 1]), y: axis([0, 1]), points});
  const kinds = cells.map(([kind]) => head.kinds.indexOf(kind));
  picture.take({
    ...block([0, 1, 2, 3], 1, 1),
    kind: {data: kinds},
    reached: {data: cells.map(([, , reached]) => reached)},
    end: {data: cells.map(([, end]) => end)},
    settled: {data: cells.map(() => 5)},
  });
  return picture;
}

test("a run that is not there yet has no end, and is no difference", () => {
  const a = ended([["converged", 0, 3], ["moving", 255, -1], ["converged", 0, 3], ["moving", 255, -1]]); // prettier-ignore
  const b = ended([["converged", 1, 4], ["converged", 0, 3], ["converged", 0, 3], ["moving", 255, -1]]); // prettier-ignore
  assert.deepEqual([0, 1, 2, 3].map(differenceOf(a, b, true)), ["second", "open", "same", "open"]);
  // Of two numbers: who has reached the tolerance is better than who has not, whatever becomes of that one.
  assert.deepEqual([0, 1, 2, 3].map(differenceOf(a, b, false)), ["first", "second", "same", "open"]);
  const counts = countVerdicts(a, b, differenceOf(a, b, true));
  assert.equal(
    differenceIn(counts, true),
    "B ends at another point than A in 50 % of the cells; 2 cells are not there yet",
  );
});

test("the colours of basins stay when points are found beside those of the domain", () => {
  const points = [{kind: "minimum", at: [0, 0]}, {kind: "saddle", at: [1, 0]}, {kind: "minimum", at: [2, 0]}]; // prettier-ignore
  const cells = /** @type {[string, number, number][]} */ ([["converged", 0, 3], ["stuck", 1, -1], ["converged", 2, 3], ["moving", 255, -1]]); // prettier-ignore
  const colors = basinColors(ended(cells, points));
  const more = basinColors(ended(cells, [...points, {kind: "minimum", at: [9, 9]}]));
  const shown = [0, 1, 2, 3].map((cell) => colors.of(cell, 0, 0));
  assert.equal(new Set(shown).size, 4);
  assert.deepEqual([0, 1, 2, 3].map((cell) => more.of(cell, 0, 0)), shown); // prettier-ignore
  assert.notEqual(colors.of(3, 0, 0), colors.of(3, 2, 0), "striped");
  assert.ok(colors.swatches.some(({text}) => text === "not there yet"));
});

test("lines are cut where they end, not where the network cuts them", async () => {
  const parts = ['{"a":1}\n{"b"', ":", '2}\n{"c":"é', '"}'].map((text) => new TextEncoder().encode(text));
  const stream = new ReadableStream({
    start(controller) {
      parts.forEach((part) => controller.enqueue(part));
      controller.close();
    },
  });
  const lines = [];
  for await (const line of linesOf(stream)) lines.push(line);
  assert.deepEqual(lines, ['{"a":1}', '{"b":2}', '{"c":"é"}']);
});

const valuesOf = (/** @type {string} */ link) => parse(KEYS, link).values;

test("a run's numbers are named as links name them, and can be set and read", () => {
  const values = valuesOf("surface=bowl&run=gd&run=adam,beta1:0.5&start=1,2");
  const names = namesOf(KEYS, values, 2);
  for (const name of ["learning_rate", "beta1", "start.x"]) assert.ok(names.includes(name), name);
  assert.ok(!namesOf(KEYS, values, 1).includes("beta1"));
  const moved = withNumber(values, 2, "beta1", 0.7, [0, 0]);
  assert.equal(numberOf(moved, 2, "beta1", null), 0.7);
  assert.equal(numberOf(values, 2, "beta1", null), 0.5);
  assert.deepEqual(withNumber(values, 1, "start.y", 5, [0, 0]).start, [1, 5]);
});

test("a schedule's numbers shape every run with a learning rate, whatever that is called", () => {
  const runs = /** @type {import("../../static/js/declarations.js").ComponentKind} */ (
    KEYS.find(({name}) => name === "run")
  );
  const gd = runs.entries.gd;
  const named = (/** @type {boolean} */ isRate) => ({...gd, parameters: [{...RATE, name: "step_size", isRate}]});
  const entries = {with: {...named(true), name: "with"}, without: {...named(false), name: "without"}};
  const warmup = {...RATE, name: "warmup", isRate: false};
  const schedule = {...runs, name: "schedule", entries: {cosine: {...gd, name: "cosine", parameters: [warmup]}}};
  const values = {
    run: [
      {name: "with", values: {}},
      {name: "without", values: {}},
    ],
    schedule: {name: "cosine", values: {}},
  };
  const keys = /** @type {any[]} */ ([{...runs, entries}, schedule]);
  assert.ok(namesOf(keys, values, 1).includes("schedule.warmup"));
  assert.ok(!namesOf(keys, values, 2).includes("schedule.warmup"));
});

test("a map asks neither for what it goes through itself nor for other runs", () => {
  const link = (/** @type {string} */ text) => mapLink(KEYS, valuesOf(text), ["learning_rate", "beta1"]);
  const one = link("surface=bowl&run=adam,learning_rate:0.1,beta1:0.5&map=stability&view=-1,1,-1,1");
  const other = link("surface=bowl&run=adam,learning_rate:0.2&run=gd&learning_rate=0.3&map=stability,show:steps");
  assert.equal(one, other);
  assert.notEqual(one, link("surface=bowl&run=adam,debias:false&map=stability"));
});
