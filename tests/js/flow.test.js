import assert from "node:assert/strict";
import test from "node:test";

import {createAddress} from "../../static/js/address.js";
import {atFrame, frameOf, lastStep} from "../../static/js/page.js";
import {createPlayer} from "../../static/js/player.js";
import {createRequests, fetchJson, Lost, Refusal} from "../../static/js/requests.js";
import {createStore} from "../../static/js/store.js";
import {_, setMessages} from "../../static/js/words.js";

/** A history that can be looked into, and a clock that stands still. */
function fakes() {
  const entries = ["?start"];
  const clock = {now: 0, waiting: /** @type {(() => void)[]} */ ([])};
  const history = {
    pushState: (/** @type {any} */ _state, /** @type {string} */ _title, /** @type {any} */ link) =>
      void entries.push(link),
    replaceState: (/** @type {any} */ _state, /** @type {string} */ _title, /** @type {any} */ link) =>
      void entries.splice(-1, 1, link),
  };
  const later = (/** @type {() => void} */ act) => clock.waiting.push(act);
  return {entries, clock, address: createAddress({history, now: () => clock.now, later}, "?start")};
}

test("a drag adds one entry, and going back returns to the state before it", () => {
  const {entries, clock, address} = fakes();
  for (const value of [1, 2, 3]) {
    clock.now += 100;
    address.follow(() => `?a=${value}`, "drag");
  }
  address.finish("?a=3", null);
  assert.deepEqual(entries, ["?start", "?a=3"]);
});

test("what is in progress is written at most five times a second, and once at the end", () => {
  const {entries, clock, address} = fakes();
  let written = 0;
  for (let frame = 0; frame < 60; frame++) {
    clock.now += 16;
    const before = entries.at(-1);
    address.follow(() => `?at=${frame}`, "time");
    if (entries.at(-1) !== before) written++;
    if (frame % 20 === 19) clock.waiting.splice(0).forEach((act) => act());
  }
  clock.waiting.forEach((act) => act());
  assert.ok(written <= 5, `${written} in a second`);
  assert.deepEqual(entries, ["?at=59"]);
});

test("a change to the same link adds nothing", () => {
  const {entries, address} = fakes();
  address.finish("?start", null);
  assert.deepEqual(entries, ["?start"]);
});

/** Requests whose answers come when the test says so. */
function slowServer() {
  /** @type {{url: string, answer: (value: any) => void, fail: (error: Error) => void, signal: AbortSignal}[]} */
  const asked = [];
  const seen = /** @type {any[]} */ ([]);
  const pauses = /** @type {[number, () => void][]} */ ([]);
  const requests = createRequests({
    get: (url, signal) => new Promise((answer, fail) => asked.push({url, answer, fail, signal})),
    onAnswer: (answer) => seen.push(answer),
    onRefusal: (refusal) => seen.push(refusal.message),
    onLost: (isLost) => seen.push(isLost ? "lost" : "found"),
    onBusy: (isBusy) => seen.push(isBusy),
    later: (act, ms) => pauses.push([ms, act]),
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {asked, seen, pauses, requests, settled};
}

test("one request is in flight, and the newest wins", async () => {
  const {asked, seen, requests, settled} = slowServer();
  for (const url of ["a", "b", "c", "d"]) requests.ask(url);
  assert.deepEqual(asked.map(({url}) => url), ["a"]); // prettier-ignore
  asked[0].answer("A");
  await settled();
  assert.deepEqual(asked.map(({url}) => url), ["a", "d"]); // prettier-ignore
  asked[1].answer("D");
  await settled();
  assert.deepEqual(seen.filter((one) => typeof one === "string"), ["A", "D"]); // prettier-ignore
});

test("an urgent request breaks off the one in flight", async () => {
  const {asked, seen, requests, settled} = slowServer();
  requests.ask("a");
  requests.ask("b", {isUrgent: true});
  assert.ok(asked[0].signal.aborted);
  asked[0].answer("A");
  asked[1].answer("B");
  await settled();
  assert.deepEqual(seen, [true, "B"].toSpliced(1, 0, false));
});

test("a lost server is asked again with growing pauses", async () => {
  const {asked, seen, pauses, requests, settled} = slowServer();
  requests.ask("a");
  for (let failure = 0; failure < 3; failure++) {
    asked[failure].fail(new Lost("Failed to fetch"));
    await settled();
    pauses[failure][1]();
  }
  assert.deepEqual(pauses.map(([ms]) => ms), [500, 1000, 2000]); // prettier-ignore
  asked[3].answer("A");
  await settled();
  assert.deepEqual(seen.filter((one) => typeof one === "string"), ["lost", "found", "A"]); // prettier-ignore
});

test("a refusal is said once and not asked again", async () => {
  const {asked, seen, pauses, requests, settled} = slowServer();
  requests.ask("a");
  asked[0].fail(new Refusal("steps must be between 1 and 2000, got '0'"));
  await settled();
  assert.ok(seen.includes("steps must be between 1 and 2000, got '0'"));
  assert.equal(pauses.length, 0);
});

/** What fetching leads to when the server answers this. @param {number} status @param {string} body */
async function failureOf(status, body) {
  const real = globalThis.fetch;
  globalThis.fetch = async () => new Response(body, {status});
  try {
    return await fetchJson("http://server/", {language: "en"}).catch((error) => error);
  } finally {
    globalThis.fetch = real;
  }
}

test("a server that fails on a question is told from one that is gone", async () => {
  const failed = await failureOf(500, "Internal Server Error");
  assert.ok(failed instanceof Refusal);
  assert.match(failed.message, /failed on this question \(error 500\)/);
  for (const status of [502, 503, 504]) assert.ok((await failureOf(status, "")) instanceof Lost);
  assert.ok((await failureOf(200, '{"half')) instanceof Lost, "the connection broke off");
  const refused = await failureOf(422, '{"detail": "unknown key", "key": "stepps"}');
  assert.ok(refused instanceof Refusal && refused.message === "unknown key" && refused.key === "stepps");
});

test("the server is found again by a refusal, too, and by nothing being asked any more", async () => {
  const {asked, seen, pauses, requests, settled} = slowServer();
  requests.ask("a");
  asked[0].fail(new Lost());
  await settled();
  pauses[0][1]();
  asked[1].fail(new Refusal("no"));
  await settled();
  requests.ask("b");
  asked[2].fail(new Lost());
  await settled();
  requests.stop();
  assert.deepEqual(seen.filter((one) => typeof one === "string"), ["lost", "found", "no", "lost", "found"]); // prettier-ignore
});

/** The reasons of promises that nobody has caught while `act` ran. @param {() => Promise<unknown>} act */
async function uncaught(act) {
  /** @type {string[]} */
  const reasons = [];
  const held = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (reason) => reasons.push(String(reason)));
  await act();
  await new Promise((resolve) => setImmediate(resolve));
  process.removeAllListeners("unhandledRejection");
  for (const listener of held) process.on("unhandledRejection", listener);
  return reasons;
}

test("a mistake in drawing an answer is not swallowed, and the next question is asked", async () => {
  /** @type {string[]} */
  const asked = [];
  const requests = createRequests({
    get: async (url) => asked.push(url),
    onAnswer: () => {
      throw new TypeError("no such element");
    },
    onRefusal: () => assert.fail("nobody refused"),
    onLost: () => assert.fail("the server answered"),
  });
  const reasons = await uncaught(async () => {
    requests.ask("a");
    await new Promise((resolve) => setImmediate(resolve));
    requests.ask("b");
  });
  assert.deepEqual(asked, ["a", "b"]);
  assert.deepEqual(reasons, Array(2).fill("TypeError: no such element"));
});

test("a mistake in reading an answer is not taken for a lost server", async () => {
  const requests = createRequests({
    get: async () => JSON.parse("{}").shape.split(","),
    onAnswer: () => assert.fail("there was none"),
    onRefusal: () => assert.fail("nobody refused"),
    onLost: () => assert.fail("the server answered"),
  });
  const reasons = await uncaught(async () => requests.ask("a"));
  assert.equal(reasons.length, 1);
  assert.ok(!requests.isWaiting);
});

const STATE = /** @type {import("../../static/js/page.js").State} */ ({
  values: {steps: 10, at: null},
  vs: {},
  preset: "",
  home: "",
  selected: 0,
  isPlaying: false,
  speed: 10,
  isLog: true,
  hasInspector: false,
  isDeep: false,
});

test("without a step in the link the last one is shown", () => {
  assert.equal(frameOf(STATE), 10);
  assert.equal(lastStep({...STATE, vs: {steps: 40}}), 40);
  assert.equal(frameOf({...STATE, values: {steps: 10, at: 99}}), 10);
  assert.equal(atFrame(STATE, 3.2).values.at, 3);
  assert.equal(atFrame(STATE, 10).values.at, null);
});

test("playing from the end starts again, runs at its speed, and stops at the end", () => {
  const store = createStore(STATE);
  /** @type {((now: number) => void)[]} */
  const frames = [];
  const player = createPlayer(store, {requestFrame: (act) => frames.push(act)});
  player.play();
  assert.equal(frameOf(store.get()), 0);
  const seen = new Set();
  for (let now = 0; frames.length && now < 5000; now += 16) {
    frames.splice(0).forEach((act) => act(now));
    seen.add(frameOf(store.get()));
    if (now > 480 && now < 500) assert.ok(Math.abs(frameOf(store.get()) - 5) <= 1);
  }
  assert.equal(seen.size, 11);
  assert.equal(store.get().isPlaying, false);
  assert.equal(store.get().values.at, null);
});

test("sentences are translated, and their places filled", () => {
  setMessages({"step {step}": "第 {step} 步", empty: ""});
  assert.equal(_("step {step}", {step: 3}), "第 3 步");
  assert.equal(_("empty"), "empty"); // not translated yet
  assert.equal(_("{other}", {}), "{other}");
  setMessages({});
});
