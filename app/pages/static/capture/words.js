// What is said? The page's own words, as the server wrote them into it in the reader's language.

const said = new Map(
  [...document.querySelectorAll("[data-word]")].map((each) => [each.dataset.word, each.textContent]),
);
const shapes = new Map([...document.querySelectorAll("[data-side]")].map((each) => [each.dataset.side, each.textContent]));

export const language = document.documentElement.lang;

/** The words of this name, its facts filled in. */
export function words(name, facts = {}) {
  const text = said.get(name);
  if (text === undefined) throw new Error(`no words for ${name}`);
  return text.replace(/\{(\w+)\}/g, (_, fact) => facts[fact]);
}

/** Whether there are any of this name. */
export const spoken = (name) => said.has(name);

/** What a picture is of, such as `resident-card/portrait`. */
export const sideNamed = (picture) => words(`side_${picture.replace("/", "_")}`);

/** The outline of a picture's document. */
export const shapeOf = (picture) => shapes.get(picture) ?? "id1";

/** A moment as its reader writes days. */
export const dayNamed = (moment) => new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date(moment));
