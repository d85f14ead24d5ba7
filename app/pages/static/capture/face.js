// How is a face shown? By the challenge, as often as the server lets it be tried; and always there is the way without.

import { Problem } from "./api.js";
import { Camera, NoCamera, closeAll } from "./camera.js";
import { NO_WAY, challenged } from "./liveness.js";
import { withoutFace } from "./notices.js";
import { busy, choice, complain, hint, show, when } from "./screens.js";
import { words } from "./words.js";

const HOPELESS = new Set(["liveness_tries_over", NO_WAY]);
const ARROWS = {
  turn_left: "←", turn_right: "→", look_up: "↑", look_down: "↓", come_closer: "⤢", move_back: "⤡",
  tilt_left: "↶", tilt_right: "↷",
};

/** A face in place, or the way without it; the proofing after it. */
export async function faced(page) {
  const screen = show("face");
  for (;;) {
    ready(screen, false);
    let camera;
    try {
      camera = await opened(screen);
      if (camera === null) return busy(screen, withoutFace(page));
    } catch (error) {
      if (!(error instanceof NoCamera)) throw error;
      when(screen, "dark");
      complain(screen, words("no_camera_face"));
      if ((await choice(screen)) === "without") return busy(screen, withoutFace(page));
      complain(screen, "");
      continue;
    }
    try {
      const proofing = await tried(page, screen, camera);
      if (proofing !== null) return proofing;
    } finally {
      camera.close();
      order(screen, "", null);
    }
  }
}

/** The camera; null: while it was asked for, its owner took the way without. */
async function opened(screen) {
  const opening = Camera.open(screen.querySelector("video"), { facing: "user", width: 1280, height: 960 });
  const there = new AbortController();
  const chosen = await Promise.race([choice(screen, there.signal), opening.then(() => null, () => null)]);
  there.abort();
  if (chosen !== "without") return opening;
  closeAll();
  opening.then((camera) => camera.close(), () => {});
  return null;
}

/** Where a try begins. The button has its place before it can be pressed: nothing moves under a hand that presses another. */
function ready(screen, isOpen) {
  when(screen, "ready");
  screen.querySelector("[data-choice=begin]").disabled = !isOpen;
}

/** One try; null: again. */
async function tried(page, screen, camera) {
  ready(screen, true);
  const chosen = await choice(screen);
  complain(screen, "");
  hint(screen, "");
  if (chosen === "without") return busy(screen, withoutFace(page));
  try {
    return await challenge(page, screen, camera);
  } catch (problem) {
    if (problem instanceof Problem && HOPELESS.has(problem.code)) return helped(page, screen, camera, problem);
    if (!(problem instanceof Problem) || problem.status === 503 || problem.status === 429) throw problem;
    complain(screen, problem.message);
    return null;
  }
}

/** Nobody is kept before a camera that does not see them: from here on people help (R115). */
async function helped(page, screen, camera, problem) {
  camera.close();
  when(screen, "none");
  complain(screen, problem.message);
  await choice(screen);
  return busy(screen, withoutFace(page));
}

async function challenge(page, screen, camera) {
  const stop = new AbortController();
  when(screen, "running");
  const over = new AbortController();
  const pressed = choice(screen, over.signal).then((chosen) => {
    if (chosen !== null) stop.abort();
    return chosen;
  });
  let at = "";
  const told = (message) => {
    page.active();
    if (message.say === "step") {
      at = words("of", message);
      order(screen, words(`move_${message.step}`), message.step);
      hint(screen, at);
    }
    // Whoever is still on the way back from a step has no rest from which the next could be told.
    if (message.say === "colour") order(screen, words("hint_face_forward"), null);
    // None any more: what was said is mended.
    if (message.say === "hint") hint(screen, message.code === null ? at : words(`hint_${message.code}`));
  };
  try {
    const finished = await challenged(page, camera, told, stop.signal);
    if (finished) {
      hint(screen, words("face_passed"));
      return await page.api.read();
    }
    return (await pressed) === "without" ? busy(screen, withoutFace(page)) : null;
  } finally {
    over.abort();
    order(screen, "", null);
  }
}

/** What to do now, in words and as an arrow in the picture. */
function order(screen, text, step) {
  screen.querySelector("[data-order]").textContent = text;
  const move = screen.querySelector("[data-move]");
  move.dataset.move = step ?? "";
  move.textContent = ARROWS[step] ?? "";
}
