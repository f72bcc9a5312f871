import type { FromPage, ToPage } from "../words.ts";
import { Approvals } from "./approvals.ts";
import { Connection, type Link } from "./connection.ts";
import { el, show, text } from "./dom.ts";
import { List } from "./list.ts";
import { SessionPanel } from "./session.ts";
import { signIn } from "./sign-in.ts";
import { linkTo, wantedIn } from "./state.ts";

const NOTICE_MS = 8_000;
const SECOND_MS = 1_000;
/** `#` and a code of a link; whatever else is behind it is a place in the page. */
const CODE = /^#([\w-]{20,100})$/;

const WORDS: Readonly<Record<Link, string>> = {
  "signed-out": "signed out",
  connecting: "connecting …",
  live: "live",
  away: "paused",
};

/** The whole page: who is signed in, the sessions, the one that is looked at. */
class App {
  readonly #root: HTMLElement;
  readonly #link = el("span", { class: "link", role: "status" });
  readonly #name = el("span", { class: "muted" });
  readonly #notice = el("div", { class: "notice", role: "alert", hidden: true });
  readonly #list = new List();
  readonly #approvals: Approvals;
  readonly #session: SessionPanel;
  readonly #nothing = el(
    "section",
    { class: "nothing" },
    el("p", { class: "muted" }, "Choose a session to see its terminal, live."),
  );
  readonly #connection: Connection;
  readonly #page: HTMLElement;
  /** What was asked for; undefined: that is not known, and it is asked for again. */
  #watched: string | undefined;
  #live = false;
  #hiding: number | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#connection = new Connection(
      (word) => this.#hear(word),
      (link, why) => this.#changed(link, why),
    );
    this.#approvals = new Approvals((answer) => void this.#ask(answer));
    this.#session = new SessionPanel({
      ask: (word) => void this.#ask(word),
      type: (keys, at) => this.#connection.type(keys, at),
      holds: (holds) => {
        this.#connection.holds = holds;
        this.#show();
      },
    });
    this.#page = el(
      "div",
      { class: "page" },
      el(
        "header",
        {},
        el("h1", {}, el("a", { href: "#" }, "ssh-mcp")),
        this.#link,
        this.#name,
        el("button", { class: "quiet", click: () => void this.#signOut() }, "Sign out"),
      ),
      el(
        "main",
        {},
        this.#list.node,
        el("div", { class: "content" }, this.#approvals.node, this.#session.node, this.#nothing),
      ),
      this.#notice,
    );
    addEventListener("hashchange", () => {
      this.#show();
      if (wantedIn(location.hash) !== undefined) this.#session.focus();
    });
    setInterval(() => this.#refresh(), SECOND_MS);
  }

  async start(): Promise<void> {
    const [, code] = CODE.exec(location.hash) ?? [];
    // A link's code is used up at once, and stays in no history.
    if (code !== undefined) history.replaceState(null, "", location.pathname);
    const failed = code === undefined ? undefined : await this.#connection.signIn({ code });
    if (failed !== undefined) return this.#signedOut(failed);
    this.#root.replaceChildren(this.#page);
    this.#show();
    await this.#connection.live();
  }

  #hear(word: ToPage): void {
    switch (word.is) {
      case "hello":
        text(this.#name, word.name);
        this.#session.rights = word.rights;
        this.#connection.stays = word.rights.approve;
        this.#session.holds = false;
        this.#watched = undefined;
        this.#live = true;
        this.#show();
        break;
      case "cards":
        this.#list.show(word.cards);
        this.#show();
        break;
      case "asking":
        this.#approvals.show(word.asking);
        this.#show();
        break;
      case "notice":
        this.#say(word.text);
        break;
      case "gone":
        this.#say(word.why);
        break;
      case "picture":
      case "ran":
      case "hands":
      case "lines":
      case "audited":
        // What was on its way when another session was chosen.
        if (linkTo(word) === this.#watched) this.#session.hear(word);
        break;
    }
  }

  async #ask(word: FromPage): Promise<boolean> {
    const failed = await this.#connection.ask(word);
    if (failed !== undefined) this.#say(failed);
    return failed === undefined;
  }

  async #signOut(): Promise<void> {
    const failed = await this.#connection.signOut();
    if (failed !== undefined) this.#say(`You are NOT signed out: ${failed}`);
  }

  #changed(link: Link, why?: string): void {
    text(this.#link, WORDS[link]);
    this.#link.dataset.link = link;
    this.#live &&= link === "live";
    if (why !== undefined) this.#say(why);
    if (link === "signed-out") this.#signedOut("");
    if (link !== "live" && this.#connection.holds) this.#session.holds = false;
  }

  #signedOut(why: string): void {
    this.#root.replaceChildren(
      signIn(why, async (token) => {
        const failed = await this.#connection.signIn({ token });
        if (failed === undefined) location.reload();
        return failed;
      }),
    );
  }

  /** What the address names. */
  #show(): void {
    const wanted = wantedIn(location.hash);
    const link = wanted === undefined ? "" : linkTo(wanted);
    this.#list.current = link;
    this.#page.classList.toggle("chosen", wanted !== undefined);
    show(this.#session.node, wanted !== undefined);
    show(this.#nothing, wanted === undefined);
    if (wanted !== undefined) this.#session.card(wanted, this.#list.find(link));
    const waiting = this.#approvals.count === 0 ? "" : `(${this.#approvals.count}) `;
    document.title = `${waiting}${wanted === undefined ? "ssh-mcp" : `${wanted.session} · ssh-mcp`}`;
    void this.#watch();
  }

  /** Asked for again where that failed: nothing acts on a session that was chosen before. */
  async #watch(): Promise<void> {
    const wanted = wantedIn(location.hash);
    const link = wanted === undefined ? "" : linkTo(wanted);
    if (!this.#live || link === this.#watched) return;
    this.#watched = link;
    // Whoever leaves a session hands its keyboard back; the server says where that is otherwise.
    if (this.#connection.holds) this.#session.holds = false;
    const done = await this.#ask(wanted === undefined ? { do: "unwatch" } : { do: "watch", ...wanted });
    if (!done && this.#watched === link) this.#watched = undefined;
  }

  #refresh(): void {
    void this.#watch();
    this.#list.refresh();
    this.#session.refresh();
    this.#approvals.refresh();
  }

  #say(words: string): void {
    text(this.#notice, words);
    show(this.#notice, true);
    clearTimeout(this.#hiding);
    this.#hiding = setTimeout(() => show(this.#notice, false), NOTICE_MS);
  }
}

const root = document.querySelector<HTMLElement>("#app");
if (root !== null) void new App(root).start();
