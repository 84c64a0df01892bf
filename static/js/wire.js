// Arrays as the API sends them, {"dtype", "bdata", "shape"}, into typed arrays.

/**
 * @typedef {{dtype: keyof typeof TYPES, bdata: string, shape: string}} Encoded
 * @typedef {{data: Float32Array | Float64Array, shape: number[]}} Tensor Whole numbers come as arrays of their own
 *   kind, which are read in the same way.
 */

const TYPES = {f4: Float32Array, f8: Float64Array, u1: Uint8Array, i2: Int16Array, u4: Uint32Array};

/** @type {(text: string) => Uint8Array} */
const fromBase64 =
  // @ts-ignore: newer than the library that the types know
  typeof Uint8Array.fromBase64 === "function" ? (text) => Uint8Array.fromBase64(text) : fromBase64Slowly;

/** @param {string} text */
export function fromBase64Slowly(text) {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = characters.charCodeAt(index);
  return bytes;
}

/**
 * Decode one array; the bytes are little-endian, as every machine with a browser is.
 * @param {Encoded} encoded
 * @returns {Tensor}
 */
export function decode({dtype, bdata, shape}) {
  const {buffer} = fromBase64(bdata);
  if (!(dtype in TYPES)) throw new Error(`unknown dtype '${dtype}'`);
  const data = /** @type {Float32Array | Float64Array} */ (new TYPES[dtype](/** @type {ArrayBuffer} */ (buffer)));
  return {data, shape: shape.split(",").map(Number)};
}

/**
 * Whether a part of an answer is an array.
 * @param {unknown} value
 * @returns {value is Encoded}
 */
export function isEncoded(value) {
  return typeof value === "object" && value !== null && "bdata" in value;
}

/**
 * Decode every array of an answer, at any depth.
 * @param {any} value
 * @returns {any}
 */
export function decodeAll(value) {
  if (isEncoded(value)) return decode(value);
  if (Array.isArray(value)) return value.map(decodeAll);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, decodeAll(part)]));
}

/**
 * One column of a two-dimensional array, its first `rows` rows.
 * @param {Tensor} tensor
 * @param {number} column
 * @param {number} [rows]
 */
export function columnOf({data, shape}, column, rows = shape[0]) {
  const width = shape[1];
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = data[width * row + column];
  return values;
}
