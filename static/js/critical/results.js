// What one panel says beside its figure: the verdict and its numbers, the escape, the network.

import {fromTemplate, make, setAttribute, setChildren, setText} from "../dom.js";
import {short} from "../numbers.js";
import {swatch} from "../swatch.js";
import {_} from "../words.js";
import {createEscapeChart, createNetworkChart} from "./charts.js";
import {KINDS, iconOf, titleOf} from "./kinds.js";

/**
 * @typedef {import("./scene.js").Answer} Answer
 * @typedef {import("./scene.js").Look} Look
 * @typedef {import("./scene.js").Escape} Escape
 * @typedef {import("./charts.js").Network} Network
 * @typedef {import("../tokens.js").Tokens} Tokens
 */

const MOST_LISTED = 60; // points; the plot shows the others

/** A number of the table, null where there is none: what is next to nothing, or huge, needs fewer digits. */
const say = (/** @type {number | null} */ value) =>
  value === null ? "–" : short(value, Math.abs(value) < 1e-4 || Math.abs(value) >= 1e5 ? 2 : 5);

/**
 * Show a matrix as rows of numbers between brackets; who does not see it hears "a, b; c, d".
 * @param {HTMLElement} element
 * @param {number[][] | null} rows
 */
function showMatrix(element, rows) {
  const texts = rows?.map((row) => row.map((value) => say(value))) ?? [];
  const words = texts.map((row) => row.join(", ")).join("; ");
  if (element.dataset.words === words) return;
  element.dataset.words = words;
  if (!rows) return setText(element, "–");
  element.textContent = "";
  const cells = texts.flat().map((text) => make("span", {textContent: text}));
  const matrix = make("span", {class: `matrix columns-${rows[0].length}`, role: "img", ariaLabel: words}, ...cells);
  element.append(matrix);
}

/**
 * @param {{onPoint: (point: [number, number]) => void, onScrub: (step: number) => void, requestPaint: () => void}} events
 */
export function createResults({onPoint, onScrub, requestPaint}) {
  const {element, part} = fromTemplate("results-template");
  const escapeChart = createEscapeChart(part("escape-canvas"), {onScrub});
  const networkChart = createNetworkChart(part("network-canvas"));
  const letters = [...element.querySelectorAll(".panel-letter")];
  /** @type {Network | null} */
  let network = null;
  /** @type {Answer | null} */
  let listed = null;
  /** @type {unknown[]} */
  let painted = [];
  const boxes = [part("escape-box"), part("network-box")];
  const sizes = new ResizeObserver(() => {
    [escapeChart, networkChart].forEach((chart, at) => chart.resize(boxes[at].clientWidth, boxes[at].clientHeight));
    painted = [];
    requestPaint();
  });
  for (const box of boxes) sizes.observe(box);

  /** @param {Look} look */
  function showLook(look) {
    const isKind = look.kind in KINDS;
    const says = part("verdict");
    if (says.textContent !== look.sentence) {
      says.textContent = "";
      if (isKind) says.append(iconOf(/** @type {import("./kinds.js").Kind} */ (look.kind)));
      says.append(make("span", {textContent: look.sentence}));
    }
    showMatrix(part("theta"), [[look.at[0]], [look.at[1]]]);
    setText(part("loss"), say(look.loss));
    showMatrix(part("grads"), [[look.grads[0]], [look.grads[1]]]);
    setText(part("slope"), say(look.kind === "kink" ? null : Math.hypot(...look.grads)));
    showMatrix(part("hessian"), look.hessian);
    showMatrix(part("stationary"), look.stationary && [[look.stationary[0]], [look.stationary[1]]]);
    look.eigenvalues.forEach((eigenvalue, which) => {
      setText(part(`lambda-${which + 1}`), say(eigenvalue));
      showMatrix(
        part(`u-${which + 1}`),
        look.eigenvectors[which].map((one) => [one]),
      );
      setAttribute(part(which ? "second" : "first"), "data-sign", String(Math.sign(eigenvalue)));
    });
  }

  /** @param {Answer} answer */
  function showList(answer) {
    listed = answer;
    setText(part("found"), _("All critical points in view: {count}", {count: answer.found}));
    setChildren(
      part("points"),
      answer.points
        .slice(0, MOST_LISTED)
        .map(({at, loss, kind, eigenvalues}) =>
          make(
            "li",
            {},
            make(
              "button",
              {type: "button", onclick: () => onPoint(at)},
              iconOf(kind),
              make("span", {textContent: `${titleOf(kind, 1)} (${at.map((one) => short(one, 4)).join(", ")})`}),
              make("small", {textContent: `L ${short(loss)} · λ ${eigenvalues.map((one) => short(one)).join(", ")}`}),
            ),
          ),
        ),
    );
    const more = answer.points.length - MOST_LISTED;
    const words = [
      ...(more > 0 ? [_("and {more} more on the plot", {more})] : []),
      ...answer.areas.map(({sentence}) => sentence),
      ...answer.notes,
    ];
    setText(part("more"), words.join(" · "));
  }

  /** @param {Escape} escape */
  function showEscape(escape) {
    setText(part("escape-says"), escape.sentence);
    part("escape-box").hidden = part("escape-table").hidden = escape.runs.length === 0;
    setChildren(
      part("escape-runs"),
      escape.runs.map(({title, left_at: left, predicted, sentence, formula}, slot) =>
        make(
          "tr",
          {},
          make(
            "th",
            {scope: "row"},
            make("span", {class: "run-name"}, swatch(slot), title),
            make("small", {textContent: sentence}),
          ),
          make("td", {textContent: left === null ? "–" : String(left)}),
          make("td", {title: formula, textContent: predicted === null ? _("never") : short(predicted)}),
        ),
      ),
    );
  }

  /** @type {Look | null} */
  let shownLook = null;
  /** @type {Escape | null} */
  let shownEscape = null;
  return {
    element,
    /** Say whose results these are: "A", "B", or "" where there is one panel. @param {string} letter */
    name(letter) {
      for (const place of letters) setText(place, letter);
    },
    /** @param {Answer | null} answer @param {Look | null} look @param {Escape | null} escape */
    show(answer, look, escape) {
      if (answer && answer !== listed) showList(answer);
      if (look && look !== shownLook) showLook((shownLook = look));
      if (escape && escape !== shownEscape) showEscape((shownEscape = escape));
    },
    /** @param {Network} found */
    showNetwork(found) {
      network = found;
      setText(part("network-says"), found.sentence);
      painted = [];
    },
    /** @param {Escape | null} escape @param {number} frame @param {Tokens} tokens @param {number} scale */
    paint(escape, frame, tokens, scale) {
      const now = [escape, frame, tokens, scale, network];
      if (now.every((one, at) => one === painted[at])) return;
      const isNetworkNew = !painted.length || painted[4] !== network || painted[2] !== tokens;
      painted = now;
      if (escape) escapeChart.paint({escape, frame, tokens, scale});
      if (network && isNetworkNew) networkChart.paint({network, tokens, scale});
    },
  };
}
