import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import { rigFor } from "../real/rig.ts";
import { type Recording, recordings } from "./recording.ts";
import { type ReplayServer, serveReplays } from "./replay-server.ts";
import { PASSWORD_ENV, platformOf, replayedHost } from "./replayed-host.ts";
import { runRecording } from "./run.ts";

/** Seeds per recording; each is another way to cut and delay the same bytes. */
const SEEDS = Number(process.env.SSH_MCP_CORPUS_SEEDS ?? 20);
/** `NAME:SEED` (or `NAME`, or `:SEED`) runs only these: how a failure is replayed alone. */
const ONLY = process.env.SSH_MCP_CORPUS_RUN?.split(":");
/** Sessions open at once: mostly they wait. */
const AT_ONCE = 10;
const RUN_MS = 240_000;

const catalog = openCatalog();
const dir = mkdtempSync(join(tmpdir(), "ssh-mcp-corpus-"));
const knownHosts = join(dir, "known_hosts");
const total = { recordings: 0, runs: 0, commands: 0 };
let server: ReplayServer;

beforeAll(async () => {
  process.env[PASSWORD_ENV] = "any";
  server = await serveReplays();
  writeFileSync(knownHosts, server.knownHosts);
});

afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
  const { recordings: files, runs, commands } = total;
  process.stdout.write(`corpus: ${files} recordings, ${runs} sessions, ${commands} commands compared\n`);
});

/** Runs a recording with every seed; a sentence for each fault, with what replays it alone. */
async function faultsOf(recording: Recording, platform: string, seeds: readonly number[]): Promise<string[]> {
  const open = [...(catalog.profile(platform === "auto" ? platformOf(recording) : platform).open ?? [])];
  const prepares = open.map(({ send }) => send);
  const hosts = seeds.map((seed) => {
    const login = server.login({ recording, seed });
    const name = `${recording.model}-${seed}`;
    return { seed, name, login, host: replayedHost(server, { name, login, platform, knownHosts }) };
  });
  const rig = rigFor(hosts.map(({ host }) => host));
  const faults: string[] = [];
  const queue = [...hosts];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { seed, name, login } = next;
      const ran = await runRecording(rig, name, recording, { journal: server.journal(login), prepares });
      total.runs++;
      total.commands += ran.commands;
      const alone = `SSH_MCP_CORPUS_RUN=${recording.name}:${seed}`;
      faults.push(...ran.faults.map((fault) => `${alone} ${fault}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await rig.close();
  total.recordings++;
  return faults;
}

const [name = "", seed = ""] = ONLY ?? [];
const interactive = recordings().filter((one) => one.interactive && (name === "" || one.name === name));
const seeds = seed === "" ? Array.from({ length: SEEDS }, (_unused, index) => index + 1) : [Number(seed)];

describe("A recorded device behind SSH, however its bytes are cut and delayed", () => {
  it.each(interactive.map((recording) => [recording.name, recording] as const))(
    "%s gives every command's text exactly",
    async (_name, recording) => {
      expect(await faultsOf(recording, platformOf(recording), seeds)).toEqual([]);
    },
    RUN_MS,
  );
});
