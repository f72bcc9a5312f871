import { createAccess } from "../../../src/access/access.ts";
import { recordOwnLines } from "../../../src/access/own-lines.ts";
import { warm } from "../../../src/app/warm.ts";
import type { AuditEvent } from "../../../src/audit/log.ts";
import { createDesk } from "../../../src/desk/desk.ts";
import { type Catalog, openCatalog } from "../../../src/devices/catalog.ts";
import { createMultiplexer } from "../../../src/multiplexer/multiplexer.ts";
import { deniedLine } from "../../../src/policy/deny.ts";
import type { Transport } from "../../../src/ssh/contract.ts";
import { aHost, type HostChange } from "../../a-host.ts";
import { warmUp } from "../../contract/rig.ts";
import { FakeClock } from "../../fake-clock.ts";
import { directoryOf } from "../../real/rig.ts";
import { AGENT } from "../../tools/fake.ts";
import { pick, seeded } from "../random.ts";
import { Closed, type Pace, Terminal } from "./terminal.ts";

/** What the inventory's enable secret is in these dialogues. */
export const ENABLE_SECRET = "en-secret";
const LOGIN_SECRET = "pw-noc";
/** A change to a host: it has the enable secret. */
export const EN: HostChange = { enable: { from: "env", name: ENABLE_SECRET } };

/** A device that somebody's tool got wrong once: what it prints and reads, and what has to come out at the tools. */
export interface Dialogue {
  /** What is odd about the device. */
  readonly name: string;
  /** Each is a host of the same device, with a session of its name. */
  readonly hosts: Readonly<Record<string, HostChange>>;
  /** SSH identification and banner of the device. */
  readonly ident?: string;
  readonly banner?: string;
  readonly device: (terminal: Terminal, host: string) => Promise<void>;
  readonly run: (stage: Stage) => Promise<void>;
}

/** A tool's text, and its status row taken apart. */
export interface Told {
  readonly text: string;
  readonly id: number | undefined;
  readonly state: string | undefined;
  /** The status row behind the state. */
  readonly rest: string;
  /** The rows without status row and notes. */
  readonly out: string;
  /** Seconds that the status row says it took; 0: it says nothing. */
  readonly seconds: number;
}

/** What a dialogue's `run` has at hand. */
export interface Stage {
  /** Nothing is cut and delayed. */
  readonly calm: boolean;
  connect(host: string): Promise<Told>;
  sh(session: string, command: string, more?: Record<string, unknown>): Promise<Told>;
  keys(session: string, keys: string, more?: Record<string, unknown>): Promise<Told>;
  read(session: string, more?: Record<string, unknown>): Promise<Told>;
  pass(ms: number): Promise<void>;
  check(what: string, holds: boolean, found?: string | number): void;
  /** The newest terminal on a host. */
  term(host: string): Terminal;
  audit(): string;
}

export interface Played {
  readonly faults: readonly string[];
  readonly outcomes: number;
}

/** Longest wait of a call, seconds: what is cut and delayed takes its time. */
const TIMEOUT_S = 50;
/** More steps of the clock than this are no wait that ends. */
const STEPS = 200_000;
const LONGEST_STEP_MS = 50;

let catalog: Catalog | undefined;

/** Plays one dialogue; `seed` says how the device's output is cut and delayed, left out: not at all. */
export async function play(dialogue: Dialogue, seed?: number): Promise<Played> {
  catalog ??= await warmCatalog();
  const stage = new FakeStage(dialogue, catalog, seed === undefined ? undefined : paceOf(seed));
  try {
    await dialogue.run(stage);
  } catch (error) {
    stage.check("was played", false, error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await stage.end();
  }
  return stage;
}

/** Loads what is loaded on first use, so that afterwards nothing takes real time. */
async function warmCatalog(): Promise<Catalog> {
  await warmUp();
  await warm();
  const opened = openCatalog();
  for (const id of opened.ids()) await opened.device(id);
  return opened;
}

function paceOf(seed: number): Pace {
  const random = seeded(seed);
  const most = pick(random, [1, 3, 8, 40, 400]);
  const delay = Math.min(pick(random, [0, 5, 40, 90, 300]), most <= 8 ? 5 * most : 300);
  return { bytes: () => 1 + Math.floor(random() * most), ms: () => Math.floor(random() * (delay + 1)) };
}

class FakeStage implements Stage, Played {
  readonly faults: string[] = [];
  outcomes = 0;
  readonly calm: boolean;
  readonly #name: string;
  readonly #clock = new FakeClock();
  readonly #terms = new Map<string, Terminal>();
  readonly #audited: AuditEvent[] = [];
  readonly #multiplexer;
  readonly #desk;
  readonly #caller = { ...AGENT, signal: new AbortController().signal };

  constructor(dialogue: Dialogue, catalog: Catalog, pace: Pace | undefined) {
    this.calm = pace === undefined;
    this.#name = dialogue.name;
    const clock = this.#clock;
    const hosts = Object.entries(dialogue.hosts).map(([name, change], index) =>
      aHost({
        name,
        address: `192.0.2.${index + 1}`,
        user: "noc",
        auth: [{ method: "password", secret: { from: "env", name: LOGIN_SECRET } }],
        limits: { channelsPerConnection: 1 },
        ...change,
      }),
    );
    const directory = directoryOf(hosts);
    const audit = { record: (event: AuditEvent) => void this.#audited.push(event), close() {} };
    this.#multiplexer = createMultiplexer({
      directory,
      transport: this.#transport(dialogue, pace),
      readSecret: async (ref) => ({ reveal: () => (ref.from === "env" ? ref.name : "") }),
      catalog,
      clock,
      refuses: deniedLine,
      onQuestion: recordOwnLines(audit),
    });
    const access = createAccess({ directory, audit, clock });
    const workspace = { multiplexer: this.#multiplexer, access, clock };
    this.#desk = createDesk({
      workspace: async () => workspace,
      report: (error) => this.check("has no defect", false, String(error)),
    });
  }

  #transport({ device, ident = "OpenSSH_8.0", banner = "" }: Dialogue, pace: Pace | undefined): Transport {
    const info = {
      ident: `SSH-2.0-${ident}`,
      banner,
      hostKey: { fingerprint: "SHA256:fake", type: "ssh-ed25519", how: "known" },
      auth: "password",
      warnings: [],
    } as const;
    return {
      link: ({ name }) => ({
        openPty: async (size) => {
          const terminal = new Terminal(this.#clock, info, size, pace);
          this.#terms.set(name, terminal);
          device(terminal, name).catch((error: unknown) => {
            if (!(error instanceof Closed)) this.check("has a device without a defect", false, String(error));
          });
          return terminal.opened;
        },
      }),
      dispose: async () => {},
    };
  }

  connect(host: string): Promise<Told> {
    return this.#call("ssh_connect", { host, timeout_s: TIMEOUT_S });
  }

  sh(session: string, command: string, more: Record<string, unknown> = {}): Promise<Told> {
    return this.#call("ssh_shell", { session, command, timeout_s: TIMEOUT_S, ...more });
  }

  keys(session: string, keys: string, more: Record<string, unknown> = {}): Promise<Told> {
    return this.#call("ssh_send", { session, keys, timeout_s: TIMEOUT_S, ...more });
  }

  read(session: string, more: Record<string, unknown> = {}): Promise<Told> {
    return this.#call("ssh_read", { session, ...more });
  }

  async pass(ms: number): Promise<void> {
    await this.#clock.pass(ms);
  }

  check(what: string, holds: boolean, found: string | number = ""): void {
    if (!holds) this.faults.push(`${this.#name}: ${what} — ${JSON.stringify(found)}`);
  }

  term(host: string): Terminal {
    const found = this.#terms.get(host);
    if (found === undefined) throw new Error(`no terminal was opened on ${host}`);
    return found;
  }

  audit(): string {
    return this.#audited.map((event) => JSON.stringify(event)).join("\n");
  }

  async end(): Promise<void> {
    await this.#till(this.#multiplexer.dispose());
  }

  async #call(tool: string, args: Record<string, unknown>): Promise<Told> {
    this.outcomes++;
    const { text } = await this.#till(this.#desk.call(this.#caller, tool, args));
    return toldOf(text);
  }

  async #till<T>(promise: Promise<T>): Promise<T> {
    let over = false;
    const watched = promise.finally(() => {
      over = true;
    });
    watched.catch(() => {});
    for (let steps = 0; !over; steps++) {
      if (steps > STEPS) throw new Error(`still waiting at ${this.#clock.now()} ms`);
      await this.#clock.pass(Math.min(this.#clock.next ?? LONGEST_STEP_MS, LONGEST_STEP_MS));
    }
    return watched;
  }
}

function toldOf(text: string): Told {
  const whole = text.trimEnd();
  const at = whole.lastIndexOf("\n") + 1;
  const [, id, state, rest = ""] = /^\[\S+ (?:#(\d+) )?(\w+)\b(.*)\]$/.exec(whole.slice(at)) ?? [];
  const rows = whole.slice(0, Math.max(0, at - 1)).split("\n");
  const notes = Number(/ notes=(\d+)/.exec(rest)?.[1] ?? 0);
  const seconds = Number(/ ([\d.]+)s\b/.exec(rest)?.[1] ?? 0);
  const out = rows.slice(0, rows.length - notes).join("\n");
  return { text, id: id === undefined ? undefined : Number(id), state, rest, out, seconds };
}
