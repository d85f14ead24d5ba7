// How is a document photographed? Laid into an outline, looked at by its holder before it is sent, or chosen from what is there.

import { Problem } from "./api.js";
import { Camera, NoCamera } from "./camera.js";
import { LOOKED_AT, greyOf, hindrance } from "./quality.js";
import { busy, choice, complain, entitle, hint, show, when } from "./screens.js";
import { shapeOf, sideNamed, spoken, words } from "./words.js";

const LOOK_EVERY_MS = 350;
const LOOKS_TO_SAY = 2; // in a row: a hint that comes and goes is not heard

/** The first picture of the document the applicant has at hand. */
export async function chosenDocument() {
  return choice(show("kind"));
}

/** One side, photographed and accepted by the server; the proofing after it. */
export async function photographed(page, picture) {
  const screen = show("document");
  entitle(screen, sideNamed(picture));
  screen.querySelector("[data-view]").dataset.shape = shapeOf(picture);
  for (;;) {
    const octets = await taken(page, screen);
    hint(screen, words("sending"));
    try {
      return await busy(screen, page.api.present(picture, octets));
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status === 503 || problem.status === 429) throw problem;
      complain(screen, problem.message);
    } finally {
      forget(screen);
    }
  }
}

/** A photograph its holder is content with. */
async function taken(page, screen) {
  for (;;) {
    const octets = await fromCameraOrFile(page, screen);
    page.active();
    complain(screen, "");
    const seen = await shown(screen, octets);
    const poor = seen !== null && spoken(`hint_still_${seen}`);
    hint(screen, poor ? words(`hint_still_${seen}`) : "");
    when(screen, "still");
    recommend(screen, poor ? "again" : "use");
    if ((await choice(screen)) === "use") return octets;
    forget(screen);
  }
}

/** Which of the two is the better one; the other stays free. */
function recommend(screen, choice) {
  for (const each of screen.querySelectorAll("[data-when=still] button")) {
    each.classList.toggle("main", each.dataset.choice === choice);
  }
  screen.querySelector(`[data-choice=${choice}]`).focus();
}

async function fromCameraOrFile(page, screen) {
  const file = screen.querySelector("[data-file]"), shutter = screen.querySelector("[data-choice=take]");
  for (;;) {
    when(screen, "live");
    shutter.disabled = true; // until there is something to photograph
    shutter.hidden = false;
    const stop = new AbortController();
    const chosen = new Promise((resolve) => {
      file?.addEventListener("change", () => file.files[0] && resolve(file.files[0]), { signal: stop.signal });
    });
    let camera = null;
    try {
      camera = await Camera.open(screen.querySelector("video"), { facing: "environment", width: 2560, height: 1440 });
      shutter.disabled = false;
      watched(camera, screen, stop.signal);
      const either = await Promise.race([choice(screen, stop.signal), chosen]);
      return either instanceof Blob ? either : await camera.photograph();
    } catch (error) {
      if (!(error instanceof NoCamera)) throw error;
      shutter.hidden = true;
      screen.querySelector("[data-when=dark]").hidden = false;
      hint(screen, words(file === null ? "no_camera_kiosk" : "no_camera"));
      const either = await Promise.race([choice(screen, stop.signal), chosen]);
      if (either instanceof Blob) return either;
    } finally {
      stop.abort();
      if (file !== null) file.value = "";
      camera?.close();
      screen.querySelector("[data-view]").classList.remove("ready");
    }
  }
}

/** Say what hinders, as long as the camera is on. */
function watched(camera, screen, signal) {
  const canvas = document.createElement("canvas");
  let before = null, last = null, times = 0;
  const timer = setInterval(() => {
    if (camera.width === 0) return;
    const pixels = look(camera, screen, canvas);
    const found = hindrance(pixels, before) ?? "ready";
    before = greyOf(pixels);
    times = found === last ? times + 1 : 1;
    last = found;
    if (times === LOOKS_TO_SAY) hint(screen, words(`hint_${found}`));
    screen.querySelector("[data-view]").classList.toggle("ready", found === "ready" && times >= LOOKS_TO_SAY);
  }, LOOK_EVERY_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
}

/** What is within the outline, small. */
function look(camera, screen, canvas) {
  const view = screen.querySelector("[data-view]").getBoundingClientRect();
  const outline = screen.querySelector("[data-outline]").getBoundingClientRect();
  // As `object-fit: cover` shows it: the middle, as large as fills the view.
  const scale = Math.max(view.width / camera.width, view.height / camera.height);
  const part = {
    x: (outline.left - view.left) / scale + (camera.width - view.width / scale) / 2,
    y: (outline.top - view.top) / scale + (camera.height - view.height / scale) / 2,
    width: outline.width / scale,
    height: outline.height / scale,
  };
  canvas.width = LOOKED_AT;
  canvas.height = Math.round((LOOKED_AT * part.height) / part.width);
  return camera.draw(canvas, part).getImageData(0, 0, canvas.width, canvas.height);
}

/** Show a photograph before it is sent; what hinders in the middle of it. */
async function shown(screen, octets) {
  const image = screen.querySelector("[data-view] img");
  image.src = URL.createObjectURL(octets);
  image.hidden = false;
  screen.querySelector("video").hidden = true;
  try {
    await image.decode();
  } catch {
    return null; // a HEIC that this browser cannot show: the server can read it
  }
  const canvas = document.createElement("canvas");
  canvas.width = LOOKED_AT;
  canvas.height = Math.round((LOOKED_AT * image.naturalHeight) / image.naturalWidth);
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  const inset = 0.15; // what lies around the document is not looked at
  const found = pen.getImageData(
    inset * canvas.width, inset * canvas.height, (1 - 2 * inset) * canvas.width, (1 - 2 * inset) * canvas.height,
  );
  return hindrance(found);
}

/** No picture of a document stays on the page longer than it is needed. */
function forget(screen) {
  const image = screen.querySelector("[data-view] img");
  URL.revokeObjectURL(image.src);
  image.removeAttribute("src");
  image.hidden = true;
  screen.querySelector("video").hidden = false;
}
