import type { Audited } from "../words.ts";
import { el, show, text } from "./dom.ts";

/** Lines that a search shows at once. */
const MOST_FOUND = 1_000;

/** What was printed, as text, and a search in it. */
export class Transcript {
  readonly node: HTMLElement;
  readonly #search = el("input", { type: "search", id: "search", placeholder: "Find in the transcript" });
  readonly #count = el("p", { class: "muted", role: "status" });
  readonly #text = el("pre", { class: "transcript", tabindex: "0", "aria-label": "Transcript" });
  #lines: readonly string[] = [];
  #whole = true;

  constructor() {
    this.#search.addEventListener("input", () => this.#refresh());
    this.node = el(
      "div",
      { class: "fill" },
      el("label", { for: "search", class: "unseen" }, "Find in the transcript"),
      this.#search,
      this.#count,
      this.#text,
    );
  }

  show(lines: readonly string[], whole: boolean): void {
    const end = this.#text.scrollHeight - this.#text.scrollTop - this.#text.clientHeight < 40;
    this.#lines = lines;
    this.#whole = whole;
    this.#refresh();
    if (end && this.#search.value === "") this.#text.scrollTop = this.#text.scrollHeight;
  }

  focus(): void {
    this.#search.focus();
  }

  #refresh(): void {
    const wanted = this.#search.value.toLowerCase();
    if (wanted === "") {
      text(this.#text, this.#lines.join("\n"));
      text(this.#count, `${this.#whole ? "" : "the last "}${this.#lines.length} lines`);
      return;
    }
    const found = this.#lines.flatMap((line, at) =>
      line.toLowerCase().includes(wanted) ? [{ line, at }] : [],
    );
    this.#text.replaceChildren(
      ...found.slice(0, MOST_FOUND).flatMap(({ line, at }) => marked(line, at, wanted)),
    );
    text(this.#count, `${found.length} of ${this.#lines.length} lines`);
  }
}

function marked(line: string, at: number, wanted: string): (Node | string)[] {
  const shown: (Node | string)[] = [el("span", { class: "muted" }, `${at + 1}  `)];
  const lower = line.toLowerCase();
  let from = 0;
  // Some letters grow when they are made small: then the line is shown as it is.
  if (lower.length === line.length)
    for (let found = lower.indexOf(wanted); found >= 0; found = lower.indexOf(wanted, from)) {
      shown.push(line.slice(from, found), el("mark", {}, line.slice(found, found + wanted.length)));
      from = found + wanted.length;
    }
  return [...shown, line.slice(from), "\n"];
}

/** The log's lines of a session. */
export class AuditTrail {
  readonly node: HTMLElement;
  readonly #none = el("p", { class: "muted" });
  readonly #list = el("ol", { class: "audit" });

  constructor() {
    this.node = el("div", {}, this.#none, this.#list);
  }

  show(lines: readonly Audited[], none: string): void {
    text(this.#none, none);
    show(this.#none, lines.length === 0);
    this.#list.replaceChildren(
      ...lines
        .toReversed()
        .map(({ seq, time, what, text: words }) =>
          el(
            "li",
            {},
            el(
              "span",
              { class: "row" },
              el("strong", {}, what),
              el("span", { class: "muted" }, `${seq} · ${time.replace("T", " ").replace(/\..*/, "")}`),
            ),
            el("code", {}, words),
          ),
        ),
    );
  }
}
