// What could not be read? It is shown as it was photographed, and typed by whoever holds the document (R40).

import { Problem } from "./api.js";
import { busy, choice, complain, show } from "./screens.js";
import { sideNamed, words } from "./words.js";

const DATES = new Set(["birth", "valid_from", "valid_to"]);

/** The fields typed; the proofing after it. */
export async function typed(page) {
  const screen = show("fields");
  const asked = (await page.api.fields()).filter((each) => !each.typed);
  screen.querySelector("[data-dates]").hidden = !asked.some(({ field }) => DATES.has(field));
  const form = screen.querySelector("[data-fields]");
  form.replaceChildren(...asked.map((each, at) => entry(screen, each, at)));
  form.onsubmit = (event) => {
    event.preventDefault();
    screen.querySelector("[data-choice=send]").click();
  };
  try {
    return await sent(page, screen, form);
  } finally {
    for (const image of form.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    form.replaceChildren();
  }
}

async function sent(page, screen, form) {
  for (;;) {
    await choice(screen);
    complain(screen, "");
    const inputs = [...form.querySelectorAll("input")];
    const empty = inputs.find((each) => each.value.trim() === "");
    if (empty) {
      empty.focus();
      continue;
    }
    try {
      const fields = Object.fromEntries(inputs.map((each) => [each.name, each.value]));
      return await busy(screen, page.api.type(fields));
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status === 503 || problem.status === 429) throw problem;
      complain(screen, problem.message);
    }
  }
}

function entry(screen, asked, at) {
  const made = screen.querySelector("[data-field]").content.cloneNode(true);
  const input = made.querySelector("input"), label = made.querySelector("label"), image = made.querySelector("img");
  input.id = label.htmlFor = `typed-${at}`;
  input.name = asked.name;
  const picture = asked.name.slice(0, asked.name.lastIndexOf("/"));
  label.textContent = `${words(`field_${asked.field}`)} · ${sideNamed(picture)}`;
  if (asked.crop === null) image.remove();
  else image.src = URL.createObjectURL(new Blob([Uint8Array.from(atob(asked.crop), (c) => c.charCodeAt(0))]));
  return made;
}
