import type { At, Card, OnSession, Rights, ToPage } from "../words.ts";
import { el, show, text } from "./dom.ts";
import { Screen } from "./screen.ts";
import { linkTo, stateOf } from "./state.ts";
import { Tabs } from "./tabs.ts";
import { Timeline } from "./timeline.ts";
import { AuditTrail, Transcript } from "./transcript.ts";

export interface SessionActs {
  ask(word: OnSession): void;
  type(keys: string, at: At): void;
  holds(holds: boolean): void;
}

/** One session: its terminal, who types, its commands, its transcript and its log. */
export class SessionPanel {
  readonly node: HTMLElement;
  readonly screen: Screen;
  readonly #acts: SessionActs;
  readonly #title = el("h2", { tabindex: "-1" });
  readonly #state = el("span", { class: "state" });
  readonly #where = el("p", { class: "muted where" });
  readonly #who = el("p", { class: "who", role: "status" });
  readonly #take: HTMLButtonElement;
  readonly #back: HTMLButtonElement;
  readonly #interrupt: HTMLButtonElement;
  readonly #frame = el("div", { class: "frame", role: "group", tabindex: "0" });
  readonly #timeline = new Timeline();
  readonly #transcript = new Transcript();
  readonly #audit = new AuditTrail();
  readonly #tabs: Tabs;
  #rights: Rights = { type: false, approve: false };
  #at: At = { place: "", session: "" };
  #holds = false;

  constructor(acts: SessionActs) {
    this.#acts = acts;
    this.#take = el(
      "button",
      { class: "strong", click: () => acts.ask({ do: "take", ...this.#at }) },
      "Take the keyboard",
    );
    this.#back = el(
      "button",
      { class: "strong", click: () => acts.ask({ do: "release", ...this.#at }) },
      "Hand it back",
    );
    this.#interrupt = el(
      "button",
      { click: () => acts.ask({ do: "interrupt", ...this.#at }) },
      "Send Ctrl-C",
    );
    this.#tabs = new Tabs("About this session", [
      { name: "Commands", node: this.#timeline.node },
      {
        name: "Transcript",
        node: this.#transcript.node,
        opened: () => acts.ask({ do: "lines", ...this.#at }),
      },
      { name: "Audit trail", node: this.#audit.node, opened: () => acts.ask({ do: "audited", ...this.#at }) },
    ]);
    this.node = el(
      "section",
      { class: "session", "aria-label": "Session" },
      el(
        "div",
        { class: "head" },
        el("a", { href: "#", class: "back" }, "All sessions"),
        el("div", { class: "row" }, this.#title, this.#state),
        this.#where,
        el(
          "div",
          { class: "row hands" },
          this.#who,
          el(
            "div",
            { class: "buttons" },
            this.#zoom("A−", "Smaller text", -1),
            this.#zoom("A+", "Larger text", 1),
            this.#take,
            this.#back,
            this.#interrupt,
          ),
        ),
      ),
      el("div", { class: "both" }, this.#frame, this.#tabs.node),
    );
    this.screen = new Screen(this.#frame, {
      typed: (keys) => acts.type(keys, this.#at),
      leave: () => {
        acts.ask({ do: "release", ...this.#at });
        this.#take.focus();
      },
      lost: () => acts.ask({ do: "again", ...this.#at }),
    });
    // A click into the terminal is meant for its keyboard only where the person has that.
    this.#hands();
  }

  #zoom(sign: string, words: string, step: 1 | -1): HTMLButtonElement {
    const name = el("span", { class: "unseen" }, words);
    return el("button", { class: "quiet", click: () => this.screen.zoom(step) }, sign, " ", name);
  }

  set rights(rights: Rights) {
    this.#rights = rights;
    this.#hands();
  }

  /** What is known of the session now; undefined: nothing yet. */
  card(wanted: At, card: Card | undefined): void {
    const link = linkTo(wanted);
    if (link !== linkTo(this.#at)) {
      this.#at = wanted;
      this.screen.clear();
      this.#timeline.show([]);
      this.#transcript.show([], true);
      this.#audit.show([], "");
      this.#tabs.again();
    }
    const { word, tone } = card === undefined ? ({ word: "not open", tone: "over" } as const) : stateOf(card);
    text(this.#title, wanted.session);
    this.#frame.setAttribute("aria-label", `Terminal of ${wanted.session}`);
    text(this.#state, word);
    this.#state.dataset.tone = tone;
    const about = card && [card.owner, card.host, card.target, card.mode, card.cwd];
    text(
      this.#where,
      card?.closed ??
        (about ?? ["There is no session of this name; it is shown once it is opened."])
          .filter(Boolean)
          .join(" · "),
    );
    const others = card?.here.filter((one) => one !== card.keyboard) ?? [];
    const keyboard = this.#holds
      ? "You have the keyboard; agents cannot type. Ctrl-Shift-X hands it back."
      : card?.keyboard === undefined
        ? "Agents type"
        : `${card.keyboard} has the keyboard`;
    text(this.#who, [keyboard, ...(others.length < 2 ? [] : [`${others.length} look on`])].join(" · "));
  }

  hear(word: ToPage): void {
    if (word.is === "picture") this.screen.draw(word.picture);
    if (word.is === "ran") {
      this.#timeline.show(word.ran);
      this.#tabs.refresh();
    }
    if (word.is === "lines") this.#transcript.show(word.lines, word.whole);
    if (word.is === "audited") this.#audit.show(word.lines, word.none);
    if (word.is === "hands") this.holds = word.holds;
  }

  set holds(holds: boolean) {
    this.#holds = holds;
    this.screen.holds = holds;
    this.#acts.holds(holds);
    this.#hands();
  }

  refresh(): void {
    this.#timeline.refresh();
  }

  focus(): void {
    this.#title.focus();
  }

  #hands(): void {
    const { type } = this.#rights;
    show(this.#take, type && !this.#holds);
    show(this.#back, type && this.#holds);
    show(this.#interrupt, type);
    this.#frame.classList.toggle("holds", this.#holds);
  }
}
