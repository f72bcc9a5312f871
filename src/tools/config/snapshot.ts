import { z } from "zod";
import { KINDS, USUAL } from "../../recipes/snapshot/form.ts";
import { hostList, listOf } from "../acts/hosts-meant.ts";
import { takeSnapshot } from "../acts/snapshot.ts";
import { diffSnapshots } from "../acts/snapshot-diff.ts";
import { parameters, waitOptions } from "../parameters.ts";
import { defineTool } from "../tool.ts";

const kinds = z.array(z.enum(KINDS)).min(1).optional();
const annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: true,
} as const;

export const sshSnapshot = defineTool({
  name: "ssh_snapshot",
  title: "Read facts of hosts and keep them",
  description:
    "Reads what hosts are like now (interfaces, neighbours, routes, version, configuration) and keeps it under a name, without secrets, for ssh_diff.",
  annotations,
  schema: z.object({
    hosts: hostList.describe("As of ssh_run."),
    name: z.string().min(1).describe("A new name, such as before-upgrade."),
    kinds: kinds.describe(`Default: ${USUAL.join(", ")}.`),
    at_once: z.number().int().min(1).max(64).optional().describe("Hosts at once; default 32."),
    timeout_s: parameters.timeout_s,
    max_tokens: parameters.max_tokens,
  }),
  async handler(
    { hosts, name, kinds: asked = [...USUAL], at_once: atOnce, timeout_s, max_tokens: maxTokens },
    context,
  ) {
    const { options, notes } = waitOptions({ timeout_s });
    const wanted = { name, kinds: [...new Set(asked)], atOnce };
    const fleet = await takeSnapshot(context, listOf(hosts), wanted, options.timeoutMs);
    const some = fleet.members.some(({ record }) => record !== undefined);
    const said = fleet.running
      ? `it goes on: ssh_read(exec: ${fleet.id}) waits for its end, and "${name}" is there once it is done`
      : some
        ? `kept as "${name}"`
        : `nothing could be read: there is no snapshot "${name}"`;
    return { result: { kind: "fleet", fleet }, notes: [...notes, said], maxTokens };
  },
});

export const sshDiff = defineTool({
  name: "ssh_diff",
  title: "Compare two snapshots",
  description:
    "What changed between two snapshots, by host and kind; ages, uptimes and times of printing do not count. What was not read in one of them is named as not compared.",
  annotations: { ...annotations, idempotentHint: true, openWorldHint: false },
  schema: z.object({
    a: z.string().min(1).describe("Snapshot before."),
    b: z.string().min(1).describe("Snapshot after."),
    hosts: hostList.optional().describe("Only these; default: all in them."),
    kinds: kinds.describe("Only these."),
    max_tokens: parameters.max_tokens,
  }),
  async handler({ a, b, hosts, kinds: only, max_tokens: maxTokens }, context) {
    const wanted = {
      before: a,
      after: b,
      hosts: hosts === undefined ? undefined : listOf(hosts),
      kinds: only,
    };
    const report = await diffSnapshots(context, wanted);
    return { result: { kind: "recipe", report }, maxTokens };
  },
});
