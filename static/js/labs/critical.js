// The lab of critical points: where the slope is zero, and what curvature says there. This entry wires the parts.

import {sayValue} from "../controls/groups.js";
import {LAYERS, createPanel} from "../critical/panel.js";
import {byId, make, setAttribute, setChildren, setText} from "../dom.js";
import {plotRect} from "../figure.js";
import {valuesOf} from "../grammar.js";
import {createLab} from "../lab.js";
import {frameOf} from "../page.js";
import {createPlaces} from "../places.js";
import {createStartHandle} from "../starthandle.js";
import {_} from "../words.js";

/**
 * @typedef {import("../page.js").State} State
 * @typedef {import("../critical/panel.js").Panel} Panel
 */

/** @type {Panel[]} */
const made = [];
/** @type {ReturnType<typeof createStartHandle>[]} */
const handles = [];
const panels = () => made.slice(0, lab.panelCount());

const lab = createLab({
  follow(state, how) {
    const count = lab.panelCount(state);
    for (let index = 0; index < count; index++) {
      if (!made[index]) addPanel(index);
      made[index].follow(valuesOf(state, index), how);
    }
    const shown = made.slice(0, count);
    lab.showPanels(shown.map(({element}) => element));
    setChildren(
      byId("results"),
      shown.map(({results}) => results.element),
    );
    made.slice(count).forEach((panel) => panel.stop());
    showNames(state);
  },
  paint() {
    const frame = frameOf(lab.store.get());
    panels().forEach((panel, index) => {
      panel.paint(frame);
      if (panel.look) handles[index].show(panel.look.at, false);
    });
  },
  // Layers are no part of the question, but one of them has to be fetched.
  look(state, previous, how) {
    if (!LAYERS.some((name) => state.values[name] !== previous.values[name])) return;
    panels().forEach((panel, index) => panel.follow(valuesOf(state, index), how));
    showLayers(state);
  },
  answers: () => panels().map((panel) => panel.answer),
  effective: (key) => panels()[0]?.effective(key) ?? null,
  redraw: () => made.forEach((panel) => panel.redraw()),
  keys: {
    m: () => toggle("model"),
    e: () => toggle("vectors"),
    b: () => toggle("signs"),
    p: () => toggle("escapes"),
    n: goToNext,
    v: () => places.fitView(),
  },
});
const places = createPlaces(lab.page.keys, lab.store, panels, "point");

// What is drawn above the contours -------------------------------------------------------------------------------

/** @param {string} name */
function toggle(name) {
  const {values} = lab.store.get();
  lab.store.update({values: {...values, [name]: !values[name]}}, "finished");
}

/** @param {Panel} panel */
function addLayers(panel) {
  const layers = lab.page.keys.filter(({name}) => LAYERS.includes(name));
  const buttons = layers.map(({name, title}) =>
    make("button", {
      type: "button",
      class: "chip",
      data: {layer: name},
      textContent: title,
      onclick: () => toggle(name),
    }),
  );
  setChildren(panel.part("layers"), buttons);
}

/** @param {State} state */
function showLayers({values}) {
  for (const panel of made) {
    for (const button of panel.part("layers").children) {
      setAttribute(button, "aria-pressed", String(Boolean(values[button.dataset.layer])));
    }
  }
}

// Panels ---------------------------------------------------------------------------------------------------------

/** @param {number} index */
function addPanel(index) {
  let isReady = false;
  const {page, player, painter, status, words, tokens, scale} = lab;
  const panel = createPanel({
    index,
    page,
    tokens,
    scale,
    onAnswer(isLive) {
      painter.now();
      if (isLive) words.soon();
      else words.now();
    },
    onZoomed: (ranges) => places.zoom(index, ranges),
    onPoint: (point) => places.moveStart(index, point, "finished"),
    onScrub: (step) => player.goTo(step),
    onRefusal: status.complain,
    onLost: status.setLost,
    onBusy: status.setBusy,
    requestPaint: painter.request,
    onPainted() {
      panel.stage.dispatchEvent(new CustomEvent("painted", {bubbles: true, detail: {panel: index}}));
      if (isReady) return;
      isReady = true;
      if (panels().every((one) => one.isReady)) lab.isReady();
    },
  });
  handles[index] = createStartHandle({
    handle: panel.part("start"),
    stage: panel.stage,
    where: () => (panel.ranges && panel.side ? {ranges: panel.ranges, rect: plotRect(panel.side, scale())} : null),
    onMove: (point, isFinished) =>
      places.moveStart(index, isFinished ? panel.snap(point) : point, isFinished ? "finished" : "drag"),
    say: (x, y) => _("Point at x = {x}, y = {y}; arrow keys move it", {x, y}),
  });
  panel.part("fit").addEventListener("click", places.fitView);
  panel.part("zoom-in").addEventListener("click", () => places.zoomBy(index, 0.6));
  panel.part("zoom-out").addEventListener("click", () => places.zoomBy(index, 1 / 0.6));
  sizes.observe(panel.part("square"));
  addLayers(panel);
  made[index] = panel;
  showLayers(lab.store.get());
}

const sizes = new ResizeObserver((entries) => {
  for (const {target, contentRect} of entries) {
    const panel = made.find((one) => one.part("square") === target);
    panel?.resize(Math.floor(Math.min(contentRect.width, contentRect.height)));
  }
  lab.painter.request();
});

/** Name the panels by what differs, or by the surface. @param {State} state */
function showNames(state) {
  const {keys} = lab.page;
  const differing = keys.filter(({name}) => name in state.vs);
  const named = differing.length ? differing : keys.slice(0, 1);
  panels().forEach((panel, index) => {
    const values = valuesOf(state, index);
    const letter = differing.length ? "AB"[index] : "";
    setText(panel.part("letter"), letter);
    setText(panel.part("name"), named.map((key) => sayValue(key, values[key.name])).join(" · "));
    panel.results.name(letter);
  });
}

/** Look at the critical point that follows the one looked at, in the order of the list. */
function goToNext() {
  const [{points, look}] = panels();
  if (!points.length) return;
  const now = points.findIndex(({at}) => at.join() === look?.at.join());
  places.moveStart(0, points[(now + 1) % points.length].at, "finished");
}

lab.begin();
