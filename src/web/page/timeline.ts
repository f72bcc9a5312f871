import type { Ran } from "../words.ts";
import { el, Keyed, show, text } from "./dom.ts";
import { outcomeOf } from "./state.ts";

/** The commands of a session, the newest first, each with its outcome. */
export class Timeline {
  readonly node: HTMLElement;
  readonly #items: Keyed<Ran>;
  readonly #empty = el("p", { class: "muted" }, "No command yet.");
  #all: readonly Ran[] = [];
  #at = performance.now();

  constructor() {
    const list = el("ol", { class: "timeline", reversed: true });
    this.#items = new Keyed(
      list,
      ({ id }) => String(id),
      () => this.#item(),
    );
    this.node = el("div", {}, this.#empty, list);
  }

  show(ran: readonly Ran[]): void {
    this.#all = ran;
    this.#at = performance.now();
    this.refresh();
  }

  refresh(): void {
    show(this.#empty, this.#all.length === 0);
    this.#items.show(this.#all.toReversed());
  }

  #item(): { node: HTMLElement; update(ran: Ran): void } {
    const number = el("span", { class: "muted" });
    const command = el("code");
    const outcome = el("span", { class: "outcome" });
    const more = el("span", { class: "muted more" });
    const remarks = el("ul", { class: "remarks muted" });
    const node = el("li", {}, el("span", { class: "row" }, number, outcome), command, more, remarks);
    const update = (ran: Ran) => {
      const { word, tone } = outcomeOf(ran);
      text(number, `#${ran.id}`);
      text(command, ran.text);
      text(outcome, word);
      outcome.dataset.tone = tone;
      const ms = ran.state === "running" ? ran.ms + performance.now() - this.#at : ran.ms;
      text(more, [took(ms), ran.cwd].filter(Boolean).join(" · "));
      if (remarks.childElementCount !== ran.remarks.length)
        remarks.replaceChildren(...ran.remarks.map((remark) => el("li", {}, remark)));
      show(remarks, ran.remarks.length > 0);
    };
    return { node, update };
  }
}

function took(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
}
