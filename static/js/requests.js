// Requests: one in flight, the newest wins. A lost server is asked again with growing pauses; one that refuses, or fails
// on this question, is not: it would say the same again.

import {_} from "./words.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** What stands between the page and a server that is gone, restarts or is too busy. */
const PASSING = [502, 503, 504];

/** @type {(url: string) => string | null} */
let bodyFor = () => null;

/**
 * Let a lab say what questions take along.
 * @param {(url: string) => string | null} find the body of a question, or null
 */
export function sendAlong(find) {
  bodyFor = find;
}

/** There is no answer, and asking again would not help; the message says why: the question is wrong, or the server is. */
export class Refusal extends Error {
  /** @param {string} message @param {string} [key] */
  constructor(message, key = "") {
    super(message);
    this.key = key;
  }
}

/** The server does not answer now. */
export class Lost extends Error {}

/**
 * Run what only fails when the connection does.
 * @template Result
 * @param {() => Promise<Result>} act
 * @returns {Promise<Result>}
 * @throws {Lost}
 */
export async function connected(act) {
  try {
    return await act();
  } catch (error) {
    if (/** @type {Error} */ (error).name === "AbortError") throw error;
    throw new Lost(String(error));
  }
}

/**
 * Fetch a good answer.
 * @param {string} url
 * @param {RequestInit} options
 * @throws {Refusal | Lost}
 */
export async function fetchGood(url, options) {
  const response = await connected(() => fetch(url, options));
  if (response.ok) return response;
  const {status, statusText} = response;
  if (PASSING.includes(status)) throw new Lost(`the server answered ${status}`);
  if (status >= 500) {
    throw new Refusal(_("The server failed on this question (error {status}); the last figure stays.", {status}));
  }
  const {detail, key} = await response.json().catch(() => ({detail: statusText}));
  throw new Refusal(String(detail), key);
}

/**
 * Fetch JSON; a question about one's own rows takes them along.
 * @param {string} url
 * @param {{signal?: AbortSignal, language: string, body?: string | null}} options
 * @returns {Promise<any>}
 * @throws {Refusal | Lost}
 */
export async function fetchJson(url, {signal, language, body = bodyFor(url)}) {
  const headers = {"Accept-Language": language, ...(body !== null && {"Content-Type": "text/csv"})};
  const response = await fetchGood(url, {signal, headers, ...(body !== null && {method: "POST", body})});
  return connected(() => response.json());
}

/**
 * Ask for what is wanted now. Whatever else goes wrong, in `get` or in `onAnswer`, is a mistake in the page and stays
 * an unhandled rejection, which the console and the status line show.
 * @param {{
 *   get: (url: string, signal: AbortSignal) => Promise<any>,
 *   onAnswer: (answer: any, url: string) => void,
 *   onRefusal: (refusal: Refusal) => void,
 *   onLost: (isLost: boolean) => void,
 *   onBusy?: (isBusy: boolean) => void,
 *   later?: (act: () => void, ms: number) => any,
 * }} options `onLost`: the server is lost, or found again; told once each
 */
export function createRequests({get, onAnswer, onRefusal, onLost, onBusy = () => {}, later = setTimeout}) {
  /** @type {{url: string, controller: AbortController} | null} */
  let inFlight = null;
  /** @type {string | null} */
  let wanted = null;
  let pause = FIRST_PAUSE_MS;
  const setBusy = onChange(onBusy);
  const setLost = onChange(onLost);

  /** @param {string} url */
  async function send(url) {
    const request = {url, controller: new AbortController()};
    inFlight = request;
    wanted = null;
    setBusy(true);
    let answer;
    try {
      answer = await get(url, request.controller.signal);
    } catch (error) {
      if (inFlight !== request) return;
      if (error instanceof Lost) return retry(request);
      settle();
      if (error instanceof Refusal) return onRefusal(error);
      throw error;
    }
    if (inFlight !== request) return;
    settle();
    onAnswer(answer, url);
  }

  /** @param {{url: string}} request */
  function retry(request) {
    setLost(true);
    later(() => {
      if (inFlight === request) send(wanted ?? request.url);
    }, pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  }

  function settle() {
    pause = FIRST_PAUSE_MS;
    setLost(false);
    inFlight = null;
    setBusy(false);
    // The next one leaves before this one's answer is drawn.
    if (wanted !== null) send(wanted);
  }
  return {
    /**
     * Want the answer of a URL; what was wanted before is forgotten.
     * @param {string} url
     * @param {{isUrgent?: boolean}} [options] Urgent: a request in flight is broken off.
     */
    ask(url, {isUrgent = false} = {}) {
      if (inFlight?.url === url) {
        wanted = null;
      } else if (!inFlight) {
        send(url);
      } else if (isUrgent) {
        const stale = inFlight;
        inFlight = null;
        stale.controller.abort();
        send(url);
      } else {
        wanted = url;
      }
    },
    /** Whether an answer is still to come. */
    get isWaiting() {
      return inFlight !== null;
    },
    /** Forget everything. */
    stop() {
      inFlight?.controller.abort();
      inFlight = wanted = null;
      setLost(false);
      setBusy(false);
    },
  };
}

/** Tell a state only when it changes; it begins as false. @param {(state: boolean) => void} tell */
export function onChange(tell) {
  let told = false;
  return (/** @type {boolean} */ state) => {
    if (state === told) return;
    told = state;
    tell(state);
  };
}
