import type { Card } from "../words.ts";
import { el, Keyed, show, span, text } from "./dom.ts";
import { linkTo, outcomeOf, stateOf } from "./state.ts";

/** So many sessions are found without looking for them. */
const FEW = 6;

/** The sessions as cards, each a link to its terminal. */
export class List {
  readonly node: HTMLElement;
  readonly #filter = el("input", { type: "search", id: "filter", placeholder: "Filter: name, host, state" });
  readonly #label = el("label", { for: "filter", class: "unseen" }, "Filter sessions");
  readonly #empty = el("p", { class: "muted" });
  readonly #count = el("span", { class: "muted" });
  readonly #cards: Keyed<Card>;
  #all: readonly Card[] = [];
  /** When they were said: what is idle is idle on. */
  #at = performance.now();
  #current = "";

  constructor() {
    const items = el("ul", { class: "cards" });
    this.#cards = new Keyed<Card>(items, linkTo, (card) => this.#card(card));
    this.#filter.addEventListener("input", () => this.refresh());
    this.node = el(
      "nav",
      { class: "list", "aria-label": "Sessions" },
      el("div", { class: "row" }, el("h2", {}, "Sessions"), this.#count),
      this.#label,
      this.#filter,
      items,
      this.#empty,
    );
  }

  show(cards: readonly Card[]): void {
    this.#all = cards;
    this.#at = performance.now();
    this.refresh();
  }

  set current(link: string) {
    this.#current = link;
    this.refresh();
  }

  find(link: string): Card | undefined {
    return this.#all.find((card) => linkTo(card) === link);
  }

  refresh(): void {
    const wanted = this.#filter.value.trim().toLowerCase();
    const fits = (card: Card) =>
      [card.session, card.host, card.owner ?? "", card.state, stateOf(card).word]
        .join(" ")
        .toLowerCase()
        .includes(wanted);
    const shown = this.#all.filter(fits);
    this.#cards.show(shown);
    const open = this.#all.filter(({ state }) => state !== "closed").length;
    text(this.#count, `${open} open`);
    const few = this.#all.length <= FEW && wanted === "";
    show(this.#filter, !few);
    show(this.#label, !few);
    show(this.#empty, shown.length === 0);
    text(
      this.#empty,
      this.#all.length === 0
        ? "No session is open yet. One that an agent opens appears here by itself."
        : "No session fits.",
    );
  }

  #card(first: Card): { node: HTMLElement; update(card: Card): void } {
    const name = el("span", { class: "name" });
    const state = el("span", { class: "state" });
    const where = el("span", { class: "muted where" });
    const last = el("code", { class: "last" });
    const outcome = el("span", { class: "outcome" });
    const people = el("span", { class: "people" });
    const idle = el("span", { class: "muted idle" });
    const link = el(
      "a",
      { href: linkTo(first), class: "card" },
      el("span", { class: "row" }, name, state),
      where,
      el("span", { class: "row" }, last, outcome),
      el("span", { class: "row" }, people, idle),
    );
    const update = (card: Card) => {
      const { word, tone } = stateOf(card);
      text(name, card.session);
      text(state, word);
      state.dataset.tone = tone;
      text(
        where,
        [card.owner, card.host === card.session ? undefined : card.host, card.target]
          .filter(Boolean)
          .join(" · "),
      );
      text(last, card.closed ?? card.last?.text ?? "no command yet");
      last.classList.toggle("muted", card.last === undefined || card.closed !== undefined);
      const ended = card.last === undefined || card.closed !== undefined ? undefined : outcomeOf(card.last);
      text(outcome, ended?.word ?? "");
      outcome.dataset.tone = ended?.tone ?? "calm";
      // The person who looks at this page knows that.
      const own = linkTo(card) === this.#current ? 1 : 0;
      const others = card.here.length - own - (card.keyboard === undefined || own === 1 ? 0 : 1);
      const who = [
        ...(card.keyboard === undefined ? [] : [`${card.keyboard} types`]),
        ...(others <= 0 ? [] : [`${others} ${others === 1 ? "looks" : "look"} on`]),
      ];
      text(people, who.join(" · "));
      people.classList.toggle("held", card.keyboard !== undefined);
      text(idle, `${span(card.idle + (performance.now() - this.#at) / 1000)} ago`);
      if (linkTo(card) === this.#current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    };
    return { node: el("li", {}, link), update };
  }
}
