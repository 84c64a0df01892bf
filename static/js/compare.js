// Comparison: which key differs in the second panel.

import {otherValue} from "./controls/groups.js";
import {byId, make, setChildren} from "./dom.js";
import {_} from "./words.js";

/**
 * @param {import("./page.js").Page} page
 * @param {import("./page.js").Store} store
 * @param {(key: string) => any} effective the value in force of a key that is left open
 */
export function createCompare(page, store, effective) {
  const select = byId("compare", HTMLSelectElement);
  const keys = page.keys.filter((key) => key.group && key.role === "query" && key.kind !== "rows");
  const several = make("option", {value: "+", textContent: _("several things"), hidden: true, disabled: true});
  setChildren(select, [
    make("option", {value: "", textContent: _("Compare …")}),
    ...keys.map(({name, title}) => make("option", {value: name, textContent: title})),
    several,
  ]);

  select.addEventListener("change", () => {
    const key = keys.find(({name}) => name === select.value);
    const {values} = store.get();
    if (!key) return store.update({vs: {}}, "finished");
    const now = values[key.name] ?? effective(key.name);
    store.update({vs: {[key.name]: otherValue(key, now)}}, "finished");
  });

  return {
    /** @param {import("./page.js").State} state */
    show({vs}) {
      const differing = keys.filter(({name}) => name in vs);
      const main = differing.filter(({name}) => name !== "start");
      const value = main.length > 1 ? "+" : ((main[0] ?? differing[0])?.name ?? "");
      if (select.value !== value) select.value = value;
      const none = select.options[0];
      const words = differing.length ? _("One panel") : _("Compare …");
      if (none.textContent !== words) none.textContent = words;
      select.classList.toggle("active", differing.length > 0);
    },
  };
}
