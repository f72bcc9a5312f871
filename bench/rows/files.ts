import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { mustRun, run } from "../../test/real/kit/process.ts";
import { delayProxy } from "../../test/real/kit/proxy.ts";
import { testUser } from "../../test/real/kit/users.ts";
import type { Part } from "../bench.ts";
import { inChild } from "../child.ts";
import { median, times } from "../stats.ts";
import type { Row } from "../table.ts";
import { type Target, targetOf } from "../target.ts";

const MB = 1e6;
/** Of a gigabyte, as the aim has it. */
const MOST_GROWN = 64 * MB;
const POINTS = 20;
const ENTRIES = 10_000;

export interface FilesTask {
  readonly target: Target;
  /** The one folder here that may be used. */
  readonly root: string;
  readonly tool: string;
  readonly args: object;
  readonly verified: boolean;
  /** A folder there, listed first: the login is no part of what is measured. */
  readonly warm: string;
}

export interface FilesUse {
  readonly ms: number;
  /** Bytes of resident memory beyond those before. */
  readonly grown: number;
  readonly text: string;
}

/** Transfers beside OpenSSH's sftp and scp, and what they cost; a long list; a transfer that is cut again and again. */
export const files: Part = async ({ server, shared, quick }) => {
  const user = testUser("bash");
  const root = join(shared, "here");
  const there = join(user.home, "bench-files");
  mkdirSync(root);
  mkdirSync(there);
  for (const folder of [root, there]) chownSync(folder, user.uid, user.uid);
  try {
    const near = targetOf(server, "bash");
    const far = await delayProxy({ target: server, rttMs: 50 });
    try {
      const place = { root, there };
      return [
        ...(await speeds(near, place, quick ? 200 * MB : 1000 * MB, "loopback", quick ? 1 : 3)),
        ...(await speeds(
          targetOf(far, "bash"),
          place,
          quick ? 20 * MB : 100 * MB,
          "50 ms away",
          quick ? 1 : 3,
        )),
        await cutAgain(server, place, quick ? 40 * MB : 400 * MB),
        await listing(near, place),
      ];
    } finally {
      await far.close();
    }
  } finally {
    rmSync(there, { recursive: true, force: true });
    rmSync(root, { recursive: true, force: true });
  }
};

interface Place {
  readonly root: string;
  readonly there: string;
}

async function speeds(
  target: Target,
  { root, there }: Place,
  bytes: number,
  where: string,
  rounds: number,
): Promise<Row[]> {
  const [local, remote] = [join(root, "big"), join(there, "big")];
  const rows: Row[] = [];
  for (const way of ["up", "down"] as const) {
    const [source, copy] = way === "up" ? [local, `${remote}.copy`] : [remote, `${local}.copy`];
    await madeFile(source, bytes);
    const sum = await sha256(source);
    const seen: Record<string, number[]> = {};
    let grown = 0;
    let faults = 0;
    const timed = async (name: string, work: () => Promise<number>) => {
      rmSync(copy, { force: true });
      const ms = await work();
      seen[name] = [...(seen[name] ?? []), ms];
      if ((await sha256(copy)) !== sum) faults += 1;
    };
    const ours = (verified: boolean) => async () => {
      const [tool, args] =
        way === "up"
          ? ["ssh_upload", { local: source, path: copy }]
          : ["ssh_download", { path: source, local: copy }];
      const use = await inChild<FilesUse>(new URL("./files-task.ts", import.meta.url), {
        ...{ target, root, tool, args, verified, warm: there },
      } satisfies FilesTask);
      if (!/ (upload|download) done T/.test(use.text)) throw new Error(use.text);
      grown = Math.max(grown, use.grown);
      return use.ms;
    };
    for (let round = 0; round < rounds; round++) {
      await timed("ours", ours(false));
      await timed("verified", ours(true));
      await timed("sftp", () => sftp(target, way, source, copy));
      await timed("scp", () => scp(target, way, source, copy));
    }
    rmSync(source);
    rmSync(copy, { force: true });
    const speed = (name: string) => bytes / MB / (median(seen[name] ?? []) / 1000);
    const show = (name: string) => `${speed(name).toFixed(0)} MB/s`;
    const ratio = speed("ours") / speed("sftp");
    rows.push({
      what: `${Math.round(bytes / MB)} MB ${way}, ${where}`,
      ours: `${show("ours")} (verified ${show("verified")})`,
      openssh: `sftp ${show("sftp")}, scp ${show("scp")}`,
      ratio: times(ratio),
      aim: "≥ 0.9× sftp",
      met: ratio >= 0.9,
    });
    rows.push({
      what: `the same: memory grown, and every copy right (SHA-256)`,
      ours: `${(grown / MB).toFixed(0)} MB, ${faults === 0 ? "right" : `${faults} wrong`}`,
      aim: "< 64 MB, right",
      met: grown < MOST_GROWN && faults === 0,
    });
  }
  return rows;
}

function options(target: Target): string[] {
  return [
    ...["-F", "/dev/null", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-i", target.keyPath],
    ...[
      "-o",
      `UserKnownHostsFile=${target.knownHosts}`,
      "-o",
      "StrictHostKeyChecking=yes",
      "-o",
      "LogLevel=ERROR",
    ],
    ...["-P", `${target.port}`],
  ];
}

/** Without its login, which a listing of nothing takes as long as. */
async function sftp(target: Target, way: "up" | "down", source: string, copy: string): Promise<number> {
  const at = `${target.login}@${target.address}`;
  const batch = (input: string) => timedRun("sftp", ["-q", "-b", "-", ...options(target), at], input);
  const login = await batch("pwd\n");
  return (await batch(`${way === "up" ? "put" : "get"} ${source} ${copy}\n`)) - login;
}

async function scp(target: Target, way: "up" | "down", source: string, copy: string): Promise<number> {
  const there = (path: string) => `${target.login}@${target.address}:${path}`;
  const paths = way === "up" ? [source, there(copy)] : [there(source), copy];
  const login = await timedRun(
    "sftp",
    ["-q", "-b", "-", ...options(target), there("").slice(0, -1)],
    "pwd\n",
  );
  return (await timedRun("scp", ["-q", ...options(target), ...paths])) - login;
}

async function timedRun(command: string, args: readonly string[], input = ""): Promise<number> {
  const start = performance.now();
  const { code, stderr } = await run(command, args, { input, timeoutMs: 300_000 });
  if (code !== 0) throw new Error(`${command}: ${stderr}`);
  return performance.now() - start;
}

/** One file up and one down, each cut at random points until it is there; between the cuts nothing may stand under its name. */
async function cutAgain(
  server: Parameters<Part>[0]["server"],
  { root, there }: Place,
  bytes: number,
): Promise<Row> {
  let partial = 0;
  let resumed = 0;
  let right = 0;
  for (const way of ["up", "down"] as const) {
    const source = join(way === "up" ? root : there, "cut");
    const copy = join(way === "up" ? there : root, "cut.copy");
    await madeFile(source, bytes);
    const args = way === "up" ? { local: source, path: copy } : { path: source, local: copy };
    for (let point = 0; point <= POINTS / 2; point++) {
      const proxy = await delayProxy({ target: server });
      const last = point === POINTS / 2;
      const use = inChild<FilesUse>(new URL("./files-task.ts", import.meta.url), {
        target: targetOf(proxy, "bash"),
        ...{ root, tool: `ssh_${way}load`, args, verified: true, warm: there },
      } satisfies FilesTask);
      if (!last) void cutSoon(proxy, way === "up" ? there : root, bytes * Math.random() * 0.15);
      const { text } = await use;
      await proxy.close();
      // Under its name there may be the whole file: the cut came too late.
      const early = !last && existsSync(copy);
      if (early && (await sha256(copy)) !== (await sha256(source))) partial += 1;
      if (early) rmSync(copy);
      if (/resumed=/.test(text)) resumed += 1;
      if (last && /verified=sha256/.test(text) && (await sha256(copy)) === (await sha256(source))) right += 1;
    }
    if (readdirSync(way === "up" ? there : root).some((name) => name.endsWith(".part"))) partial += 1;
    rmSync(source);
    rmSync(copy, { force: true });
  }
  return {
    what: `${Math.round(bytes / MB)} MB up and down, each cut at ${POINTS / 2} random points`,
    ours: `${partial} partial under the name, ${right} of 2 right at the end, ${resumed} times gone on with`,
    aim: "0 partial, all right",
    met: partial === 0 && right === 2,
  };
}

/** Cuts the link once the part has grown by so much. */
async function cutSoon(
  proxy: Awaited<ReturnType<typeof delayProxy>>,
  folder: string,
  more: number,
): Promise<void> {
  const size = () => {
    const part = readdirSync(folder).find((name) => name.endsWith(".part"));
    // It may have become the file meanwhile.
    return part === undefined ? 0 : (statSync(join(folder, part), { throwIfNoEntry: false })?.size ?? 0);
  };
  const from = size();
  const until = performance.now() + 60_000;
  while (performance.now() < until && size() < from + more)
    await new Promise((resolve) => setTimeout(resolve, 5));
  proxy.cut("rst");
}

/** Ten thousand entries, listed by the tool and by sftp. */
async function listing(target: Target, { root, there }: Place): Promise<Row> {
  const folder = join(there, "many");
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  for (let index = 0; index < ENTRIES; index++) writeFileSync(join(folder, `entry-${index}`), "");
  const task = {
    target,
    root,
    tool: "ssh_list_dir",
    args: { path: folder, max_tokens: 500 },
    verified: false,
    warm: there,
  };
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < 5; round++) {
    const { ms, text } = await inChild<FilesUse>(new URL("./files-task.ts", import.meta.url), task);
    if (!text.includes("10,000 entries")) throw new Error(text.slice(-300));
    ours.push(ms);
    const at = `${target.login}@${target.address}`;
    const login = await timedRun("sftp", ["-q", "-b", "-", ...options(target), at], "pwd\n");
    theirs.push(
      (await timedRun("sftp", ["-q", "-b", "-", ...options(target), at], `ls -l ${folder}\n`)) - login,
    );
  }
  return {
    what: "listing 10,000 entries",
    ours: `${median(ours).toFixed(0)} ms`,
    openssh: `sftp ls -l ${median(theirs).toFixed(0)} ms`,
    ratio: times(median(theirs) / median(ours)),
  };
}

async function madeFile(path: string, bytes: number): Promise<void> {
  await mustRun("sh", ["-c", `head -c ${bytes} /dev/urandom > "$1"`, "sh", path]);
  chmodSync(path, 0o666);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest("hex");
}
