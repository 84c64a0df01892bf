// Requests: one in flight, the newest wins, and a lost server is asked again with growing pauses.

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** @type {(url: string) => string | null} */
let bodyFor = () => null;

/**
 * Let a lab say what questions take along.
 * @param {(url: string) => string | null} find the body of a question, or null
 */
export function sendAlong(find) {
  bodyFor = find;
}

/** The server understood the question and cannot answer it; the message says why. */
export class Refusal extends Error {
  /** @param {string} message @param {string} [key] */
  constructor(message, key = "") {
    super(message);
    this.key = key;
  }
}

/**
 * Fetch JSON; a question about one's own rows takes them along.
 * @param {string} url
 * @param {{signal?: AbortSignal, language: string, body?: string | null}} options
 * @returns {Promise<any>}
 * @throws {Refusal} if the server says what is wrong with the question
 */
export async function fetchJson(url, {signal, language, body = bodyFor(url)}) {
  const headers = {"Accept-Language": language, ...(body !== null && {"Content-Type": "text/csv"})};
  const response = await fetch(url, {signal, headers, ...(body !== null && {method: "POST", body})});
  if (response.ok) return response.json();
  if (response.status >= 500) throw new Error(`the server answered ${response.status}`);
  const {detail, key} = await response.json().catch(() => ({detail: response.statusText}));
  throw new Refusal(String(detail), key);
}

/**
 * Ask for what is wanted now.
 * @param {{
 *   get: (url: string, signal: AbortSignal) => Promise<any>,
 *   onAnswer: (answer: any, url: string) => void,
 *   onRefusal: (refusal: Refusal) => void,
 *   onLost: () => void,
 *   onBusy?: (isBusy: boolean) => void,
 *   later?: (act: () => void, ms: number) => any,
 * }} options
 */
export function createRequests({get, onAnswer, onRefusal, onLost, onBusy = () => {}, later = setTimeout}) {
  /** @type {{url: string, controller: AbortController} | null} */
  let inFlight = null;
  /** @type {string | null} */
  let wanted = null;
  let pause = FIRST_PAUSE_MS;
  let isBusy = false;

  /** @param {boolean} busy */
  function setBusy(busy) {
    if (busy !== isBusy) onBusy(busy);
    isBusy = busy;
  }

  /** @param {string} url */
  async function send(url) {
    const request = {url, controller: new AbortController()};
    inFlight = request;
    wanted = null;
    setBusy(true);
    try {
      const answer = await get(url, request.controller.signal);
      if (inFlight !== request) return;
      pause = FIRST_PAUSE_MS;
      settle();
      onAnswer(answer, url);
    } catch (error) {
      if (inFlight !== request) return;
      if (error instanceof Refusal) {
        settle();
        return onRefusal(error);
      }
      if (!(error instanceof TypeError) && !String(error).includes("the server answered")) {
        settle();
        throw error; // a bug of ours
      }
      onLost();
      later(() => {
        if (inFlight === request) send(wanted ?? url);
      }, pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  }
  function settle() {
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
      setBusy(false);
    },
  };
}
