import assert from "node:assert/strict";
import test from "node:test";

import {createPainter} from "../../static/js/frames.js";

/** A painter that counts, and frames that come when the test says so. */
function fakes() {
  const counted = {paints: 0};
  /** @type {(() => void)[]} */
  let waiting = [];
  const painter = createPainter(
    () => void counted.paints++,
    (act) => waiting.push(act),
  );
  const frame = () => {
    const due = waiting;
    waiting = [];
    for (const act of due) act();
  };
  return {painter, counted, frame};
}

test("what changes several times in a frame is painted once", () => {
  const {painter, counted, frame} = fakes();
  for (let change = 0; change < 5; change++) painter.request();
  assert.equal(counted.paints, 0);
  frame();
  frame();
  assert.equal(counted.paints, 1);
});

test("an answer is painted before the next frame, and a second one in it", () => {
  const {painter, counted, frame} = fakes();
  painter.now();
  assert.equal(counted.paints, 1);
  painter.now();
  assert.equal(counted.paints, 1);
  frame();
  assert.equal(counted.paints, 2);
  frame();
  painter.now();
  assert.equal(counted.paints, 3);
});
