// A service that is not there: what the page would hear of it, and what it says. Evaluated in a page about to show a face.
(() => {
  const heard = [], said = [];
  const asked = window.fetch;
  window.fetch = (address, how) =>
    String(address).endsWith("/liveness")
      ? Promise.resolve(new Response('{"id": "liv_1", "steps": 4, "frames": "/v1/proofings/prf_1/liveness/liv_1/frames"}', { status: 201 }))
      : asked(address, how);
  window.WebSocket = class {
    static OPEN = 1;
    constructor(address) {
      this.address = String(address);
      this.bufferedAmount = 0;
      this.readyState = 1;
      window.challenge = { heard, said, address: this.address, tell: (message) => this.onmessage({ data: JSON.stringify(message) }) };
      setTimeout(() => this.onopen(), 0);
    }
    send(data) {
      if (typeof data === "string") { said.push(data); return; }
      const head = new DataView(data.buffer);
      const sequence = head.getUint32(0);
      heard.push({ sequence, ms: head.getUint32(4), octets: data.length - 8, soi: head.getUint16(8), jpeg: String(data.slice(8)) });
      if (!window.isBlind) window.challenge.tell({ say: "seen", sequence });
    }
    close() { this.readyState = 3; }
  };
})();
