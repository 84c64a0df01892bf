// The Batches lab: a few shuffled rows at a time. This is the page's entry; it wires the parts together.

import {createLayer} from "../batches/layer.js";
import {createResults} from "../batches/results.js";
import {byId, setChildren, setHidden, setText} from "../dom.js";
import {createSeldom} from "../frames.js";
import {valuesOf} from "../grammar.js";
import {createLab} from "../lab.js";
import {createLossChart} from "../losschart.js";
import {frameOf, lastStep} from "../page.js";
import {createPlaces} from "../places.js";
import {createRacePanel} from "../racepanel.js";
import {createResults as createOutcomes} from "../results.js";
import {_} from "../words.js";

/**
 * @typedef {import("../page.js").State} State
 * @typedef {import("../store.js").How} How
 * @typedef {import("../batches/results.js").Answer} Answer
 * @typedef {{panel: import("../panel.js").Panel, start: import("../racepanel.js").Handle,
 *   layer: ReturnType<typeof createLayer>, results: ReturnType<typeof createResults>}} Part what belongs to one panel
 */

/** @type {Part[]} */
const made = [];
const parts = () => made.slice(0, lab.panelCount());
const panels = () => parts().map(({panel}) => panel);
const answerOf = (/** @type {Part} */ {panel}) => /** @type {Answer | null} */ (panel.answer);
const slotsOf = (/** @type {Part} */ {panel}) => panel.runs.map((run, at) => run.slot ?? at);
let perEpoch = false;

const lab = createLab({
  follow,
  paint,
  // The longest run gives the time line its length; the server knows how many rows there are.
  lastStepOf: (_state, index) => Math.max(1, ...(answers()[index]?.runs.map(({update_count}) => update_count) ?? [1])),
  answers: () => panels().map(({answer}) => answer),
  say(state) {
    outcomes.show(state, panels());
    showResults();
  },
  look(state, previous) {
    if (state.values.contours !== previous.values.contours) lab.painter.request();
    if (state.selected === previous.selected) return;
    outcomes.show(state, panels());
    lab.painter.request();
  },
  effective(key) {
    const answer = panels()[0]?.answer;
    return (key === "start" ? answer?.surface.start : answer?.runs[0]?.hyperparameters[key]) ?? null;
  },
  redraw: () => made.forEach(({panel}) => panel.redraw()),
  keys: {f: () => places.fitAll(), v: () => places.fitView(), b: toggleContours},
});
const {page, store, status, player, painter, tokens, scale} = lab;

/** @returns {(Answer | null)[]} */
function answers() {
  return made.map(answerOf);
}

const places = createPlaces(page.keys, store, panels);
const chart = createLossChart(byId("loss-canvas", HTMLCanvasElement), {
  onScrub: (step) => player.goTo(perEpoch ? step * epochOf() : step),
});
const outcomes = createOutcomes(page, {onSelect: (selected) => store.update({selected}, "look")});

function toggleContours() {
  const {values} = store.get();
  store.update({values: {...values, contours: !values.contours}}, "finished");
}

/** How many steps of the time line an epoch takes. */
function epochOf() {
  const {epochs} = answers()[0] ?? {epochs: 1};
  return lastStep(store.get()) / epochs;
}

// Drawing ----------------------------------------------------------------------------------------------------------

const chartPainter = createSeldom(paintChart, 50);
// Nobody reads faster than this while time runs.
const sayBatch = createSeldom(() => parts().forEach(({layer, results}) => results.say(layer.batch)), 100);

function paint() {
  const state = store.get();
  const frame = frameOf(state);
  parts().forEach((part, index) => {
    const {panel, start, layer, results} = part;
    const values = valuesOf(state, index);
    panel.paint({frame, selected: state.selected, isDeep: state.isDeep});
    const answer = answerOf(part);
    const place = /** @type {[number, number] | null} */ (values.start) ?? answer?.surface.start;
    if (place) start.show(place, state.isDeep);
    setHidden(panel.part("all-paths"), !panel.hasExits(frame));
    if (!answer) return;
    const run = Math.min(state.selected, answer.runs.length - 1);
    const at = Math.min(frame, answer.runs[run].update_count - 1); // after the last update there is no other batch
    const isOn = Boolean(values.contours) && !state.isDeep;
    layer.paint({query: answer.query, frame: at, run, slot: slotsOf(part)[run] ?? run, isOn});
    results.paint(answer, slotsOf(part), tokens(), scale());
  });
  chartPainter.soon();
  sayBatch.soon();
}

function paintChart() {
  const state = store.get();
  const frame = frameOf(state);
  const lines = parts().flatMap((part, panel) => {
    const slots = slotsOf(part);
    const answer = answerOf(part);
    const letter = parts().length > 1 ? "AB"[panel] : "";
    return (answer?.runs ?? []).map((run, at) => {
      const common = {slot: slots[at] ?? at, panel, letter};
      if (perEpoch) return {...common, gap: run.gap.data.filter((_gap, step) => step % run.updates_per_epoch === 0)};
      const faint = run.batch_loss.data.map((value) => value - (answer?.surface.lowest ?? 0));
      return {...common, gap: run.gap.data, faint};
    });
  });
  if (!lines.length) return;
  const [steps, now] = perEpoch ? [lastStep(state) / epochOf(), frame / epochOf()] : [lastStep(state), frame];
  chart.paint({lines, steps, frame: now, isLog: state.isLog, tokens: tokens(), scale: scale()});
}

function showResults() {
  parts().forEach((part, index) => {
    const answer = answerOf(part);
    if (answer) part.results.show(answer, slotsOf(part), parts().length > 1 ? "AB"[index] : "");
  });
  setText(
    byId("loss-note"),
    perEpoch
      ? _("Of all rows, after every epoch.")
      : _("Line: the loss of all rows. Dots: the loss that each batch alone has at that update."),
  );
}

// Panels -----------------------------------------------------------------------------------------------------------

/** @param {number} index */
function addPart(index) {
  // The batch's contours move with the paths, and are drawn here.
  const {panel, start} = createRacePanel(index, {
    lab,
    places: () => places,
    panels,
    hasWorker: false,
    onAnswer: lab.showTime,
  });
  sizes.observe(panel.part("square"));
  const layer = createLayer(panel, {
    page,
    tokens,
    scale,
    requestPaint: painter.request,
    onLost: status.setLost,
    onRefusal: status.complain,
  });
  made[index] = {panel, start, layer, results: createResults({requestPaint: painter.request})};
}

const sizes = new ResizeObserver((entries) => {
  for (const {target, contentRect} of entries) {
    const [width, height] = [Math.floor(contentRect.width), Math.floor(contentRect.height)];
    const owner = made.find(({panel}) => panel.part("square") === target);
    if (owner) owner.panel.resize(Math.min(width, height));
    else chart.resize(width, height);
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
  for (const {panel, layer} of made.slice(count)) {
    panel.stop();
    layer.stop();
  }
}

const scaleChoice = byId("loss-scale", HTMLSelectElement);
scaleChoice.addEventListener("change", () => store.update({isLog: scaleChoice.value === "log"}, "look"));
const perChoice = byId("loss-per", HTMLSelectElement);
perChoice.addEventListener("change", () => {
  perEpoch = perChoice.value === "epoch";
  showResults();
  painter.request();
});

lab.begin();
