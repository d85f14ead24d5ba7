// Would a photograph taken now be of use? Hints for whoever holds the document; whether it is good enough the server alone says.

export const LOOKED_AT = 320; // pixels across: enough to tell sharp from blurred, in a millisecond
const DARK = 60; // the policies' least is 55 of 255; here a little more, for the camera still adapts
const BRIGHT = 235; // their most is 245
const WHITE = 250;
const GLARE_MOST = 0.04; // of the pixels; theirs is 0.02 of a card cut out exactly
const FLAT = 14; // standard deviation: a table is flatter, a printed card is not
const SHARP_LEAST = 45; // variance of the Laplacian; drawn cards at this size: see tests/interop
const MOVED_MOST = 14; // mean difference of two looks

/** What hinders: `empty`, `dark`, `bright`, `glare`, `moving`, `blurred`; null: nothing that can be seen here. */
export function hindrance(pixels, before = null) {
  const grey = greyOf(pixels);
  const { mean, deviation, white } = figures(grey);
  if (mean < DARK) return "dark";
  if (mean > BRIGHT) return "bright";
  if (deviation < FLAT) return "empty";
  if (white > GLARE_MOST && mean < 200) return "glare";
  if (before !== null && difference(grey, before) > MOVED_MOST) return "moving";
  return sharpness(grey, pixels.width) < SHARP_LEAST ? "blurred" : null;
}

/** Luminance, ITU-R BT.601. */
export function greyOf({ data, width, height }) {
  const grey = new Float32Array(width * height);
  for (let at = 0; at < grey.length; at++) {
    grey[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
  }
  return grey;
}

export function figures(grey) {
  let sum = 0, squares = 0, white = 0;
  for (const each of grey) {
    sum += each;
    squares += each * each;
    if (each >= WHITE) white++;
  }
  const mean = sum / grey.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / grey.length - mean * mean)), white: white / grey.length };
}

/** Variance of the Laplacian: edges that are sharp answer it strongly. */
export function sharpness(grey, width) {
  let sum = 0, squares = 0, count = 0;
  for (let at = width + 1; at < grey.length - width - 1; at++) {
    const answer = 4 * grey[at] - grey[at - 1] - grey[at + 1] - grey[at - width] - grey[at + width];
    sum += answer;
    squares += answer * answer;
    count++;
  }
  return squares / count - (sum / count) ** 2;
}

function difference(grey, before) {
  if (before.length !== grey.length) return 0;
  let sum = 0;
  for (let at = 0; at < grey.length; at++) sum += Math.abs(grey[at] - before[at]);
  return sum / grey.length;
}
