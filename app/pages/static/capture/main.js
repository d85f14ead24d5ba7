// What is next? The proofing says what it needs; each thing has a screen, and each screen gives back the proofing after it.

import { Api, Problem, SessionOver, Unreachable } from "./api.js";
import { closeAll } from "./camera.js";
import { chosenDocument, photographed } from "./documents.js";
import { faced } from "./face.js";
import { typed } from "./fields.js";
import { watched, wipe } from "./idle.js";
import { acknowledged, asked } from "./notices.js";
import { askedAgain, reviewed, told, waited } from "./outcome.js";
import { choice, show } from "./screens.js";
import { words } from "./words.js";

const main = document.querySelector("main");
const channel = "kiosk" in main.dataset ? "kiosk" : matchMedia("(pointer: coarse)").matches ? "mobile" : "web";
const api = new Api(main.dataset.proofing, channel);
const optional = main.dataset.optional.split(" ").filter(Boolean);
const page = { api, optional, active: () => {}, told: null };

const WAITS_MOST_S = 30; // whoever wants to try sooner than a server that is down for long may
let gone = false;

function leave() {
  gone = true;
  wipe();
}

for (const each of document.querySelectorAll("[data-leave]")) each.addEventListener("click", leave);
page.active = watched(() => api.read().catch(() => {}), leave);

/** One step; the proofing after it, or null where there is none. */
async function step(proofing) {
  if (proofing.state === "examining") return waited(page);
  if (proofing.state !== "open") {
    told(proofing);
    return null;
  }
  const decision = proofing.decision;
  if (decision?.outcome === "retry" && page.told !== decision.decided_at) {
    page.told = decision.decided_at;
    return askedAgain(page, proofing);
  }
  const [next] = proofing.needed;
  if (next === undefined) return reviewed(page, proofing);
  if (next === "consent:identity_verification") return acknowledged(page);
  if (next === "consent:face_comparison") return asked(page);
  if (next === "face") return faced(page);
  if (next.startsWith("field:")) return typed(page);
  // Nothing begun: the proofing names the resident card, and any other kind will do as well.
  const begun = proofing.evidence.some((each) => each !== "face");
  return photographed(page, begun ? next : await chosenDocument());
}

async function walk() {
  for (let proofing = null; ; ) {
    try {
      proofing ??= await api.read();
      proofing = await step(proofing);
      if (proofing === null) return;
    } catch (error) {
      if (gone) return; // what was under way lost its screen
      closeAll();
      if (error instanceof SessionOver) return over();
      await troubled(error);
      proofing = null;
    }
  }
}

/** The cookie opens nothing any more: nothing of the applicant stays to be seen. */
function over() {
  const screen = show("result");
  for (const each of document.querySelectorAll("[data-screen]")) if (each !== screen) each.remove();
  screen.querySelector("h1").textContent = words("over_title");
  screen.querySelector("[data-text]").textContent = words("over");
  screen.querySelector("h1").focus();
}

/** Say what went wrong, and wait until it shall be tried again. */
async function troubled(error) {
  const screen = show("trouble");
  const said = screen.querySelector("[data-text]");
  if (error instanceof Unreachable) said.textContent = words("trouble_network");
  else if (error instanceof Problem && error.retryAfterSeconds === null) said.textContent = error.message;
  else said.textContent = words("trouble_busy");
  if (!(error instanceof Unreachable || error instanceof Problem)) console.error(error);
  const again = screen.querySelector("[data-choice=retry]");
  again.disabled = error.retryAfterSeconds > 0;
  if (again.disabled) setTimeout(() => { again.disabled = false; }, 1000 * Math.min(error.retryAfterSeconds, WAITS_MOST_S));
  await choice(screen);
}

walk();
