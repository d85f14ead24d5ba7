// Is somebody there? Steps the server reveals one at a time, answered by frames; what is good enough it alone decides.

import { Problem, SessionOver, Unreachable } from "./api.js";
import { blank, jpegOf } from "./canvas.js";
import { dim, shine } from "./surround.js";
import { language, words } from "./words.js";

const FRAME_EVERY_MS = 100; // as the thresholds were tried; the server takes 750 in all
const FRAME_LONG = 640, FRAME_SHORT = 480;
const FRAME_MOST = 256 * 1024;
const QUALITIES = [0.85, 0.7, 0.5]; // the next where a frame is too large, or the line too slow for it
const LOOKS_EVERY_MS = 20; // whether there is room for the next
const ALIKE_MOST = 2; // of a camera that gives a picture again: more are no camera's
const UNSEEN_MOST = 4; // on their way or waiting to be looked at: a slow line or server gets fewer frames, not later ones
const HEAD = 8;
const PLACE_AFTER_S = 5; // as the server says to whoever can read it
const LET_GO_MOST_MS = 2_000;
const NEVER_OPENED = new Error("the socket was denied");
const DENIED_MOST = 3; // in a row: where a proxy lets no socket through, trying again leads nowhere
let deniedInARow = 0;

/** The code of what no further try mends. */
export const NO_WAY = "no_way";

/** Take one challenge; `told` hears steps and hints. Resolves when the server has what it needs, or null when stopped. */
export async function challenged(page, camera, told, stop) {
  const challenge = await page.api.openChallenge();
  if (stop.aborted) return null; // meanwhile
  if (camera.dark.aborted) throw over("face_dark"); // not begun: the server hands it back
  const address = new URL(challenge.frames, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  address.searchParams.set("language", language); // no header of a socket is a script's to set
  const socket = new WebSocket(address);
  try {
    return await ended(socket, camera, told, stop);
  } catch (error) {
    if (error !== NEVER_OPENED) throw error;
    throw await denied(page.api, challenge.id);
  } finally {
    socket.close();
    dim();
  }
}

/** Why there was no socket: a browser does not tell its scripts what was answered, so that it is asked for. */
async function denied(api, id) {
  const { state } = await api.challenge(id);
  if (state !== "open") return over("face_over");
  if (++deniedInARow >= DENIED_MOST) return new Problem({ code: NO_WAY, status: 409, detail: words("face_no_way") }, null);
  // Nothing was asked yet: opened again after a while, it is the same one, and no try.
  return new Problem({ code: "unavailable", status: 503, detail: words("trouble_busy") }, PLACE_AFTER_S);
}

const over = (word) => new Problem({ code: "challenge_over", status: 409, detail: words(word) }, null);

const refused = (problem) => (problem.status === 401 ? new SessionOver() : new Problem(problem, null));

function ended(socket, camera, told, stop) {
  return new Promise((resolve, reject) => {
    let opened = false;
    const line = { socket, stop, sent: 0, seen: -1, fullSince: null, quality: 0 };
    socket.onopen = () => {
      opened = true;
      deniedInARow = 0;
      sending(line, camera).catch(reject);
    };
    // After its last word it is settled already. A challenge whose line broke is not taken up again: one try, one connection.
    socket.onclose = () => reject(opened ? new Unreachable() : NEVER_OPENED);
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.say === "finished") resolve(true);
      else if (message.say === "refused") reject(refused(message.problem));
      if (message.say === "seen") line.seen = message.sequence;
      if (message.say === "colour") shine(message.colour, message.for_ms);
      told(message);
    };
    // What it missed is a gap already: whoever films goes on with another try, and sees why.
    camera.dark.addEventListener("abort", () => {
      if (opened) socket.send(JSON.stringify({ say: "stop" }));
      reject(over("face_dark"));
    });
    stop.addEventListener("abort", () => {
      if (socket.readyState !== WebSocket.OPEN) return resolve(null);
      socket.send(JSON.stringify({ say: "stop" }));
      // Until the server has let go of it: sooner, the next try would find its place taken.
      socket.onmessage = null;
      socket.onclose = () => resolve(null);
      setTimeout(() => resolve(null), LET_GO_MOST_MS);
    });
  });
}

/**
 * One frame after the other, in order: four octets of sequence, four of milliseconds, a JPEG. A picture that a camera gives
 * twice is sent once; one that stands still is shown to the server, who is to see it.
 */
async function sending(line, camera) {
  const { socket, stop } = line;
  const isWanted = () => socket.readyState === WebSocket.OPEN && !stop.aborted;
  const upright = camera.height > camera.width;
  const canvas = blank(upright ? FRAME_SHORT : FRAME_LONG, upright ? FRAME_LONG : FRAME_SHORT);
  const begun = performance.now();
  for (let picture = null, last = null, alike = 0; isWanted(); ) {
    const at = performance.now();
    if (!hasRoom(line, at) || camera.width === 0 || camera.pictures === picture) {
      await waited(LOOKS_EVERY_MS);
      continue;
    }
    picture = camera.pictures;
    camera.draw(canvas, middle(camera, canvas));
    const jpeg = await small(canvas, line.quality);
    // A picture is counted a little after it is seen, and some cameras give one twice in the dark.
    if (jpeg === null || (areSame(jpeg, last) && !(camera.isCounted && ++alike > ALIKE_MOST))) continue;
    last = jpeg;
    alike = 0;
    if (isWanted()) socket.send(framed(line.sent++, at - begun, jpeg));
    await waited(at + FRAME_EVERY_MS - performance.now());
  }
}

/** Whether another frame may follow; where none might for as long as one takes, the next are smaller, for good. */
function hasRoom(line, at) {
  if (line.sent - line.seen <= UNSEEN_MOST) {
    line.fullSince = null;
    return true;
  }
  line.fullSince ??= at;
  if (at - line.fullSince > FRAME_EVERY_MS) {
    line.quality = Math.min(line.quality + 1, QUALITIES.length - 1);
    line.fullSince = Infinity; // once, each time
  }
  return false;
}

const areSame = (one, other) => one.length === other?.length && one.every((octet, at) => octet === other[at]);

const waited = (ms) => new Promise((done) => setTimeout(done, Math.max(0, ms)));

function framed(sequence, ms, jpeg) {
  const octets = new Uint8Array(HEAD + jpeg.length);
  const head = new DataView(octets.buffer);
  head.setUint32(0, sequence);
  head.setUint32(4, Math.round(ms));
  octets.set(jpeg, HEAD);
  return octets;
}

async function small(canvas, from) {
  for (const quality of QUALITIES.slice(from)) {
    const jpeg = await jpegOf(canvas, quality);
    if (jpeg.size <= FRAME_MOST) return new Uint8Array(await jpeg.arrayBuffer());
  }
  return null;
}

/** The largest part in the middle that has the canvas's form. */
function middle(camera, canvas) {
  const scale = Math.min(camera.width / canvas.width, camera.height / canvas.height);
  const width = canvas.width * scale, height = canvas.height * scale;
  return { x: (camera.width - width) / 2, y: (camera.height - height) / 2, width, height };
}
