// The control for one's own rows: paste them, or open a file.

import {freshId, make, setHidden, setText} from "../dom.js";
import {keepRows, keptRows, pack, unpack} from "../ownrows.js";
import {_} from "../words.js";
import {helpFor} from "./help.js";

/**
 * @param {import("../declarations.js").RowsKind} kind
 * @param {{change: (value: string | null, how: import("../store.js").How) => void,
 *   check: (csv: string) => Promise<string>}} events `check`: what is wrong with a table, or nothing
 * @param {{name?: string}} [options]
 */
export function createOwnRows(kind, {change, check}, {name = ""} = {}) {
  const id = freshId();
  const field = make("textarea", {id, rows: 6, spellcheck: false, autocomplete: "off", placeholder: "x1,x2,y\n1,2,3"});
  const file = make("input", {
    type: "file",
    accept: ".csv,.tsv,.txt,text/csv",
    class: "visually-hidden",
    id: freshId(),
  });
  const mistake = make("p", {class: "mistake", role: "alert", hidden: true});
  const note = make("p", {class: "quiet", hidden: true});
  const use = make("button", {
    type: "button",
    class: "primary",
    textContent: _("Use these rows"),
    onclick: () => take(),
  });
  const release = make("button", {
    type: "button",
    textContent: _("Back to the bundled rows"),
    onclick: () => change(null, "finished"),
  });
  const help = helpFor(kind);
  const title = [name, kind.title].filter(Boolean).join(" ");
  const summary = make("summary", {textContent: title});
  const label = make("label", {htmlFor: id, textContent: _("Two features and a target, as CSV")});
  const open = make("label", {htmlFor: file.id, class: "button", textContent: _("Open a file …")});
  const line = make("div", {class: "line"}, label, ...help.buttons);
  const buttons = make("div", {class: "buttons"}, use, file, open, release);
  const details = make(
    "details",
    {class: "control own-rows"},
    summary,
    line,
    ...help.texts,
    field,
    mistake,
    note,
    buttons,
  );

  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    file.value = ""; // the same file may be opened again, after it has been mended
    if (chosen.size > kind.mostBytes) {
      const [size, most] = [chosen.size, kind.mostBytes].map((bytes) => String(Math.round(bytes / 1024)));
      return complain(_("{name} has {size} KB; expected at most {most} KB", {name: chosen.name, size, most}));
    }
    field.value = await chosen.text();
    take();
  });

  /** @param {string} message */
  function complain(message) {
    details.open = true;
    setText(mistake, message);
    setHidden(mistake, !message);
  }

  async function take() {
    const csv = field.value.trim() ? field.value : await unpack(kind.example);
    field.value = csv;
    const wrong = await check(csv);
    complain(wrong);
    if (wrong) return;
    const packed = await pack(csv);
    if (packed.length <= kind.mostLink) return change(packed, "finished");
    keepRows(csv);
    // The same word again stands for another table: it has to be seen as a change.
    change(null, "look");
    change(kind.session, "finished");
  }

  let shown = "";
  return {
    element: details,
    /** @param {string | null} value */
    async show(value) {
      setHidden(release, value === null);
      const isKept = value === kind.session;
      setText(note, _("These rows are too many for a link: it works in this window only, until it is closed."));
      setHidden(note, !isKept);
      if (value === null || value === shown) return;
      shown = value;
      details.open = true;
      const csv = isKept ? keptRows() : await unpack(value).catch(() => null);
      if (csv !== null && document.activeElement !== field) field.value = csv;
      complain("");
    },
  };
}
