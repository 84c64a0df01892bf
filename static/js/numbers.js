// Numbers as people read them.

/**
 * A number to so many significant digits, short, with a real minus sign.
 * @param {number} value
 * @param {number} [digits]
 */
export function short(value, digits = 3) {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-4 ? exponential(value, digits) : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
}

/** @param {number} value @param {number} digits */
function exponential(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const power = [...String(Number(exponent))].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");
  const factor = String(Number(mantissa));
  return factor === "1" ? `10${power}` : `${factor}·10${power}`;
}

/**
 * A number with always the same digits, so that columns do not jump.
 * @param {number} value
 */
export function fixed(value) {
  if (!Number.isFinite(value)) return short(value);
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e5 || size < 1e-3)) return value.toExponential(3).replace(/-/g, "−");
  const decimals = size === 0 ? 4 : Math.min(6, Math.max(0, 4 - Math.floor(Math.log10(size))));
  return value.toFixed(Math.min(decimals, 5)).replace("-", "−");
}

/**
 * Read what a visitor typed; null if it is no number.
 * @param {string} text
 */
export function readNumber(text) {
  const plain = text
    .trim()
    .replace("−", "-")
    .replace(/^(-?[\d.]+)\s*[·×*]\s*10\^?(-?\d+)$/, "$1e$2");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : null;
}
