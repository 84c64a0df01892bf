// The status line: the one place that says what went wrong, or what is going on.

import {byId, setText} from "./dom.js";
import {_} from "./words.js";

const NOTICE_MS = 4000;
const PATIENCE_MS = 150;

export function createStatus() {
  const line = byId("status");
  const text = byId("status-text");
  const root = document.documentElement;
  let isLost = false;
  let busy = 0;
  let said = text.textContent ?? "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let fading;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;

  function show() {
    const shown = isLost ? _("The server does not answer; the last figure stays. Trying again …") : said;
    setText(text, shown);
    line.hidden = !shown;
    line.classList.toggle("lost", isLost);
  }
  byId("status-close").addEventListener("click", () => {
    said = "";
    show();
  });
  return {
    /** Say what is wrong; it stays until something better happens. @param {string} message */
    complain(message) {
      clearTimeout(fading);
      said = message;
      show();
    },
    /** Say something that passes. @param {string} message */
    notice(message) {
      clearTimeout(fading);
      said = message;
      show();
      fading = setTimeout(() => {
        said = "";
        show();
      }, NOTICE_MS);
    },
    clear() {
      if (!said) return;
      clearTimeout(fading);
      said = "";
      show();
    },
    /** @param {boolean} lost */
    setLost(lost) {
      if (lost === isLost) return;
      isLost = lost;
      show();
    },
    /** Show that something takes longer than a moment. @param {boolean} isBusy */
    setBusy(isBusy) {
      busy += isBusy ? 1 : -1;
      if (busy > 0) waiting ??= setTimeout(() => (root.dataset.busy = "true"), PATIENCE_MS);
      if (busy <= 0) {
        clearTimeout(waiting);
        waiting = undefined;
        delete root.dataset.busy;
      }
    },
  };
}
