import type { Disposable } from "../base/clock.ts";
import { type Caller, PERSON } from "../base/contract/caller.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import { Hands } from "../desk/hands.ts";
import type { Viewer } from "../desk/viewers.ts";
import type { TerminalSize } from "../inventory/host.ts";
import type { Camera } from "./camera.ts";
import type { Cameras } from "./cameras.ts";
import { cardsOf, ranIn, redactIn } from "./cards.ts";
import { Film } from "./film.ts";
import type { Guest, Place } from "./guest.ts";
import type { PageStream } from "./stream.ts";
import type { Asking, Audited, Card, FromPage, Ran, ToPage } from "./words.ts";

/** Cards, commands and orders are looked at so often; a page that is behind is tried again as soon as this. */
const LOOK_MS = 500;
const AGAIN_MS = 50;
/** Of the transcript. */
const HISTORY_BYTES = 512 * 1024;
const HISTORY_LINES = 5_000;
const WATCHING = "this page may only watch: type with ssh-mcp attach, or sign in with what may type";
/** A page is no terminal of a size: whoever wants the smallest does not count it. */
const ANY_SIZE: TerminalSize = { cols: 500, rows: 200 };

/** What is the same for all who look on. */
export interface Gallery {
  readonly version: string;
  readonly cameras: Cameras;
  /** Orders that wait and that this guest may answer. */
  asking(guest: Guest): Promise<readonly Asking[]>;
  /** @throws SshMcpError. */
  answer(guest: Guest, word: Extract<FromPage, { do: "answer" }>): Promise<string>;
  /** The log's last lines of a session; undefined: none is kept. */
  audited(place: Place, session: string): Promise<readonly Audited[] | undefined>;
}

interface Watched {
  readonly place: Place;
  readonly session: string;
  readonly camera: Camera;
  readonly hands: Hands;
  readonly viewer: Viewer;
  readonly film: Film;
  readonly end: AbortController;
  readonly shots: Disposable;
  done(): void;
}

/** One page that is open: what it is shown, and what it asks for. */
export class Onlooker {
  readonly id: string;
  readonly #guest: Guest;
  readonly #gallery: Gallery;
  readonly #stream: PageStream;
  readonly #said = new Map<ToPage["is"], string>();
  #wanted: { readonly place: string; readonly session: string } | undefined;
  #watched: Watched | undefined;
  #moving: Promise<void> = Promise.resolve();
  #due: NodeJS.Timeout | undefined;
  #looking = false;
  #reading = false;

  constructor(id: string, guest: Guest, gallery: Gallery, stream: PageStream) {
    this.id = id;
    this.#guest = guest;
    this.#gallery = gallery;
    this.#stream = stream;
  }

  /** Resolves when the page has gone. */
  async run(): Promise<void> {
    const { name } = this.#guest;
    const rights = this.#guest.rights() ?? { type: false, approve: false };
    this.#stream.say({ is: "hello", view: this.id, name, rights, version: this.#gallery.version });
    const clock = setInterval(() => void this.#look().catch((error) => this.#notice(error)), LOOK_MS);
    void this.#look().catch((error) => this.#notice(error));
    await this.#stream.over;
    clearInterval(clock);
    clearTimeout(this.#due);
    this.#wanted = undefined;
    await this.#follow();
  }

  /** @throws SshMcpError where it is not done, with what to do. */
  async asked(word: FromPage): Promise<void> {
    const rights = this.#guest.rights();
    if (rights === undefined) return this.#stream.end("you are signed out");
    switch (word.do) {
      case "watch":
        this.#wanted = { place: word.place, session: word.session };
        return this.#follow();
      case "unwatch":
        this.#wanted = undefined;
        return this.#follow();
      case "again":
        this.#watched?.film.again();
        return this.#show();
      case "take":
        return this.#watched?.hands.take();
      case "release":
        await this.#watched?.hands.typedAll();
        return this.#watched?.hands.release();
      case "interrupt":
        return this.#watched?.hands.interrupt();
      case "keys":
        return this.#watched?.hands.typed(Buffer.from(word.keys, "utf8"));
      case "lines":
        return this.#lines();
      case "audited":
        return this.#audited();
      case "answer":
        this.#stream.say({ is: "notice", text: await this.#gallery.answer(this.#guest, word) });
        return this.#look();
    }
  }

  end(why: string): void {
    this.#watched?.hands.release();
    this.#stream.end(why);
  }

  /** What changes without an event. */
  async #look(): Promise<void> {
    this.#stream.check();
    const rights = this.#guest.rights();
    if (rights === undefined) return this.end("your token counts no more, or your time is over");
    if (!rights.type) this.#watched?.hands.release();
    if (this.#looking || this.#stream.behind) return;
    this.#looking = true;
    try {
      const sees = (host: string) => this.#guest.sees(host);
      const cards = (await Promise.all(this.#guest.places().map((place) => cardsOf(place, sees)))).flat();
      this.#news({ is: "cards", cards }, JSON.stringify(cards.map(lasting)));
      if (rights.approve) {
        // A folder of orders that cannot be read keeps nobody from watching.
        const asking = await this.#gallery.asking(this.#guest).catch((error: unknown) => {
          this.#notice(error);
          return undefined;
        });
        if (asking !== undefined)
          this.#news({ is: "asking", asking }, JSON.stringify(asking.map(({ left: _, ...one }) => one)));
      }
      await this.#forgetWhatIsNotSeen();
      if (this.#wanted !== undefined && this.#watched === undefined) await this.#follow();
      const watched = this.#watched;
      if (watched === undefined) return;
      watched.camera.check();
      const { place, session } = watched;
      const ran = await ranIn(place, session);
      this.#news(
        { is: "ran", place: place.id, session, ran },
        JSON.stringify([place.id, session, ran.map(ended)]),
      );
    } finally {
      this.#looking = false;
    }
  }

  /** A set of sessions that is no more, or a host that may be seen no more. */
  async #forgetWhatIsNotSeen(): Promise<void> {
    const watched = this.#watched;
    if (watched === undefined) return;
    const host = watched.place.workspace.multiplexer.find(watched.session)?.host;
    const isThere = this.#guest.places().includes(watched.place);
    if (isThere && (host === undefined || this.#guest.sees(host))) return;
    const wanted = this.#wanted;
    this.#wanted = undefined;
    await this.#follow();
    this.#wanted = wanted;
  }

  /** Says what is new. `what`: what it is compared by. */
  #news(word: ToPage, what = JSON.stringify(word)): void {
    if (this.#said.get(word.is) === what) return;
    this.#said.set(word.is, what);
    this.#stream.say(word);
  }

  /** What fails at each look is said once. */
  #notice(error: unknown): void {
    const text = visibleLine(error instanceof SshMcpError ? error.toText() : messageOf(error), 600);
    this.#news({ is: "notice", text });
  }

  /** One after the other: whoever goes through sessions quickly ends at the last. */
  #follow(): Promise<void> {
    this.#moving = this.#moving.then(() => this.#move()).catch((error: unknown) => this.#notice(error));
    return this.#moving;
  }

  async #move(): Promise<void> {
    const wanted = this.#wanted;
    const before = this.#watched;
    if (before?.place.id === wanted?.place && before?.session === wanted?.session) return;
    if (before !== undefined) {
      this.#watched = undefined;
      await before.hands.typedAll();
      before.done();
      this.#said.delete("ran");
    }
    if (wanted === undefined) return;
    const { session } = wanted;
    const place = this.#guest.places().find(({ id }) => id === wanted.place);
    const view = place?.workspace.multiplexer.find(session);
    // It may be on its way: it is looked for again.
    if (place === undefined || view === undefined || !this.#guest.sees(view.host)) return;
    const { camera, done } = await this.#gallery.cameras.at(place, session);
    this.#watched = this.#begun(place, session, camera, done);
    this.#show();
  }

  #begun(place: Place, session: string, camera: Camera, done: () => void): Watched {
    const { name } = this.#guest;
    const id = `${PERSON}${this.id}`;
    const end = new AbortController();
    const caller: Caller = { id, kind: "human", client: name, signal: end.signal, tool: "web" };
    const hands = new Hands({
      workspace: place.workspace,
      at: camera.at,
      caller,
      name,
      session,
      mayNot: () => (this.#guest.rights()?.type === true ? undefined : WATCHING),
      untaken: "not typed: take the keyboard first",
      say: (text) => {
        if (text !== "") this.#stream.say({ is: "notice", text });
      },
      held: (holds) => {
        this.#stream.say({ is: "hands", holds });
        for (const one of place.viewers.of(session)) one.refresh();
      },
    });
    const viewer: Viewer = {
      id,
      name,
      session,
      readOnly: this.#guest.rights()?.type !== true,
      size: () => ANY_SIZE,
      leave: (why) => this.end(why),
      refresh: () => {},
    };
    place.viewers.add(viewer);
    const shots = camera.onShot(() => this.#show());
    const film = new Film();
    return {
      place,
      session,
      camera,
      hands,
      viewer,
      film,
      end,
      shots,
      done() {
        hands.release();
        place.viewers.remove(viewer);
        shots.dispose();
        end.abort();
        done();
      },
    };
  }

  /** The newest picture; a page that is behind gets it later, and none in between. */
  #show(): void {
    const watched = this.#watched;
    if (watched === undefined) return;
    if (this.#stream.behind) {
      watched.film.leftOut();
      this.#due ??= setTimeout(() => {
        this.#due = undefined;
        this.#show();
      }, AGAIN_MS);
      return;
    }
    const picture = watched.film.next(watched.camera.shot);
    if (picture === undefined) return;
    this.#stream.say({ is: "picture", place: watched.place.id, session: watched.session, picture });
  }

  /** One at a time, and none for a page that has not read the last. */
  async #lines(): Promise<void> {
    const watched = this.#watched;
    if (watched === undefined || this.#reading || this.#stream.behind) return;
    this.#reading = true;
    try {
      await this.#sayLines(watched);
    } finally {
      this.#reading = false;
    }
  }

  async #sayLines(watched: Watched): Promise<void> {
    const { place, session, camera } = watched;
    const redact = await redactIn(place, place.workspace.multiplexer.view(session));
    const all = await camera.at.lines(HISTORY_BYTES);
    const shown = redact(all.slice(-HISTORY_LINES).join("\n")).split("\n");
    this.#stream.say({ is: "lines", lines: shown, whole: all.length <= HISTORY_LINES });
  }

  async #audited(): Promise<void> {
    const watched = this.#watched;
    if (watched === undefined || this.#stream.behind) return;
    const lines = await this.#gallery.audited(watched.place, watched.session);
    this.#stream.say({
      is: "audited",
      lines: lines ?? [],
      ...(lines === undefined ? { none: "No audit log is kept." } : {}),
    });
  }
}

/** A card without what changes by itself: the page counts on. */
function lasting({ idle: _, last, ...card }: Card): object {
  return { ...card, last: last && ended(last) };
}

function ended(ran: Ran): Ran {
  return ran.state === "running" ? { ...ran, ms: 0 } : ran;
}
