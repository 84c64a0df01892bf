// The inspector: every number of the selected run at the frame, beside the formula that makes one from the others.

import {byId, make, setChildren, setText} from "./dom.js";
import {fixed} from "./numbers.js";
import {_} from "./words.js";

/**
 * @typedef {import("./panel.js").Run} Run
 * @typedef {import("./wire.js").Tensor} Tensor
 * @typedef {import("./declarations.js").Entry} Entry
 * @typedef {{name: string, symbol: string, title: string, of: (run: Run) => Tensor | null | undefined}} Row
 */

/**
 * A copy of what the server typeset, or nothing.
 * @param {string} name
 */
function typeset(name) {
  const template = document.querySelector(`template[data-formula="${CSS.escape(name)}"]`);
  return template instanceof HTMLTemplateElement ? template.content.cloneNode(true) : null;
}

/**
 * The rows of the table for an optimizer, in the order in which an update computes them.
 * @param {Entry} entry
 * @param {Run} run
 * @returns {Row[]}
 */
export function rowsOf(entry, run) {
  const state = run.state ?? {};
  const quantities = (entry.quantities ?? []).filter(({name}) => name in state);
  /** @type {Row[]} */
  const rows = [
    {name: "theta", symbol: "θ", title: _("the point, before the update"), of: ({params}) => params},
    {name: "loss", symbol: "L", title: _("the loss there"), of: ({loss}) => loss},
    {name: "grads", symbol: "∇L", title: _("the gradient there"), of: ({grads}) => grads},
  ];
  if ("lookahead" in state) {
    const title = _("the look-ahead point, where the gradient is taken");
    rows.push({name: "lookahead", symbol: "θ̃", title, of: (one) => one.state?.lookahead});
  }
  if ("gradient_used" in state) {
    const title = _("the gradient as the update uses it: with penalty, noise and clipping");
    rows.push({name: "gradient_used", symbol: "g", title, of: (one) => one.state?.gradient_used});
  }
  for (const {name, symbol, title} of quantities) {
    if (name === "lookahead") continue;
    rows.push({name: `${entry.name}/${name}`, symbol, title, of: (one) => one.state?.[name]});
  }
  if (run.learning_rate) {
    rows.push({
      name: "learning_rate",
      symbol: "η",
      title: _("the learning rate of this step"),
      of: (one) => one.learning_rate,
    });
  }
  rows.push({name: "updates", symbol: "Δθ", title: _("the update: where the point moves"), of: ({updates}) => updates});
  return rows;
}

/** The symbol of an axis without its words. @param {string} axis */
const shortAxis = (axis) => axis.split(" ")[0];

/** @param {import("./page.js").Page} page */
export function createInspector(page) {
  const runKey = page.keys.find((key) => key.name === "run");
  const table = byId("inspector-table", HTMLTableElement);
  const formula = byId("inspector-formula");
  const title = byId("inspector-title");
  const head = table.createTHead();
  const body = table.createTBody();
  let shape = "";
  /** @type {{row: Row, cells: HTMLElement[]}[]} */
  let lines = [];

  /** @param {Entry} entry @param {Run[]} runs @param {string[]} axes */
  function build(entry, runs, axes) {
    const columns = runs.flatMap((_run, panel) =>
      axes.map((axis) => (runs.length > 1 ? `${"AB"[panel]} ${axis}` : axis)),
    );
    setChildren(head, [
      make("tr", {}, make("td"), ...columns.map((text) => make("th", {scope: "col", textContent: text}))),
    ]);
    lines = rowsOf(entry, runs[0]).map((row) => {
      const symbol = make("span", {class: "math"});
      symbol.append(typeset(row.name) ?? row.symbol);
      const header = make(
        "th",
        {scope: "row", title: row.title},
        symbol,
        make("span", {class: "words", textContent: row.title}),
      );
      const isPair = (row.of(runs[0])?.shape.length ?? 2) > 1;
      const cells = runs.flatMap(() => (isPair ? [make("td"), make("td")] : [make("td", {colSpan: 2})]));
      return {row, cells, element: make("tr", {}, header, ...cells)};
    });
    setChildren(
      body,
      lines.map((line) => /** @type {any} */ (line).element),
    );
    const update = typeset(`run/${entry.name}`);
    formula.replaceChildren(...(update ? [update] : [entry.formula]));
  }

  return {
    /**
     * Show the selected run of each panel, where they are of one kind.
     * @param {import("./panel.js").Panel[]} panels
     * @param {number} selected
     * @param {number} frame
     */
    follow(panels, selected, frame) {
      const answers = panels.flatMap(({answer}) => (answer?.runs[selected] ? [answer] : []));
      const first = answers[0]?.runs[selected];
      if (!first?.updates || runKey?.kind !== "component") return;
      const runs = answers.map((answer) => answer.runs[selected]).filter((run) => run.optimizer === first.optimizer);
      const axes = answers[0].surface.axes.map(shortAxis);
      const entry = runKey.entries[first.optimizer];
      const newShape = [entry.name, runs.length, axes.join(), Object.keys(runs[0].state ?? {}).join()].join("|");
      if (newShape !== shape) {
        shape = newShape;
        build(entry, runs, axes);
      }
      setText(title, entry.title);
      for (const {row, cells} of lines) {
        const width = cells.length / runs.length;
        runs.forEach((run, panel) => {
          const tensor = row.of(run);
          const last = Math.min(frame, (tensor?.shape[0] ?? 1) - 1);
          for (let column = 0; column < width; column++) {
            const value = tensor ? tensor.data[width * last + column] : NaN;
            setText(cells[panel * width + column], fixed(value));
          }
        });
      }
    },
  };
}
