import type { Socket } from "node:net";
import type { Surroundings } from "../app/surroundings.ts";
import { Board } from "../approval/board.ts";
import { messageOf } from "../base/errors.ts";
import { stateFolder } from "../base/state-folder.ts";
import { type Toolset, toolsetsIn } from "../base/toolsets.ts";
import type { Workspace } from "../desk/contract.ts";
import { createDesk } from "../desk/desk.ts";
import { Viewers } from "../desk/viewers.ts";
import { Control } from "./control.ts";
import { Fronts } from "./fronts.ts";
import {
  firstLine,
  type Hello,
  helloIn,
  OTHER_VERSION,
  PROTOCOL,
  sayLine,
  type Welcome,
} from "./handshake.ts";
import { DaemonLog } from "./log.ts";
import { serveFront } from "./mcp-front.ts";
import { type DaemonPlace, daemonPlace } from "./place.ts";
import { listenAt } from "./socket.ts";
import { Losses, leftBehind, StateFile } from "./under-way.ts";

/** Connections at once; each client has one, and each person who looks. */
const CONNECTIONS = 256;
/** What runs and what is open is looked at so often; what is typed is noted before it is. */
const LOOK_MS = 250;
/** Sessions are closed and the process ready to end within this time. */
const SHUTDOWN_MS = 2_500;
/** Without a client, a session and a command for so long, it ends itself. */
export const IDLE_MS = 15 * 60_000;

export interface DaemonOptions {
  readonly version: string;
  /** 0: never. */
  readonly idleMs: number;
  /** Told once fronts can connect. */
  readonly ready?: () => void;
}

/** Runs the daemon until it is stopped or has been idle; resolves to the exit code. @throws AlreadyRuns, SshMcpError. */
export async function runDaemon(around: Surroundings, options: DaemonOptions): Promise<number> {
  const place = daemonPlace(around);
  const { server, release } = await listenAt(place, around.env);
  const daemon = new Daemon(around, place, options);
  const ended = new Promise<string>((resolve) => {
    daemon.onEnd = resolve;
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
      process.once(signal, () => resolve(signal));
  });
  server.on("connection", (socket) => daemon.take(socket));
  server.maxConnections = CONNECTIONS;
  daemon.began();
  options.ready?.();
  const why = await ended;
  server.close();
  release();
  await daemon.end(why);
  return 0;
}

class Daemon {
  readonly #around: Surroundings;
  readonly #options: DaemonOptions;
  readonly #place: DaemonPlace;
  readonly #fronts = new Fronts();
  readonly #viewers = new Viewers();
  readonly #log: DaemonLog;
  readonly #losses: Losses;
  readonly #control: Control;
  readonly #sockets = new Set<Socket>();
  readonly #board: Board;
  #state: StateFile | undefined;
  #opened: Promise<Workspace> | undefined;
  #workspace: Workspace | undefined;
  #looking: NodeJS.Timeout | undefined;
  #idleSince = performance.now();
  onEnd: (why: string) => void = () => {};

  constructor(around: Surroundings, place: DaemonPlace, options: DaemonOptions) {
    this.#place = place;
    this.#board = new Board(stateFolder(around), () => Date.now());
    this.#options = options;
    // Each front says which toolsets it wants.
    const { SSH_MCP_TOOLSETS: _startersOwn, ...env } = around.env;
    this.#around = { ...around, env: this.#fronts.environment(env) };
    this.#log = new DaemonLog(place.log);
    this.#losses = new Losses(leftBehind(place.state));
    const report = (error: unknown) =>
      this.#log.say("error", {
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    // One session's failure must not end the others.
    process.on("uncaughtException", report).on("unhandledRejection", report);
    this.#control = new Control({
      place,
      version: options.version,
      fronts: this.#fronts,
      losses: this.#losses,
      viewers: this.#viewers,
      workspace: () => this.#workspace,
      stop: () => this.onEnd("ssh-mcp daemon stop"),
    });
  }

  began(): void {
    this.#log.say("start", { version: this.#options.version, inventory: this.#place.inventory });
    for (const what of this.#losses.lines) this.#log.say("lost", { what });
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
  }

  async end(why: string): Promise<void> {
    clearInterval(this.#looking);
    this.#log.say("stop", { why });
    const closing = this.#opened
      ?.then((ready) => ready.dispose())
      .catch((error: unknown) => this.#report(error));
    await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, SHUTDOWN_MS))]);
    for (const socket of this.#sockets) socket.destroy();
    this.#state?.remove();
    if (this.#losses.lines.length > 0 && this.#state === undefined) new StateFile(this.#place.state).remove();
    this.#log.close();
  }

  take(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => this.#sockets.delete(socket));
    this.#greet(socket).catch((error: unknown) => {
      this.#log.say("refused", { why: messageOf(error) });
      socket.destroy();
    });
  }

  async #greet(socket: Socket): Promise<void> {
    const line = await firstLine(socket);
    const hello = helloIn(line);
    const about = { sshMcp: PROTOCOL, version: this.#options.version, pid: process.pid };
    if (hello === undefined) {
      const theirs = typeof line.version === "string" ? line.version : "unknown";
      const why = `the daemon that runs is ssh-mcp ${about.version} and does not understand version ${theirs}`;
      const refused: Welcome = { ...about, ok: false, why, next: OTHER_VERSION };
      sayLine(socket, refused);
      socket.end();
      this.#log.say("refused", { why });
      return;
    }
    const welcome: Welcome = { ...about, ok: true };
    sayLine(socket, welcome);
    this.#idleSince = performance.now();
    if (hello.role === "mcp") this.#serve(socket, hello);
    else if (hello.role === "attach") await this.#attach(socket, hello);
    else if (hello.role === "web") await this.#web(socket, hello);
    else this.#control.serve(socket);
  }

  #serve(socket: Socket, hello: Hello): void {
    const { agentSocket, toolsets } = hello;
    const { id, ended } = serveFront({
      socket,
      pid: hello.pid,
      agentSocket: typeof agentSocket === "string" ? agentSocket : undefined,
      fronts: this.#fronts,
      desk: this.#desk(typeof toolsets === "string" ? toolsets : undefined),
      report: (error) => this.#report(error),
    });
    this.#log.say("connected", { front: id, process: hello.pid, version: hello.version });
    void ended.then(() => {
      this.#idleSince = performance.now();
      this.#log.say("gone", { front: id, who: this.#fronts.nameOf(id) });
    });
  }

  async #attach(socket: Socket, hello: Hello): Promise<void> {
    const { serveAttach } = await import("./attach-role.ts");
    await serveAttach({
      socket,
      hello,
      fronts: this.#fronts,
      viewers: this.#viewers,
      workspace: () => this.#open(),
      approvals: async (session) => (await this.#board.unanswered(session)).length,
      log: (event, fields) => this.#log.say(event, fields),
    });
  }

  async #web(socket: Socket, hello: Hello): Promise<void> {
    const { serveWeb } = await import("./web-role.ts");
    await serveWeb({
      socket,
      hello,
      around: this.#around,
      version: this.#options.version,
      viewers: this.#viewers,
      workspace: () => this.#workspace,
      log: (event, fields) => this.#log.say(event, fields),
      report: (error) => this.#report(error),
    });
  }

  /** A desk for each front: it has its own toolsets, and all have the same sessions behind it. */
  #desk(toolsets: string | undefined) {
    const named = toolsets === undefined ? undefined : toolsetsIn(toolsets);
    const chosen: { readonly toolsets?: readonly Toolset[] } =
      named === undefined || typeof named === "string" ? {} : { toolsets: named };
    const around = { ...this.#around, ...chosen };
    const say = (sentence: string) => this.#log.say("note", { sentence });
    return createDesk({
      workspace: () => this.#open(),
      toolsets: async () => (await import("../app/toolsets.ts")).toolsetsOn(around, say),
      recipes: async () => (await import("../app/recipes.ts")).ownRecipes(around, say),
      mayConfirm: async () => (await import("../app/toolsets.ts")).agentMayConfirm(around),
      report: (error) => this.#report(error),
    });
  }

  async #open(): Promise<Workspace> {
    this.#opened ??= this.#make();
    try {
      return await this.#opened;
    } catch (error) {
      this.#opened = undefined; // A broken inventory may be mended; the next call tries again.
      throw error;
    }
  }

  async #make(): Promise<Workspace> {
    const { openWorkspace } = await import("../app/workspace.ts");
    const made = await openWorkspace(this.#around, {
      elsewhere: this.#fronts.read,
      environment: this.#fronts.whole,
      lost: this.#losses,
    });
    this.#state = new StateFile(this.#place.state, made.kept);
    const access = this.#state.around(made.access, made.multiplexer);
    this.#workspace = { ...made, access, who: (id) => this.#fronts.nameOf(id) };
    return this.#workspace;
  }

  /** Notes what is under way, and ends the daemon once nobody needs it. */
  #look(): void {
    const { multiplexer } = this.#workspace ?? {};
    if (multiplexer !== undefined) this.#state?.look(multiplexer);
    const { idleMs } = this.#options;
    const open =
      multiplexer !== undefined &&
      (multiplexer.sessions().some(({ state }) => state !== "closed") ||
        multiplexer.execs.running().length > 0);
    if (open || this.#sockets.size > 0) this.#idleSince = performance.now();
    else if (idleMs > 0 && performance.now() - this.#idleSince > idleMs)
      this.onEnd(`idle for ${idleMs / 1000} s`);
  }

  #report(error: unknown): void {
    this.#log.say("error", {
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}
