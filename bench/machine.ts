import { cpus, release, totalmem } from "node:os";
import { run } from "../test/real/kit/process.ts";

/** The machine in a few lines, without anything that names it. */
export async function machine(): Promise<string> {
  const [cpu] = cpus();
  const { stderr } = await run("ssh", ["-V"]);
  return [
    `- CPU: ${cpu?.model.trim() || "unknown"}, ${cpus().length} cores; memory ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `- Linux ${release()}, Node ${process.versions.node}, V8 ${process.versions.v8}`,
    `- sshd and client: ${stderr.trim()}; loopback, ed25519 keys, throw-away accounts`,
  ].join("\n");
}
