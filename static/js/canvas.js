// Canvases that are sharp on every screen.

/**
 * Keep a canvas as large as its box, in device pixels.
 * @param {HTMLCanvasElement} canvas
 */
export function createCanvas(canvas) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  let [width, height, ratio] = [0, 0, 0];
  return {
    context,
    /**
     * @param {number} newWidth
     * @param {number} newHeight
     */
    resize(newWidth, newHeight) {
      const newRatio = globalThis.devicePixelRatio || 1;
      if (newWidth === width && newHeight === height && newRatio === ratio) return;
      [width, height, ratio] = [newWidth, newHeight, newRatio];
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      // Not by the style sheet: a box with a fraction of a pixel would blur every line.
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    },
    /** Empty it; units are CSS pixels. */
    clear() {
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
    },
    get width() {
      return width;
    },
    get height() {
      return height;
    },
  };
}
