import type { Asking, FromPage } from "../words.ts";
import { el, Keyed, show, span, text } from "./dom.ts";

/** Whoever clicks meant what was there before the list changed. */
const SETTLED_MS = 700;

type Answer = Extract<FromPage, { do: "answer" }>;

/** What agents wait for: the whole text, and two buttons. Nothing is answered by a single key. */
export class Approvals {
  readonly node: HTMLElement;
  readonly #items: Keyed<Asking>;
  readonly #answer: (answer: Answer) => void;
  #all: readonly Asking[] = [];
  #at = performance.now();
  #changed = 0;
  #settling: number | undefined;

  constructor(answer: (answer: Answer) => void) {
    this.#answer = answer;
    const list = el("ul", { class: "approvals" });
    this.#items = new Keyed(
      list,
      ({ id }) => id,
      (asking) => this.#item(asking),
    );
    this.node = el("section", { class: "asking", "aria-label": "Waiting for an approval" }, list);
    show(this.node, false);
  }

  get count(): number {
    return this.#all.length;
  }

  show(asking: readonly Asking[]): void {
    const [before, now] = [this.#all, asking].map((all) => all.map(({ id }) => id).join());
    if (before !== now) {
      this.#changed = performance.now();
      clearTimeout(this.#settling);
      this.#settling = setTimeout(() => this.refresh(), SETTLED_MS + 20);
    }
    this.#all = asking;
    this.#at = performance.now();
    show(this.node, asking.length > 0);
    this.refresh();
  }

  get #settled(): boolean {
    return performance.now() - this.#changed >= SETTLED_MS;
  }

  refresh(): void {
    this.#items.show(this.#all);
  }

  #item({ id, key, host, irreversible, text: whole }: Asking): {
    node: HTMLElement;
    update(asking: Asking): void;
  } {
    const left = el("span", { class: "muted" });
    const named = el("input", { id: `host-${id}`, autocomplete: "off", spellcheck: "false" });
    const give = (yes: boolean) => {
      if (!this.#settled) return;
      this.#answer({ do: "answer", id, key, yes, ...(irreversible ? { host: named.value } : {}) });
    };
    const buttons = [
      el("button", { class: "strong", click: () => give(true) }, "Approve exactly this, once"),
      el("button", { click: () => give(false) }, "Deny"),
    ];
    const node = el(
      "li",
      {},
      el("div", { class: "row" }, el("h2", {}, `${id} waits for a person`), left),
      el("pre", { tabindex: "0", "aria-label": `What ${id} would do` }, whole),
      ...(irreversible
        ? [
            el(
              "label",
              { for: `host-${id}` },
              `It cannot be undone. To approve it, type the name of the host, ${host}`,
            ),
            named,
          ]
        : []),
      el("div", { class: "buttons" }, ...buttons),
    );
    const update = (asking: Asking) => {
      text(left, `${span((asking.left - (performance.now() - this.#at)) / 1000)} left`);
      for (const button of buttons) button.setAttribute("aria-disabled", String(!this.#settled));
    };
    return { node, update };
  }
}
