import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../test/real/kit/until.ts";
import type { Part } from "../bench.ts";
import { ourStack } from "../ours.ts";
import { openSsh, openSshMultiplexed } from "../peers/openssh.ts";
import { prompt, tail } from "../peers/peer.ts";
import { openRaw } from "../peers/raw-ssh2.ts";
import { inTurns, median, times } from "../stats.ts";
import type { Row } from "../table.ts";
import { hostOf, type Target, targetOf } from "../target.ts";

const BYTES = 100e6;
const BUDGET = 160 << 20;
const SCREEN_ROWS = 50;

/** 100 MB of text through the PTY: speed, every byte in the transcript, the last rows on the screen. */
export const bulk: Part = async ({ server, shared, quick }) => {
  const target = targetOf(server, "bash");
  const file = textFile(join(shared, "bulk.txt"), quick ? BYTES / 4 : BYTES);
  const plain = openSsh(target);
  const multiplexed = await openSshMultiplexed(target);
  const faults = new Set<string>();
  const samples = await inTurns(
    quick ? 3 : 7,
    new Map([
      ["ours", () => ours(target, file, faults)],
      ["raw", () => raw(target, file)],
      ["openssh", () => seconds(() => plain.discard(`cat ${file.path}`))],
      ["multiplexed", () => seconds(() => multiplexed.discard(`cat ${file.path}`))],
    ]),
  );
  await multiplexed.dispose();
  const speed = (name: "ours" | "raw" | "openssh" | "multiplexed") =>
    file.wireBytes / 1e6 / median(samples(name));
  const show = (name: Parameters<typeof speed>[0]) => `${speed(name).toFixed(1)} MB/s`;
  const ratio = speed("ours") / speed("raw");
  const row: Row = {
    what: `${Math.round(file.wireBytes / 1e6)} MB through the PTY`,
    ours: show("ours"),
    raw: show("raw"),
    openssh: show("openssh"),
    multiplexed: show("multiplexed"),
    ratio: times(ratio),
    aim: "≥ 0.85× raw",
    met: ratio >= 0.85,
  };
  return [
    row,
    {
      what: "the same: transcript complete (SHA-256), screen right at the end",
      ours: faults.size === 0 ? "complete, right" : [...faults].join("; "),
      aim: "nothing lost",
      met: faults.size === 0,
    },
  ];
};

interface TextFile {
  readonly path: string;
  /** After the PTY has made CRLF of each LF. */
  readonly wireBytes: number;
  readonly sha256: string;
  readonly lastLines: readonly string[];
}

function textFile(path: string, bytes: number): TextFile {
  const lines: string[] = [];
  let size = 0;
  for (let number = 0; size < bytes; number++) {
    const line = `${String(number).padStart(9, "0")} the quick brown fox jumps over the lazy dog ${(number * 2654435761) % 4294967296}`;
    lines.push(line);
    size += line.length + 1;
  }
  const wire = Buffer.from(`${lines.join("\r\n")}\r\n`, "latin1");
  writeFileSync(path, `${lines.join("\n")}\n`, { mode: 0o644 });
  return { path, wireBytes: wire.length, sha256: sha256([wire]), lastLines: lines.slice(-SCREEN_ROWS + 1) };
}

async function ours(target: Target, file: TextFile, faults: Set<string>): Promise<number> {
  const stack = ourStack(hostOf(target, { transcriptBytes: BUDGET }));
  const opened = await stack.open("bulk");
  const { session } = opened;
  const start = performance.now();
  const outcome = await opened.run(`cat ${file.path}`, 120_000);
  // What the caller sees at the end counts too: the screen has to catch up within the time.
  let screen = session.screen();
  while (screen.stale) {
    await new Promise((resolve) => setImmediate(resolve));
    screen = session.screen();
  }
  const took = (performance.now() - start) / 1000;
  // The prompt comes a moment after the end mark.
  await until(() => session.screen().cursorText.endsWith("$ "), { describe: "the prompt" });
  screen = session.screen();
  const { from, to } = session.log.last?.range ?? { from: 0, to: 0 };
  if (outcome.state !== "done" || outcome.exit !== 0) faults.add(`outcome ${outcome.state}`);
  if (to - from !== file.wireBytes) faults.add(`${to - from} bytes instead of ${file.wireBytes}`);
  else if (sha256(session.transcript.slices(from, to)) !== file.sha256) faults.add("other bytes");
  const seen = screen.rows.slice(-SCREEN_ROWS, -1);
  if (seen.join("\n") !== file.lastLines.slice(-seen.length).join("\n") || seen.length < SCREEN_ROWS - 2)
    faults.add("other screen");
  session.dispose();
  await stack.dispose();
  return took;
}

async function raw(target: Target, file: TextFile): Promise<number> {
  const peer = await openRaw(target);
  await prompt(peer);
  const took = await seconds(() => {
    const ended = tail(peer, (text) => text.includes("end-42\r\n"));
    peer.write(`cat ${file.path}; echo end-$((40+2))\r`);
    return ended;
  });
  await peer.close();
  return took;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function sha256(parts: Iterable<Uint8Array>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
