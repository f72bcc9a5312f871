import type { FromPage, Picture, ToPage } from "../../src/web/words.ts";

/** A page without a browser: what it sends, and what it is told. */
export class Visitor {
  readonly heard: ToPage[] = [];
  readonly #url: string;
  readonly #abort = new AbortController();
  #over = false;
  cookie = "";
  key = "";

  constructor(url: string) {
    this.#url = url;
  }

  get #own(): Record<string, string> {
    return { origin: this.#url, cookie: this.cookie, "x-key": this.key };
  }

  async signIn(proof: object): Promise<Response> {
    const answer = await fetch(`${this.#url}/ui/in`, {
      method: "POST",
      headers: { origin: this.#url, "content-type": "application/json" },
      body: JSON.stringify(proof),
    });
    this.cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    const body: { key?: string } = await answer.clone().json();
    this.key = body.key ?? "";
    return answer;
  }

  /** Begins to listen; resolves to the answer's status. */
  async open(): Promise<number> {
    const answer = await fetch(`${this.#url}/ui/live`, { headers: this.#own, signal: this.#abort.signal });
    if (answer.ok)
      void this.#listen(answer)
        .catch(() => {})
        .then(() => {
          this.#over = true;
        });
    return answer.status;
  }

  get over(): boolean {
    return this.#over;
  }

  /** The first word of this kind that fits; it may have been said already. */
  async until<K extends ToPage["is"]>(
    is: K,
    fits: (word: Extract<ToPage, { is: K }>) => boolean = () => true,
  ): Promise<Extract<ToPage, { is: K }>> {
    for (;;) {
      const found = this.heard.find(
        (word): word is Extract<ToPage, { is: K }> =>
          word.is === is && fits(word as Extract<ToPage, { is: K }>),
      );
      if (found !== undefined) return found;
      if (this.#over) throw new Error(`the stream is over: ${JSON.stringify(this.heard).slice(-500)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async ask(word: FromPage): Promise<{ readonly status: number; readonly why: string }> {
    const { view } = await this.until("hello");
    const answer = await fetch(`${this.#url}/ui/do`, {
      method: "POST",
      headers: { ...this.#own, "x-view": view, "content-type": "application/json" },
      body: JSON.stringify(word),
    });
    const { why = "" }: { why?: string } = await answer.json();
    return { status: answer.status, why };
  }

  /** The rows as the pictures so far leave them. */
  rows(): string[] {
    const rows: string[] = [];
    const pictures = this.heard.flatMap((word): Picture[] => (word.is === "picture" ? [word.picture] : []));
    for (const { whole, rows: height, changed } of pictures) {
      if (whole) rows.splice(0, rows.length, ...Array(height).fill(""));
      for (const [y, row] of changed) rows[y] = row.replace(/\u001b\[[\d;]*m/g, "");
    }
    return rows;
  }

  leave(): void {
    this.#abort.abort();
  }

  async #listen({ body }: Response): Promise<void> {
    const decoder = new TextDecoder();
    let held = "";
    for await (const part of body ?? []) {
      const lines = (held + decoder.decode(part, { stream: true })).split("\n");
      held = lines.pop() ?? "";
      this.heard.push(...lines.map((line): ToPage => JSON.parse(line)));
    }
  }
}
