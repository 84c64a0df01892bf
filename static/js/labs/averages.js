// The lab of averages: what a running average remembers. This is the page's entry; it wires the parts together.

import {createPanel} from "../averages/panel.js";
import {sayValue} from "../controls/groups.js";
import {byId, setChildren} from "../dom.js";
import {createSeldom} from "../frames.js";
import {valuesOf} from "../grammar.js";
import {createLab} from "../lab.js";
import {frameOf, lastStep} from "../page.js";

/**
 * @typedef {import("../page.js").State} State
 * @typedef {import("../averages/panel.js").Panel} Panel
 */

/** @type {Panel[]} */
const made = [];
const panels = () => made.slice(0, lab.panelCount());

const lab = createLab({
  follow(state, how) {
    const count = lab.panelCount(state);
    while (made.length < count) made.push(addPanel());
    const shown = made.slice(0, count);
    shown.forEach((panel, index) => panel.follow(valuesOf(state, index), how));
    made.slice(count).forEach((panel) => panel.stop());
    lab.showPanels(shown.map(({element}) => element));
    setChildren(
      byId("results"),
      shown.map(({results}) => results.element),
    );
    showNames(state);
  },
  paint() {
    const state = lab.store.get();
    const time = {frame: frameOf(state), steps: lastStep(state), selected: state.selected};
    panels().forEach((panel) => panel.paint(time));
    numbers.soon();
    if (panels().every(({answer}) => answer)) lab.isReady();
  },
  look(state, previous) {
    if (state.selected !== previous.selected) lab.painter.request();
  },
  answers: () => panels().map(({answer}) => answer),
});
const {page, player, painter, status, store, words, tokens, scale} = lab;

// Nobody reads numbers faster than this while time runs.
const numbers = createSeldom(() => {
  const state = store.get();
  const shown = panels();
  shown.forEach((panel, index) => {
    panel.say({frame: frameOf(state), selected: state.selected, letter: shown.length > 1 ? "AB"[index] : ""});
  });
}, 100);

function addPanel() {
  return createPanel({
    page,
    tokens,
    scale,
    onAnswer(isLive) {
      painter.now();
      if (isLive) words.soon();
      else words.now();
    },
    onScrub: (step) => player.goTo(step),
    onSelect: (selected) => store.update({selected}, "look"),
    onRefusal: status.complain,
    onLost: status.setLost,
    onBusy: status.setBusy,
    requestPaint: painter.request,
  });
}

/** Name the panels by what differs, or by the series. @param {State} state */
function showNames(state) {
  const differing = page.keys.filter(({name}) => name in state.vs);
  const named = differing.length ? differing : page.keys.filter(({name}) => name === "series");
  panels().forEach((panel, index) => {
    const values = valuesOf(state, index);
    const name = named.map((key) => sayValue(key, values[key.name])).join(" · ");
    panel.name(differing.length ? "AB"[index] : "", name);
  });
}

lab.begin();
