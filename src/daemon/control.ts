import type { Socket } from "node:net";
import { PERSON } from "../base/contract/caller.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { Workspace } from "../desk/contract.ts";
import type { Viewers } from "../desk/viewers.ts";
import type { Attachment } from "../shell/session/attachment.ts";
import { readFrames, wordIn, writeWord } from "./frames.ts";
import type { Fronts } from "./fronts.ts";
import type { DaemonPlace } from "./place.ts";
import type { Losses } from "./under-way.ts";

export interface ControlParts {
  readonly place: DaemonPlace;
  readonly version: string;
  readonly fronts: Fronts;
  readonly losses: Losses;
  readonly viewers: Viewers;
  /** Undefined: no call has been served yet. */
  readonly workspace: () => Workspace | undefined;
  readonly stop: () => void;
}

/** What `ssh-mcp daemon status` shows. */
export interface Status {
  readonly pid: number;
  readonly version: string;
  readonly inventory: string;
  readonly memoryMb: number;
  readonly clients: readonly string[];
  readonly sessions: readonly {
    readonly name: string;
    readonly host: string;
    readonly state: string;
    readonly by?: string;
    readonly running?: string;
    /** People who are attached, and who of them types. */
    readonly here?: readonly string[];
    readonly keyboard?: string;
  }[];
  readonly lost: readonly string[];
}

/** Serves the commands of a person: each word is a question, each answer a word. */
export class Control {
  readonly #parts: ControlParts;

  constructor(parts: ControlParts) {
    this.#parts = parts;
  }

  serve(socket: Socket): void {
    readFrames(socket, (kind, content) => {
      const word = kind === "word" ? wordIn(content) : undefined;
      void this.#answer(word ?? {})
        .catch((error: unknown) => refused(error))
        .then((answer) => writeWord(socket, answer));
    });
    socket.once("end", () => socket.end());
    socket.resume();
  }

  async #answer({ do: what, force, session, who }: Readonly<Record<string, unknown>>): Promise<object> {
    switch (what) {
      case "kick":
        return { ok: true, said: this.#kick(String(session)) };
      case "lock":
      case "unlock":
        return { ok: true, said: await this.#lock(String(session), what === "lock", String(who)) };
      case "status":
        return { ok: true, status: this.#status() };
      case "stop": {
        const status = this.#status();
        const running = status.sessions.filter((session) => session.running !== undefined);
        if (running.length > 0 && force !== true)
          return {
            ok: false,
            why: `commands run: ${running.map(({ name, running: command }) => `${name} ${command}`).join(", ")}`,
            next: "ssh-mcp daemon stop --force ends them.",
          };
        setImmediate(this.#parts.stop);
        return { ok: true, status };
      }
      default:
        return {
          ok: false,
          why: "this daemon does not know what is asked",
          next: "ssh-mcp daemon restart starts this version.",
        };
    }
  }

  /** Sends everybody away from a session, and takes the keyboard from whoever has it. */
  #kick(session: string): string {
    const away = this.#parts.viewers.of(session);
    for (const viewer of away) viewer.leave("sent away (ssh-mcp kick)");
    const attachment = this.#attachment(session);
    const { holder } = attachment;
    if (holder !== undefined) attachment.release(holder.id, []);
    const names = new Set([...away.map(({ name }) => name), ...(holder === undefined ? [] : [holder.name])]);
    return names.size === 0
      ? `nobody was at ${session}`
      : `sent away from ${session}: ${[...names].join(", ")}`;
  }

  /** Nobody types in a locked session; it is unlocked, or kicked free. */
  async #lock(session: string, on: boolean, who: string): Promise<string> {
    const attachment = this.#attachment(session);
    if (!on) {
      const { holder } = attachment;
      if (holder?.id !== LOCK) return `${session} was not locked`;
      attachment.release(LOCK, []);
      return `${session} is unlocked`;
    }
    const { access, multiplexer } = this.#open();
    const caller = { id: LOCK, kind: "human", client: who, signal: new AbortController().signal } as const;
    await access.pass(caller, { verb: "hold" }, multiplexer.target(session), async (permit) =>
      attachment.take(
        { id: LOCK, name: `${visibleLine(who, 60)}, who has locked it`, interrupts: false },
        permit,
      ),
    );
    for (const viewer of this.#parts.viewers.of(session)) viewer.refresh();
    return `${session} is locked: agents can read it, and nobody types until ssh-mcp lock --off`;
  }

  #open(): Workspace {
    const workspace = this.#parts.workspace();
    if (workspace !== undefined) return workspace;
    throw new SshMcpError("unknown_session", "no session is open", "ssh-mcp attach HOST opens one.");
  }

  #attachment(session: string): Attachment {
    const attachment = this.#open().multiplexer.attach?.(session);
    if (attachment !== undefined) return attachment;
    throw new SshMcpError("unsupported", "sessions cannot be attached to here");
  }

  #status(): Status {
    const { place, version, fronts, losses, workspace, viewers } = this.#parts;
    const { multiplexer } = workspace() ?? {};
    const open = multiplexer?.sessions().filter(({ state }) => state !== "closed") ?? [];
    const beside = multiplexer?.execs.running() ?? [];
    return {
      pid: process.pid,
      version,
      inventory: place.inventory,
      memoryMb: Math.round(process.memoryUsage.rss() / (1024 * 1024)),
      clients: fronts.connected.map(({ id }) => fronts.nameOf(id) ?? id),
      sessions: [
        ...open.map((view) => {
          const by = view.openedBy === undefined ? undefined : fronts.nameOf(view.openedBy);
          const running = view.commands().findLast(({ to }) => to === undefined);
          const here = viewers.of(view.name).map(({ name }) => name);
          const holder = view.state === "starting" ? undefined : multiplexer?.attach?.(view.name).holder;
          return {
            name: view.name,
            host: view.host,
            state: view.state,
            ...(here.length === 0 ? {} : { here }),
            ...(holder === undefined ? {} : { keyboard: holder.name }),
            ...(by === undefined ? {} : { by }),
            ...(running === undefined ? {} : { running: `#${running.id}` }),
          };
        }),
        ...beside.map(({ id, host }) => ({ name: "ssh_exec", host, state: "busy", running: `#${id}` })),
      ],
      lost: losses.lines,
    };
  }
}

const LOCK = `${PERSON}lock`;

function refused(error: unknown): object {
  const next = error instanceof SshMcpError && error.next !== undefined ? { next: error.next } : {};
  return { ok: false, why: messageOf(error), ...next };
}
