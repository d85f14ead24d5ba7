// Which colour does the screen shine in? The server's, one after the other, never more than three changes a second (WCAG 2.3.1).

const LEAST_MS = 340;
const NEUTRAL = "";
let changedAt = -Infinity;
let queue = [];
let timer = null;

/** Fill the surround with this colour for so long, then with none; of more than may be shown the later ones wait. */
export function shine(colour, forMs) {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return;
  queue = queue.filter((each) => each.colour !== NEUTRAL);
  queue.push({ colour, forMs: Math.max(forMs, LEAST_MS) }, { colour: NEUTRAL, forMs: LEAST_MS });
  next();
}

/** Back to the page's own. */
export function dim() {
  queue = [{ colour: NEUTRAL, forMs: LEAST_MS }];
  next();
}

function next() {
  if (timer !== null || queue.length === 0) return;
  const wait = Math.max(0, changedAt - performance.now());
  timer = setTimeout(() => {
    timer = null;
    const { colour, forMs } = queue.shift() ?? {};
    if (colour === undefined) return;
    paint(colour);
    changedAt = performance.now() + forMs;
    next();
  }, wait);
}

function paint(colour) {
  const root = document.documentElement;
  root.classList.toggle("shining", colour !== NEUTRAL);
  if (colour === NEUTRAL) root.style.removeProperty("--surround");
  else root.style.setProperty("--surround", colour);
}
