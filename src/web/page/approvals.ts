import type { Asking, FromPage } from "../words.ts";
import { el, Keyed, show, span, text } from "./dom.ts";

type Answer = Extract<FromPage, { do: "answer" }>;

/** What agents wait for: the whole text, and two buttons. Nothing is answered by a single key. */
export class Approvals {
  readonly node: HTMLElement;
  readonly #items: Keyed<Asking>;
  readonly #answer: (answer: Answer) => void;
  #all: readonly Asking[] = [];
  #at = performance.now();

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
    this.#all = asking;
    this.#at = performance.now();
    show(this.node, asking.length > 0);
    this.refresh();
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
    const give = (yes: boolean) =>
      this.#answer({ do: "answer", id, key, yes, ...(irreversible ? { host: named.value } : {}) });
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
      el(
        "div",
        { class: "buttons" },
        el("button", { class: "strong", click: () => give(true) }, "Approve exactly this, once"),
        el("button", { click: () => give(false) }, "Deny"),
      ),
    );
    return {
      node,
      update: (asking) => text(left, `${span((asking.left - (performance.now() - this.#at)) / 1000)} left`),
    };
  }
}
