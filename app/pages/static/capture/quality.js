// Would a photograph taken now be of use? Hints for whoever holds the document; whether it is good enough the server alone says.

export const LOOKED_AT = 320; // pixels across: enough to tell sharp from blurred, in a millisecond
const DARK = 60; // of 255; drawn cards (seeds 0 to 5): 107 to 171 in good light, 26 to 43 in the dark
const WHITE = 250;
const BRIGHT_SHARE = 0.35; // of the pixels white; drawn cards: 0 in good light, 0.43 to 0.89 overexposed
const GLARE_SHARE = 0.04; // and 0.09 to 0.20 under a lamp
const FLAT = 10; // standard deviation; 46 to 71 of a card in good light, 11 in the dark
const SHARP_LEAST = 0.08; // of the variance; 0.4 to 2.5 in focus, below 0.07 at a blur of 6 px, both in between
const MOVED_MOST = 14; // mean difference of two looks

/** What hinders: `empty`, `dark`, `bright`, `glare`, `moving`, `blurred`; null: nothing that can be seen here. */
export function hindrance(pixels, before = null) {
  const grey = greyOf(pixels);
  const { mean, deviation, white } = figures(grey);
  if (mean < DARK) return "dark";
  if (white > BRIGHT_SHARE) return "bright";
  if (deviation < FLAT) return "empty";
  if (white > GLARE_SHARE) return "glare";
  if (before !== null && difference(grey, before) > MOVED_MOST) return "moving";
  // Against the picture's own contrast: in half the light every edge is half as high.
  return sharpness(grey, pixels.width) < SHARP_LEAST * deviation ** 2 ? "blurred" : null;
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
