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
const SEEDS = Number(process.env.SSH_MCP_CORPUS_SEEDS ?? 3);
/** Seeds where the profile is not the recording's own: one in `npm test`, three of `npm run corpus`. */
const FEW = SEEDS > 3 ? 3 : 1;
/** `NAME:SEED` (or `NAME`, or `:SEED`) runs only these: how a failure is replayed alone. */
const ONLY = process.env.SSH_MCP_CORPUS_RUN?.split(":");
/** Sessions open at once, over all recordings: mostly they wait. */
const AT_ONCE = 40;
const RUN_MS = 240_000;
const TNSR = "tnsr_TNSR_25.02-2_long-config-and-pager-at-last-line";
/** Recordings put together of two sessions: the prompt is another one half-way, with no command that changed it. */
const RENAMED: ReadonlySet<string> = new Set(["mlnxos_Onyx_3.9.2504", TNSR]);

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
  process.stdout.write(
    `corpus: ${files} recordings and ways to frame them, ${runs} sessions, ${commands} commands compared\n`,
  );
});

const waiting: (() => void)[] = [];
let open = 0;

async function inTurn(run: () => Promise<void>): Promise<void> {
  if (open >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else open++;
  try {
    await run();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else open--;
  }
}

/** Runs a recording with every seed; a sentence for each fault, with what replays it alone. */
async function faultsOf(recording: Recording, platform: string, seeds: readonly number[]): Promise<string[]> {
  const prepares = preparationOf(platform);
  // Where nothing tells a platform, its prompt is learned.
  const platforms = platform === "auto" ? [platformOf(recording), "generic_cli"] : [platform];
  const hosts = seeds.map((seed) => {
    const login = server.login({ recording, seed });
    const name = `${recording.model}-${seed}`;
    return { seed, name, login, host: replayedHost(server, { name, login, platform, knownHosts }) };
  });
  const rig = rigFor(hosts.map(({ host }) => host));
  const faults: string[] = [];
  const run = async ({ seed, name, login }: (typeof hosts)[number]) => {
    const options = { journal: server.journal(login), prepares, platforms };
    const ran = await runRecording(rig, name, recording, options).catch((error: unknown) => ({
      commands: 0,
      faults: [`threw ${error}`],
    }));
    total.runs++;
    total.commands += ran.commands;
    const alone = `SSH_MCP_CORPUS_RUN=${recording.name}:${seed}`;
    faults.push(...ran.faults.map((fault) => `${alone} ${fault}`));
  };
  await Promise.all(hosts.map((one) => inTurn(() => run(one))));
  await rig.close();
  total.recordings++;
  return faults;
}

/** Lines of the session's own: what the profile types at login, or the profiles that may be found. */
function preparationOf(platform: string): string[] {
  const ids = platform === "auto" ? catalog.ids() : [platform];
  return ids.flatMap((id) => {
    const { open = [], detect } = catalog.profile(id);
    const asked = platform === "auto" ? [detect?.command ?? []].flat() : [];
    return [...open.map(({ send }) => send), ...asked];
  });
}

const [name = "", seed = ""] = ONLY ?? [];
const interactive = recordings().filter((one) => one.interactive && (name === "" || one.name === name));
if (interactive.length === 0) throw new Error(`there is no interactive recording "${name}"`);
const seeds = seed === "" ? Array.from({ length: SEEDS }, (_unused, index) => index + 1) : [Number(seed)];

describe.concurrent("A recorded device behind SSH, however its bytes are cut and delayed", () => {
  // By the profile of its platform only the prompt of TNSR is that of another host.
  const named = interactive.filter(({ name }) => name !== TNSR);

  it.each(named.map((recording) => [recording.name, recording] as const))(
    "%s gives every command's text exactly",
    async (_name, recording) => {
      expect(await faultsOf(recording, platformOf(recording), seeds)).toEqual([]);
    },
    RUN_MS,
  );

  // Where Enter is CR LF the profile has to say so.
  const guessable = interactive.filter(({ newline }) => newline === "\n");
  const renamed = guessable.filter(({ name }) => RENAMED.has(name));

  it.each(
    guessable
      .filter((one) => !renamed.includes(one))
      .map((recording) => [recording.name, recording] as const),
  )(
    "%s does so too when its prompt has to be learned",
    async (_name, recording) => {
      expect(await faultsOf(recording, "generic_cli", seeds.slice(0, FEW))).toEqual([]);
    },
    RUN_MS,
  );

  it.each(
    renamed.flatMap((recording) => {
      const platforms =
        recording.name === TNSR ? ["generic_cli", platformOf(recording), "auto"] : ["generic_cli"];
      return platforms.map((platform) => [recording.name, platform, recording] as const);
    }),
  )(
    "%s (%s) has a prompt of another host half-way, without a word: that is told, and no end is claimed",
    async (_name, platform, recording) => {
      const few = seeds.slice(0, FEW);
      const faults = await faultsOf(recording, platform, few);
      expect(faults.map((fault) => /not done but .*"asked":"shell"/.test(fault) || fault)).toEqual(
        few.map(() => true),
      );
    },
    RUN_MS,
  );

  it.each(
    guessable.filter((one) => named.includes(one)).map((recording) => [recording.name, recording] as const),
  )(
    "%s does so too when its platform has to be found",
    async (_name, recording) => {
      expect(await faultsOf(recording, "auto", seeds.slice(0, FEW))).toEqual([]);
    },
    RUN_MS,
  );
});
