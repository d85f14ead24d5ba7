// What does the camera see? A stream in a video element, and single pictures of it.

import { blank, jpegOf } from "./canvas.js";

const PHOTOGRAPH_QUALITY = 0.92; // finer costs octets and shows no more of a print
const open = new Set();

/** There is none, or it may not be used. */
export class NoCamera extends Error {}

export class Camera {
  static async open(video, { facing, width, height }) {
    if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: { ideal: facing }, width: { ideal: width }, height: { ideal: height } },
      });
    } catch {
      throw new NoCamera();
    }
    video.srcObject = stream;
    const camera = new Camera(video, stream);
    open.add(camera);
    try {
      await video.play(); // until there is a first picture
    } catch {
      camera.close();
      throw new NoCamera();
    }
    return camera;
  }

  constructor(video, stream) {
    this.video = video;
    this.stream = stream;
    this.shown = 0;
    this.counting = null;
    if ("requestVideoFrameCallback" in video) this.#count();
    const dark = new AbortController();
    /** It gives no more pictures: unplugged, covered by a call, or taken by another program. */
    this.dark = dark.signal;
    for (const track of stream.getTracks()) {
      for (const each of ["ended", "mute"]) track.addEventListener(each, () => dark.abort());
    }
  }

  #count() {
    this.counting = this.video.requestVideoFrameCallback(() => {
      this.shown++;
      this.#count();
    });
  }

  /** Goes up with every picture: a slow camera, or one that stalls, shows the last one until then. */
  get pictures() {
    if (this.counting !== null) return this.shown;
    return this.video.getVideoPlaybackQuality?.().totalVideoFrames || this.video.currentTime; // 0 of a stream in some
  }

  /** Whether `pictures` are counted one by one as they come: two alike are then the camera's own. */
  get isCounted() {
    return this.counting !== null;
  }

  get width() {
    return this.video.videoWidth;
  }

  get height() {
    return this.video.videoHeight;
  }

  /** A part of what it sees at this moment, drawn so large; all of it without a part. */
  draw(canvas, part = { x: 0, y: 0, width: this.width, height: this.height }) {
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(this.video, part.x, part.y, part.width, part.height, 0, 0, canvas.width, canvas.height);
    return pen;
  }

  /** A photograph, as fine as the camera gives it. */
  photograph() {
    const canvas = blank(this.width, this.height);
    this.draw(canvas);
    return jpegOf(canvas, PHOTOGRAPH_QUALITY);
  }

  /** Let go of it: its light goes out. */
  close() {
    for (const track of this.stream.getTracks()) track.stop();
    if (this.counting !== null) this.video.cancelVideoFrameCallback(this.counting);
    this.video.srcObject = null;
    open.delete(this);
  }
}

/** Let go of every camera. */
export function closeAll() {
  for (const each of [...open]) each.close();
}

window.addEventListener("pagehide", closeAll);
