// Is somebody there? Steps the server reveals one at a time, answered by frames; what is good enough it alone decides.

import { Problem, SessionOver, Unreachable } from "./api.js";
import { dim, shine } from "./surround.js";
import { language, words } from "./words.js";

const FRAME_EVERY_MS = 100; // as the thresholds were tried; the server takes 750 in all
const FRAME_LONG = 640, FRAME_SHORT = 480;
const FRAME_MOST = 256 * 1024;
const QUALITIES = [0.85, 0.7, 0.5];
const LOOKS_EVERY_MS = 20; // whether there is room for the next
const UNSEEN_MOST = 4; // on their way or waiting to be looked at: a slow line or server gets fewer frames, not later ones
const HEAD = 8;
const LET_GO_MOST_MS = 2_000;
const NEVER_OPENED = new Error("the socket was denied");

/** Take one challenge; `told` hears steps and hints. Resolves when the server has what it needs, or null when stopped. */
export async function challenged(page, camera, told, stop) {
  const challenge = await page.api.openChallenge();
  if (stop.aborted) return null; // meanwhile
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
  if (state === "open") return new Problem({ code: "unavailable", status: 503, detail: words("trouble_busy") }, null);
  return new Problem({ code: "challenge_over", status: 409, detail: words("face_over") }, null);
}

const refused = (problem) => (problem.status === 401 ? new SessionOver() : new Problem(problem, null));

function ended(socket, camera, told, stop) {
  return new Promise((resolve, reject) => {
    let opened = false;
    const line = { socket, stop, seen: -1 };
    socket.onopen = () => {
      opened = true;
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

/** One frame after the other, in order: four octets of sequence, four of milliseconds, a JPEG. */
async function sending(line, camera) {
  const { socket, stop } = line;
  const isWanted = () => socket.readyState === WebSocket.OPEN && !stop.aborted;
  const upright = camera.height > camera.width;
  const canvas = new OffscreenCanvas(upright ? FRAME_SHORT : FRAME_LONG, upright ? FRAME_LONG : FRAME_SHORT);
  const begun = performance.now();
  for (let sequence = 0; isWanted(); ) {
    const at = performance.now();
    if (sequence - line.seen > UNSEEN_MOST || camera.width === 0) {
      await waited(LOOKS_EVERY_MS);
      continue;
    }
    camera.draw(canvas, middle(camera, canvas));
    const jpeg = await small(canvas);
    if (jpeg !== null && isWanted()) socket.send(framed(sequence++, at - begun, jpeg));
    await waited(at + FRAME_EVERY_MS - performance.now());
  }
}

const waited = (ms) => new Promise((done) => setTimeout(done, Math.max(0, ms)));

function framed(sequence, ms, jpeg) {
  const octets = new Uint8Array(HEAD + jpeg.byteLength);
  const head = new DataView(octets.buffer);
  head.setUint32(0, sequence);
  head.setUint32(4, Math.round(ms));
  octets.set(new Uint8Array(jpeg), HEAD);
  return octets;
}

async function small(canvas) {
  for (const quality of QUALITIES) {
    const jpeg = await canvas.convertToBlob({ type: "image/jpeg", quality });
    if (jpeg.size <= FRAME_MOST) return jpeg.arrayBuffer();
  }
  return null;
}

/** The largest part in the middle that has the canvas's form. */
function middle(camera, canvas) {
  const scale = Math.min(camera.width / canvas.width, camera.height / canvas.height);
  const width = canvas.width * scale, height = canvas.height * scale;
  return { x: (camera.width - width) / 2, y: (camera.height - height) / 2, width, height };
}
