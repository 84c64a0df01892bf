// A worker that asks and draws while something is dragged. The page is then busy with a frame for every move of the mouse,
// which comes before everything else: its answers would wait, and a weak machine would draw a few of them in a second.

import {createSeldom} from "./frames.js";
import {answerAt} from "./ladder.js";
import {drawScene, sceneOf} from "./overlay.js";
import {Lost, Refusal, createRequests, fetchJson} from "./requests.js";
import {fromPlain} from "./tokens.js";
import {decodeAll} from "./wire.js";
import {setMessages} from "./words.js";

/**
 * @typedef {import("./questions.js").Answer} Answer
 * @typedef {import("./live.js").PlainLook} PlainLook
 * @typedef {{canvas: OffscreenCanvas, language: string, messages: {[text: string]: string}}} Beginning
 * @typedef {{answer?: Answer, look?: PlainLook, url?: string, link?: string, ladder?: string, isEnough?: boolean,
 *   isOver?: boolean}} Order `link`: the query that `url` asks; `ladder`: a slider is grabbed, and this asks for all of it;
 *   `isEnough`: no more answers; `isOver`: the page has drawn what is to be seen now
 * @typedef {{answer: Answer, url: string} | {refusal: string} | {isLost: boolean} | {mistake: string} | {ladder: string}} Reply `ladder`: the
 *   one that is there
 */

const OVERLAP_MS = 50; // two canvases that take turns are not shown in the same frame
const REPLY_PAUSE_MS = 100; // the page tells numbers and draws the loss; eyes follow the paths
// While answers come within this, each value of a slider is asked for: a ladder has 64. They are slow only on a network.
const QUICK_MS = 30;
const MEASURED = 5; // the last answers, of which the quickest counts: a busy machine delays some, a network all
const page = /** @type {Worker} */ (/** @type {unknown} */ (globalThis));

/** @type {OffscreenCanvas} */
let canvas;
let language = "";
/** @type {PlainLook | null} */
let look = null;
/** @type {Answer | null} */
let answer = null;
let answered = "";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let emptying;
/** @type {number[]} */
let took = [];
/** @type {{url: string, ladder: import("./ladder.js").Ladder, places: Map<string, number>} | null} */
let known = null; // the last ladder, and which rung answers a query
/** @type {AbortController | undefined} */
let fetching;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let doubting;

function draw() {
  if (!look || !answer) return;
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const size = Math.round(look.side * look.ratio);
  if (canvas.width !== size) canvas.width = canvas.height = size;
  context.setTransform(look.ratio, 0, 0, look.ratio, 0, 0);
  context.clearRect(0, 0, look.side, look.side);
  if (!look.isAway) drawScene(context, sceneOf(answer, {...look, tokens: fromPlain(look.tokens), isWhole: true}));
}

/** @param {Reply} reply */
const reply = (reply) => page.postMessage(reply);
const tell = createSeldom(() => answer && look && reply({answer, url: answered}), REPLY_PAUSE_MS);
const requests = createRequests({
  get: async (url, signal) => decodeAll(await timed(url, signal)),
  onAnswer: show,
  onRefusal: ({message}) => reply({refusal: message}),
  onLost: (isLost) => reply({isLost}),
});

/** @param {Answer} newAnswer @param {string} url */
function show(newAnswer, url) {
  [answer, answered] = [newAnswer, url];
  draw();
  globalThis.dispatchEvent(new CustomEvent("painted", {detail: url}));
  tell.soon();
}

/** @param {string} url @param {AbortSignal} [signal] */
async function timed(url, signal) {
  const begin = performance.now();
  const coded = await fetchJson(url, {signal, language});
  took = [...took, performance.now() - begin].slice(-MEASURED);
  return coded;
}

const isQuick = () => Math.min(...took) <= QUICK_MS;

/**
 * A slider is grabbed: unless answers come quickly, fetch those of all its values.
 * @param {string} url
 * @param {string} probe asks for what is seen now, to find out how long answers take
 */
function grab(url, probe) {
  clearTimeout(doubting);
  if (isQuick()) return;
  const isUnknown = took.length === 0;
  timed(probe).catch(() => {}); // that it does not come is said where its answer is needed
  if (isUnknown) doubting = setTimeout(() => isQuick() || climb(url), QUICK_MS);
  else climb(url);
}

/** @param {string} url */
async function climb(url) {
  if (known?.url === url) return reply({ladder: url});
  fetching?.abort();
  const mine = (fetching = new AbortController());
  try {
    /** @type {import("./ladder.js").Ladder} */
    const ladder = decodeAll(await fetchJson(url, {signal: mine.signal, language}));
    if (fetching !== mine) return;
    known = {url, ladder, places: new Map(ladder.rungs.map(({query}, at) => [query, at]))};
    if (!isQuick()) reply({ladder: url});
  } catch (error) {
    // Without a ladder every value is asked for, and whatever is wrong with the question or the server is said there.
    if (!mine.signal.aborted && !(error instanceof Refusal) && !(error instanceof Lost)) throw error;
  }
}

/** @param {string} url @param {string} link */
function ask(url, link) {
  const rung = known?.places.get(link);
  if (!known || rung === undefined) return requests.ask(url);
  requests.stop();
  show(answerAt(known.ladder, rung), url);
}

/** @param {Order} order */
function follow(order) {
  answer = order.answer ?? answer;
  look = order.look ?? look;
  if (order.answer) clearTimeout(emptying);
  if (order.answer || order.look) draw();
  if (order.ladder) grab(order.ladder, order.url ?? "");
  else if (order.url) ask(order.url, order.link ?? "");
  if (order.isEnough) requests.stop();
  if (order.isOver) emptying = setTimeout(empty, OVERLAP_MS);
}

function empty() {
  look = answer = null;
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.resetTransform();
  context.clearRect(0, 0, canvas.width, canvas.height);
}

// A mistake in here is the page's to tell.
page.addEventListener("unhandledrejection", (event) =>
  reply({mistake: String(/** @type {PromiseRejectionEvent} */ (event).reason)}),
);
page.addEventListener(
  "message",
  ({data}) => {
    const beginning = /** @type {Beginning} */ (data);
    ({canvas, language} = beginning);
    setMessages(beginning.messages);
    page.addEventListener("message", ({data}) => follow(/** @type {Order} */ (data)));
  },
  {once: true},
);
