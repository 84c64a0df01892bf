// What the header does: presets, comparison, the link, reset, full screen, theme, help.

import {byId, make, setChildren, setText} from "./dom.js";
import {parse, print} from "./grammar.js";
import {_} from "./words.js";

/**
 * @typedef {import("./page.js").Page} Page
 * @typedef {import("./page.js").State} State
 * @typedef {import("./page.js").Store} Store
 */

const WINDOW_KEYS = ["lang", "embed", "hide"]; // how this window shows things, whatever it shows

/**
 * The change of state that opens a query, as links write it.
 * @param {Page} page
 * @param {State} state
 * @param {string} search
 * @returns {Pick<State, "values" | "vs" | "selected" | "isPlaying">}
 */
export function opened(page, state, search) {
  const {values, vs} = parse(page.keys, search);
  for (const name of WINDOW_KEYS) values[name] = state.values[name];
  return {values, vs, selected: 0, isPlaying: false};
}

/**
 * The preset that a query is, whatever its step and window; "" if none.
 * @param {Page} page
 * @param {import("./grammar.js").Query} query
 */
export function presetOf(page, query) {
  const without = (/** @type {import("./grammar.js").Query} */ {values, vs}) =>
    print(page.keys, {
      values: {...values, at: null, lang: "en", embed: false, hide: [], story: "none", fan: "none"},
      vs,
    });
  const link = without(query);
  return page.presets.find((preset) => without(parse(page.keys, preset.query)) === link)?.name ?? "";
}

/**
 * The list of presets: a popover of buttons, each with what to look for.
 * @param {Page} page
 * @param {Store} store
 */
export function createPresets(page, store) {
  const menu = byId("presets");
  const list = byId("preset-list");
  setChildren(
    list,
    page.presets.map(({name, title, lookFor, query}) =>
      make(
        "li",
        {},
        make(
          "button",
          {
            type: "button",
            data: {preset: name},
            onclick() {
              menu.hidePopover();
              store.update({...opened(page, store.get(), query), preset: name, home: query}, "finished");
            },
          },
          make("strong", {textContent: title}),
          make("span", {textContent: lookFor}),
        ),
      ),
    ),
  );
  const hint = byId("hint");
  const hintText = byId("hint-text");
  const current = byId("preset-title");
  byId("hint-close").addEventListener("click", () => store.update({preset: ""}, "look"));
  return {
    /** @param {State} state */
    show(state) {
      const preset = page.presets.find(({name}) => name === state.preset);
      hint.hidden = !preset;
      setText(hintText, preset?.lookFor ?? "");
      setText(current, preset?.title ?? _("Presets"));
      for (const button of list.querySelectorAll("button")) {
        if (button.dataset.preset === state.preset) button.setAttribute("aria-current", "true");
        else button.removeAttribute("aria-current");
      }
    },
  };
}

/**
 * Copy the link; where the page may not, show it selected.
 * @param {(message: string) => void} say
 */
export function createShare(say) {
  const dialog = byId("link-dialog", HTMLDialogElement);
  const field = byId("link-field", HTMLInputElement);
  byId("copy-link").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      say(_("The link is copied."));
    } catch {
      // No secure context (plain http in a classroom), or not allowed.
      field.value = location.href;
      dialog.showModal();
      field.select();
    }
  });
}

/**
 * Light, dark, or as the system has it.
 * @param {() => void} onChange
 */
export function createTheme(onChange) {
  const button = byId("theme");
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // Storage may be forbidden; the theme then lasts as long as the page.
    }
    onChange();
  });
  system.addEventListener("change", onChange);
}

/**
 * The languages, where there are several; another one is another page.
 * @param {(language: string) => string} linkIn The address of what is seen, in a language
 */
export function createLanguage(linkIn) {
  const select = document.getElementById("language");
  if (select instanceof HTMLSelectElement)
    select.addEventListener("change", () => location.assign(linkIn(select.value)));
}

/** The figure on the whole screen, where the browser can. */
export function createFullScreen() {
  const button = byId("full-screen");
  const target = byId("workspace");
  button.hidden = !document.fullscreenEnabled;
  const toggle = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else target.requestFullscreen().catch(() => {});
  };
  button.addEventListener("click", toggle);
  return toggle;
}

/** The dialog that lists the keys. */
export function createHelp() {
  const dialog = byId("help-dialog", HTMLDialogElement);
  const open = () => dialog.showModal();
  byId("help").addEventListener("click", open);
  return open;
}
