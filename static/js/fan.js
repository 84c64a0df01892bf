// The fan: the selected run's path for all values of a shared slider at once, faint, below the runs.

import {createCanvas} from "./canvas.js";
import {label} from "./declarations.js";
import {make, setHidden} from "./dom.js";
import {projection} from "./geometry.js";
import {panelLink} from "./grammar.js";
import {blend} from "./ground.js";
import {ladderLink, mostRungs, partOf, rungsOf, withNumber} from "./ladder.js";
import {short} from "./numbers.js";
import {drawThin} from "./paths.js";
import {createRequests, fetchJson} from "./requests.js";
import {styleOf} from "./styles.js";
import {decodeAll} from "./wire.js";
import {_} from "./words.js";

/**
 * @typedef {import("./declarations.js").Values} Values
 * @typedef {import("./declarations.js").Picked} Picked
 * @typedef {import("./declarations.js").NumberKind} NumberKind
 * @typedef {{ranges: import("./geometry.js").Ranges, rect: import("./geometry.js").Rect, side: number,
 *   tokens: import("./tokens.js").Tokens, scale: number}} Look
 */

const ALPHA = 0.65; // the style sheet makes all of it faint, so that what lies on each other does not add up

/**
 * What a fan asks for, and which of the answer's runs it is; null where there is none to ask for.
 * @param {import("./page.js").Page} page
 * @param {Values} values
 * @param {number} selected
 * @param {import("./questions.js").Answer | null} answer of the race
 */
export function fanOf({keys, ladderApi}, values, selected, answer) {
  const runs = /** @type {Picked[]} */ (values.run);
  const run = runs[selected];
  const runKey = keys.find(({name}) => name === "run");
  if (!run || !ladderApi || runKey?.kind !== "component") return null;
  const {parameters} = runKey.entries[run.name];
  const number = parameters.find((one) => one.kind === "number" && one.shared === values.fan);
  if (number?.kind !== "number") return null;
  // A fork needs the run that it comes from; any other needs itself alone. Neither depends on where one looks.
  const isAlone = !run.values.fork;
  const place = {key: "run", run: isAlone ? 0 : selected, parameter: number.name};
  const needed = {...values, view: null, ...(isAlone && {run: [run], [String(values.fan)]: null})};
  const most = mostRungs(answer, isAlone ? 1 / runs.length : 1);
  if (!most) return null;
  const rungs = rungsOf(number, most);
  const link = panelLink(keys, withNumber(needed, place, rungs[0]));
  return {url: `${ladderApi}?${[link, ladderLink(place, rungs)].join("&")}`, number, rungs, run: place.run};
}

/**
 * @param {import("./page.js").Page} page
 * @param {HTMLElement} above the canvas that it stands below
 * @param {() => void} onChange it has other paths, or other words
 */
export function createFan(page, above, onChange) {
  const element = make("canvas", {class: "overlay fan", hidden: true, aria: {hidden: "true"}});
  above.before(element);
  const canvas = createCanvas(element);
  /** @type {ReturnType<typeof fanOf>} */
  let wanted = null;
  /** @type {{url: string, params: import("./wire.js").Tensor} | null} */
  let known = null;
  let note = "";
  let token = "";
  /** @type {unknown[]} */
  let painted = [];

  const requests = createRequests({
    get: (url, signal) => fetchJson(url, {signal, language: page.language}),
    onAnswer(coded, url) {
      known = {url, params: decodeAll(coded).params};
      onChange();
    },
    onRefusal() {}, // the race is refused, too, and says why
    onLost() {},
  });
  const isShown = () => wanted !== null && wanted.url === known?.url;

  return {
    /**
     * @param {Values} values
     * @param {number} selected
     * @param {import("./questions.js").Answer | null} answer the newest that there is
     * @param {boolean} isAtRest it is that of these values, which are not being dragged; else a fan of others is hidden
     */
    follow(values, selected, answer, isAtRest) {
      const run = /** @type {Picked[]} */ (values.run)[selected];
      wanted = fanOf(page, values, selected, answer);
      token = styleOf(run?.slot ?? selected).token;
      setHidden(element, !isShown());
      note = wanted ? say(wanted) : "";
      if (!wanted) requests.stop();
      else if (!isShown() && isAtRest) requests.ask(wanted.url, {isUrgent: true});
    },
    /** What it shows, in words. */
    get note() {
      return isShown() ? note : "";
    },
    /** @param {Look} look */
    paint({ranges, rect, side, tokens, scale}) {
      if (!isShown() || !known || !wanted) return;
      const looks = [known, ...ranges, side, tokens, token];
      setHidden(element, false);
      if (looks.every((part, at) => part === painted[at])) return;
      painted = looks;
      canvas.resize(side, side);
      canvas.clear();
      const {context} = canvas;
      const at = projection(ranges, rect);
      context.save();
      context.beginPath();
      context.rect(rect.left, rect.top, rect.width, rect.height);
      context.clip();
      context.lineJoin = "round";
      context.lineWidth = 1.1 * scale;
      context.globalAlpha = ALPHA;
      const last = wanted.rungs.length - 1;
      for (let rung = 0; rung <= last; rung++) {
        context.strokeStyle = blend(tokens.quiet, tokens.run(token), rung / last);
        drawThin(context, at, partOf(known.params, rung, wanted.run), ranges);
      }
      context.restore();
    },
  };
}

/** @param {{number: NumberKind, rungs: number[]}} fan */
function say({number, rungs}) {
  const [low, high] = [rungs[0], rungs[rungs.length - 1]].map((value) => short(value));
  const words = {title: label(number), count: rungs.length, low, high};
  return _("Faint paths: {title} at {count} values from {low} to {high}", words);
}

/** @typedef {ReturnType<typeof createFan>} Fan */
