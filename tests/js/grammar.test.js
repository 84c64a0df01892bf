import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import test from "node:test";

import {complete, freeSlot, pick} from "../../static/js/declarations.js";
import {panelLink, parse, print, printValue, valuesOf} from "../../static/js/grammar.js";
import {KEYS, keyNamed, RATE} from "./keys.js";

const LINKS = [
  "", // everything at its default
  "surface=bowl,kappa:100",
  "surface=rows,data:iris", // the default of x1 follows the data
  "surface=rows,x1:ash&run=gd,learning_rate:0.07&run=adam,debias:false&learning_rate=0.3",
  "run=gd,schedule:step,every:20", // a sub-key that another one brings
  "run=gd&run=gd,learning_rate:0.01,fork:1@37", // a run that goes on from another
  "run=gd&run=gd", // twice the default is not the default
  "learning_rate=1e-7&start=-8,2.5&steps=1000&at=0&embed=true&hide=loss,controls.steps",
  "learning_rate=0.337&vs.surface=rows&vs.run=adam&vs.learning_rate=1e-7",
  "learning_rate=0.3&vs.learning_rate=", // the second panel may leave out what the first one sets
  "own=0.01:0.9,1e-7:-3", // places, in the order in which they were chosen
  "own=0.01:0.9&vs.own=", // and none of them in the second panel
  "surface=rows&vs.surface=bowl", // the second panel may have the default
];

for (const link of LINKS) {
  test(`a link is printed as it was read: ${link || "empty"}`, () => {
    assert.equal(print(KEYS, parse(KEYS, link)), link);
  });
}

test("what is a default is left out, and keys come in their declared order", () => {
  const query = parse(KEYS, "steps=500&learning_rate=0.5&surface=bowl,kappa:25&run=gd");
  assert.equal(print(KEYS, query), "learning_rate=0.5&steps=500");
});

test("numbers are printed as the table says that Python tests too", () => {
  const table = JSON.parse(readFileSync(new URL("../data/ecmascript_numbers.json", import.meta.url), "utf8"));
  for (const [value, text] of table) assert.deepEqual(printValue(RATE, value), [text]);
});

test("several numbers are printed like one", () => {
  const {values, vs} = parse(KEYS, "");
  assert.equal(
    print(KEYS, {values: {...values, learning_rate: 0.0000001, start: [-0, 1e21]}, vs}),
    "learning_rate=1e-7&start=0,1e%2B21",
  );
});

test("the second panel replaces all values of its keys", () => {
  const query = parse(KEYS, "run=gd&run=adam&learning_rate=0.1&vs.run=adam,debias:false");
  assert.equal(panelLink(KEYS, valuesOf(query, 0)), "run=gd&run=adam&learning_rate=0.1");
  assert.equal(panelLink(KEYS, valuesOf(query, 1)), "run=adam,debias:false&learning_rate=0.1");
});

test("a panel asks for what shapes its answer, not for how it is shown", () => {
  const {values} = parse(KEYS, "steps=50&at=3&hide=loss");
  assert.equal(panelLink(KEYS, values), "steps=50");
  assert.equal(panelLink(KEYS, values, ["surface"]), "");
});

test("values that another choice makes impossible fall back to their defaults", () => {
  const key = keyNamed("surface");
  assert.ok(key.kind === "component");
  assert.deepEqual(pick(key, "rows", {data: "iris", x1: "ash"}).values, {data: "iris", x1: "petal"});
  assert.deepEqual(complete(key.entries.rows.parameters, {}), {data: "wine", x1: "alcohol"});
});

test("runs keep their slots, and a new one takes the lowest that is free", () => {
  const runs = /** @type {import("../../static/js/declarations.js").Picked[]} */ (
    parse(KEYS, "run=gd&run=adam&run=gd").values.run
  );
  assert.deepEqual(
    runs.map(({slot}) => slot),
    [0, 1, 2],
  );
  assert.equal(freeSlot(runs.toSpliced(1, 1)), 1);
});
