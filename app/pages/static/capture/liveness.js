// Is somebody there? Steps the server reveals one at a time, answered by frames; what is good enough it alone decides.

import { Problem, Unreachable } from "./api.js";
import { dim, shine } from "./surround.js";

const FRAME_EVERY_MS = 100; // the server takes at most fifteen a second
const FRAME_LONG = 640, FRAME_SHORT = 480;
const FRAME_MOST = 256 * 1024;
const QUALITIES = [0.85, 0.7, 0.5];
const BEHIND_MOST = 4 * FRAME_MOST; // waiting to leave: a slow line gets fewer frames, not later ones
const HEAD = 8;

/** Take one challenge; `told` hears steps and hints. Resolves when the server has what it needs, or null when stopped. */
export async function challenged(page, camera, told, stop) {
  const challenge = await page.api.beginLiveness();
  if (stop.aborted) return null; // meanwhile
  const address = new URL(challenge.frames, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  try {
    return await ended(socket, camera, told, stop);
  } finally {
    socket.close();
    dim();
  }
}

function ended(socket, camera, told, stop) {
  return new Promise((resolve, reject) => {
    socket.onopen = () => sending(socket, camera).catch(reject);
    socket.onerror = () => reject(new Unreachable());
    socket.onclose = () => reject(new Unreachable()); // after its last word: then it is settled already
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.say === "finished") resolve(true);
      else if (message.say === "refused") reject(new Problem(message.problem, null));
      else if (message.say === "colour") shine(message.colour, message.for_ms);
      else told(message);
    };
    stop.addEventListener("abort", () => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ say: "stop" }));
      resolve(null);
    });
  });
}

/** One frame after the other, in order: four octets of sequence, four of milliseconds, a JPEG. */
async function sending(socket, camera) {
  const upright = camera.height > camera.width;
  const canvas = new OffscreenCanvas(upright ? FRAME_SHORT : FRAME_LONG, upright ? FRAME_LONG : FRAME_SHORT);
  const begun = performance.now();
  for (let sequence = 0; socket.readyState === WebSocket.OPEN; ) {
    const at = performance.now();
    if (socket.bufferedAmount < BEHIND_MOST && camera.width > 0) {
      camera.draw(canvas, middle(camera, canvas));
      const jpeg = await small(canvas);
      if (jpeg !== null && socket.readyState === WebSocket.OPEN) socket.send(framed(sequence++, at - begun, jpeg));
    }
    await new Promise((done) => setTimeout(done, Math.max(0, at + FRAME_EVERY_MS - performance.now())));
  }
}

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
