import { visibleLine } from "../../base/text.ts";
import type { ServerOffer } from "../protocol/algorithms.ts";

/** RFC 4253 4.2 lets a server send lines before its identification; ssh2 would take 8 MiB of them. */
const MAX_PREAMBLE_BYTES = 32 * 1024;
/** RFC 4253 6.1: an implementation must take packets of 35,000 bytes. */
const MAX_PACKET_BYTES = 35_000;
const KEXINIT = 20;

/** Reads along with the first, unencrypted bytes of a server: its identification line and its KEXINIT. */
export class HandshakeTap {
  #bytes = Buffer.alloc(0);
  #state: "preamble" | "packets" | "done" = "preamble";
  #preamble = 0;
  #ident: string | undefined;
  #offer: ServerOffer | undefined;
  /** What the server said before its identification, in one visible line. */
  #greeting = "";

  get ident(): string | undefined {
    return this.#ident;
  }

  get offer(): ServerOffer | undefined {
    return this.#offer;
  }

  get greeting(): string {
    return visibleLine(this.#greeting, 200);
  }

  get done(): boolean {
    return this.#state === "done";
  }

  /** Takes the next bytes; the answer names a breach of limits, after which the peer must be dropped. */
  feed(chunk: Buffer): "ok" | "flood" {
    if (this.#state === "done") return "ok";
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    if (this.#state === "preamble" && this.#readPreamble() === "flood") return "flood";
    if (this.#state === "packets") this.#readPackets();
    return "ok";
  }

  #readPreamble(): "ok" | "flood" {
    for (;;) {
      const end = this.#bytes.indexOf(0x0a);
      if (end < 0) return this.#preamble + this.#bytes.length > MAX_PREAMBLE_BYTES ? "flood" : "ok";
      const line = this.#bytes.toString("utf8", 0, end).replace(/\r$/, "");
      this.#bytes = this.#bytes.subarray(end + 1);
      if (line.startsWith("SSH-")) {
        this.#ident = visibleLine(line, 255);
        this.#state = "packets";
        return "ok";
      }
      this.#preamble += end + 1;
      if (this.#greeting.length < 400) this.#greeting += `${line}\n`;
      if (this.#preamble > MAX_PREAMBLE_BYTES) return "flood";
    }
  }

  #readPackets(): void {
    while (this.#bytes.length >= 6) {
      const length = this.#bytes.readUInt32BE(0);
      const sane = length >= 2 && length <= MAX_PACKET_BYTES;
      if (sane && this.#bytes.length < 4 + length) return;
      const packet = this.#bytes.subarray(5, 4 + length);
      this.#bytes = this.#bytes.subarray(4 + length);
      if (sane && packet[0] !== KEXINIT) continue;
      if (sane) this.#offer = parseKexInit(packet);
      this.#state = "done";
      this.#bytes = Buffer.alloc(0);
      return;
    }
  }
}

/** The name-lists of a KEXINIT payload (RFC 4253 7.1); undefined when it is malformed. */
function parseKexInit(payload: Buffer): ServerOffer | undefined {
  const lists: string[][] = [];
  let at = 17;
  while (lists.length < 8) {
    if (at + 4 > payload.length) return undefined;
    const end = at + 4 + payload.readUInt32BE(at);
    if (end > payload.length) return undefined;
    const names = payload.toString("latin1", at + 4, end).split(",");
    lists.push(names.filter((name) => name !== "").map((name) => visibleLine(name, 64)));
    at = end;
  }
  const [kex = [], hostKey = [], toServer = [], toUs = [], macOut = [], macIn = [], zipOut = [], zipIn = []] =
    lists;
  const both = (a: string[], b: string[]) => a.filter((name) => b.includes(name));
  return {
    kex: kex.filter((name) => !/^(?:kex-strict|ext-info)-/.test(name)),
    hostKey,
    cipher: both(toServer, toUs),
    mac: both(macOut, macIn),
    compress: both(zipOut, zipIn),
  };
}
