// A race's panel as a lab wires it: its buttons, its start handle, and what it tells the page.

import {plotRect} from "./figure.js";
import {createPanel} from "./panel.js";
import {createStartHandle} from "./starthandle.js";

/**
 * @typedef {import("./panel.js").Panel} Panel
 * @typedef {ReturnType<typeof createStartHandle>} Handle
 */

/**
 * @param {number} index
 * @param {{lab: import("./lab.js").Lab, places: () => ReturnType<typeof import("./places.js").createPlaces>,
 *   panels: () => Panel[], hasWorker?: boolean, onAnswer?: () => void}} options `panels`: those that are shown;
 *   `hasWorker`: while something is dragged, a worker may ask and draw
 * @returns {{panel: Panel, start: Handle}}
 */
export function createRacePanel(index, {lab, places, panels, hasWorker = true, onAnswer = () => {}}) {
  const {page, store, status, painter, words, tokens, scale} = lab;
  let isReady = false;
  const panel = createPanel({
    index,
    page,
    tokens,
    scale,
    hasWorker,
    onAnswer(isLive) {
      painter.now();
      if (isLive) words.soon();
      else words.now();
      onAnswer();
    },
    onZoomed: (ranges) => places().zoom(index, ranges),
    onRefusal: status.complain,
    onLost: status.setLost,
    onBusy: status.setBusy,
    requestPaint: painter.request,
    onContour() {
      if (panels().every((one) => one.hasContour)) lab.hasContour();
    },
    onPainted() {
      panel.stage.dispatchEvent(new CustomEvent("painted", {bubbles: true, detail: {panel: index}}));
      if (isReady) return;
      isReady = true;
      if (panels().every((one) => one.isReady)) lab.isReady();
    },
  });
  const start = createStartHandle({
    handle: panel.part("start"),
    stage: panel.stage,
    where: () => (panel.ranges && panel.side ? {ranges: panel.ranges, rect: plotRect(panel.side, scale())} : null),
    onMove: (point, isFinished) => places().moveStart(index, point, isFinished ? "finished" : "drag"),
  });
  const clicks = {
    deep: () => store.update({isDeep: !store.get().isDeep}, "look"),
    fit: () => places().fitView(),
    "all-paths": () => places().fitAll(),
    "zoom-in": () => places().zoomBy(index, 0.6),
    "zoom-out": () => places().zoomBy(index, 1 / 0.6),
  };
  for (const [name, act] of Object.entries(clicks)) panel.part(name).addEventListener("click", act);
  return {panel, start};
}
