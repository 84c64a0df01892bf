import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import test from "node:test";

import {deepFigureOf} from "../../static/js/deepfigure.js";
import {figureOf} from "../../static/js/figure.js";
import {levelsOf} from "../../static/js/levels.js";
import {literal, literally} from "../../static/js/plottext.js";
import {setMessages} from "../../static/js/words.js";

const LINK = '<a href="//evil.example">x</a>';

/** Every text of a figure, with its place. @param {unknown} part @param {string} place @returns {[string, string][]} */
function textsOf(part, place = "") {
  if (typeof part === "string") return [[place, part]];
  if (typeof part !== "object" || part === null || ArrayBuffer.isView(part)) return [];
  return Object.entries(part).flatMap(([name, value]) => textsOf(value, `${place}.${name}`));
}

/** A figure whose every word is a link. */
function hostile() {
  setMessages(new Proxy({}, {get: () => LINK}));
  const values = Float64Array.of(0, 1, 2, 3);
  const tokens = /** @type {any} */ (new Proxy({}, {get: (_target, name) => (name === "run" ? () => "red" : "red")}));
  const sheet = /** @type {any} */ ({
    grid: {x: [0, 1], y: [0, 1], loss: values, levels: levelsOf(values)},
    ranges: [0, 1, 0, 1],
    axes: [LINK, `&lt;b&gt; ${LINK}`],
    isEqual: true,
    tokens,
    side: 400,
    scale: 1,
  });
  const params = {data: Float64Array.of(0, 0, 1, 1), shape: [2, 2]};
  const paths = [{slot: 0, title: LINK, params, loss: {data: Float64Array.of(1, 2), shape: [2]}}];
  const figures = {plane: figureOf(sheet, paths), deep: deepFigureOf(sheet, paths, 1)};
  setMessages({});
  return figures;
}

for (const [name, figure] of Object.entries(hostile())) {
  test(`no word becomes a link in a title, a name or a hover label: ${name}`, () => {
    const texts = textsOf(figure);
    assert.ok(texts.filter(([, text]) => text.includes("evil.example")).length >= 3, "the words are there");
    for (const [place, text] of texts) {
      const tags = (text.match(/<[^<>\u2060]*>/g) ?? []).filter(
        (tag) => !["<br>", "<extra>", "</extra>"].includes(tag),
      );
      assert.deepEqual(tags, [], `${place}: ${text}`);
      assert.doesNotMatch(text, /&(#\d+|#x[\da-fA-F]+|[a-z]+);/, place);
    }
  });
}

test("literal text reads as it was written, and numbers are not copied", () => {
  assert.equal(literal("a < b & c").replaceAll("\u2060", ""), "a < b & c");
  const x = Float64Array.of(1, 2);
  const z = [1, 2];
  const {trace, title} = literally({trace: {x, z, line: {dash: "dot"}, ticktext: ["<b>"]}, title: {text: "x²"}});
  assert.equal(trace.x, x);
  assert.equal(trace.z, z);
  assert.deepEqual(trace.ticktext, ["<\u2060b>"]);
  assert.equal(title.text, "x²");
});

test("every text on its way to Plotly passes through one place", () => {
  const folder = new URL("../../static/js/", import.meta.url);
  const files = readdirSync(folder, {recursive: true, encoding: "utf8"}).filter((name) => name.endsWith(".js"));
  const drawing = files.filter((name) => /\bPlotly\.\w+\(/.test(readFileSync(new URL(name, folder), "utf8")));
  assert.deepEqual(drawing.sort(), ["deepfigure.js", "figure.js"]);
  for (const name of drawing) {
    const code = readFileSync(new URL(name, folder), "utf8");
    for (const [call] of code.matchAll(/Plotly\.(react|newPlot|addTraces|update|restyle|animate)\([^)]*\)/g)) {
      assert.match(call, /^Plotly\.react\(\w+, data, layout, /, name);
    }
    assert.match(code, /const \{data, layout\} = \w*[fF]igureOf\(/);
  }
});
