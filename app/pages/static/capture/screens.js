// What is seen, and where is the reader? One screen at a time; its heading takes the focus, so that it is read aloud.

const STEPS = {
  loading: "notice", identity: "notice", consent: "notice", optional: "notice", kind: "document", document: "document", face: "face",
  fields: "document", review: "result", progress: "result", again: "result", result: "result",
};

/** Show a screen; the element of it. */
export function show(name) {
  let shown = null;
  for (const each of document.querySelectorAll("[data-screen]")) {
    each.hidden = each.dataset.screen !== name;
    if (!each.hidden) shown = each;
  }
  for (const each of document.querySelectorAll("[data-step]")) {
    if (STEPS[name] === undefined) continue;
    if (each.dataset.step === STEPS[name]) each.setAttribute("aria-current", "step");
    else each.removeAttribute("aria-current");
  }
  complain(shown, "");
  const heading = shown.querySelector("h1");
  document.title = `${heading.textContent} · ${document.querySelector(".name").textContent}`;
  heading.focus();
  window.scrollTo(0, 0);
  return shown;
}

/** Give a screen the heading of what it is about; the focus, on it already, does not read it twice. */
export function entitle(screen, text) {
  const heading = screen.querySelector("h1");
  if (heading.textContent === text) return;
  heading.textContent = text;
  document.title = `${text} · ${document.querySelector(".name").textContent}`;
  heading.blur();
  heading.focus();
}

/** What the reader chooses on a screen; ended by `signal` where something else comes first, and then null. */
export function choice(screen, signal = null) {
  return new Promise((resolve) => {
    const stop = new AbortController();
    const done = (value) => {
      stop.abort();
      resolve(value);
    };
    screen.addEventListener("click", (event) => {
      const button = event.target.closest("[data-choice]");
      if (button && !button.disabled) done(button.dataset.choice);
    }, { signal: stop.signal });
    signal?.addEventListener("abort", () => done(null), { signal: stop.signal });
    if (signal?.aborted) done(null);
  });
}

/** While it is being done nothing is pressed twice. */
export async function busy(screen, doing) {
  const buttons = [...screen.querySelectorAll("button:enabled, input:enabled")];
  screen.setAttribute("aria-busy", "true");
  for (const each of buttons) each.disabled = true;
  try {
    return await doing;
  } finally {
    for (const each of buttons) each.disabled = false;
    screen.removeAttribute("aria-busy");
  }
}

/** Say it politely: a screen reader ends its sentence first. Nothing is said twice in a row. */
export function hint(screen, text) {
  const place = screen.querySelector("[role=status]");
  if (place.textContent !== text) place.textContent = text;
}

/** What went wrong, said at once. */
export function complain(screen, text) {
  screen.querySelector(".trouble").textContent = text;
}

/** Show those parts of a screen that are for this moment. */
export function when(screen, moment) {
  screen.dataset.moment = moment;
  for (const each of screen.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== moment;
}

/** Fill a list with lines of text. */
export function list(screen, lines) {
  const place = screen.querySelector("[data-list]");
  place.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  place.hidden = lines.length === 0;
}
