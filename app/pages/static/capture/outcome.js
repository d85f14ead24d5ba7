// What becomes of it? Sent, waited for, asked for again, or told.

import { withoutFace } from "./notices.js";
import { busy, choice, hint, list, show } from "./screens.js";
import { dayNamed, sideNamed, spoken, words } from "./words.js";

const WAIT_SECONDS = 20;
const SLOW_AFTER_MS = 45_000;

/** All is there: it is sent when its owner says so. */
export async function reviewed(page, proofing) {
  const screen = show("review");
  const documents = proofing.evidence.filter((each) => each !== "face");
  list(screen, [...documents, ...proofing.evidence.filter((each) => each === "face")].map(sideNamed));
  screen.querySelector("[data-branch]").hidden = proofing.evidence.includes("face");
  await choice(screen);
  return busy(screen, page.api.submit());
}

/** While the worker measures: asked again as soon as something changes. */
export async function waited(page) {
  const screen = show("progress");
  const begun = performance.now();
  hint(screen, words("progress_note"));
  for (;;) {
    const proofing = await page.api.read(WAIT_SECONDS);
    if (proofing.whose_move !== "us") return proofing;
    if (performance.now() - begun > SLOW_AFTER_MS) hint(screen, words("progress_slow"));
  }
}

/** What is to be given once more, and why; the proofing after it. Where it is the face, the way without is as near (R98). */
export async function askedAgain(page, proofing) {
  const screen = show("again");
  list(screen, lines(proofing.decision.reasons));
  screen.querySelector("[data-choice=without]").hidden = !proofing.needed.includes("face");
  const chosen = await choice(screen);
  return chosen === "without" ? busy(screen, withoutFace(page)) : proofing;
}

/** The end, as far as this page goes. */
export function told(proofing) {
  const screen = show("result");
  const state = { binding: "accepted", enrolled: "accepted" }[proofing.state] ?? proofing.state;
  const name = spoken(`${state}_title`) ? state : null;
  screen.querySelector("h1").textContent = words(name === null ? "over_title" : `${name}_title`);
  screen.dataset.state = state;
  screen.querySelector("[data-text]").textContent = name === null ? words("over_state") : verdict(proofing, name);
  list(screen, lines(proofing.decision?.reasons ?? []));
  const note = screen.querySelector("[data-note]");
  note.textContent = proofing.decision?.human_review ? words("rejected_review") : due(proofing);
  note.hidden = note.textContent === "";
  screen.querySelector("h1").focus();
}

function verdict(proofing, name) {
  const declined = proofing.decision?.reasons.some(({ code }) => code === "face_declined");
  if (name === "referred" && declined) return words("referred_branch");
  return spoken(name) ? words(name) : "";
}

function due(proofing) {
  return proofing.answer_due_at === null ? "" : words("referred_due", { day: dayNamed(proofing.answer_due_at) });
}

/** Reasons as they were told, each once. */
function lines(reasons) {
  return [...new Set(reasons.map(({ words: text }) => text))];
}
