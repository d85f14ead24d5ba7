// What is the applicant told and asked before anything is shown? The texts in force; each answer names the one that was seen.

import { busy, choice, entitle, show } from "./screens.js";
import { words } from "./words.js";

/** The notice that is acknowledged. */
export async function acknowledged(page) {
  const screen = show("identity");
  const notice = await told(page, screen, "identity_verification");
  await choice(screen);
  return busy(screen, page.api.answer(notice, true));
}

/** The consent of its own: refused as easily as given (R96, R98). */
export async function asked(page) {
  const screen = show("consent");
  const notice = await told(page, screen, "face_comparison");
  const chosen = await choice(screen);
  let proofing = await busy(screen, page.api.answer(notice, chosen === "consent"));
  // What is asked besides is asked of whoever shows a face, one after the other, and never bundled (R96).
  if (chosen === "consent") for (const purpose of page.optional) proofing = await askedBesides(page, purpose);
  return proofing;
}

/** A consent of its own again, which nothing depends on: unticked until its owner ticks it. */
async function askedBesides(page, purpose) {
  const screen = show("optional");
  entitle(screen, words(`optional_title_${purpose}`));
  const tick = screen.querySelector("[data-tick]");
  tick.checked = false;
  screen.querySelector("[data-label]").textContent = words(`optional_yes_${purpose}`);
  const notice = await told(page, screen, purpose);
  await choice(screen);
  return busy(screen, page.api.answer(notice, tick.checked));
}

/** The way without a face, from whichever screen asks for one: nothing of it is kept (R109). */
export async function withoutFace(page) {
  return page.api.answer(await page.api.notice("face_comparison"), false);
}

/** Show the text; only then can it be answered. */
async function told(page, screen, purpose) {
  for (const each of screen.querySelectorAll("[data-choice]")) each.disabled = true;
  screen.querySelector("[data-text]").textContent = "";
  const notice = await page.api.notice(purpose);
  screen.querySelector("[data-text]").textContent = notice.text;
  for (const each of screen.querySelectorAll("[data-choice]")) each.disabled = false;
  return notice;
}
