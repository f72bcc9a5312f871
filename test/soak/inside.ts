import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../real/kit/until.ts";

/** What the server holds once its garbage is collected. */
export interface Held {
  readonly descriptors: number;
  /** Timers that are armed. */
  readonly timers: number;
  /** Listeners of the process's own events. */
  readonly listeners: number;
  readonly heapMb: number;
  readonly rssMb: number;
}

/** A look into the server: its arguments for node, and what it holds. */
export interface Inside {
  readonly nodeOptions: readonly string[];
  held(pid: number): Promise<Held>;
  dispose(): void;
}

/** Begun before the server is started, which learns from the environment where to write. */
export function inside(): Inside {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-soak-"));
  const report = join(folder, "report.json");
  process.env.SOAK_REPORT = report;
  return {
    nodeOptions: ["--expose-gc", "--import", join(import.meta.dirname, "inside.mjs")],
    async held(pid) {
      rmSync(report, { force: true });
      process.kill(pid, "SIGUSR2");
      await until(() => existsSync(report), { describe: "the server's own figures", timeoutMs: 30_000 });
      const { heapMb, listeners, resources } = JSON.parse(readFileSync(report, "utf8"));
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      return {
        descriptors: readdirSync(`/proc/${pid}/fd`).length,
        timers: resources.Timeout ?? 0,
        listeners,
        heapMb,
        rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024,
      };
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
