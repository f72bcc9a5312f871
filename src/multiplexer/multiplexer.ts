import { type Clock, type Disposable, systemClock } from "../base/clock.ts";
import { SshMcpError } from "../base/errors.ts";
import { nearest, visibleLine } from "../base/text.ts";
import type { Catalog } from "../devices/catalog.ts";
import type { HostDirectory, ResolvedHost, TerminalSize } from "../inventory/host.ts";
import type { ReadSecret } from "../secrets/reference.ts";
import type { Outcome } from "../shell/record/outcome.ts";
import { Session, type WaitRequest } from "../shell/session/session.ts";
import type { LinkInfo, Transport } from "../ssh/contract.ts";
import { parseKeys } from "../terminal/keys.ts";
import { equip, unknownPlatforms } from "./equip.ts";
import { viewOf } from "./session-view.ts";
import type { Multiplexer, Reply, SessionView, WaitOptions } from "./types.ts";

/** A wait never lasts longer, whatever the caller asks: clients give a call up at about 60 s. */
const LONGEST_WAIT_MS = 50_000;
/** Closed sessions kept for reading; the one closed longest goes first. */
const KEPT_CLOSED = 20;
const EXPIRY_CHECK_MS = 5000;
const SESSION_NAME = /^[A-Za-z0-9][\w.@:-]{0,63}$/;
const SMALLEST = { cols: 20, rows: 5 };
const LARGEST = { cols: 500, rows: 200 };

export interface MultiplexerOptions {
  readonly directory: HostDirectory;
  readonly transport: Transport;
  /** For what sessions type at a question: enable secrets, logins inside the terminal. */
  readonly readSecret: ReadSecret;
  readonly clock?: Clock;
  /** Device profiles; without them every host is taken for a shell. */
  readonly catalog?: Catalog;
}

/** Creates the owner of all sessions of this process. */
export function createMultiplexer(options: MultiplexerOptions): Multiplexer {
  return new Sessions(options);
}

class Sessions implements Multiplexer {
  readonly #directory: HostDirectory;
  readonly #transport: Transport;
  readonly #readSecret: ReadSecret;
  readonly #clock: Clock;
  readonly #catalog: Catalog | undefined;
  readonly #sessions = new Map<string, Session>();
  readonly #views = new WeakMap<Session, SessionView>();
  /** Names being opened: a second caller for the same name waits for the first. */
  readonly #opening = new Map<string, { readonly host: string; readonly reply: Promise<Reply> }>();
  #expiry: Disposable | undefined;
  #disposed = false;

  constructor(options: MultiplexerOptions) {
    this.#directory = options.directory;
    this.#transport = options.transport;
    this.#readSecret = options.readSecret;
    this.#clock = options.clock ?? systemClock;
    this.#catalog = options.catalog;
    this.#armExpiry();
  }

  async hosts(): ReturnType<Multiplexer["hosts"]> {
    const { hosts, notes } = await this.#directory.list();
    return { hosts, notes: [...notes, ...unknownPlatforms(hosts, this.#catalog)] };
  }

  async connect(request: Parameters<Multiplexer["connect"]>[0]): Promise<Reply> {
    const host = await this.#resolve(request.host);
    const name = request.session ?? this.#freeName(host.name);
    if (!SESSION_NAME.test(name)) {
      throw new SshMcpError(
        "invalid_argument",
        `"${visibleLine(name, 70)}" cannot be a session name`,
        "Use letters, digits, dot, dash and underscore, at most 64.",
      );
    }
    // Two callers who each ask for a session of their own must not end up in one shell.
    if (this.#opening.has(name))
      throw new SshMcpError(
        "name_taken",
        `session "${name}" is being opened already`,
        "Choose another session name.",
      );
    return this.#openOnce(name, host, sizeOf(request, host.terminal), request);
  }

  async shell(request: Parameters<Multiplexer["shell"]>[0]): Promise<Reply> {
    const startedAt = this.#clock.now();
    const found = await this.#findOrOpen(request.session, request);
    const { opened, session } = found;
    if (opened && opened.outcome.state !== "done") {
      const notes = [
        ...opened.outcome.notes,
        "the command was NOT typed: the session is not at a prompt yet",
      ];
      return { ...opened, outcome: { ...opened.outcome, notes } };
    }
    // Opening counts towards the one wait the caller asked for.
    const wait = this.#wait(session, request);
    const timeoutMs = opened ? Math.max(0, wait.timeoutMs - (this.#clock.now() - startedAt)) : wait.timeoutMs;
    const { mode, keepGoing } = request;
    const outcome = await session.run(
      request.command,
      { ...wait, timeoutMs },
      { ...(mode === undefined ? {} : { mode }), ...(keepGoing === undefined ? {} : { keepGoing }) },
    );
    return this.#reply(session, outcome, opened?.opened);
  }

  async send(request: Parameters<Multiplexer["send"]>[0]): Promise<Reply> {
    const session = this.#find(request.session);
    if (request.keys !== undefined && request.text !== undefined) {
      throw new SshMcpError(
        "invalid_argument",
        "give either keys or text, not both",
        "keys understands names such as <Enter> and <C-c>; text is sent literally.",
      );
    }
    const wait = this.#wait(session, request);
    const resized = request.cols !== undefined || request.rows !== undefined;
    if (resized) session.resize(sizeOf(request, session.size));
    if (request.text !== undefined) {
      return this.#reply(
        session,
        await session.send({ kind: "text", text: request.text, enter: request.enter ?? false }, wait),
      );
    }
    if (request.keys === undefined && request.enter !== true) {
      if (resized) return this.#reply(session, await session.read(undefined, true, wait));
      throw new SshMcpError(
        "invalid_argument",
        "nothing to send: keys and text are both missing",
        'For example keys: "<C-c>", or text: "yes" with enter: true.',
      );
    }
    const keys = parseKeys(`${request.keys ?? ""}${request.enter ? "<Enter>" : ""}`);
    return this.#reply(session, await session.send({ kind: "keys", keys }, wait));
  }

  async wait(request: Parameters<Multiplexer["wait"]>[0]): Promise<Reply> {
    const session = this.#find(request.session);
    const untilSettled = request.timeoutMs !== undefined;
    return this.#reply(
      session,
      await session.read(request.cursor, untilSettled, this.#wait(session, request)),
    );
  }

  view(name: string): SessionView {
    return this.#view(this.#find(name));
  }

  sessions(): readonly SessionView[] {
    return [...this.#sessions.values()].map((session) => this.#view(session));
  }

  async disconnect(name: string): Promise<SessionView> {
    const session = this.#find(name);
    await session.close("closed by ssh_disconnect");
    return this.#view(session);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#expiry?.dispose();
    await Promise.all(
      [...this.#sessions.values()].map((session) => session.close("ssh-mcp is shutting down")),
    );
    for (const session of this.#sessions.values()) session.dispose();
    await this.#transport.dispose();
    this.#directory.dispose();
  }

  async #resolve(name: string): Promise<ResolvedHost> {
    return equip(await this.#directory.resolve(name), this.#catalog);
  }

  #find(name: string): Session {
    const session = this.#sessions.get(name);
    if (session) return session;
    const names = nearest(name, this.#sessions.keys());
    throw new SshMcpError(
      "unknown_session",
      `there is no session "${visibleLine(name, 70)}"${names.length > 0 ? `; there are: ${names.slice(0, 20).join(", ")}` : "; none is open"}`,
      "ssh_connect opens one, ssh_hosts lists the hosts.",
    );
  }

  /** `name` as a session, or as a host whose session of the same name is opened now. */
  async #findOrOpen(name: string, options: WaitOptions): Promise<{ session: Session; opened?: Reply }> {
    const session = this.#sessions.get(name);
    // A closed session is not silently replaced: its directory and environment would be gone without a word.
    if (session) return { session };
    let host: ResolvedHost;
    try {
      host = await this.#resolve(name);
    } catch (error) {
      if (!(error instanceof SshMcpError) || error.code !== "unknown_host") throw error;
      const names = nearest(name, this.#sessions.keys()).slice(0, 10);
      const open = names.length > 0 ? ` Open sessions: ${names.join(", ")}.` : "";
      throw new SshMcpError(
        "unknown_session",
        `"${visibleLine(name, 70)}" is neither a session nor a host.${open} ${error.message}`,
        error.next,
      );
    }
    const opened = await this.#openOnce(host.name, host, host.terminal, options);
    return { session: this.#find(host.name), opened };
  }

  async #openOnce(
    name: string,
    host: ResolvedHost,
    size: TerminalSize,
    options: WaitOptions,
  ): Promise<Reply> {
    const opening = this.#opening.get(name);
    if (opening && opening.host !== host.name) {
      throw new SshMcpError(
        "name_taken",
        `session "${name}" is being opened on host ${opening.host}`,
        "Choose another session name.",
      );
    }
    if (opening) return opening.reply;
    const reply = this.#open(name, host, size, options).finally(() => this.#opening.delete(name));
    this.#opening.set(name, { host: host.name, reply });
    return reply;
  }

  async #open(name: string, host: ResolvedHost, size: TerminalSize, options: WaitOptions): Promise<Reply> {
    const existing = this.#sessions.get(name);
    if (existing && !existing.closed) {
      throw new SshMcpError(
        "name_taken",
        `session "${name}" is open already (${existing.state})`,
        "Use it, choose another session name, or ssh_disconnect it first.",
      );
    }
    if (existing && existing.host.name !== host.name) {
      throw new SshMcpError(
        "name_taken",
        `the closed session "${name}" belongs to host ${existing.host.name}`,
        "Choose another session name.",
      );
    }
    this.#assertRoom(host);
    const opened = await this.#transport.link(host).openPty({ ...size, term: host.terminal.term });
    const { channel, info } = opened;
    if (this.#disposed) {
      channel.close();
      throw new SshMcpError("session_closed", "ssh-mcp is shutting down");
    }
    const session =
      existing ??
      new Session({
        name,
        host,
        readSecret: this.#readSecret,
        clock: this.#clock,
        ...(this.#catalog === undefined ? {} : { catalog: this.#catalog }),
      });
    session.host = host;
    this.#sessions.set(name, session);
    const outcome = await session.attach(opened, size, this.#wait(session, options)).catch((error) => {
      channel.close();
      throw error;
    });
    return this.#reply(session, outcome, {
      newShell: existing !== undefined,
      notes: openingNotes(info, existing !== undefined),
    });
  }

  #assertRoom(host: ResolvedHost): void {
    // Those being opened count from the start, or a burst of calls would pass the limit together.
    const open = new Map([...this.#opening].map(([name, opening]) => [name, opening.host]));
    for (const session of this.#sessions.values())
      if (!session.closed) open.set(session.name, session.host.name);
    const here = [...open].flatMap(([name, at]) => (at === host.name ? [name] : []));
    const { maxSessions } = this.#directory.settings;
    if (here.length >= host.limits.sessions) {
      throw new SshMcpError(
        "limit_reached",
        `${host.name} has ${here.length} open sessions, its limit: ${here.join(", ")}`,
        "Use one of them or ssh_disconnect one.",
      );
    }
    if (open.size >= maxSessions) {
      throw new SshMcpError(
        "limit_reached",
        `${open.size} sessions are open, the limit of settings.max_sessions`,
        "ssh_disconnect those no longer needed.",
      );
    }
    const closed = [...this.#sessions.values()]
      .filter((session) => session.closed)
      .sort((a, b) => b.idleMs - a.idleMs);
    for (const session of closed.slice(0, Math.max(0, closed.length - KEPT_CLOSED))) {
      session.dispose();
      this.#sessions.delete(session.name);
    }
  }

  /** `web1`, then `web1-2`, `web1-3` …; a closed session's name is free for its own host. */
  #freeName(host: string): string {
    for (let number = 1; ; number++) {
      const name = number === 1 ? host : `${host}-${number}`;
      const session = this.#sessions.get(name);
      if (
        !this.#opening.has(name) &&
        (session === undefined || (session.closed && session.host.name === host))
      )
        return name;
    }
  }

  #wait(session: Session, options: WaitOptions): WaitRequest {
    const asked = options.timeoutMs ?? session.host.timing.commandTimeoutMs;
    return {
      timeoutMs: Math.min(Math.max(asked, 0), LONGEST_WAIT_MS),
      ...(options.waitFor === undefined ? {} : { waitFor: options.waitFor }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    };
  }

  #reply(session: Session, outcome: Outcome, opened?: Reply["opened"]): Reply {
    return { session: this.#view(session), outcome, ...(opened ? { opened } : {}) };
  }

  #view(session: Session): SessionView {
    let view = this.#views.get(session);
    if (!view) {
      view = viewOf(session, () => this.#clock.now());
      this.#views.set(session, view);
    }
    return view;
  }

  #armExpiry(): void {
    this.#expiry = this.#clock.after(EXPIRY_CHECK_MS, () => {
      for (const session of this.#sessions.values()) {
        const { idleTimeoutMs } = session.host.timing;
        if (idleTimeoutMs === 0 || session.closed || session.busy || session.idleMs < idleTimeoutMs) continue;
        void session.close(`idle for ${Math.round(session.idleMs / 1000)} s (idle_timeout)`);
      }
      if (!this.#disposed) this.#armExpiry();
    });
  }
}

function openingNotes(link: LinkInfo, again: boolean): string[] {
  const notes = again
    ? [
        "this is a new shell: directory, environment and running programs of the old one are gone; its output stays readable",
      ]
    : [];
  if (link.hostKey.how === "accepted_new")
    notes.push(`new host key accepted and recorded: ${link.hostKey.type} ${link.hostKey.fingerprint}`);
  return [...notes, ...link.warnings];
}

/** The size asked for, what is missing taken from `present`. */
function sizeOf(asked: { cols?: number; rows?: number }, present: TerminalSize): TerminalSize {
  return {
    cols: within(asked.cols ?? present.cols, SMALLEST.cols, LARGEST.cols, "cols"),
    rows: within(asked.rows ?? present.rows, SMALLEST.rows, LARGEST.rows, "rows"),
  };
}

function within(value: number, least: number, most: number, what: string): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new SshMcpError(
    "invalid_argument",
    `${what} is a whole number from ${least} to ${most}, not ${value}`,
  );
}
