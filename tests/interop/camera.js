// A camera that is a canvas: it shows what a test gives it, or somebody who does what the page asks in the light it shines in.
// Evaluated before every document; the page cannot tell it from a camera.
(() => {
  const WIDE = 640, HIGH = 480, DRAWN_EVERY_MS = 50, NOISE_SHEETS = 6;
  const DARKER = 0.72; // of the scene before a screen lights it, as in the specimens
  const GREY = [235, 235, 235];
  const REST = { yaw: 0, pitch: 0, roll: 0, near: 1 };
  const OffscreenCanvas = window.OffscreenCanvas; // ours, where a test takes the page's away
  const pictured = HTMLVideoElement.prototype.requestVideoFrameCallback; // the same
  const OWN_FACE_MS = 400; // of a step: nobody reads a prompt faster
  const EARLIER_COLOUR_MS = 700, EARLIER_STEP_MS = 2200;
  const canvas = document.createElement("canvas");
  const layer = Object.assign(document.createElement("canvas"), { width: WIDE, height: HIGH });
  const camera = { opened: 0, asked: [], denied: false, pose: { ...REST } };
  let picture = null; // what is held up
  let scene = null; // who sits there
  let noise = [];

  const bitmap = async (base64) => {
    const octets = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
    return createImageBitmap(new Blob([octets]));
  };
  const stages = async (sitter) => {
    const made = {};
    for (const [step, all] of Object.entries(sitter)) made[step] = await Promise.all(all.map((each) => Promise.all(each.map(bitmap))));
    return made;
  };
  const resized = (wide, high) => { canvas.width = wide; canvas.height = high; };

  /** Lay a picture before the camera: a document. */
  camera.show = async (base64) => {
    scene = null;
    picture = await bitmap(base64);
    resized(picture.width, picture.height);
    draw();
  };
  /** Until the page's video shows what is held up by now. */
  camera.seen = async () => {
    const video = document.querySelector("[data-screen]:not([hidden]) video");
    for (let each = 0; each < 3; each++) await new Promise((done) => pictured.call(video, done));
  };
  /** Sit down before it. */
  camera.seat = async (told) => {
    const seated = { ...told, room: await bitmap(told.room), sitter: await stages(told.sitter) };
    if (told.other) seated.other = await stages(told.other);
    noise = Array.from({ length: NOISE_SHEETS }, speckled);
    scene = { ...seated, steps: [], asked: { step: null, since: 0 }, lights: [], begun: null };
    resized(WIDE, HIGH);
    draw();
  };
  /** From now on in another manner. */
  camera.behave = (manner) => { Object.assign(scene, { manner, steps: [], begun: null }); };

  /** The step the page shows, by its own words. */
  const shownStep = () => {
    const said = document.querySelector("[data-order]")?.textContent ?? "";
    if (!said) return null;
    const word = [...document.querySelectorAll("[data-word^=move_]")].find((each) => each.textContent === said);
    return word?.dataset.word.slice("move_".length) ?? null;
  };
  /** The light its screen gives. */
  const shownLight = () => {
    const colour = document.documentElement.style.getPropertyValue("--surround");
    return colour ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) : GREY;
  };
  /** What an earlier session had at this moment of it, whatever is asked now. */
  const earlier = (now) => {
    if (shownLight() !== GREY || shownStep()) scene.begun ??= now;
    if (scene.begun === null) return [null, GREY];
    const { steps, lights } = scene.earlier;
    let gone = (now - scene.begun) % (lights.length * EARLIER_COLOUR_MS + steps.length * EARLIER_STEP_MS);
    for (let at = 0; at < lights.length; at++) {
      if (gone < EARLIER_COLOUR_MS) return [null, lights[at]];
      gone -= EARLIER_COLOUR_MS;
      if (at < steps.length && gone < EARLIER_STEP_MS) return [steps[at], GREY];
      gone -= EARLIER_STEP_MS;
    }
    return [null, GREY];
  };
  /** Each manner but these does what is asked, in the light that is there. */
  const wanted = (now) => {
    const step = shownStep();
    if (scene.manner === "replay") return earlier(now);
    if (scene.manner === "dull") return [step, GREY];
    if (scene.manner !== "wrong" || step === null) return [step, shownLight()];
    const all = Object.keys(scene.attitudes); // another of the steps, each time
    return [all[(all.indexOf(step) + 3) % all.length], shownLight()];
  };

  const smooth = (share) => { const inside = Math.max(0, Math.min(1, share)); return inside * inside * (3 - 2 * inside); };
  /** How far into its step the head is now: on the way there, there, on the way back. */
  const share = (step, now) => {
    if (scene.asked.step !== step) scene.asked = { step, since: now };
    if (step === null) return 0;
    const { reaction, there, hold, back, reach } = scene.manners;
    const begun = now - scene.asked.since - reaction;
    return reach * smooth(Math.min(begun / there, (there + hold + back - begun) / back, 1));
  };
  /** What the camera sees by now of what the screen was told. */
  const seenLight = (light, now) => {
    const { lights, manners } = scene;
    if (lights.at(-1)?.light.join() !== light.join()) lights.push({ light, since: now });
    return lights.findLast((each) => each.since + manners.lag <= now)?.light ?? GREY;
  };

  const draw = () => {
    const pen = canvas.getContext("2d");
    if (scene !== null) return sit(pen, performance.now());
    if (picture !== null) return pen.drawImage(picture, 0, 0);
    pen.fillStyle = "#5d666b";
    pen.fillRect(0, 0, canvas.width, canvas.height);
  };
  const sit = (pen, now) => {
    const order = shownStep();
    if (order !== null && scene.steps.at(-1) !== order) scene.steps.push(order);
    if (scene.manner === "frozen" && scene.steps.length > 1) return pen.drawImage(canvas, 0, 0); // given again and again
    const [step, light] = wanted(now);
    const part = share(step, now), whole = { ...REST, ...scene.attitudes[step] };
    const pose = camera.pose = {
      yaw: whole.yaw * part, pitch: whole.pitch * part, roll: whole.roll * part + 0.4 * Math.sin(now / 1210),
      near: whole.near ** part * (1 + 0.0006 * Math.sin(now / 640)),
    };
    const performing = step !== null && now - scene.asked.since > OWN_FACE_MS;
    const other = (scene.manner === "swapped" && scene.steps.length > 2) || (scene.manner === "alternating" && performing);
    const strip = (other ? scene.other : scene.sitter)[step] ?? Object.values(other ? scene.other : scene.sitter)[0];
    const turned = pose.yaw !== 0 || pose.pitch !== 0;
    const at = turned && scene.manner !== "still" ? Math.round((part / scene.farthest) * (strip.length - 1)) : 0;
    lit(pen, strip[at], seenLight(light, now), pose, [1.6 * Math.sin(now / 820), 1.2 * Math.sin(now / 1100)]);
    grain(pen);
  };

  /** Room and person, each in its own light; of a photograph on paper both are lit and moved alike. */
  const lit = (pen, [face, mask], light, pose, aside) => {
    const own = scene.manners.on_skin, paper = scene.manner === "still";
    const between = layer.getContext("2d");
    between.setTransform(1, 0, 0, 1, 0, 0);
    between.clearRect(0, 0, WIDE, HIGH);
    if (!paper) moved(between, pose, aside);
    extended(between, face);
    if (!paper) tinted(between, light, own);
    between.globalCompositeOperation = "destination-in";
    extended(between, mask);
    between.globalCompositeOperation = "source-over";
    pen.save();
    if (paper) moved(pen, pose, aside);
    pen.drawImage(scene.room, 0, 0);
    if (!paper) tinted(pen, light, own / 10);
    pen.drawImage(layer, 0, 0);
    pen.restore();
    if (paper) tinted(pen, light, own);
  };
  const moved = (pen, { roll, near }, aside) => {
    const [middle, neck] = [scene.middle, scene.neck];
    pen.translate(aside[0] + middle[0], aside[1] + middle[1]);
    pen.scale(near, near);
    pen.translate(neck[0] - middle[0], neck[1] - middle[1]);
    pen.rotate((roll * Math.PI) / 180);
    pen.translate(-neck[0], -neck[1]);
  };
  // A body goes on below what was photographed of it.
  const extended = (pen, image) => {
    const whole = extended.made.get(image) ?? new OffscreenCanvas(WIDE, 2 * HIGH);
    if (!extended.made.has(image)) {
      whole.getContext("2d").drawImage(image, 0, 0);
      whole.getContext("2d").drawImage(image, 0, HIGH - 1, WIDE, 1, 0, HIGH, WIDE, HIGH);
      extended.made.set(image, whole);
    }
    pen.drawImage(whole, 0, 0);
  };
  extended.made = new Map();
  const tinted = (pen, light, own) => {
    const { warmth } = scene.manners; // blue, green, red
    const levels = light.map((each, at) => Math.min(255, 255 * DARKER * (1 + (own * each) / 255) * warmth[2 - at]));
    pen.save();
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.globalCompositeOperation = "multiply";
    pen.fillStyle = `rgb(${levels.map((each) => each.toFixed(2)).join(" ")})`;
    pen.fillRect(0, 0, WIDE, HIGH);
    pen.restore();
  };

  // A sensor's: around the middle grey, which changes nothing where it is laid over.
  const speckled = () => {
    const sheet = new OffscreenCanvas(WIDE, HIGH), pen = sheet.getContext("2d");
    const dots = pen.createImageData(WIDE, HIGH);
    for (let at = 0; at < dots.data.length; at++) {
      dots.data[at] = at % 4 === 3 ? 255 : 127.5 + 5 * (Math.random() + Math.random() + Math.random() + Math.random() - 2);
    }
    pen.putImageData(dots, 0, 0);
    return sheet;
  };
  const grain = (pen) => {
    const sheet = noise[Math.floor(Math.random() * noise.length)];
    const x = Math.floor(Math.random() * WIDE), y = Math.floor(Math.random() * HIGH);
    pen.save();
    pen.globalCompositeOperation = "hard-light";
    for (const left of [x - WIDE, x]) for (const top of [y - HIGH, y]) pen.drawImage(sheet, left, top);
    pen.restore();
  };
  let drawing = setInterval(draw, DRAWN_EVERY_MS);
  /** A picture every so many milliseconds; 0: none any more. */
  camera.pace = (ms) => { clearInterval(drawing); if (ms > 0) drawing = setInterval(draw, ms); };

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
      if (scene !== null) Object.assign(scene, { steps: [], begun: null }); // another film: what froze in the last one moves again
      const stream = camera.stream = canvas.captureStream(25);
      for (const track of stream.getTracks()) {
        const stop = track.stop.bind(track);
        track.stop = () => { if (track.readyState === "live") camera.opened--; stop(); };
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
