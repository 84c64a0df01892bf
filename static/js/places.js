// Places on the plots: moving the start and the view, in one panel or the same way in both.

import {shaping} from "./declarations.js";
import {holdAll, roundTo, squareUp} from "./geometry.js";

/**
 * @typedef {import("./geometry.js").Ranges} Ranges
 * @typedef {import("./store.js").How} How
 * @typedef {import("./declarations.js").Values} Values
 */

/**
 * @param {import("./declarations.js").Key[]} keys
 * @param {import("./page.js").Store} store
 * @param {() => {ranges: Ranges | null, answer: {runs: {params: import("./wire.js").Tensor}[],
 *   surface: {hessian: unknown}} | null}[]} panels those that are shown
 * @param {string} [key] the key of the point that is moved
 */
export function createPlaces(keys, store, panels, key = "start") {
  const shapes = shaping(keys);

  /** Whether the panels look at different surfaces, so that a place in one means nothing in the other. */
  function haveOwnPlaces() {
    return shapes.some((name) => name in store.get().vs);
  }

  /** @param {number} index @param {[number, number]} start @param {How} how */
  function moveStart(index, start, how) {
    const {values, vs} = store.get();
    const other = panels()[1 - index];
    if (panels().length === 1 || (!(key in vs) && !haveOwnPlaces())) {
      store.update({values: {...values, [key]: start}}, how);
      return;
    }
    // The same place in both plots, each in its own coordinates.
    const [own, theirs] = [panels()[index].ranges, other.ranges];
    if (!own || !theirs) return;
    const moved = [0, 1].map((axis) => {
      const share = (start[axis] - own[2 * axis]) / (own[2 * axis + 1] - own[2 * axis]);
      const size = theirs[2 * axis + 1] - theirs[2 * axis];
      return roundTo([theirs[2 * axis] + share * size], size)[0];
    });
    const [a, b] = index === 0 ? [start, moved] : [moved, start];
    if (a.join() === b.join()) {
      const {[key]: _same, ...rest} = vs;
      store.update({values: {...values, [key]: a}, vs: rest}, how);
    } else {
      store.update({values: {...values, [key]: a}, vs: {...vs, [key]: b}}, how);
    }
  }

  /** @param {number} index @param {Ranges} ranges */
  function zoom(index, ranges) {
    const {values, vs} = store.get();
    const [x0, x1, y0, y1] = ranges;
    const view = [...roundTo([x0, x1], x1 - x0), ...roundTo([y0, y1], y1 - y0)];
    if (panels().length === 1 || (!haveOwnPlaces() && !("view" in vs))) {
      store.update({values: {...values, view}}, "finished");
      return;
    }
    const other = panels()[1 - index].ranges;
    if (!other) return;
    const theirs = [
      ...roundTo(other.slice(0, 2), other[1] - other[0]),
      ...roundTo(other.slice(2), other[3] - other[2]),
    ];
    const [a, b] = index === 0 ? [view, theirs] : [theirs, view];
    store.update({values: {...values, view: a}, vs: {...vs, view: b}}, "finished");
  }

  /** @param {number} index @param {number} factor */
  function zoomBy(index, factor) {
    const {ranges} = panels()[index];
    if (!ranges) return;
    const [x0, x1, y0, y1] = ranges;
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
    const [width, height] = [((x1 - x0) / 2) * factor, ((y1 - y0) / 2) * factor];
    zoom(index, [x - width, x + width, y - height, y + height]);
  }

  function fitView() {
    const {values, vs} = store.get();
    const {view: _view, ...rest} = vs;
    store.update({values: {...values, view: null}, vs: rest}, "finished");
  }

  function fitAll() {
    const {values, vs} = store.get();
    const views = panels().map((panel) => {
      if (!panel.answer || !panel.ranges) return null;
      const held = holdAll(
        panel.ranges,
        panel.answer.runs.map(({params}) => params),
      );
      const [x0, x1, y0, y1] = panel.answer.surface.hessian ? squareUp(held) : held;
      return [...roundTo([x0, x1], x1 - x0), ...roundTo([y0, y1], y1 - y0)];
    });
    /** @type {Values} */
    const own = views[1] && views[1].join() !== views[0]?.join() ? {view: views[1]} : {};
    store.update({values: {...values, view: views[0]}, vs: {...vs, ...own}}, "finished");
  }

  return {moveStart, zoom, zoomBy, fitView, fitAll};
}
