// The Descent lab: optimizers race over a loss surface. This is the page's entry; it wires the parts together.

import {pick} from "../declarations.js";
import {byId, setAttribute, setHidden} from "../dom.js";
import {createSeldom} from "../frames.js";
import {valuesOf} from "../grammar.js";
import {createLab} from "../lab.js";
import {mostRungs, nearestRung, numberAt, rungsOf} from "../ladder.js";
import {createLossChart, linesOf} from "../losschart.js";
import {createMapControl} from "../maps/control.js";
import {frameOf, lastStep} from "../page.js";
import {createPlaces} from "../places.js";
import {createRacePanel} from "../racepanel.js";
import {createResults} from "../results.js";

/**
 * @typedef {import("../page.js").State} State
 * @typedef {import("../panel.js").Panel} Panel
 * @typedef {import("../store.js").How} How
 */

/** @type {Panel[]} */
const made = [];
/** @type {import("../racepanel.js").Handle[]} */
const handles = [];
const panels = () => made.slice(0, lab.panelCount());
const answers = () => panels().map((panel) => panel.answer);

const lab = createLab({
  follow,
  paint,
  answers,
  say: (state) => results.show(state, panels()),
  look(state, previous, how) {
    const hasOtherFan = state.values.fan !== previous.values.fan && how !== "restore";
    if (state.hasInspector !== previous.hasInspector || hasOtherFan) follow(state, how);
    if (hasOtherFan) lab.words.now();
    if (state.selected !== previous.selected) results.show(state, panels());
  },
  effective: (key) =>
    (key === "start" ? answers()[0]?.surface.start : answers()[0]?.runs[0]?.hyperparameters[key]) ?? null,
  redraw() {
    made.forEach((panel) => panel.redraw());
    maps?.redraw();
  },
  editors: {map: (key, events) => createMapControl(key, events, page.keys)},
  keys: {m: toggleMap, f: () => places.fitAll(), v: () => places.fitView()},
  grab,
});
const {page, store, player, painter, tokens, scale} = lab;
/** @type {import("../maps/maps.js").Maps | null} */
let maps = null; // loaded when the first one is wanted

const places = createPlaces(page.keys, store, panels);
const chart = createLossChart(byId("loss-canvas", HTMLCanvasElement), {onScrub: (step) => player.goTo(step)});
/** @type {ReturnType<typeof import("../inspector.js").createInspector> | null} */
let inspector = null; // loaded when it is opened
const results = createResults(page, {onSelect: (selected) => store.update({selected}, "look")});

// Drawing: whatever changed, once in a frame ---------------------------------------------------------------------

// A second canvas costs as much as the first; while all moves, nobody sees it lag behind, and nobody reads faster.
const chartPainter = createSeldom(paintChart, 50);

function paint() {
  const state = store.get();
  const frame = frameOf(state);
  const shown = panels();
  const startOf = (/** @type {Panel} */ panel, /** @type {number} */ index) =>
    /** @type {[number, number] | null} */ (valuesOf(state, index).start) ?? panel.answer?.surface.start;
  shown.forEach((panel, index) => {
    panel.paint({frame, selected: state.selected, isDeep: state.isDeep});
    const start = startOf(panel, index);
    if (start) handles[index].show(start, state.isDeep);
    setHidden(panel.part("all-paths"), !panel.hasExits(frame));
  });
  chartPainter.soon();
  maps?.paint(state);
  if (state.hasInspector) inspector?.follow(shown, state.selected, frame);
}

function paintChart() {
  const state = store.get();
  const lines = linesOf(panels());
  if (!lines.length) return;
  chart.paint({
    lines,
    steps: lastStep(state),
    frame: frameOf(state),
    isLog: state.isLog,
    tokens: tokens(),
    scale: scale(),
  });
}

/** @type {{number: import("../declarations.js").NumberKind, rungs: number[]} | null} */
let held = null; // the slider that was grabbed last

/**
 * A slider is about to be dragged: fetch the answers of all its values. Once they are there, it snaps to them.
 * @type {import("../controls/groups.js").Grab}
 */
function grab(index, place, number) {
  const state = store.get();
  const moved = panels().filter((_panel, at) => at === index || (index === 0 && !(place.key in state.vs)));
  const most = Math.min(...moved.map(({answer}) => mostRungs(answer)));
  if (!most || place.key === "steps") return (value) => value;
  const inForce = numberAt(valuesOf(state, index), place);
  // A slider that rests on one of its rungs keeps them, and is not asked for again.
  const isHeld = held?.number === number && held.rungs.length <= most && held.rungs.includes(Number(inForce));
  const rungs = held && isHeld ? held.rungs : rungsOf(number, most, inForce);
  held = {number, rungs};
  for (const panel of moved) panel.grab(place, rungs);
  return (value) => (moved.every((panel) => panel.hasLadder) ? nearestRung(number, rungs, value) : value);
}

// Panels ---------------------------------------------------------------------------------------------------------

/** @param {number} index */
function addPanel(index) {
  const {panel, start} = createRacePanel(index, {lab, places: () => places, panels});
  panel.part("map").addEventListener("click", toggleMap);
  handles[index] = start;
  sizes.observe(panel.part("square"));
  made[index] = panel;
}

const sizes = new ResizeObserver((entries) => {
  for (const {target, contentRect} of entries) {
    const resizeMap = mapSizes.get(target);
    if (resizeMap) {
      resizeMap(Math.floor(Math.min(contentRect.width, contentRect.height)));
      continue;
    }
    const index = made.findIndex((panel) => panel.part("square") === target);
    if (index >= 0) made[index].resize(Math.floor(Math.min(contentRect.width, contentRect.height)));
    else chart.resize(Math.floor(contentRect.width), Math.floor(contentRect.height));
  }
  painter.request();
});
sizes.observe(byId("loss-box"));

/** @param {State} state @param {How} how */
function follow(state, how) {
  const count = lab.panelCount(state);
  for (let index = 0; index < count; index++) {
    if (!made[index]) addPanel(index);
    made[index].follow(valuesOf(state, index), how, state.hasInspector);
  }
  const shown = made.slice(0, count).map(({element}) => element);
  made.slice(count).forEach((panel) => panel.stop());
  for (const panel of made) setAttribute(panel.part("map"), "aria-pressed", String(hasMap(state)));
  if (!hasMap(state)) maps?.stop();
  else if (maps) shown.push(...maps.follow(state, how));
  else loadMaps();
  lab.showPanels(shown);
}

// Maps -----------------------------------------------------------------------------------------------------------

/** @param {State} state */
const hasMap = (state) => /** @type {import("../declarations.js").Picked} */ (state.values.map).name !== "none";

/** @type {Map<Element, (side: number) => void>} */
const mapSizes = new Map();

async function loadMaps() {
  const {createMaps} = await import("../maps/maps.js");
  maps ??= createMaps({
    lab,
    panels,
    onSize(square, resize) {
      mapSizes.set(square, resize);
      sizes.observe(square);
    },
    zoomView: (index, ranges) => places.zoom(index, ranges),
    fitView: () => places.fitView(),
  });
  follow(store.get(), "restore");
}

function toggleMap() {
  const {values} = store.get();
  const key = /** @type {import("../declarations.js").ComponentKind} */ (page.keys.find(({name}) => name === "map"));
  const map = pick(key, hasMap(store.get()) ? "none" : "stability");
  store.update({values: {...values, map, map_view: null}}, "finished");
}

const scaleChoice = byId("loss-scale", HTMLSelectElement);
scaleChoice.addEventListener("change", () => store.update({isLog: scaleChoice.value === "log"}, "look"));
const inspectorBox = byId("inspector", HTMLDetailsElement);
inspectorBox.addEventListener("toggle", async () => {
  store.update({hasInspector: inspectorBox.open}, "look");
  inspector ??= (await import("../inspector.js")).createInspector(page);
  painter.request();
});

lab.begin();
