// The Scaling lab: rows, the loss that they make, and what scalers do to both. This is the page's entry.

import {pick} from "../declarations.js";
import {createOwnRows} from "../controls/ownrows.js";
import {byId, setAttribute, setChildren, setHidden, setText} from "../dom.js";
import {createSeldom} from "../frames.js";
import {roundTo} from "../geometry.js";
import {valuesOf} from "../grammar.js";
import {createLab} from "../lab.js";
import {createLossChart, linesOf} from "../losschart.js";
import {bodyFor, keptRows} from "../ownrows.js";
import {frameOf, lastStep} from "../page.js";
import {short} from "../numbers.js";
import {createPlaces} from "../places.js";
import {createRacePanel} from "../racepanel.js";
import {Lost, Refusal, fetchJson, sendAlong} from "../requests.js";
import {createResults as createOutcomes} from "../results.js";
import {createResults} from "../scaling/results.js";
import {createRowsChart, targetsOf, toRaw} from "../scaling/rowschart.js";
import {createStartHandle} from "../starthandle.js";
import {_} from "../words.js";

/**
 * @typedef {import("../page.js").State} State
 * @typedef {import("../store.js").How} How
 * @typedef {import("../declarations.js").Values} Values
 * @typedef {import("../declarations.js").Picked} Picked
 * @typedef {import("../declarations.js").ComponentKind} ComponentKind
 * @typedef {import("../scaling/results.js").Answer} Answer
 * @typedef {{panel: import("../panel.js").Panel, start: import("../racepanel.js").Handle,
 *   outlier: import("../racepanel.js").Handle, rows: ReturnType<typeof createRowsChart>,
 *   results: ReturnType<typeof createResults>, painted: unknown[]}} Part what belongs to one panel
 */

const MORPH_MS = 1600;

sendAlong(bodyFor);

/** @type {Part[]} */
const made = [];
const parts = () => made.slice(0, lab.panelCount());
const panels = () => parts().map(({panel}) => panel);
const answerOf = (/** @type {Part} */ {panel}) => /** @type {Answer | null} */ (panel.answer);
let isOutlierHeld = false;

const lab = createLab({
  follow,
  paint,
  answers: () => panels().map(({answer}) => answer),
  say(state) {
    outcomes.show(state, panels());
    showResults(state);
  },
  look(state, previous) {
    if (state.selected === previous.selected) return;
    outcomes.show(state, panels());
    lab.painter.request();
  },
  effective(key) {
    const answer = panels()[0]?.answer;
    return (key === "start" ? answer?.surface.start : answer?.runs[0]?.hyperparameters[key]) ?? null;
  },
  redraw: () => made.forEach(({panel}) => panel.redraw()),
  keys: {f: () => places.fitAll(), v: () => places.fitView(), m: morph},
  settle,
  editors: {rows: (key, {change}, name) => createOwnRows(key, {change, check}, {name})},
});
const {page, store, status, player, painter, tokens, scale} = lab;
const rowsKind = /** @type {import("../declarations.js").RowsKind} */ (page.keys.find(({kind}) => kind === "rows"));
const kindOf = (/** @type {string} */ name) =>
  /** @type {ComponentKind} */ (page.keys.find((key) => key.name === name));

const places = createPlaces(page.keys, store, panels);
const chart = createLossChart(byId("loss-canvas", HTMLCanvasElement), {onScrub: (step) => player.goTo(step)});
const outcomes = createOutcomes(page, {onSelect: (selected) => store.update({selected}, "look")});

// Own rows ---------------------------------------------------------------------------------------------------------

/** Rows and the surface that is made of them change together. @param {Values} values @param {string} key */
function settle(values, key) {
  const {surface, rows} = values;
  const isOwn = /** @type {Picked} */ (surface).name === "own";
  const shared = /** @type {Picked} */ (surface).values; // split and intercept stay
  if (key === "rows" && isOwn !== (rows !== null)) {
    values.surface = pick(kindOf("surface"), rows === null ? "regression" : "own", shared);
    for (const {name, kind} of page.keys) if (kind === "numbers") values[name] = null;
  }
  if (key === "surface" && !isOwn) values.rows = null;
  if (key === "surface" && isOwn && rows === null) values.rows = rowsKind.example;
  return values;
}

/** Ask the server whether a table can be taken. @param {string} csv */
async function check(csv) {
  try {
    await fetchJson(`${page.api}?surface=own&rows=session&steps=1`, {language: page.language, body: csv});
    return "";
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    if (error instanceof Lost) return _("The server does not answer; try again in a moment.");
    throw error;
  }
}

// Drawing ----------------------------------------------------------------------------------------------------------

const chartPainter = createSeldom(paintChart, 50);
// Nobody reads numbers faster than this while time runs.
const weights = createSeldom(() => {
  const state = store.get();
  for (const part of parts()) {
    const answer = answerOf(part);
    if (answer) part.results.paint(answer, frameOf(state), state.selected);
  }
}, 100);

function paint() {
  const state = store.get();
  const frame = frameOf(state);
  parts().forEach((part, index) => {
    const {panel, start, outlier, rows} = part;
    const values = valuesOf(state, index);
    panel.paint({frame, selected: state.selected, isDeep: state.isDeep});
    const place = /** @type {[number, number] | null} */ (values.start) ?? panel.answer?.surface.start;
    if (place) start.show(place, state.isDeep);
    setHidden(panel.part("all-paths"), !panel.hasExits(frame));
    const answer = answerOf(part);
    if (!answer) return;
    const now = [answer, values.stretch, isOutlierHeld, tokens(), panel.side];
    if (now.some((one, at) => one !== part.painted[at])) {
      part.painted = now;
      const look = {isStretched: Boolean(values.stretch), isHeld: isOutlierHeld, tokens: tokens(), scale: scale()};
      rows.paint(answer.data, look);
      const at = rows.outlierOf(answer.data);
      if (at) outlier.show(at, false);
      else setHidden(panel.part("outlier"), true);
    }
  });
  chartPainter.soon();
  weights.soon();
}

function paintChart() {
  const state = store.get();
  const lines = linesOf(panels());
  if (!lines.length) return;
  const {isLog} = state;
  chart.paint({lines, steps: lastStep(state), frame: frameOf(state), isLog, tokens: tokens(), scale: scale()});
}

/** @param {State} state */
function showResults(state) {
  parts().forEach((part, index) => {
    const answer = answerOf(part);
    if (!answer) return;
    const values = valuesOf(state, index);
    const letter = parts().length > 1 ? "AB"[index] : "";
    part.results.show(answer, /** @type {Picked} */ (values.scaler).name, letter);
    setAttribute(part.panel.part("rows"), "aria-label", part.rows.describe(answer.data, letter));
    const [low, high] = targetsOf(answer.data).map((value) => short(value));
    setText(part.panel.part("target"), answer.data.names[2]);
    setText(part.panel.part("target-low"), low);
    setText(part.panel.part("target-high"), high);
    setHidden(part.panel.part("test"), answer.summaries.length < 2);
  });
}

// Panels -----------------------------------------------------------------------------------------------------------

/** @param {number} index */
function addPart(index) {
  // Rows, surface and paths move together, and rows are drawn here.
  const {panel, start} = createRacePanel(index, {lab, places: () => places, panels, hasWorker: false});
  const rows = createRowsChart(panel.part("rows"));
  const outlier = createStartHandle({
    handle: panel.part("outlier"),
    stage: panel.part("rows-box"),
    where: rows.where,
    onMove: (point, isFinished) => moveOutlier(index, point, isFinished),
    say: (x, y) => _("Outlier at {x}, {y}; arrow keys move it", {x, y}),
  });
  const results = createResults({
    onScaler(name) {
      const state = store.get();
      const scaler = pick(kindOf("scaler"), name);
      if (index === 1 && "scaler" in state.vs) store.update({vs: {...state.vs, scaler}}, "finished");
      else store.update({values: {...state.values, scaler}}, "finished");
    },
  });
  panel.part("outlier").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Delete" || event.key === "Backspace") setOutlier(null, "finished");
  });
  sizes.observe(panel.part("square"));
  sizes.observe(panel.part("rows-box"));
  made[index] = {panel, start, outlier, rows, results, painted: []};
}

/** @param {[number, number] | null} outlier in raw units @param {How} how */
function setOutlier(outlier, how) {
  const {values, vs} = store.get();
  const {outlier: _other, ...rest} = vs;
  store.update({values: {...values, outlier}, vs: rest}, how);
}

/** @type {Answer["data"] | null} */
let grabbed = null; // the rows as they were when the drag began: they are scaled anew with every move

/** @param {number} index @param {[number, number]} point in the units of the plot @param {boolean} isFinished */
function moveOutlier(index, point, isFinished) {
  const answer = answerOf(made[index]);
  if (!answer) return;
  grabbed ??= answer.data;
  const raw = toRaw(grabbed, point);
  const {ranges} = made[index].rows.where() ?? {};
  if (isFinished) grabbed = null;
  isOutlierHeld = !isFinished;
  if (!raw || !ranges) {
    return status.complain(
      _("Rows have factors of their own here: type the outlier, or go to t = 0 and drag it there."),
    );
  }
  const sizes = [0, 1].map((axis) => {
    const corners = [ranges.slice(0, 2), ranges.slice(2)];
    const ends = [0, 1].map((end) => toRaw(answer.data, [corners[0][end], corners[1][end]]) ?? [0, 0]);
    return Math.abs(ends[1][axis] - ends[0][axis]) || 1;
  });
  const rounded = raw.map((value, axis) => roundTo([value], sizes[axis])[0]);
  setOutlier(/** @type {[number, number]} */ (rounded), isFinished ? "finished" : "drag");
}

const sizes = new ResizeObserver((entries) => {
  for (const {target, contentRect} of entries) {
    const [width, height] = [Math.floor(contentRect.width), Math.floor(contentRect.height)];
    const owner = made.find(({panel}) => panel.element.contains(target));
    if (!owner) chart.resize(width, height);
    else if (target === owner.panel.part("square")) owner.panel.resize(Math.min(width, height));
    else {
      owner.rows.resize(width, height);
      owner.painted = [];
    }
  }
  painter.request();
});
sizes.observe(byId("loss-box"));

/** @param {State} state @param {How} how */
function follow(state, how) {
  const count = lab.panelCount(state);
  for (let index = 0; index < count; index++) {
    if (!made[index]) addPart(index);
    made[index].panel.follow(valuesOf(state, index), how, false);
  }
  lab.showPanels(made.slice(0, count).map(({panel}) => panel.element));
  setChildren(
    byId("results"),
    made.slice(0, count).map(({results}) => results.element),
  );
  made.slice(count).forEach(({panel}) => panel.stop());
}

// Morphing by itself -----------------------------------------------------------------------------------------------

let morphing = 0;

/** Go from raw to scaled, or back, at an even pace; at once for who wants no motion. */
function morph() {
  cancelAnimationFrame(morphing);
  const from = Number(store.get().values.morph);
  const to = from < 0.5 ? 1 : 0;
  const set = (/** @type {number} */ share, /** @type {How} */ how) => {
    const {values} = store.get();
    store.update({values: {...values, morph: Number((from + share * (to - from)).toFixed(3))}}, how);
  };
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return set(1, "finished");
  const begin = performance.now();
  const step = () => {
    const share = Math.min((performance.now() - begin) / MORPH_MS, 1);
    set(share, share < 1 ? "drag" : "finished");
    if (share < 1) morphing = requestAnimationFrame(step);
  };
  step();
}

byId("morph").addEventListener("click", morph);
const scaleChoice = byId("loss-scale", HTMLSelectElement);
scaleChoice.addEventListener("change", () => store.update({isLog: scaleChoice.value === "log"}, "look"));

if (store.get().values.rows === "session" && keptRows() === null) {
  status.complain(
    _("This link stands for rows that another window keeps. Paste or open them again; until then, others."),
  );
  const {values} = store.get();
  store.update({values: settle({...values, rows: null}, "rows")}, "restore");
}
lab.begin();
