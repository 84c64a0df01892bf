// The time line: buttons, the scrub slider, the speed, and the keys that drive it.

import {byId, setText} from "./dom.js";
import {frameOf, lastStep} from "./page.js";
import {_} from "./words.js";

/**
 * @param {import("./page.js").Store} store
 * @param {import("./player.js").Player} player
 */
export function createTimeline(store, player) {
  const scrub = byId("scrub", HTMLInputElement);
  const play = byId("play", HTMLButtonElement);
  const speed = byId("speed", HTMLSelectElement);
  const step = byId("step-shown", HTMLOutputElement);

  scrub.addEventListener("input", () => player.goTo(scrub.valueAsNumber));
  play.addEventListener("click", player.toggle);
  byId("step-back").addEventListener("click", () => player.move(-1));
  byId("step-forward").addEventListener("click", () => player.move(1));
  byId("to-start").addEventListener("click", () => player.goTo(0));
  byId("to-end").addEventListener("click", () => player.goTo(Infinity));
  speed.addEventListener("change", () => store.update({speed: Number(speed.value)}, "look"));

  let shown = "";
  return {
    /** @param {import("./page.js").State} state */
    show(state) {
      const last = lastStep(state);
      const frame = frameOf(state);
      const look = `${frame} ${last} ${state.isPlaying}`;
      if (look === shown) return;
      shown = look;
      if (scrub.max !== String(last)) scrub.max = String(last);
      if (scrub.value !== String(frame)) scrub.value = String(frame);
      scrub.style.setProperty("--share", `${(100 * frame) / last}%`);
      scrub.setAttribute("aria-valuetext", _("step {step} of {last}", {step: frame, last}));
      setText(step, `${frame} / ${last}`);
      const isPlaying = String(state.isPlaying);
      if (play.getAttribute("aria-pressed") !== isPlaying) {
        play.setAttribute("aria-pressed", isPlaying);
        play.setAttribute("aria-label", state.isPlaying ? _("Pause") : _("Play"));
      }
    },
  };
}

/**
 * Let keys drive the page unless something with the focus takes them.
 * @param {{[key: string]: () => void}} actions by the name of the key
 */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (target.closest("input, select, textarea, dialog, [data-keys], [popover]")) return;
    if (event.key === " " && target.closest("button, summary, a")) return;
    const act = actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
