import { join } from "node:path";
import { auditPath, auditTrouble } from "../../app/audit-log.ts";
import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import type { HostDirectory } from "../../inventory/host.ts";
import { agentBlobs } from "../../ssh/auth/agent-client.ts";
import { readKnownHosts } from "../../ssh/host-keys/known-hosts-file.ts";
import { loadSsh2 } from "../../ssh/protocol/ssh2.ts";
import { columns } from "../wrapped.ts";
import { clientFindings } from "./clients.ts";
import { type Finding, finding, type Section } from "./finding.ts";
import { FindingPrinter } from "./report.ts";

/** How long an agent may take to list its keys. */
const AGENT_MS = 3_000;

export interface HereOptions {
  readonly version: string;
  /** The file that runs. */
  readonly program: string;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** Looks at what every host needs on this machine; contacts none. Returns the exit code. */
export function examineHere(
  around: Surroundings,
  { version, program, json, verbose }: HereOptions,
): Promise<number> {
  return withParts(around, async ({ directory, inventoryPath }) => {
    const printer = new FindingPrinter((text) => process.stdout.write(text), {
      width: columns(),
      verbose,
    });
    const sections: Section[] = [];
    const add = (title: string, findings: readonly Finding[]) => {
      sections.push({ title, findings });
      if (!json) printer.show(sections);
    };
    add("This program", [
      finding("ok", "ssh-mcp", `${version}, ${program}`),
      finding("ok", "Node", `${process.versions.node}, ${process.execPath}`),
    ]);
    const opened = await openedInventory(directory, await inventoryPath());
    add("Inventory", [...opened.findings, ...auditFinding(opened.hosts, around)]);
    add("Logins", [await agentFinding(around.env), knownHostsFinding(around.home)]);
    add("Clients", clientFindings(around));
    const healthy = sections.every(({ findings }) => findings.every(({ verdict }) => verdict !== "fail"));
    if (json) process.stdout.write(`${JSON.stringify({ healthy, sections }, undefined, 2)}\n`);
    else
      process.stdout.write(
        healthy ? "\nAll is well here. Next: ssh-mcp doctor HOST\n" : "\nSee the lines marked FAIL.\n",
      );
    return healthy ? 0 : 1;
  });
}

async function openedInventory(
  directory: () => Promise<HostDirectory>,
  path: string | undefined,
): Promise<{ readonly findings: readonly Finding[]; readonly hosts?: HostDirectory }> {
  const where = path ?? "there is none; the hosts are those of ~/.ssh/config";
  try {
    const hosts = await directory();
    const { hosts: list, notes: all } = await hosts.list();
    // Which file it is, the line itself says.
    const notes = all.filter((note) => note !== `Inventory: ${path}`);
    const count = `${list.length} ${list.length === 1 ? "host" : "hosts"}`;
    const verdict = notes.length === 0 ? "ok" : "warn";
    return { hosts, findings: [finding(verdict, "inventory", `${where}: ${count}`, { details: notes })] };
  } catch (error) {
    if (!(error instanceof SshMcpError)) throw error;
    return { findings: [finding("fail", "inventory", error.message, { details: nextOf(error) })] };
  }
}

function nextOf({ next }: SshMcpError): readonly string[] {
  return next === undefined ? [] : [`Next: ${next}`];
}

/** Whether a line could be written; none is, and no file is created. */
function auditFinding(hosts: HostDirectory | undefined, place: Surroundings): Finding[] {
  if (hosts === undefined) return [];
  const path = auditPath(hosts.settings, place);
  if (path === undefined) return [finding("warn", "audit log", "none is kept: settings say audit_log: off")];
  const trouble = auditTrouble(hosts.settings, place);
  return trouble === undefined
    ? [finding("ok", "audit log", `${path} can be written`)]
    : [finding("fail", "audit log", trouble)];
}

async function agentFinding(env: NodeJS.ProcessEnv): Promise<Finding> {
  const socket = env.SSH_AUTH_SOCK;
  if (socket === undefined || socket === "")
    return finding("warn", "ssh agent", "SSH_AUTH_SOCK is not set: no agent's keys are offered");
  const ssh2 = await loadSsh2();
  const timer = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`it did not answer in ${AGENT_MS / 1000} s`)), AGENT_MS).unref();
  });
  try {
    const keys = await Promise.race([agentBlobs(ssh2.createAgent(socket)), timer]);
    const verdict = keys.length === 0 ? "warn" : "ok";
    return finding(
      verdict,
      "ssh agent",
      `${socket} holds ${keys.length} ${keys.length === 1 ? "key" : "keys"}`,
    );
  } catch (error) {
    return finding("warn", "ssh agent", `${socket} cannot be used: ${messageOf(error)}`);
  }
}

function knownHostsFinding(home: string): Finding {
  const file = join(home, ".ssh", "known_hosts");
  try {
    const keys = readKnownHosts([file]).length;
    const details = keys === 0 ? ["ssh-mcp trust HOST records the key of a host"] : [];
    return finding("ok", "known_hosts", `${file}: ${keys} ${keys === 1 ? "key" : "keys"}`, { details });
  } catch (error) {
    return finding("fail", "known_hosts", messageOf(error));
  }
}
