import type { Disposable } from "../base/clock.ts";
import { type Caller, PERSON } from "../base/contract/caller.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { visible, visibleLine } from "../base/text.ts";
import { Hands } from "../desk/hands.ts";
import type { Viewer } from "../desk/viewers.ts";
import type { TerminalSize } from "../inventory/host.ts";
import type { Camera } from "./camera.ts";
import type { Cameras } from "./cameras.ts";
import { cardsOf, ranIn, redactIn } from "./cards.ts";
import { Film } from "./film.ts";
import type { Guest, Place } from "./guest.ts";
import type { PageStream } from "./stream.ts";
import type { Asking, At, Audited, Card, FromPage, OnSession, Ran, ToPage } from "./words.ts";

/** Cards, commands and orders are looked at so often; a page that is behind is tried again as soon as this. */
const LOOK_MS = 500;
const AGAIN_MS = 50;
/** Of the transcript. */
const HISTORY_BYTES = 512 * 1024;
const HISTORY_LINES = 5_000;
const NO_MORE = "your token counts no more, or your time is over";
const WATCHING = "this page may only watch";
const ATTACH = "type with ssh-mcp attach, or open the link of ssh-mcp web --type";
const SIGN_IN = "to type, sign in with a person's token that may (ssh-mcp token add NAME --person type)";
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
  /** The log's last lines of a session, and why there are none. */
  audited(
    place: Place,
    session: string,
  ): Promise<{ readonly lines: readonly Audited[]; readonly none: string }>;
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
  #wanted: At | undefined;
  #watched: Watched | undefined;
  #moving: Promise<void> = Promise.resolve();
  #due: NodeJS.Timeout | undefined;
  #looking = false;
  #reading = false;
  /** The page has gone: nothing acts for it any more. */
  #over = false;

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
    this.#over = true;
    clearInterval(clock);
    clearTimeout(this.#due);
    this.#wanted = undefined;
    await this.#follow();
  }

  /** @throws SshMcpError where it is not done, with what to do. */
  async asked(word: FromPage): Promise<void> {
    if (this.#over) throw new SshMcpError("not_ready", "this page is not open any more; nothing was sent");
    if (this.#guest.rights() === undefined) {
      this.end(NO_MORE);
      throw new SshMcpError("denied", `${NO_MORE}; nothing was sent`);
    }
    switch (word.do) {
      case "watch":
        return this.#watch(word);
      case "unwatch":
        this.#wanted = undefined;
        return this.#follow();
      case "answer":
        this.#stream.say({ is: "notice", text: await this.#gallery.answer(this.#guest, word) });
        return this.#look();
      default:
        return this.#askedOf(this.#at(word), word);
    }
  }

  async #askedOf(watched: Watched, word: OnSession): Promise<void> {
    const { hands, film } = watched;
    switch (word.do) {
      case "again":
        film.again();
        return this.#show();
      case "take":
        return hands.take();
      case "release":
        await hands.typedAll();
        return hands.release();
      case "interrupt":
        return hands.interrupt();
      case "keys":
        return hands.typed(Buffer.from(word.keys, "utf8"));
      case "lines":
        return this.#lines(watched);
      case "audited":
        return this.#audited(watched);
    }
  }

  /** The session that is meant, which is the one that is watched. @throws SshMcpError `not_ready` where it is not. */
  #at({ place, session }: At): Watched {
    const watched = this.#watched;
    if (watched?.place.id === place && watched.session === session) return watched;
    throw new SshMcpError(
      "not_ready",
      "this page does not watch that session yet; nothing was sent",
      "Wait until its terminal is shown, and do it again.",
    );
  }

  async #watch({ place, session }: At): Promise<void> {
    const before = this.#watched;
    this.#wanted = { place, session };
    await this.#follow();
    if (before === undefined || this.#watched !== before) return;
    // It is asked for again: what was said of it before may not have arrived.
    this.#said.delete("ran");
    this.#stream.say({ is: "hands", place, session, holds: before.hands.hold });
    before.film.again();
    this.#show();
  }

  end(why: string): void {
    this.#over = true;
    try {
      this.#watched?.hands.release();
    } finally {
      this.#stream.end(why);
    }
  }

  /** What changes without an event. */
  async #look(): Promise<void> {
    if (this.#over) return;
    this.#stream.check();
    const rights = this.#guest.rights();
    if (rights === undefined) return this.end(NO_MORE);
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

  /** A set of sessions that is no more, a host that may be seen no more, or another session of that name. */
  async #forgetWhatIsNotSeen(): Promise<void> {
    const watched = this.#watched;
    if (watched === undefined) return;
    const host = watched.place.workspace.multiplexer.find(watched.session)?.host;
    const isThere = this.#guest.places().includes(watched.place) && !watched.camera.gone;
    if (isThere && (host === undefined || this.#guest.sees(host))) return;
    // It is looked for again.
    await this.#moves(async () => {
      if (this.#watched === watched) await this.#left(watched);
    });
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

  #follow(): Promise<void> {
    return this.#moves(() => this.#move());
  }

  /** One after the other: whoever goes through sessions quickly ends at the last. */
  #moves(work: () => Promise<void>): Promise<void> {
    this.#moving = this.#moving.then(work).catch((error: unknown) => this.#notice(error));
    return this.#moving;
  }

  async #left(watched: Watched): Promise<void> {
    this.#watched = undefined;
    this.#said.delete("ran");
    await watched.hands.typedAll();
    watched.done();
  }

  async #move(): Promise<void> {
    const wanted = this.#wanted;
    const before = this.#watched;
    if (before?.place.id === wanted?.place && before?.session === wanted?.session) return;
    if (before !== undefined) await this.#left(before);
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
    const how = place.owner === undefined ? ATTACH : SIGN_IN;
    const id = `${PERSON}${this.id}`;
    const end = new AbortController();
    const caller: Caller = { id, kind: "human", client: name, signal: end.signal, tool: "web" };
    const hands = new Hands({
      workspace: place.workspace,
      at: camera.at,
      caller,
      name,
      session,
      ...(place.owner === undefined ? {} : { room: place.id }),
      mayNot: () => (this.#guest.rights()?.type === true ? undefined : `${WATCHING}: ${how}`),
      untaken: "not typed: take the keyboard first",
      say: (text) => {
        if (text !== "") this.#stream.say({ is: "notice", text });
      },
      held: (holds) => {
        this.#stream.say({ is: "hands", place: place.id, session, holds });
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
        end.abort();
        try {
          hands.release();
        } finally {
          place.viewers.remove(viewer);
          shots.dispose();
          done();
        }
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
  async #lines(watched: Watched): Promise<void> {
    if (this.#reading || this.#stream.behind) return;
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
    const { lines, whole } = await camera.at.lastLines(HISTORY_BYTES);
    // A value may begin on a row that is not shown.
    const shown = visible(redact(lines.join("\n"))).split("\n");
    this.#stream.say({
      is: "lines",
      place: place.id,
      session,
      lines: shown.slice(-HISTORY_LINES),
      whole: whole && shown.length <= HISTORY_LINES,
    });
  }

  async #audited({ place, session }: Watched): Promise<void> {
    if (this.#stream.behind) return;
    const audited = await this.#gallery.audited(place, session);
    this.#stream.say({ is: "audited", place: place.id, session, ...audited });
  }
}

/** A card without what changes by itself: the page counts on. */
function lasting({ idle: _, last, ...card }: Card): object {
  return { ...card, last: last && ended(last) };
}

function ended(ran: Ran): Ran {
  return ran.state === "running" ? { ...ran, ms: 0 } : ran;
}
