import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import type { AuditLog } from "../../audit/log.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { closeFirst } from "../../base/text.ts";
import type { HostDirectory, ResolvedHost } from "../../inventory/host.ts";
import { type JudgedKey, judgedKey, type ScanOptions, trustHostKey } from "../../ssh/trust.ts";
import { withConfig } from "../next-command.ts";
import { askAtTerminal } from "./record.ts";

/** Hosts asked for their keys at once. */
const AT_ONCE = 8;

/** The result of asking a host for its key. */
type Asked = { readonly name: string } & (
  | { readonly host: ResolvedHost; readonly judged: JudgedKey }
  | { readonly error: SshMcpError }
);

/**
 * The keys of several hosts in one table, and one yes for those that are new. Returns the exit code. `words`: names,
 * `group:NAME`, `tag:NAME`. @throws SshMcpError of the inventory, or where nobody is there to answer.
 */
export function trustHosts(words: readonly string[], around: Surroundings, yes: boolean): Promise<number> {
  return withParts(around, async ({ directory, secrets, audit, clock }) => {
    const hosts = await directory();
    const names = await selected(hosts, words);
    const log = await audit();
    const asked = await askAll(names, hosts, { secrets, clock, env: around.env }, log);
    process.stdout.write(table(asked));
    for (const one of asked)
      if ("error" in one) process.stderr.write(`ssh-mcp: ${failure(one.error, around)}\n`);
    const found = asked.filter((one) => "judged" in one);
    const fresh = found.filter(({ judged }) => judged.where === undefined);
    const agreed = fresh.length === 0 || yes || (await agree(fresh.length, words, around));
    let failed = asked.length - found.length;
    for (const { host, judged } of found) {
      const state = judged.where !== undefined ? "already_known" : agreed ? "added" : "declined";
      // What cannot be written is reported, and the others are recorded all the same.
      const where = state === "added" ? recorded(host, judged) : undefined;
      if (typeof where === "object") {
        const { code, message } = where;
        log?.record({ event: "error", ...subject(host.name), code, message });
        process.stderr.write(`ssh-mcp: ${failure(where, around)}\n`);
        failed++;
        continue;
      }
      if (where !== undefined) process.stdout.write(`${host.name}: recorded in ${where}.\n`);
      const { type, fingerprint } = judged.key;
      log?.record({ event: "outcome", ...subject(host.name), state, key: `${type} ${fingerprint}` });
    }
    if (!agreed) process.stdout.write("Nothing was recorded.\n");
    return agreed && failed === 0 ? 0 : 1;
  });
}

/** The hosts that are meant, each once. @throws SshMcpError for a group or tag that no host has. */
async function selected(directory: HostDirectory, words: readonly string[]): Promise<string[]> {
  const { hosts } = await directory.list();
  const names = words.flatMap((word) => {
    const [, kind, wanted = ""] = /^(group|tag):(.*)$/.exec(word) ?? [];
    if (kind === undefined) return [word];
    const labels = (host: (typeof hosts)[number]) => (kind === "group" ? host.groups : host.tags);
    const members = hosts.filter((host) => labels(host).includes(wanted)).map(({ name }) => name);
    if (members.length > 0) return members;
    const known = closeFirst(wanted, [...new Set(hosts.flatMap(labels))]);
    const all = known.length === 0 ? `no host has a ${kind}` : `there are ${known.join(", ")}`;
    throw new SshMcpError(
      "invalid_argument",
      `no host has the ${kind} "${wanted}"; ${all}`,
      "ssh-mcp hosts list shows the hosts with their groups and tags.",
    );
  });
  return [...new Set(names)];
}

const subject = (host: string) => ({ tool: "trust", verb: "trust", host, caller: "trust" });

async function askAll(
  names: readonly string[],
  directory: HostDirectory,
  options: ScanOptions,
  log: AuditLog | undefined,
): Promise<Asked[]> {
  const asked: Asked[] = [];
  const waiting = names.entries();
  const worker = async () => {
    for (const [index, name] of waiting) asked[index] = await ask(name);
  };
  const ask = async (name: string): Promise<Asked> => {
    try {
      const host = await directory.resolve(name);
      log?.record({ event: "action", ...subject(host.name) });
      return { name, host, judged: await judgedKey(host, options) };
    } catch (cause) {
      const error = cause instanceof SshMcpError ? cause : new SshMcpError("internal", messageOf(cause));
      log?.record({ event: "error", ...subject(name), code: error.code, message: error.message });
      return { name, error };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return asked;
}

function table(asked: readonly Asked[]): string {
  const rows = asked.map((one) => {
    if ("error" in one) return [one.name, "-", "-", `no key: ${one.error.code}`];
    const { key, where } = one.judged;
    return [one.name, key.type, key.fingerprint, where === undefined ? "new" : `known: ${where}`];
  });
  const all = [["host", "type", "fingerprint", "state"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}\n`)
    .join("");
}

function agree(count: number, words: readonly string[], around: Surroundings): Promise<boolean> {
  const question = count === 1 ? "Record the new key?" : `Record these ${count} new keys?`;
  return askAtTerminal(question, words.join(" ")).catch((error: unknown) => {
    if (!(error instanceof SshMcpError) || error.next === undefined) throw error;
    throw new SshMcpError(error.code, error.message, withConfig(error.next, around));
  });
}

/** Where the key was written, or why it was not. */
function recorded(host: ResolvedHost, { key }: JudgedKey): string | SshMcpError {
  try {
    return trustHostKey(host, key);
  } catch (error) {
    if (error instanceof SshMcpError) return error;
    throw error;
  }
}

function failure({ code, message, next }: SshMcpError, around: Surroundings): string {
  return new SshMcpError(code, message, next === undefined ? undefined : withConfig(next, around)).toText();
}
