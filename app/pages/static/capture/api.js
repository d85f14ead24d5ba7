// How is the server asked? As the interface describes it; the cookie goes along by itself, and no token is ever held here.

import { language } from "./words.js";

/** The server said no, in a document of RFC 9457. */
export class Problem extends Error {
  constructor(document, retryAfterSeconds) {
    super(document.detail);
    this.code = document.code;
    this.status = document.status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The cookie opens nothing any more. */
export class SessionOver extends Error {}

/** No answer came. */
export class Unreachable extends Error {}

export class Api {
  constructor(proofing, channel) {
    this.address = `/v1/proofings/${proofing}`;
    this.channel = channel;
  }

  /** The proofing; while the move is ours, as soon as it changes within so many seconds. */
  read(waitSeconds = 0) {
    return this.#asked("GET", waitSeconds ? `?wait=${waitSeconds}` : "");
  }

  async notice(purpose) {
    const found = await this.#fetched("GET", `/v1/notices?purpose=${purpose}&language=${language}`);
    return found[0];
  }

  answer(notice, given) {
    const { purpose, text_sha256 } = notice;
    return this.#asked("POST", "/consents", { purpose, given, text_sha256, channel: this.channel });
  }

  /** Put a picture of a document where it belongs. A face is never sent: the server chooses from the challenge (R83). */
  present(side, octets) {
    return this.#asked("PUT", `/evidence/${side}`, octets);
  }

  submit() {
    return this.#asked("POST", "/submission");
  }

  async fields() {
    return (await this.#asked("GET", "/fields")).items;
  }

  type(fields) {
    return this.#asked("PUT", "/fields", { fields });
  }

  openChallenge() {
    return this.#asked("POST", "/liveness");
  }

  challenge(id) {
    return this.#asked("GET", `/liveness/${id}`);
  }

  #asked(method, path, body) {
    return this.#fetched(method, this.address + path, body);
  }

  async #fetched(method, address, body) {
    const headers = { "accept-language": language };
    const isPicture = body instanceof Blob;
    if (body !== undefined && !isPicture) headers["content-type"] = "application/json";
    const sent = isPicture || body === undefined ? body : JSON.stringify(body);
    let answer;
    try {
      answer = await fetch(address, { method, headers, body: sent, cache: "no-store", credentials: "same-origin" });
      if (answer.ok) return await answer.json();
    } catch {
      throw new Unreachable();
    }
    if (answer.status === 401) throw new SessionOver();
    throw new Problem(await document_of(answer), Number(answer.headers.get("retry-after")) || null);
  }
}

// What stands before us may answer in its own form.
async function document_of(answer) {
  try {
    return await answer.json();
  } catch {
    return { code: "unavailable", status: answer.status, detail: "" };
  }
}
