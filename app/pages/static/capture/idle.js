// Is anybody there? On a kiosk the next person stands behind this one: after a minute alone the screen is wiped.

import { closeAll } from "./camera.js";

const WIPED_AFTER_S = 60;
const WARNED_BEFORE_S = 20; // WCAG 2.2.1: at least so long to say that one is still here
const TOLD_EVERY_MS = 5_000; // to the server, whose own minute runs too

/** Watch over a kiosk; call what it returns whenever the applicant does something. `touch` tells the server. */
export function watched(touch, leave) {
  const dialog = document.querySelector("[data-idle]");
  if (dialog === null) return () => {};
  let last = performance.now(), told = last, owing = false;
  const active = (event = null) => {
    // Its own buttons say which it is.
    if (dialog.open && event !== null && event.target !== dialog && dialog.contains(event.target)) return;
    last = performance.now();
    owing = true;
    if (dialog.open) dialog.close();
  };
  for (const each of ["pointerdown", "keydown", "input"]) document.addEventListener(each, active, { capture: true });
  dialog.querySelector("[data-stay]").addEventListener("click", () => active());
  dialog.addEventListener("cancel", () => active());
  const timer = setInterval(() => {
    const now = performance.now(), idle = (now - last) / 1000;
    if (owing && now - told > TOLD_EVERY_MS) {
      told = now;
      owing = false;
      touch();
    }
    if (idle >= WIPED_AFTER_S) {
      clearInterval(timer);
      leave();
    } else if (idle >= WIPED_AFTER_S - WARNED_BEFORE_S && !dialog.open) warn(dialog);
  }, 500);
  return active;
}

function warn(dialog) {
  dialog.querySelector("[data-text]").textContent = dialog.dataset.note.replace("{seconds}", WARNED_BEFORE_S);
  dialog.showModal();
  dialog.querySelector("[data-stay]").focus();
}

/** Take everything of the applicant's off this machine, then go. */
export function wipe() {
  closeAll();
  document.querySelector("main").replaceChildren();
  document.querySelector("[data-end]").submit();
}
