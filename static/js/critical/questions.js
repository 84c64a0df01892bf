// What one panel of this lab asks the server, each question only when something that it depends on has changed.

import {askedBy} from "../declarations.js";
import {panelLink, printValue} from "../grammar.js";
import {levelsOf} from "../levels.js";
import {createRequests, fetchJson} from "../requests.js";
import {decodeAll} from "../wire.js";

/**
 * @typedef {import("../geometry.js").Ranges} Ranges
 * @typedef {import("../declarations.js").Values} Values
 * @typedef {"critical" | "expansion" | "curvature" | "escape" | "network"} Question
 */

/** @type {Question[]} */
const QUESTIONS = ["critical", "expansion", "curvature", "escape", "network"];

/**
 * @param {{page: import("../page.js").Page, onAnswer: (question: Question, answer: any) => void,
 *   onSurface: (grid: import("../figure.js").Grid & {lowest: number}, ranges: Ranges) => void,
 *   onRefusal: (message: string) => void, onLost: (isLost: boolean) => void,
 *   onBusy: (isBusy: boolean) => void}} options
 */
export function createQuestions({page, onAnswer, onSurface, onRefusal, onLost, onBusy}) {
  const make = (/** @type {(answer: any) => void} */ take) =>
    createRequests({
      get: (url, signal) => fetchJson(url, {signal, language: page.language}),
      onAnswer(coded) {
        take(decodeAll(coded));
      },
      onRefusal: (refusal) => onRefusal(refusal.message),
      onLost,
      onBusy,
    });
  const requests = Object.fromEntries(QUESTIONS.map((name) => [name, make((answer) => onAnswer(name, answer))]));
  const surfaces = make(({x, y, loss, gap, view, lowest}) =>
    onSurface({x: x.data, y: y.data, loss: loss.data, levels: levelsOf(gap.data), lowest}, view.flat()),
  );
  const root = page.surfaceApi.slice(0, page.surfaceApi.lastIndexOf("/"));
  /** @type {{[question: string]: string}} */
  let asked = {};
  let askedSurface = "";
  let shape = "";

  return {
    /**
     * Ask what these values leave open.
     * @param {Values} values @param {Question[]} wanted @param {boolean} isLive
     */
    follow(values, wanted, isLive) {
      // Written out, defaults too: what a lab leaves out is not what `/api/surface` takes it for.
      shape = page.keys
        .filter(({shapes}) => shapes)
        .map((key) => `${key.name}=${printValue(key, values[key.name]).join()}`)
        .join("&");
      for (const name of wanted) {
        const url = `${root}/${name}?${panelLink(page.keys, values, askedBy(page.keys, name))}`;
        if (url === asked[name]) continue;
        asked[name] = url;
        requests[name].ask(url, {isUrgent: !isLive});
      }
    },
    /** @param {Ranges} view */
    askSurface(view) {
      const url = `${page.surfaceApi}?${[shape, `view=${view.join(",")}`].filter(Boolean).join("&")}`;
      if (url === askedSurface) return;
      askedSurface = url;
      surfaces.ask(url, {isUrgent: true});
    },
    /** Forget what is under way. */
    stop() {
      for (const request of [...Object.values(requests), surfaces]) request.stop();
      asked = {};
      askedSurface = "";
    },
  };
}
