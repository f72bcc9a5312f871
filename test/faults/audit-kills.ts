import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyAuditLog } from "../../src/audit/verify.ts";
import { initialize, start } from "../mcp/wire.ts";
import { seeded } from "../seeds/random.ts";

/** What one kill left behind. */
export interface Kill {
  /** Calls that were answered before it. */
  readonly acknowledged: number;
  /** What is wrong, one sentence each. */
  readonly wrong: readonly string[];
}

export interface KillLab {
  /** Starts the built server on the log of all runs before, puts it under load and kills it in the middle. */
  run(seed: number): Promise<Kill>;
  /** The torn lines that starts have cut off, and the lines of the log, which has to be whole. */
  sum(): Promise<{ readonly repaired: number; readonly lines: number; readonly problems: number }>;
  close(): void;
}

/** Sessions that run commands at once. */
const SESSIONS = 3;
const MOST_ACKNOWLEDGED = 30;

/** The built server over its embedded hosts, with the log that is kept by default, in a state folder of its own. */
export function killLab(): KillLab {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-kills-"));
  const log = join(folder, "ssh-mcp", "audit.jsonl");
  return {
    async run(seed) {
      const random = seeded(seed);
      const wire = start([process.execPath, "dist/cli.js", "--lab"], { XDG_STATE_HOME: folder });
      wire.send(initialize);
      await wire.answer(1);
      wire.send({ method: "notifications/initialized" });
      const enough = 1 + Math.floor(random() * MOST_ACKNOWLEDGED);
      const acknowledged: Acknowledged[] = [];
      let next = 10;
      let over = false;
      const call = async (name: string, given: object) => {
        const id = next++;
        wire.send({ id, method: "tools/call", params: { name, arguments: given } });
        return JSON.stringify((await wire.answer(id)).result);
      };
      const sessions = Array.from({ length: SESSIONS }, (_, index) => `load-${index + 1}`);
      await Promise.all(sessions.map((session) => call("ssh_connect", { host: "lab-sh", session })));
      const killed = new Promise<void>((resolve) => {
        const load = async (session: string) => {
          while (!over) {
            const command = `echo kill-${seed}-${next}`;
            const text = await call("ssh_shell", { session, command });
            if (over) return;
            acknowledged.push({ command, text });
            if (acknowledged.length < enough) continue;
            over = true;
            wire.child.kill("SIGKILL");
            resolve();
          }
        };
        for (const session of sessions) void load(session);
      });
      await killed;
      await wire.ended;
      const lines = readFileSync(log, "utf8").split("\n").slice(0, -1);
      return { acknowledged: acknowledged.length, wrong: acknowledged.flatMap((one) => missing(one, lines)) };
    },
    async sum() {
      const { lines, problemCount } = await verifyAuditLog(log);
      const repaired = readFileSync(log, "utf8").split('"event":"repaired"').length - 1;
      return { lines, problems: problemCount, repaired };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

interface Acknowledged {
  readonly command: string;
  readonly text: string;
}

/** Both entries of an answered call: before it was done, and what came of it. */
function missing({ command, text }: Acknowledged, lines: readonly string[]): string[] {
  const [, session, id] = /\[([\w-]+) #(\d+) done/.exec(text) ?? [];
  if (session === undefined) return [`${command} was answered with ${text.slice(0, 300)}`];
  const action = lines.findIndex(
    (line) => line.includes('"event":"action"') && line.includes(`"text":"${command}"`),
  );
  if (action < 0) return [`${command} was answered and has no entry`];
  const outcome = lines
    .slice(action)
    .some(
      (line) =>
        line.includes('"event":"outcome"') &&
        line.includes(`"session":"${session}"`) &&
        line.includes(`"command":${id},`),
    );
  return outcome ? [] : [`${command} was answered and has no outcome (${session} #${id})`];
}
