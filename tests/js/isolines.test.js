import assert from "node:assert/strict";
import {test} from "node:test";
import {isoline, joined, modelField} from "../../static/js/isolines.js";

const BOWL = {at: [0, 0], loss: 0, grads: [0, 0], hessian: [[1, 0], [0, 4]]}; // prettier-ignore

test("the line of a bowl is one closed ellipse", () => {
  const field = modelField(BOWL, [-3, 3, -3, 3], 61);
  const lines = joined(isoline(field, 0.5));
  assert.equal(lines.length, 1);
  const [line] = lines;
  assert.deepEqual(line.slice(0, 2), line.slice(-2));
  for (let index = 0; index < line.length; index += 2) {
    const value = 0.5 * (line[index] ** 2 + 4 * line[index + 1] ** 2);
    assert.ok(Math.abs(value - 0.5) < 0.01);
  }
});

test("the level of a saddle has two branches that end at the edge", () => {
  const saddle = {...BOWL, hessian: [[2, 0], [0, -2]]}; // prettier-ignore
  const lines = joined(isoline(modelField(saddle, [-2, 2, -2, 2], 41), 1));
  assert.equal(lines.length, 2);
  for (const line of lines) {
    assert.equal(Math.abs(line[0]), 2);
    assert.equal(Math.abs(/** @type {number} */ (line.at(-2))), 2);
  }
});

test("a level that the field never takes has no line, and cells with nan are left out", () => {
  const field = modelField(BOWL, [-1, 1, -1, 1], 11);
  assert.deepEqual(isoline(field, -1), []);
  const broken = {...field, values: Float64Array.from(field.values, () => NaN)};
  assert.deepEqual(isoline(broken, 0.5), []);
});

test("the model is what its formula says, gradient and mixed term included", () => {
  const expansion = {at: [1, 2], loss: 3, grads: [0.5, -1], hessian: [[2, 1], [1, 4]]}; // prettier-ignore
  const {x, y, values} = modelField(expansion, [0, 2, 1, 3], 3);
  assert.deepEqual([x[2], y[0]], [2, 1]);
  // v = (1, −1): 3 + 0.5 + 1 + ½(2 − 2 + 4)
  assert.equal(values[2], 6.5);
});
