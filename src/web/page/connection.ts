import type { At, FromPage, ToPage } from "../words.ts";
import { isTooLong } from "./paste.ts";
import { linkTo } from "./state.ts";

/** A page that nobody looks at holds no connection, unless its person types or is waited for there. */
const HIDDEN_MS = 10_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5_000;
/** The server says something at least this often. */
const SILENT_MS = 40_000;
/** What is not answered by then is not waited for: keys that come much later would be typed into something else. */
const ANSWER_MS = 20_000;
const KEY = "ssh-mcp-key";

export type Link = "signed-out" | "connecting" | "live" | "away";

/** Keys that wait for their turn, for one session. */
interface Batch {
  readonly at: At;
  keys: string;
  /** More came than may wait: nothing goes behind the gap. */
  full: boolean;
}

/** The page's one line to the server: a stream of what happens, and requests, one after the other. */
export class Connection {
  readonly #hear: (word: ToPage) => void;
  readonly #changed: (link: Link, why?: string) => void;
  #view = "";
  #abort: AbortController | undefined;
  #queue: Promise<void> = Promise.resolve();
  #batch: Batch | undefined;
  /** Batches that were made before something was refused are not sent. */
  #refused = 0;
  #retryMs = FIRST_RETRY_MS;
  #hiding: number | undefined;
  /** The person has a keyboard here, or may be asked: the page stays connected, whoever looks at it. */
  stays = false;
  /** The person has a keyboard here. */
  holds = false;

  constructor(hear: (word: ToPage) => void, changed: (link: Link, why?: string) => void) {
    this.#hear = hear;
    this.#changed = changed;
    document.addEventListener("visibilitychange", () => this.#seen());
  }

  /** Signs in by a link's code or a token; undefined: it worked, else why it did not. */
  async signIn(proof: { readonly code: string } | { readonly token: string }): Promise<string | undefined> {
    const answer = await post("in", proof).catch(() => undefined);
    if (answer === undefined) return "The server did not answer.";
    const body = await bodyOf(answer);
    if (!answer.ok || typeof body.key !== "string") return whyOf(body);
    localStorage.setItem(KEY, body.key);
    return undefined;
  }

  /** Undefined: it worked, else why it did not. */
  async signOut(): Promise<string | undefined> {
    const answer = await post("out", {}, { "x-key": keyOf() }).catch(() => undefined);
    if (answer === undefined) return "The server did not answer.";
    // Who is signed in no more is signed out.
    if (!answer.ok && answer.status !== 401) return whyOf(await bodyOf(answer));
    localStorage.removeItem(KEY);
    this.#abort?.abort();
    this.#changed("signed-out");
    return undefined;
  }

  /** Stays connected for as long as the page is open. */
  async live(): Promise<void> {
    for (;;) {
      if (document.hidden && !this.holds && !this.stays) {
        this.#changed("away");
        await new Promise<void>((resolve) =>
          document.addEventListener("visibilitychange", () => resolve(), { once: true }),
        );
        continue;
      }
      this.#changed("connecting");
      const went = await this.#stream().catch(() => "lost" as const);
      if (went === "signed-out") return this.#changed("signed-out");
      await new Promise((resolve) => setTimeout(resolve, this.#retryMs));
      this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
    }
  }

  /** What the server says against it; undefined: it is done. */
  ask(word: FromPage): Promise<string | undefined> {
    // Keys that come later go behind it.
    this.#batch = undefined;
    const asked = this.#queue.then(() => this.#send(word)).then((sent) => sent?.why);
    this.#queue = asked.then(() => undefined);
    return asked;
  }

  /** Keys go in their order; those that come meanwhile go together. Behind what was refused nothing goes. */
  type(keys: string, at: At): void {
    const waits =
      this.#batch !== undefined && linkTo(this.#batch.at) === linkTo(at) ? this.#batch : undefined;
    if (waits?.full === true || isTooLong((waits?.keys ?? "") + keys)) {
      if (waits !== undefined) waits.full = true;
      this.#notice("not typed: that is more than 64 KiB at once; paste it in parts, or put it into a file");
      return;
    }
    if (waits !== undefined) {
      waits.keys += keys;
      return;
    }
    const batch: Batch = { at, keys, full: false };
    const before = this.#refused;
    this.#batch = batch;
    this.#queue = this.#queue.then(async () => {
      if (this.#batch === batch) this.#batch = undefined;
      if (before !== this.#refused) return;
      const { place, session } = at;
      const sent = await this.#send({ do: "keys", keys: batch.keys, place, session });
      if (sent === undefined) return;
      this.#refused++;
      this.#batch = undefined;
      this.#notice(
        sent.unsure ? `whether the last keys were typed is not known: ${sent.why}` : `not typed: ${sent.why}`,
      );
    });
  }

  #notice(text: string): void {
    this.#hear({ is: "notice", text });
  }

  /** Undefined: it is done. */
  async #send(word: FromPage): Promise<{ readonly why: string; readonly unsure: boolean } | undefined> {
    const headers = { "x-key": keyOf(), "x-view": this.#view };
    const answer = await post("do", word, headers).catch(() => undefined);
    if (answer === undefined) return { why: "The server did not answer.", unsure: true };
    return answer.ok ? undefined : { why: whyOf(await bodyOf(answer)), unsure: answer.status >= 500 };
  }

  async #stream(): Promise<"signed-out" | "lost"> {
    const abort = new AbortController();
    this.#abort = abort;
    const answer = await fetch("live", { headers: { "x-key": keyOf() }, signal: abort.signal });
    if (answer.status === 401 || answer.status === 403) return "signed-out";
    const reader = answer.body?.getReader();
    if (!answer.ok || reader === undefined) {
      this.#changed("connecting", whyOf(await bodyOf(answer)));
      return "lost";
    }
    let silence = setTimeout(() => abort.abort(), SILENT_MS);
    const decoder = new TextDecoder();
    let held = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(silence);
      silence = setTimeout(() => abort.abort(), SILENT_MS);
      const lines = (held + decoder.decode(part.value, { stream: true })).split("\n");
      held = lines.pop() ?? "";
      for (const line of lines) this.#line(line);
    }
    clearTimeout(silence);
    return "lost";
  }

  #line(line: string): void {
    const word: ToPage = JSON.parse(line);
    if (word.is === "hello") {
      this.#view = word.view;
      this.#retryMs = FIRST_RETRY_MS;
      this.#changed("live");
    }
    this.#hear(word);
  }

  #seen(): void {
    clearTimeout(this.#hiding);
    if (!document.hidden) return;
    this.#hiding = setTimeout(() => {
      if (document.hidden && !this.holds && !this.stays) this.#abort?.abort();
    }, HIDDEN_MS);
  }
}

function keyOf(): string {
  return localStorage.getItem(KEY) ?? "";
}

function post(what: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(what, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
}

async function bodyOf(answer: Response): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await answer.json().catch(() => ({}));
  return typeof body === "object" && body !== null ? { ...body } : {};
}

/** Our own server's errors over MCP have another form. */
function whyOf({ why, error }: Readonly<Record<string, unknown>>): string {
  if (typeof why === "string") return why;
  const said = typeof error === "object" && error !== null && "message" in error ? error.message : undefined;
  return typeof said === "string" ? said : "The server refused.";
}
