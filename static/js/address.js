// The address bar: always the printed form of the store; a finished change adds an entry to the history.

/** @typedef {import("./store.js").How} How */

// Chromium ignores replaceState beyond about 200 quick calls, and each costs its browser process up to 50 ms.
const PAUSE_MS = 500;

/**
 * @param {{history: Pick<History, "pushState" | "replaceState">, now?: () => number,
 *   later?: (act: () => void, ms: number) => unknown}} surroundings
 * @param {string} settledLink The link that the current entry holds
 * @param {unknown} [mark] What the entry remembers beside its link
 */
export function createAddress({history, now = () => performance.now(), later = setTimeout}, settledLink, mark = null) {
  let written = settledLink; // what the bar shows
  let wanted = () => settledLink;
  let settled = () => settledLink;
  let isWaiting = false;
  let last = -Infinity;

  const replace = (/** @type {string} */ link) => {
    if (link === written) return;
    history.replaceState(mark, "", link);
    written = link;
    last = now();
  };
  const catchUp = () => {
    isWaiting = false;
    replace(wanted());
  };
  return {
    /**
     * Show a link that is still changing.
     * @param {() => string} link printed only when it is needed
     * @param {How} how
     */
    follow(link, how) {
      wanted = link;
      if (how === "time") settled = link; // going back returns to this frame
      if (isWaiting) return;
      const pause = last + PAUSE_MS - now();
      if (pause <= 0) return replace(link());
      isWaiting = true;
      later(catchUp, pause);
    },
    /**
     * Add an entry for a finished change; the entry before it keeps the state before the drag.
     * @param {string} link
     * @param {unknown} newMark
     */
    finish(link, newMark) {
      const before = settled();
      wanted = settled = () => link;
      if (link === before) return replace(link);
      if (written !== before) history.replaceState(mark, "", before);
      mark = newMark;
      history.pushState(mark, "", link);
      written = link;
      last = now();
    },
    /**
     * Take over what the browser went back or forward to.
     * @param {string} link
     * @param {unknown} newMark
     */
    restore(link, newMark) {
      written = link;
      wanted = settled = () => link;
      mark = newMark;
    },
  };
}
