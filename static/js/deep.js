// The 3-D view of a panel: loaded when it is first asked for, redrawn at rest or a few times a second.

import {make} from "./dom.js";
import {_} from "./words.js";

const PAUSE_MS = 250;

/** Whether this browser can draw in three dimensions. */
function hasWebGL() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

/**
 * @param {HTMLElement} place
 * @param {{sheet: () => import("./figure.js").Sheet | null, paths: () => import("./figure.js").Path[],
 *   onBusy: (isBusy: boolean) => void}} options
 */
export function createDeepView(place, {sheet, paths, onBusy}) {
  /** @type {Awaited<ReturnType<typeof import("./deepfigure.js").createDeepFigure>> | null} */
  let figure = null;
  let isShown = false;
  let isDrawing = false;
  let isDue = false;
  let frame = 0;

  async function draw() {
    isDue = true;
    if (isDrawing || !figure) return;
    isDrawing = true;
    while (isDue && isShown) {
      isDue = false;
      const now = sheet();
      if (now) await figure.draw(now, paths(), frame);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    isDrawing = false;
  }

  async function open() {
    if (!hasWebGL()) {
      place.replaceChildren(
        make("p", {
          textContent: _(
            "This browser cannot draw in three dimensions: it has no WebGL. The contours show the same surface.",
          ),
        }),
      );
      return;
    }
    if (!figure) {
      onBusy(true);
      const {createDeepFigure} = await import("./deepfigure.js");
      figure = await createDeepFigure(place).finally(() => onBusy(false));
    }
    draw();
  }

  return {
    /** @param {boolean} isWanted */
    show(isWanted) {
      if (isWanted === isShown) return;
      isShown = isWanted;
      place.hidden = !isWanted;
      if (isWanted) open();
      else figure?.clear();
    },
    /** Draw again, with the paths up to this frame. @param {number} newFrame @param {boolean} isChanged */
    follow(newFrame, isChanged) {
      if (newFrame === frame && !isChanged) return;
      frame = newFrame;
      if (isShown) draw();
    },
  };
}
