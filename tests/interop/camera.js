// A camera that is a canvas: it shows what a test gives it, and a portrait in it does what the page asks for.
// Evaluated before every document; the page cannot tell it from a camera.
(() => {
  const canvas = document.createElement("canvas");
  const warped = document.createElement("canvas");
  const camera = { opened: 0, asked: [], manner: "honest", denied: false, frozen: false };
  let picture = null, other = null, turns = 0, drawnAt = 0, last = "";
  const pose = camera.pose = { yaw: 0, pitch: 0, roll: 0, size: 1 };
  const HEAD = { x: 0.47, y: 0.36 }, FILL = 1.5; // where it is in the portraits we have; held so that it fills the oval
  const STRIPS = 96, YAW = 0.16, PITCH = 0.12, ROLL = 0.35, CLOSER = 1.45, FURTHER = 0.7, SETTLE_MS = 250;
  // As the camera sees it, unmirrored: the applicant's left is on the right.
  const MOVES = {
    turn_left: { yaw: YAW }, turn_right: { yaw: -YAW }, look_up: { pitch: -PITCH }, look_down: { pitch: PITCH },
    come_closer: { size: CLOSER }, move_back: { size: FURTHER }, tilt_left: { roll: ROLL }, tilt_right: { roll: -ROLL },
  };
  const OPPOSITE = {
    turn_left: "turn_right", turn_right: "turn_left", look_up: "look_down", look_down: "look_up",
    come_closer: "move_back", move_back: "come_closer", tilt_left: "tilt_right", tilt_right: "tilt_left",
  };

  const decoded = async (base64) => {
    const octets = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
    return createImageBitmap(new Blob([octets]));
  };
  /** Lay a picture before the camera: a document, or with `portrait` somebody who moves. */
  camera.show = async (base64, portrait = false) => {
    picture = await decoded(base64);
    camera.portrait = portrait;
    canvas.width = portrait ? 1280 : picture.width;
    canvas.height = portrait ? 960 : picture.height;
    draw();
  };
  /** Until the page's video shows what is held up by now. */
  camera.seen = async () => {
    const video = document.querySelector("[data-screen]:not([hidden]) video");
    for (let each = 0; each < 3; each++) await new Promise((done) => video.requestVideoFrameCallback(done));
  };
  /** Somebody else, who takes the place after the second step where the manner is `swapped`. */
  camera.showOther = async (base64) => { other = await decoded(base64); };

  /** The step the page shows, by its own words. */
  const step = () => {
    const said = document.querySelector("[data-order]")?.textContent ?? "";
    if (said !== last) { last = said; if (said) turns++; }
    if (!said) return null;
    const word = [...document.querySelectorAll("[data-word^=move_]")].find((each) => each.textContent === said);
    return word?.dataset.word.slice("move_".length) ?? null;
  };
  const wanted = () => {
    const asked = step();
    if (asked === null || camera.manner === "still") return {};
    return MOVES[camera.manner === "wrong" ? OPPOSITE[asked] : asked];
  };

  const draw = () => {
    const pen = canvas.getContext("2d");
    if (picture === null) {
      pen.fillStyle = "#5d666b";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      return;
    }
    if (!camera.portrait) { pen.drawImage(picture, 0, 0); return; }
    const goal = { yaw: 0, pitch: 0, roll: 0, size: 1, ...wanted() };
    if (camera.frozen || (camera.manner === "frozen" && turns > 1)) return;
    const now = performance.now(), share = 1 - Math.exp(-(now - drawnAt) / SETTLE_MS);
    drawnAt = now;
    for (const name of Object.keys(pose)) pose[name] += (goal[name] - pose[name]) * share;
    perform(pen, camera.manner === "swapped" && turns > 2 && other !== null ? other : picture, pose);
    shine(pen);
  };
  // A head that turns: what is in its middle moves further than its rim.
  const perform = (pen, face, { yaw, pitch, roll, size }) => {
    warped.width = face.width; warped.height = face.height;
    const between = warped.getContext("2d");
    strips(between, face, face.width, yaw, (from, wide, to, broad) =>
      between.drawImage(face, from, 0, wide, face.height, to, 0, broad, face.height));
    pen.fillStyle = "#5d666b";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.save();
    pen.translate(canvas.width / 2, canvas.height / 2);
    pen.rotate(roll);
    const scale = (FILL * canvas.height / face.height) * size;
    pen.scale(scale, scale);
    pen.translate(-face.width * HEAD.x, -face.height * HEAD.y);
    strips(pen, face, face.height, pitch, (from, high, to, tall) =>
      pen.drawImage(warped, 0, from, face.width, high, 0, to, face.width, tall));
    pen.restore();
  };
  const strips = (_, __, length, bend, paint) => {
    const moved = (at) => at + bend * (1 - (2 * at - 1) ** 2);
    for (let each = 0; each < STRIPS; each++) {
      const from = each / STRIPS, until = (each + 1) / STRIPS;
      paint(from * length, length / STRIPS, moved(from) * length, (moved(until) - moved(from)) * length + 1);
    }
  };
  // The screen lights what is near, the face, and hardly what is behind it.
  const shine = (pen) => {
    const colour = document.documentElement.style.getPropertyValue("--surround");
    if (!colour || camera.manner === "dull") return;
    pen.save();
    pen.globalCompositeOperation = "soft-light";
    const glow = pen.createRadialGradient(
      canvas.width / 2, canvas.height / 2, canvas.height * 0.1, canvas.width / 2, canvas.height / 2, canvas.height * 0.45);
    glow.addColorStop(0, colour + "b0");
    glow.addColorStop(1, colour + "00");
    pen.fillStyle = glow;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.restore();
  };
  setInterval(draw, 40);

  // A minute need not be waited for.
  const now = performance.now.bind(performance);
  let ahead = 0;
  performance.now = () => now() + ahead;
  camera.pass = (seconds) => { ahead += 1000 * seconds; };

  const media = {
    getUserMedia: async (constraints) => {
      camera.asked.push(constraints.video.facingMode.ideal);
      if (camera.denied) throw new DOMException("denied", "NotAllowedError");
      camera.opened++;
      const stream = canvas.captureStream(25);
      for (const track of stream.getTracks()) {
        const stop = track.stop.bind(track);
        track.stop = () => { camera.opened--; stop(); };
      }
      return stream;
    },
  };
  Object.defineProperty(navigator, "mediaDevices", { value: media, configurable: true });
  window.camera = camera;
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
})();
