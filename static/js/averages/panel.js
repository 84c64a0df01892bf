// One panel: the series above, what every past value weighs below.

import {fromTemplate, setHidden, setText} from "../dom.js";
import {panelLink} from "../grammar.js";
import {createRequests, fetchJson} from "../requests.js";
import {decodeAll} from "../wire.js";
import {createResults} from "./results.js";
import {createSeriesChart} from "./serieschart.js";
import {createWeightsChart} from "./weightschart.js";

/**
 * @typedef {import("../declarations.js").Values} Values
 * @typedef {import("../declarations.js").Picked} Picked
 * @typedef {import("./serieschart.js").Answer} Answer
 */

/**
 * @param {{page: import("../page.js").Page, tokens: () => import("../tokens.js").Tokens, scale: () => number,
 *   onAnswer: (isLive: boolean) => void, onScrub: (step: number) => void, onSelect: (average: number) => void,
 *   onRefusal: (message: string) => void, onLost: (isLost: boolean) => void,
 *   onBusy: (isBusy: boolean) => void, requestPaint: () => void}} options
 */
export function createPanel(options) {
  const {page, tokens, scale} = options;
  const {element, part} = fromTemplate("panel-template");
  const seriesChart = createSeriesChart(part("series"), options);
  const weightsChart = createWeightsChart(part("weights"));
  const results = createResults(options);
  /** @type {Answer | null} */
  let answer = null;
  /** @type {number[]} */
  let slots = []; // of the averages asked for
  let series = ""; // asked for
  let shown = {slots, series}; // what is in the answer
  let isLive = false;
  let asked = "";

  const requests = createRequests({
    get: async (url, signal) => {
      const wanted = {slots, series};
      return {coded: await fetchJson(url, {signal, language: page.language}), wanted};
    },
    onAnswer({coded, wanted}) {
      answer = decodeAll(coded);
      shown = wanted;
      options.onAnswer(isLive);
    },
    onRefusal: (refusal) => options.onRefusal(refusal.message),
    onLost: options.onLost,
    onBusy: options.onBusy,
  });

  const sizes = new ResizeObserver((entries) => {
    for (const {target, contentRect} of entries) {
      const chart = target === part("series-box") ? seriesChart : weightsChart;
      chart.resize(Math.floor(contentRect.width), Math.floor(contentRect.height));
    }
    options.requestPaint();
  });
  sizes.observe(part("series-box"));
  sizes.observe(part("weights-box"));

  /** @param {number} selected */
  const chosen = (selected) => Math.min(selected, (answer?.averages.length ?? 1) - 1);

  return {
    element,
    results,
    get answer() {
      return answer;
    },
    /** @param {Values} values @param {import("../store.js").How} how */
    follow(values, how) {
      slots = /** @type {Picked[]} */ (values.average).map(({slot}, index) => slot ?? index);
      series = /** @type {Picked} */ (values.series).name;
      isLive = how === "drag";
      const url = `${page.api}?${panelLink(page.keys, values)}`;
      if (url === asked) return;
      asked = url;
      requests.ask(url, {isUrgent: !isLive});
    },
    /** @param {string} letter @param {string} name */
    name(letter, name) {
      setText(part("letter"), letter);
      setText(part("name"), name);
    },
    /** @param {{frame: number, steps: number, selected: number}} time */
    paint({frame, steps, selected}) {
      if (!answer) return;
      const picture = {
        answer,
        slots: shown.slots,
        frame,
        steps,
        selected: chosen(selected),
        tokens: tokens(),
        scale: scale(),
      };
      seriesChart.paint(picture);
      weightsChart.paint(picture);
      setHidden(part("empty"), frame > 0);
    },
    /** @param {{frame: number, selected: number, letter: string}} time */
    say({frame, selected, letter}) {
      if (answer) results.show(answer, {...shown, frame, selected: chosen(selected), letter});
    },
    /** Forget what is under way. */
    stop() {
      requests.stop();
      asked = "";
    },
  };
}

/** @typedef {ReturnType<typeof createPanel>} Panel */
