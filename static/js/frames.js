// When things are drawn: at most once in a frame, and what may lag behind more seldom still.

/**
 * Paint at most once in a frame.
 * @param {() => void} paint
 * @param {(act: () => void) => unknown} [requestFrame]
 */
export function createPainter(paint, requestFrame = requestAnimationFrame) {
  let isDue = false;
  let isWaiting = false; // for the next frame
  const wait = () => {
    if (isWaiting) return;
    isWaiting = true;
    requestFrame(() => {
      isWaiting = false;
      if (isDue) act();
    });
  };
  const act = () => {
    isDue = false;
    paint();
  };
  return {
    /** Paint in the next frame. */
    request() {
      isDue = true;
      wait();
    },
    /** Paint at once, so that the next frame already shows it; in the next frame, if that has been done for this one. */
    now() {
      isDue = true;
      if (isWaiting) return;
      act();
      wait();
    },
  };
}

/**
 * Act at once, or as soon as the pause since the last time is over.
 * @param {() => void} act
 * @param {number} pauseMs
 */
export function createSeldom(act, pauseMs) {
  let last = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  const now = () => {
    clearTimeout(later);
    later = undefined;
    last = performance.now();
    act();
  };
  return {
    now,
    /** Act when the pause allows it. */
    soon() {
      const pause = last + pauseMs - performance.now();
      if (pause <= 0) now();
      else later ??= setTimeout(now, pause);
    },
  };
}
