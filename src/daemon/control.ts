import type { Socket } from "node:net";
import type { Workspace } from "../desk/contract.ts";
import { FrameReader, wordIn, writeWord } from "./frames.ts";
import type { Fronts } from "./fronts.ts";
import type { DaemonPlace } from "./place.ts";
import type { Losses } from "./under-way.ts";

export interface ControlParts {
  readonly place: DaemonPlace;
  readonly version: string;
  readonly fronts: Fronts;
  readonly losses: Losses;
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
    const frames = new FrameReader((kind, content) => {
      const word = kind === "word" ? wordIn(content) : undefined;
      writeWord(socket, this.#answer(word?.do, word?.force === true));
    });
    socket.on("data", (chunk: Buffer) => {
      try {
        frames.push(chunk);
      } catch {
        socket.destroy();
      }
    });
    socket.once("end", () => socket.end());
    socket.resume();
  }

  #answer(what: unknown, force: boolean): object {
    switch (what) {
      case "status":
        return { ok: true, status: this.#status() };
      case "stop": {
        const status = this.#status();
        const running = status.sessions.filter((session) => session.running !== undefined);
        if (running.length > 0 && !force)
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

  #status(): Status {
    const { place, version, fronts, losses, workspace } = this.#parts;
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
          return {
            name: view.name,
            host: view.host,
            state: view.state,
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
