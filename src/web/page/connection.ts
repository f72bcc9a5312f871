import type { FromPage, ToPage } from "../words.ts";

/** A page that nobody looks at holds no connection, unless its person types or is waited for there. */
const HIDDEN_MS = 10_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5_000;
/** The server says something at least this often. */
const SILENT_MS = 40_000;
const KEY = "ssh-mcp-key";

export type Link = "signed-out" | "connecting" | "live" | "away";

/** The page's one line to the server: a stream of what happens, and requests, one after the other. */
export class Connection {
  readonly #hear: (word: ToPage) => void;
  readonly #changed: (link: Link, why?: string) => void;
  #view = "";
  #abort: AbortController | undefined;
  #queue: Promise<void> = Promise.resolve();
  #keys = "";
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

  async signOut(): Promise<void> {
    await post("out", {}, { "x-key": keyOf() }).catch(() => undefined);
    localStorage.removeItem(KEY);
    this.#abort?.abort();
    this.#changed("signed-out");
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
    const asked = this.#queue.then(() => this.#send(word));
    this.#queue = asked.then(() => undefined);
    return asked;
  }

  /** Keys go in their order; those that come meanwhile go together. */
  type(keys: string): void {
    const waits = this.#keys !== "";
    this.#keys += keys;
    if (waits) return;
    this.#queue = this.#queue.then(async () => {
      const all = this.#keys;
      this.#keys = "";
      await this.#send({ do: "keys", keys: all });
    });
  }

  async #send(word: FromPage): Promise<string | undefined> {
    const headers = { "x-key": keyOf(), "x-view": this.#view };
    const answer = await post("do", word, headers).catch(() => undefined);
    if (answer === undefined) return "The server did not answer.";
    return answer.ok ? undefined : whyOf(await bodyOf(answer));
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
