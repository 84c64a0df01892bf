// What one panel asks the server: its race, and the surface below it.

import {shaping} from "./declarations.js";
import {panelLink} from "./grammar.js";
import {ladderLink, withNumber} from "./ladder.js";
import {levelsOf} from "./levels.js";
import {canDrawLive, createLive} from "./live.js";
import {createRequests, fetchJson} from "./requests.js";
import {decodeAll} from "./wire.js";

/**
 * @typedef {import("./geometry.js").Ranges} Ranges
 * @typedef {import("./wire.js").Tensor} Tensor
 * @typedef {import("./declarations.js").Picked} Picked
 * @typedef {import("./declarations.js").Values} Values
 * @typedef {import("./server/types.js").RunAnswer} Run
 * @typedef {Omit<import("./server/types.js").DescentAnswer, "ladder" | "query" | "version"> & {ladder?: number}} Answer `ladder`: only Descent has whole sliders
 */

const ALL_FIELDS = "fields=grads,updates,learning_rate,state";
const MOST_LIVE_ROWS = 1500; // beyond, gradients, a third of an answer's bytes, are fetched at rest only

/**
 * @param {{page: import("./page.js").Page, canvas: HTMLCanvasElement, hasWorker?: boolean, onRace: (answer: Answer, isCurrent: boolean) => void,
 *   onSurface: (grid: import("./figure.js").Grid, ranges: Ranges) => void, onRefusal: (message: string) => void,
 *   onLost: (isLost: boolean) => void, onBusy: (isBusy: boolean) => void}} options `hasWorker`: a worker
 *   may ask and draw while something is dragged; `isCurrent`: it answers what was asked last
 */
export function createQuestions({page, canvas, hasWorker = true, onRace, onSurface, onRefusal, onLost, onBusy}) {
  /** @type {Values} */
  let values = {};
  /** @type {string | null} */
  let shape = null; // an empty link is a shape too: that of the defaults
  const hasFields = page.keys.some(({name}) => name === "fields");
  let asked = "";
  let grabbed = "";
  let isMoving = false;
  const shared = {
    get: (/** @type {string} */ url, /** @type {AbortSignal} */ signal) =>
      fetchJson(url, {signal, language: page.language}),
    onRefusal: (/** @type {Error} */ refusal) => onRefusal(refusal.message),
    onLost,
    onBusy,
  };
  const races = createRequests({
    ...shared,
    onAnswer(coded, url) {
      live?.leave();
      onRace(decodeAll(coded), url === asked);
      live?.prepare();
    },
  });
  const live =
    hasWorker && canDrawLive()
      ? createLive(canvas, {
          page,
          onRefusal,
          onLost,
          onBusy,
          onAnswer: (answer, url) => onRace(answer, url === asked),
        })
      : null;
  const shapes = shaping(page.keys);
  const surfaces = createRequests({
    ...shared,
    onAnswer(coded) {
      const {x, y, loss, gap, view} = decodeAll(coded);
      onSurface({x: x.data, y: y.data, loss: loss.data, levels: levelsOf(gap.data)}, view.flat());
    },
  });

  /** @param {Ranges | null} view @param {boolean} isUrgent */
  function askSurface(view, isUrgent) {
    const where = view ? `view=${view.join(",")}` : panelLink(page.keys, values, ["start", "view"]);
    surfaces.ask(`${page.surfaceApi}?${[shape, where].filter(Boolean).join("&")}`, {isUrgent});
  }

  return {
    live,
    askSurface,
    /**
     * Ask for the race of these values, and for the surface where it is another one.
     * @param {Values} newValues
     * @param {{isLive: boolean, wantsDetails: boolean, drawsSurface: boolean,
     *   seen: {answer: Answer, look: import("./live.js").LiveLook} | null}} how `isLive`: the values are still being
     *   dragged; `drawsSurface`: a surface that moves is drawn from the answer alone; `seen`: what is drawn now
     * @returns {boolean} whether the race has to be asked for
     */
    follow(newValues, {isLive, wantsDetails, drawsSurface, seen}) {
      values = newValues;
      const newShape = panelLink(page.keys, values, shapes);
      const rows = Number(values.steps) * /** @type {Picked[]} */ (values.run).length;
      const fields = !hasFields
        ? ""
        : !isLive && wantsDetails
          ? ALL_FIELDS
          : isLive && rows > MOST_LIVE_ROWS
            ? ""
            : "fields=grads";
      const link = panelLink(page.keys, values);
      const url = `${page.api}?${[link, fields].filter(Boolean).join("&")}`;
      if (newShape !== shape) {
        isMoving = isLive && drawsSurface;
        if (!isMoving) {
          shape = newShape;
          askSurface(null, !isLive);
        }
      } else {
        isMoving = false;
      }
      if (!isLive) live?.end();
      // What the worker was answered is drawn, but not by the page.
      if (url === asked && (isLive || !live?.isOn)) return false;
      asked = url;
      if (isLive && live && seen) {
        races.stop();
        live.ask(url, link, {...seen.look, isMoving}, seen.answer);
      } else {
        races.ask(url, {isUrgent: !isLive});
      }
      return true;
    },
    /**
     * A slider is grabbed: get ready to answer these values of it.
     * @param {import("./ladder.js").Place} place
     * @param {number[]} rungs
     */
    grab(place, rungs) {
      if (!live || !page.ladderApi) return;
      // Whichever value it has now: after a drag the same ladder serves again.
      const link = panelLink(page.keys, withNumber(values, place, rungs[0]));
      grabbed = `${page.ladderApi}?${[link, ladderLink(place, rungs)].filter(Boolean).join("&")}`;
      live.grab(grabbed, `${page.api}?${panelLink(page.keys, values)}`);
    },
    /** Whether the values of the slider that was grabbed last are answered without the network. */
    get hasLadder() {
      return grabbed !== "" && live?.ladder === grabbed;
    },
    /** Forget what is under way. */
    stop() {
      races.stop();
      live?.end();
      live?.leave();
      surfaces.stop();
      asked = "";
      shape = null;
    },
    /** Whether the surface itself is being dragged, and its grid is asked for only in the end. */
    get isMoving() {
      return isMoving;
    },
    /** Whether a race is still to come. */
    get isRaceComing() {
      return races.isWaiting || Boolean(live?.isWaiting);
    },
    /** Whether a surface is still to come. */
    get isSurfaceComing() {
      return surfaces.isWaiting;
    },
  };
}
