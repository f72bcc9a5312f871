import { isMap, isScalar } from "yaml";
import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { describeHost } from "../../inventory/directory.ts";
import { openInventory } from "../../inventory/document/file.ts";
import { valueAt } from "../../inventory/document/model.ts";
import { lineStart } from "../../inventory/document/splice.ts";
import { keyStart, pairEnd, treeOf } from "../../inventory/document/tree.ts";
import type { AuthMethod, ResolvedHost } from "../../inventory/host.ts";
import type { SecretRef } from "../../secrets/reference.ts";
import { print } from "../stdout.ts";
import { keyState, knownHostsReader } from "./key-state.ts";

/** Prints what is known of a host, and its own lines of the inventory. Returns the exit code. */
export function showHost(name: string, json: boolean, around: Surroundings): Promise<number> {
  return withParts(around, async (parts) => {
    const host = await (await parts.directory()).resolve(name);
    const path = host.source === "inventory" ? await parts.inventoryPath() : undefined;
    const own = path === undefined ? undefined : await entryIn(path, name);
    const key = keyState(host, knownHostsReader());
    const auth = host.auth.map(describeAuth);
    if (json) {
      const entry = own === undefined ? {} : { entry: own.value, file: path, line: own.line };
      print(`${JSON.stringify({ ...describeHost(host), hostKey: key, auth, ...entry }, undefined, 2)}\n`);
      return 0;
    }
    print(rows(host, key, auth));
    if (own !== undefined) print(`\n${path}:${own.line}:\n${own.text}`);
    return 0;
  });
}

function rows(host: ResolvedHost, key: string, auth: readonly string[]): string {
  const { target, jump, ways = [], tags, groups, description, platform, source } = describeHost(host);
  const shown: [string, string][] = [
    ["name", host.name],
    ["target", target],
    ["from", source],
    ["platform", platform],
    ["login", auth.join(", then ")],
    ["host key", key],
    ["jump", jump.join(" → ")],
    ["via", ways.length === 0 ? "" : `${ways.join(", ")} (where a caller asks for it)`],
    ["groups", groups.join(", ")],
    ["tags", tags.join(", ")],
    ["description", description ?? ""],
  ];
  return shown
    .filter(([, value]) => value !== "")
    .map(([label, value]) => `${label.padEnd(12)} ${value}\n`)
    .join("");
}

/** A method of logging in, with where its secret is found and never what it is. */
function describeAuth(auth: AuthMethod): string {
  const certificates = auth.method === "password" ? [] : (auth.certificates ?? []);
  const method = describeMethod(auth);
  return certificates.length === 0 ? method : `${method} with certificate ${certificates.join(", ")}`;
}

function describeMethod(auth: AuthMethod): string {
  switch (auth.method) {
    case "agent":
      return auth.onlyKeys === undefined ? "agent" : `agent (${auth.onlyKeys.join(", ")})`;
    case "key":
      if (auth.identity === true) return `identity (${auth.path})`;
      return `key ${auth.path}${auth.passphrase === undefined ? "" : ` (passphrase: ${describeSecret(auth.passphrase)})`}`;
    case "password": {
      const parts = [auth.secret, auth.otp].flatMap((one) =>
        one === undefined ? [] : [describeSecret(one)],
      );
      return `password (${parts.join(", ")})`;
    }
  }
}

function describeSecret(ref: SecretRef): string {
  switch (ref.from) {
    case "env":
      return `variable ${ref.name}`;
    case "file":
      return `file ${ref.path}`;
    case "command":
      return "a command";
  }
}

/** A host's own lines. */
async function entryIn(
  path: string,
  name: string,
): Promise<{ readonly text: string; readonly line: number; readonly value: unknown } | undefined> {
  const { text } = await openInventory(path);
  const tree = treeOf(text);
  const hosts = isMap(tree.contents) ? tree.contents.get("hosts", true) : undefined;
  if (!isMap(hosts)) return undefined;
  const pair = hosts.items.find(({ key }) => isScalar(key) && String(key.value) === name);
  if (pair === undefined) return undefined;
  const start = keyStart(pair);
  const first = lineStart(text, start);
  const from = text.slice(first, start).trim() === "" ? first : start;
  const lines = text.slice(from, pairEnd(pair)).replace(/\r?\n$/, "");
  return { text: `${lines}\n`, line: tree.lineOf(start), value: valueAt(tree.value, ["hosts", name]) ?? {} };
}
