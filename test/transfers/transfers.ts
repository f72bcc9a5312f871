import { createCipheriv, createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initialize, start, type Wire } from "../mcp/wire.ts";
import { delayProxy } from "../real/kit/proxy.ts";
import { until } from "../real/kit/until.ts";
import { seeded } from "../seeds/random.ts";
import { startSshd } from "../ssh/sshd.ts";

/** What ends a transfer early: the link, the caller, or our own process. */
const CUTS = ["rst", "fin", "half", "cancelled", "killed"] as const;
type Cut = (typeof CUTS)[number];
type Way = "up" | "down";

const PIECE = 1024 * 1024;
/** A busy machine takes its own on top; every wait is for a condition. */
const PATIENCE_MS = 120_000;

export interface WholeRun {
  readonly wrong: readonly string[];
  /** Bytes of resident memory at most beyond those before. */
  readonly grown: number;
  readonly ms: number;
}

export interface CutRun {
  readonly wrong: readonly string[];
  /** How it was cut, and the share of the file that was there each time. */
  readonly cuts: readonly string[];
  /** The last call went on from what was there. */
  readonly resumed: boolean;
}

/** A built server, a host behind a link that can be cut, and a folder at each end. */
export interface TransferLab {
  /** One file of so many bytes, brought without a fault. */
  whole(way: Way, bytes: number): Promise<WholeRun>;
  /** One file, cut at points of the seed's own choice until it is there. */
  cut(seed: number, bytes: number): Promise<CutRun>;
  close(): Promise<void>;
}

export async function transferLab(): Promise<TransferLab> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "ssh-mcp-transfers-")));
  const sshd = await startSshd({
    hostKeys: [["-t", "ed25519"]],
    config: ["MaxStartups 200:30:400", "Subsystem sftp internal-sftp"],
  });
  const knownHosts = join(base, "known_hosts");
  writeFileSync(
    knownHosts,
    [...sshd.hostKeys.values()].map((key) => `[127.0.0.1]:${sshd.port} ${key}\n`).join(""),
  );
  const link = await delayProxy({ target: { address: "127.0.0.1", port: sshd.port, knownHosts } });
  const [here, there] = [join(base, "here"), join(base, "there")];
  for (const folder of [here, there]) mkdirSync(folder);
  const config = join(base, "hosts.yaml");
  const lines = [
    `settings: { ssh_config: false, audit_log: off, local_roots: [${here}] }`,
    "defaults:",
    "  user: root",
    "  platform: posix",
    "  policy: unrestricted",
    `  host_key: { known_hosts: ${knownHosts} }`,
    `  auth: { method: key, key_path: ${sshd.clientKey} }`,
    "hosts:",
    `  direct: { host: 127.0.0.1, port: ${sshd.port} }`,
    `  link: { host: 127.0.0.1, port: ${link.port}, timeouts: { keepalive: 1, keepalive_count: 1 } }`,
  ];
  writeFileSync(config, `${lines.join("\n")}\n`, { mode: 0o600 });
  const lab = new Lab({ here, there, config, cutLink: (how) => link.cut(how) });
  await lab.start();
  return {
    whole: (way, bytes) => lab.whole(way, bytes),
    cut: (seed, bytes) => lab.cut(seed, bytes),
    async close() {
      await lab.stop();
      await link.close();
      await sshd.stop();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

interface Parts {
  readonly here: string;
  readonly there: string;
  readonly config: string;
  readonly cutLink: (how: "rst" | "fin" | "half") => void;
}

interface Ends {
  readonly way: Way;
  readonly source: string;
  readonly target: string;
  readonly folder: string;
}

class Lab {
  readonly #parts: Parts;
  #wire: Wire | undefined;
  #last = 10;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#wire = start([process.execPath, "dist/cli.js", "--config", this.#parts.config]);
    this.#wire.send(initialize);
    await this.#wire.answer(1);
    this.#wire.send({ method: "notifications/initialized" });
  }

  async stop(): Promise<void> {
    this.#wire?.child.stdin.end();
    await this.#wire?.ended;
  }

  async whole(way: Way, bytes: number): Promise<WholeRun> {
    const ends = this.#ends(way, "whole");
    const sum = madeFile(ends.source, bytes, bytes);
    // Code and connection belong to what was there before.
    await this.#call("ssh_list_dir", { host: "direct", path: this.#parts.there });
    const memory = `/proc/${this.#wire?.child.pid}`;
    const before = kilobytes(memory, "VmRSS");
    // The mark of the highest begins anew (proc(5)).
    writeFileSync(`${memory}/clear_refs`, "5");
    const began = performance.now();
    const text = await this.#toItsEnd(ends, "direct");
    const ms = performance.now() - began;
    const grown = (kilobytes(memory, "VmHWM") - before) * 1024;
    const wrong = this.#wrongAtEnd(ends, sum, text);
    rmSync(ends.source);
    rmSync(ends.target, { force: true });
    return { wrong, grown, ms };
  }

  async cut(seed: number, bytes: number): Promise<CutRun> {
    const next = seeded(seed);
    const ends = this.#ends(seed % 2 === 0 ? "up" : "down", `cut-${seed}`);
    const sum = madeFile(ends.source, bytes, seed);
    const wrong: string[] = [];
    const cuts: string[] = [];
    const points = Array.from({ length: 1 + Math.floor(next() * 3) }, () => next() * bytes).sort(
      (one, other) => one - other,
    );
    for (const [index, point] of points.entries()) {
      const how = CUTS[(seed + index) % CUTS.length] ?? "rst";
      const text = await this.#cutOnce(ends, how, point);
      // It was done before it could be cut.
      if (/load done T/.test(text)) break;
      cuts.push(`${how} at ${Math.round((partSize(ends.folder) / bytes) * 100)} %`);
      if (existsSync(ends.target))
        wrong.push(`${how}: a file stands under the name behind a transfer that was cut`);
      if (how !== "killed" && !/Give the same ssh_|cancelled|Connect again|Try again/.test(text))
        wrong.push(`${how}: no word on how to go on: ${text.slice(0, 300)}`);
    }
    const text = existsSync(ends.target) ? "" : await this.#toItsEnd(ends, "link");
    wrong.push(...this.#wrongAtEnd(ends, sum, text));
    rmSync(ends.source);
    rmSync(ends.target, { force: true });
    return { wrong: wrong.map((one) => `seed ${seed}: ${one}`), cuts, resumed: /resumed=/.test(text) };
  }

  #ends(way: Way, name: string): Ends {
    const { here, there } = this.#parts;
    const [from, folder] = way === "up" ? [here, there] : [there, here];
    return { way, source: join(from, name), target: join(folder, name), folder };
  }

  /** The answer to the call; empty where nobody was left to give one. */
  async #cutOnce(ends: Ends, how: Cut, point: number): Promise<string> {
    const call = this.#transfer(ends, "link", how === "cancelled" ? 0 : 50);
    let answered = false;
    const answer = call.then((text) => {
      answered = how !== "cancelled" || !/ running T/.test(text);
      return text;
    });
    await until(() => answered || partSize(ends.folder) >= point || existsSync(ends.target), {
      timeoutMs: PATIENCE_MS,
      everyMs: 1,
      describe: `${Math.round(point)} bytes of ${ends.target}`,
    });
    if (how === "killed") {
      this.#wire?.child.kill("SIGKILL");
      await this.#wire?.ended;
      await this.start();
      return "";
    }
    if (how === "cancelled") {
      const id = runningIn(await answer);
      if (id === undefined) return answer;
      return this.#call(`ssh_${ends.way}load`, { transfer: id, cancel: true });
    }
    this.#parts.cutLink(how);
    return answer;
  }

  async #toItsEnd(ends: Ends, host: string): Promise<string> {
    let text = await this.#transfer(ends, host, 50);
    for (let id = runningIn(text); id !== undefined; id = runningIn(text))
      text = await this.#call(`ssh_${ends.way}load`, { transfer: id, timeout_s: 50 });
    return text;
  }

  #transfer({ way, source, target }: Ends, host: string, timeout_s: number): Promise<string> {
    const args = way === "up" ? { local: source, path: target } : { path: source, local: target };
    return this.#call(`ssh_${way}load`, { host, ...args, timeout_s });
  }

  #wrongAtEnd({ target, folder }: Ends, sum: string, text: string): string[] {
    const wrong: string[] = [];
    if (text !== "" && !/ done T\d+ .*verified=sha256/.test(text))
      wrong.push(`it ended: ${text.slice(0, 400)}`);
    if (!existsSync(target)) wrong.push("the file is not there");
    else if (sumOf(target) !== sum) wrong.push("the file is there with other bytes");
    const parts = readdirSync(folder).filter((name) => name.endsWith(".part"));
    if (parts.length > 0) wrong.push(`left behind: ${parts.join(", ")}`);
    return wrong;
  }

  async #call(name: string, args: object): Promise<string> {
    const wire = this.#wire;
    if (wire === undefined) throw new Error("no server");
    const id = ++this.#last;
    wire.send({ id, method: "tools/call", params: { name, arguments: args } });
    const ended = wire.ended.then(() => ({}));
    const answer = JSON.parse(JSON.stringify(await Promise.race([wire.answer(id), ended])));
    wire.lines.splice(0, wire.lines.length, ...wire.lines.filter((line) => !line.includes(`"id":${id}`)));
    return String(answer.result?.content?.[0]?.text ?? JSON.stringify(answer.error ?? ""));
  }
}

function runningIn(text: string): string | undefined {
  return /load running (T\d+) /.exec(text)?.[1];
}

function partSize(folder: string): number {
  const part = readdirSync(folder).find((name) => name.endsWith(".part"));
  return part === undefined ? 0 : (statSync(join(folder, part), { throwIfNoEntry: false })?.size ?? 0);
}

/** Bytes that nothing compresses or repeats; their SHA-256. */
function madeFile(path: string, bytes: number, seed: number): string {
  const key = createHash("sha256").update(String(seed)).digest().subarray(0, 16);
  const noise = createCipheriv("aes-128-ctr", key, Buffer.alloc(16));
  const hash = createHash("sha256");
  const file = openSync(path, "w");
  for (let left = bytes; left > 0; left -= PIECE) {
    const piece = noise.update(Buffer.alloc(Math.min(PIECE, left)));
    hash.update(piece);
    writeSync(file, piece);
  }
  closeSync(file);
  return hash.digest("hex");
}

function sumOf(path: string): string {
  const hash = createHash("sha256");
  const room = Buffer.alloc(PIECE);
  const file = openSync(path, "r");
  for (let count = readSync(file, room); count > 0; count = readSync(file, room))
    hash.update(room.subarray(0, count));
  closeSync(file);
  return hash.digest("hex");
}

function kilobytes(process: string, field: string): number {
  const [, value] =
    new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(`${process}/status`, "utf8")) ?? [];
  return Number(value);
}
