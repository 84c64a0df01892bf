import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import test from "node:test";

import {rangeOn} from "../../static/js/scales.js";

test("scales have the values of the table that Python tests too", () => {
  const table = JSON.parse(readFileSync(new URL("../data/scales.json", import.meta.url), "utf8"));
  for (const [scale, low, high, share, value] of table) {
    const range = rangeOn(scale, low, high);
    assert.ok(Math.abs(range.valueAt(share) - value) <= 1e-13 * Math.abs(value), `${scale} ${low} ${high} ${share}`);
    assert.ok(Math.abs(range.shareOf(value) - share) <= 1e-9, `${scale} ${low} ${high} ${value}`);
  }
});
