import type { Endpoint, Segment } from "./pcap.ts";

/** One message of SIP (RFC 3261), its texts as they came: they are remote data, and have to be made visible. */
export interface Message {
  readonly at: number;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly protocol: "udp" | "tcp";
  /** Of a request. */
  readonly method?: string;
  readonly uri?: string;
  /** Of a response. */
  readonly status?: number;
  readonly reason?: string;
  /** By their full names in small letters. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
  /** The same bytes once more: sent again, for want of an answer. */
  readonly again: boolean;
  /** Parts of it were not captured, or are beyond what is read. */
  readonly partial: boolean;
}

/** Budgets of what is read, whatever is sent. */
const MOST_MESSAGES = 5_000;
const MOST_BYTES = 64 * 1024;
const MOST_HEADERS = 200;
const MOST_HEADER = 2_000;
/** One packet that a capture on all interfaces saw twice; RFC 3261 sends again after 500 ms at the earliest. */
const SAME_S = 0.1;

/** RFC 3261 7.3.3 and those of later ones */
const COMPACT: Readonly<Record<string, string>> = {
  i: "call-id",
  f: "from",
  t: "to",
  m: "contact",
  v: "via",
  l: "content-length",
  c: "content-type",
  s: "subject",
};

const START = /^(?:SIP\/2\.0 \d{3}(?: |\r?\n)|[A-Za-z.!%*_+`'~-]{1,32} \S{1,2000} SIP\/2\.0\r?\n)/;

export interface Messages {
  readonly messages: readonly Message[];
  /** There were more than are read. */
  readonly more: boolean;
}

export function messagesIn(segments: readonly Segment[]): Messages {
  const found: Message[] = [];
  const seen = new Map<string, number>();
  const streams = new Streams();
  for (const segment of segments) {
    if (found.length >= MOST_MESSAGES) return { messages: found, more: true };
    const texts = segment.protocol === "udp" ? [segment.payload.toString("utf8")] : streams.add(segment);
    for (const text of texts) {
      if (!START.test(text)) continue;
      const key = `${nameOf(segment.from)} ${nameOf(segment.to)} ${text}`;
      const before = seen.get(key);
      if (before !== undefined && segment.at - before < SAME_S) continue;
      seen.set(key, segment.at);
      found.push(messageOf(text, segment, before !== undefined));
    }
  }
  return { messages: found, more: false };
}

export function nameOf({ address, port }: Endpoint): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

function messageOf(text: string, segment: Segment, again: boolean): Message {
  const read = text.slice(0, MOST_BYTES);
  const gap = /\r?\n\r?\n/.exec(read);
  const head = gap === null ? read : read.slice(0, gap.index);
  const [first = "", ...lines] = head.split(/\r?\n/).slice(0, MOST_HEADERS);
  const { at, from, to, protocol, missing } = segment;
  const [, code, reason = ""] = /^SIP\/2\.0 (\d{3}) ?(.*)$/s.exec(first) ?? [];
  const [method = "", uri = ""] = first.split(" ");
  return {
    at,
    from,
    to,
    protocol,
    ...(code === undefined
      ? { method, uri }
      : { status: Number(code), reason: reason.slice(0, MOST_HEADER) }),
    headers: headersIn(lines),
    body: gap === null ? "" : read.slice(gap.index + gap[0].length),
    again,
    partial: missing > 0 || text.length > MOST_BYTES,
  };
}

function headersIn(lines: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  let last: string[] | undefined;
  for (const line of lines) {
    // A line that begins with a blank goes on with the one before (7.3.1).
    if (/^[ \t]/.test(line) && last !== undefined && last.length > 0) {
      const joined = `${last.pop() ?? ""} ${line.trim()}`;
      last.push(joined.slice(0, MOST_HEADER));
      continue;
    }
    const [, name = "", value = ""] = /^([^:\s]{1,60})\s*:\s*(.*)$/s.exec(line) ?? [];
    if (name === "") continue;
    const small = name.toLowerCase();
    const whole = COMPACT[small] ?? small;
    last = headers.get(whole) ?? [];
    last.push(value.slice(0, MOST_HEADER).trimEnd());
    headers.set(whole, last);
  }
  return headers;
}

export function header({ headers }: Message, name: string): string {
  return headers.get(name)?.[0] ?? "";
}

/** `INVITE`, of the request a response answers, too. */
export function methodOf(message: Message): string {
  return message.method ?? header(message, "cseq").split(/\s+/)[1] ?? "";
}

/** The URI in a From, To or Contact: without name and parameters. */
export function uriOf(value: string): string {
  return /<([^>]*)>/.exec(value)?.[1] ?? value.split(";")[0]?.trim() ?? "";
}

/** What is before the `@` of an URI. */
export function userOf(uri: string): string {
  return /^(?:sips?|tel):([^@;>]*)/i.exec(uri)?.[1] ?? "";
}

/** Bytes of a connection that are waited for the rest of a message with, and how many connections. */
const MOST_WAITING = 128 * 1024;
const MOST_STREAMS = 500;

/** TCP by direction: in order where the capture has it so; a gap begins anew with the next message. */
class Streams {
  readonly #open = new Map<string, { text: Buffer; next: number | undefined }>();

  add({ from, to, payload, sequence = 0, opens = false }: Segment): string[] {
    const key = `${nameOf(from)} ${nameOf(to)}`;
    const stream = this.#open.get(key) ?? { text: Buffer.alloc(0), next: undefined };
    this.#open.set(key, stream);
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST_STREAMS && oldest !== undefined) this.#open.delete(oldest);
    if (opens) stream.text = Buffer.alloc(0);
    if (payload.length === 0) return [];
    // Sent again: it was read already.
    if (stream.next !== undefined && ((sequence - stream.next) | 0) < 0) return [];
    const gap = stream.next !== undefined && sequence !== stream.next;
    stream.next = (sequence + payload.length) >>> 0;
    stream.text = gap ? Buffer.from(payload) : Buffer.concat([stream.text, payload]);
    const messages: string[] = [];
    for (let whole = this.#take(stream); whole !== undefined; whole = this.#take(stream))
      messages.push(whole);
    return messages;
  }

  /** The first whole message of what came. */
  #take(stream: { text: Buffer }): string | undefined {
    const text = stream.text.toString("latin1");
    // Line ends between messages keep a connection alive (RFC 5626 3.5.1).
    const blank = /^[\r\n]+/.exec(text)?.[0].length ?? 0;
    const rest = text.slice(blank);
    if (rest !== "" && !START.test(rest)) {
      if (rest.length > 4_000 || rest.includes("\n")) stream.text = Buffer.alloc(0);
      return undefined;
    }
    const gap = rest.indexOf("\r\n\r\n");
    if (gap < 0) {
      if (rest.length > MOST_WAITING) stream.text = Buffer.alloc(0);
      return undefined;
    }
    const length = Number(/^(?:content-length|l)\s*:\s*(\d{1,9})\s*$/im.exec(rest.slice(0, gap))?.[1] ?? 0);
    const end = gap + 4 + length;
    if (rest.length < end) {
      if (end <= MOST_WAITING) return undefined;
      stream.text = Buffer.alloc(0);
      return rest;
    }
    stream.text = stream.text.subarray(blank + end);
    return Buffer.from(rest.slice(0, end), "latin1").toString("utf8");
  }
}
