// The Descent lab: optimizers race over a loss surface. This is the page's entry; it wires the parts together.

import {createAddress} from "../address.js";
import {createCompare} from "../compare.js";
import {createGroups} from "../controls/groups.js";
import {byId, setChildren, setHidden} from "../dom.js";
import {plotRect} from "../figure.js";
import {createPainter, createSeldom} from "../frames.js";
import {parse, print, printValue, valuesOf} from "../grammar.js";
import {createInspector} from "../inspector.js";
import {createLossChart, linesOf} from "../losschart.js";
import {
  createFullScreen,
  createHelp,
  createLanguage,
  createPresets,
  createShare,
  createTheme,
  opened,
  presetOf,
} from "../menu.js";
import {frameOf, lastStep, readPage} from "../page.js";
import {createPanel} from "../panel.js";
import {createPlaces} from "../places.js";
import {createPlayer} from "../player.js";
import {createSheet} from "../sheet.js";
import {createStartHandle} from "../starthandle.js";
import {createStatus} from "../status.js";
import {createStore} from "../store.js";
import {createResults} from "../results.js";
import {createTimeline, listenToKeys} from "../timeline.js";
import {readTokens} from "../tokens.js";
import {setMessages} from "../words.js";

/**
 * @typedef {import("../page.js").State} State
 * @typedef {import("../panel.js").Panel} Panel
 * @typedef {import("../store.js").How} How
 * @typedef {import("../declarations.js").Value} Value
 * @typedef {import("../declarations.js").Picked} Picked
 */

const page = readPage();
setMessages(page.messages);
const root = document.documentElement;

const first = parse(page.keys, page.query);
const preset = history.state?.preset ?? presetOf(page, first);
const store = createStore(
  /** @type {State} */ ({
    ...first,
    preset,
    home: page.presets.find(({name}) => name === preset)?.query ?? page.query,
    selected: 0,
    isPlaying: false,
    speed: 20,
    isLog: true,
    hasInspector: false,
    isDeep: false,
  }),
);

// An address without any key opens the first preset, so that a query of defaults alone names one.
const linkOf = (/** @type {State} */ state) => {
  const [key] = page.keys;
  return `?${print(page.keys, state) || `${key.name}=${printValue(key, state.values[key.name]).join()}`}`;
};
history.replaceState({preset}, "", linkOf(store.get()));
const address = createAddress({history}, linkOf(store.get()), {preset});

let tokens = readTokens();
const scale = () => Math.min(Math.max(tokens.size / 15, 0.9), 1.6);
const status = createStatus();
const player = createPlayer(store, {isStill: () => matchMedia("(prefers-reduced-motion: reduce)").matches});

// Drawing: whatever changed, once in a frame ---------------------------------------------------------------------

const painter = createPainter(paint);
// A second canvas costs as much as the first; while all moves, nobody sees it lag behind, and nobody reads faster.
const chartPainter = createSeldom(paintChart, 100);
const words = createSeldom(showWords, 200);

const panelsPlace = byId("panels");
/** @type {Panel[]} */
const made = [];
/** @type {ReturnType<typeof createStartHandle>[]} */
const handles = [];
const panelCount = (/** @type {State} */ {vs}) => (Object.keys(vs).length ? 2 : 1);
const panels = () => made.slice(0, panelCount(store.get()));
const answers = () => panels().map((panel) => panel.answer);
/** @type {ReturnType<typeof answers>} */
let told = []; // the answers that the words are about

const places = createPlaces(store, panels);
const chart = createLossChart(byId("loss-canvas", HTMLCanvasElement), {onScrub: (step) => player.goTo(step)});
const inspector = createInspector(page);
const results = createResults(page, {onSelect: (selected) => store.update({selected}, "look")});
const timeline = createTimeline(store, player);
const presets = createPresets(page, store);
const compare = createCompare(page, store, () => answers()[0]);
const groups = createGroups(page.keys, /** @type {string[]} */ (first.values.hide), {
  change,
  complain: status.complain,
  select: (selected) => store.update({selected}, "look"),
  timeOf: (panel) => ({step: frameOf(store.get()), last: Number(valuesOf(store.get(), panel).steps)}),
});

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
  if (state.hasInspector) inspector.follow(shown, state.selected, frame);
}

function paintChart() {
  const state = store.get();
  const lines = linesOf(panels());
  if (!lines.length) return;
  chart.paint({lines, steps: lastStep(state), frame: frameOf(state), isLog: state.isLog, tokens, scale: scale()});
}

// Panels ---------------------------------------------------------------------------------------------------------

/** @param {number} index */
function addPanel(index) {
  let isReady = false;
  const panel = createPanel({
    index,
    page,
    tokens: () => tokens,
    scale,
    onAnswer(isLive) {
      painter.now();
      if (isLive) words.soon();
      else words.now();
    },
    onZoomed: (ranges) => places.zoom(index, ranges),
    onRefusal: status.complain,
    onLost: status.setLost,
    onBusy: status.setBusy,
    requestPaint: painter.request,
    onPainted() {
      panel.stage.dispatchEvent(new CustomEvent("painted", {bubbles: true, detail: {panel: index}}));
      if (isReady) return;
      isReady = true;
      if (!root.dataset.ready && panels().every((one) => one.isReady)) {
        root.dataset.ready = "true";
        performance.mark("contour");
      }
    },
  });
  handles[index] = createStartHandle({
    handle: panel.part("start"),
    stage: panel.stage,
    where: () => (panel.ranges && panel.side ? {ranges: panel.ranges, rect: plotRect(panel.side, scale())} : null),
    onMove: (start, isFinished) => places.moveStart(index, start, isFinished ? "finished" : "drag"),
  });
  panel.part("deep").addEventListener("click", () => store.update({isDeep: !store.get().isDeep}, "look"));
  panel.part("fit").addEventListener("click", places.fitView);
  panel.part("all-paths").addEventListener("click", places.fitAll);
  panel.part("zoom-in").addEventListener("click", () => places.zoomBy(index, 0.6));
  panel.part("zoom-out").addEventListener("click", () => places.zoomBy(index, 1 / 0.6));
  sizes.observe(panel.part("square"));
  made[index] = panel;
}

const sizes = new ResizeObserver((entries) => {
  for (const {target, contentRect} of entries) {
    const index = made.findIndex((panel) => panel.part("square") === target);
    if (index >= 0) made[index].resize(Math.floor(Math.min(contentRect.width, contentRect.height)));
    else chart.resize(Math.floor(contentRect.width), Math.floor(contentRect.height));
  }
  painter.request();
});
sizes.observe(byId("loss-box"));

// The store and what follows it ----------------------------------------------------------------------------------

/** @param {number} panel @param {string} key @param {Value} value @param {How} how */
function change(panel, key, value, how) {
  status.clear();
  const {values, vs, selected} = store.get();
  if (panel === 1) return store.update({vs: {...vs, [key]: value}}, how);
  const isOther =
    key === "surface" && /** @type {Picked} */ (values.surface).name !== /** @type {Picked} */ (value).name;
  const next = {...values, [key]: value};
  // Start and view belong to the surface that they were chosen on.
  if (isOther) Object.assign(next, {start: null, view: null});
  if (isOther) store.update({preset: ""}, "look");
  const runs = /** @type {Picked[]} */ (next.run);
  store.update({values: next, selected: Math.min(selected, runs.length - 1)}, how);
}

/** @param {State} state @param {How} how */
function follow(state, how) {
  for (let index = 0; index < panelCount(state); index++) {
    if (!made[index]) addPanel(index);
    made[index].follow(valuesOf(state, index), how, state.hasInspector);
  }
  const count = panelCount(state);
  panelsPlace.dataset.count = String(count);
  root.dataset.panels = String(count);
  setChildren(
    panelsPlace,
    made.slice(0, count).map(({element}) => element),
  );
  made.slice(count).forEach((panel) => panel.stop());
}

/** What is said about the answers: takeaways, outcomes, values in force. */
function showWords() {
  const state = store.get();
  told = answers();
  groups.show(state, told);
  results.show(state, panels());
}

/** @param {State} state @param {State} previous */
const isQueryChanged = (state, previous) =>
  state.vs !== previous.vs ||
  page.keys.some((key) => key.role === "query" && state.values[key.name] !== previous.values[key.name]);

store.subscribe((state, previous, how) => {
  if (state.values !== previous.values || state.vs !== previous.vs) {
    const mark = {preset: state.preset};
    if (how === "finished") address.finish(linkOf(state), mark);
    else if (how === "restore") address.restore(linkOf(state), mark);
    else if (how !== "look") address.follow(() => linkOf(state), how);
    if (how === "restore" || isQueryChanged(state, previous)) {
      follow(state, how);
      if (how === "drag") groups.show(state, told);
      else words.now();
    }
  }
  if (state.hasInspector !== previous.hasInspector) follow(state, how);
  if (state.selected !== previous.selected) results.show(state, panels());
  timeline.show(state);
  if (state.preset !== previous.preset) presets.show(state);
  if (state.vs !== previous.vs) compare.show(state);
  // While a value is dragged, nothing on the canvas moves before the answer, which is painted when it comes.
  const isOnlyAsked = how === "drag" && state.values.start === previous.values.start && state.vs === previous.vs;
  if (!isOnlyAsked) painter.request();
});

addEventListener("popstate", (event) => {
  const search = location.search.slice(1);
  const isPreset = event.state?.preset ?? "";
  store.update({...parse(page.keys, search), preset: isPreset, selected: 0, isPlaying: false}, "restore");
});

// Header, keys, sizes --------------------------------------------------------------------------------------------

byId("reset").addEventListener("click", () => {
  const {home} = store.get();
  const name = presetOf(page, parse(page.keys, home));
  status.clear();
  store.update({...opened(page, store.get(), home), preset: name}, "finished");
});
createShare(status.notice);
createTheme(retheme);
const toggleFullScreen = createFullScreen();
const openHelp = createHelp();

function retheme() {
  tokens = readTokens();
  made.forEach((panel) => panel.redraw());
  painter.request();
}
matchMedia("(min-width: 1600px)").addEventListener("change", retheme);

listenToKeys({
  " ": player.toggle,
  ArrowLeft: () => player.move(-1),
  ArrowRight: () => player.move(1),
  Home: () => player.goTo(0),
  End: () => player.goTo(Infinity),
  f: places.fitAll,
  v: places.fitView,
  g: toggleFullScreen,
  "?": openHelp,
});

const scaleChoice = byId("loss-scale", HTMLSelectElement);
scaleChoice.addEventListener("change", () => store.update({isLog: scaleChoice.value === "log"}, "look"));
const inspectorBox = byId("inspector", HTMLDetailsElement);
inspectorBox.addEventListener("toggle", () => store.update({hasInspector: inspectorBox.open}, "look"));

createLanguage((lang) => linkOf({...store.get(), values: {...store.get().values, lang}}));
createSheet();

// Begin ----------------------------------------------------------------------------------------------------------

follow(store.get(), "restore");
timeline.show(store.get());
presets.show(store.get());
compare.show(store.get());
words.now();
