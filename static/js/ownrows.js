// A visitor's own rows: compressed into the link where they are few, else kept in this window's session and sent along
// with each question.

const SESSION_KEY = "descent-lab.rows";
const MARK = "rows=session"; // what the address of a question has that needs them

/** @type {string | null} */
let kept = null;

/** The table that this window keeps, if any. */
export function keptRows() {
  try {
    kept ??= globalThis.sessionStorage?.getItem(SESSION_KEY) ?? null;
  } catch {
    // a browser may forbid it: then the rows last as long as the page
  }
  return kept;
}

/**
 * Keep a table for as long as this window is open.
 * @param {string | null} csv
 */
export function keepRows(csv) {
  kept = csv;
  try {
    if (csv !== null) globalThis.sessionStorage?.setItem(SESSION_KEY, csv);
  } catch {
    // too large, or forbidden
  }
}

/**
 * What has to be sent in the body of a question.
 * @param {string} url
 */
export const bodyFor = (url) => (url.includes(MARK) ? keptRows() : null);

/** @param {Uint8Array} bytes */
function toBase64Url(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192)
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** @param {string} text */
function fromBase64Url(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
}

/** @param {BlobPart} content @param {CompressionStream | DecompressionStream} stream */
async function through(content, stream) {
  const piped = new Blob([content]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}

/**
 * Write a table as links carry it.
 * @param {string} csv
 */
export async function pack(csv) {
  return toBase64Url(await through(csv, new CompressionStream("deflate-raw")));
}

/**
 * Read the table of a link.
 * @param {string} text
 */
export async function unpack(text) {
  return new TextDecoder().decode(await through(fromBase64Url(text), new DecompressionStream("deflate-raw")));
}
