import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { SshMcpError } from "../../../src/base/errors.ts";
import { applyEdits } from "../../../src/inventory/document/apply.ts";
import type { Edit, EditValue } from "../../../src/inventory/document/edits.ts";
import { pick, seeded } from "../../seeds/random.ts";
import { type Choose, type Piece, type Written, written } from "./written.ts";

/** `npm run edits` makes ten thousand. */
const RUNS = Number(process.env.SSH_MCP_EDITS ?? 400);

/** An edit, and which pieces of the text it may change. */
interface Chosen {
  readonly edit: Edit;
  /** What the file has to say then. */
  readonly value: unknown;
  readonly may: (owner: string) => boolean;
  readonly path: string;
}

const NEW: Readonly<Record<string, readonly EditValue[]>> = {
  host: ["10.9.9.9", "fe80::2", "web.example"],
  user: ["bo", "1001", "a b"],
  port: [1, 65535],
  description: ["it's: {new} # yes", "- x", "two\nlines", "ü \u2028 end", "true", " "],
  tags: [["p"], [], ["a:b", "#c", "true", "10"]],
  auth: [{ method: "agent" }, [{ method: "agent" }, { method: "key", key_path: "~/my key" }]],
  timeouts: [{ connect: 3 }, {}],
};

function chosen(choose: Choose, { value }: Written): Chosen {
  const hosts = recordOf(value.hosts);
  const names = Object.keys(hosts);
  const kind = choose("host", "remove", "rename", "set", "set", "unset", "nested");
  const [one, ...more] = names;
  const name = one === undefined ? undefined : choose(one, ...more);
  if (name === undefined || kind === "host") {
    const entry: Record<string, EditValue> = choose<Record<string, EditValue>>({}, { host: "h", port: 1 });
    return {
      edit: { kind: "add", path: ["hosts"], entries: new Map([["new-1", entry]]) },
      value: { ...value, hosts: { ...hosts, "new-1": entry } },
      may: (owner) => owner === "hosts(end)" || (names.length === 0 && owner.startsWith("hosts(")),
      path: "hosts",
    };
  }
  const at = `hosts.${name}`;
  const entry = recordOf(hosts[name]);
  const { [name]: _gone, ...others } = hosts;
  const withEntry = (next: unknown) => ({ ...value, hosts: { ...others, [name]: next } });
  const inside = (path: string) => (owner: string) =>
    owner === path || owner.startsWith(`${path}.`) || owner.startsWith(`${path}(`);
  if (kind === "remove")
    return {
      edit: { kind: "remove", path: ["hosts", name] },
      value: { ...value, hosts: others },
      may: (owner) => inside(at)(owner) || (names.length === 1 && owner === "hosts(value)"),
      path: at,
    };
  if (kind === "rename")
    return {
      edit: { kind: "rename", path: ["hosts", name], to: "other" },
      value: { ...value, hosts: { ...others, other: hosts[name] } },
      may: (owner) => owner === at,
      path: at,
    };
  const keys = Object.keys(entry);
  const [someKey, ...otherKeys] = keys;
  if (kind === "unset" && someKey !== undefined) {
    const key = choose(someKey, ...otherKeys);
    const { [key]: _old, ...rest } = entry;
    return {
      edit: { kind: "remove", path: ["hosts", name, key] },
      value: withEntry(rest),
      may: (owner) =>
        inside(`${at}.${key}`)(owner) ||
        owner === `${at}(comma)` ||
        (keys.length === 1 && owner === `${at}(value)`),
      path: `${at}.${key}`,
    };
  }
  const key = choose("host", ...Object.keys(NEW));
  const [first = null, ...values] = NEW[key] ?? [];
  const next = choose(first, ...values);
  const may = (owner: string) =>
    key in entry
      ? inside(`${at}.${key}`)(owner)
      : owner === `${at}(end)` || (keys.length === 0 && inside(at)(owner));
  const old = entry[key];
  if (kind === "nested" && key === "timeouts" && (old === undefined || old !== null)) {
    const timeouts = { ...recordOf(old), command: "9s" };
    return {
      edit: { kind: "set", path: ["hosts", name, key, "command"], value: "9s" },
      value: withEntry({ ...entry, timeouts }),
      may,
      path: `${at}.${key}`,
    };
  }
  return {
    edit: { kind: "set", path: ["hosts", name, key], value: next },
    value: withEntry({ ...entry, [key]: next }),
    may,
    path: `${at}.${key}`,
  };
}

/** The same choices for the same seed. */
function chance(seed: number): Choose {
  const random = seeded(seed);
  return (first, ...others) => pick(random, [first, ...others]);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** The bytes that have to stay: stretches between the places that an edit may change. */
function kept(pieces: readonly Piece[], may: (owner: string) => boolean): string[] {
  const stretches = [""];
  let open = false;
  for (const { owner, text } of pieces) {
    if (may(owner)) {
      open = true;
      continue;
    }
    if (open) stretches.push("");
    open = false;
    stretches.push((stretches.pop() ?? "") + text);
  }
  if (open) stretches.push("");
  return stretches;
}

/** The first stretch that is not where it was; undefined: all are. */
function lost(text: string, stretches: readonly string[]): string | undefined {
  const [first = "", ...rest] = stretches;
  const last = rest.pop();
  if (last === undefined) return text === first ? undefined : first;
  if (!text.startsWith(first)) return first;
  let at = first.length;
  for (const stretch of rest) {
    const found = text.indexOf(stretch, at);
    if (found < 0) return stretch;
    at = found + stretch.length;
  }
  return text.endsWith(last) && text.length - last.length >= at ? undefined : last;
}

test(
  "random edits of random inventories: all that is not edited stays byte for byte, and the result says what was asked",
  async () => {
    let refusals = 0;
    await fc.assert(
      // A smaller seed is no simpler case.
      fc.asyncProperty(fc.noShrink(fc.integer({ min: 0 })), async (seed) => {
        const choose = chance(seed);
        const file = written(choose);
        const before = file.pieces.map(({ text }) => text).join("");
        const read: unknown = parse(before, { uniqueKeys: false });
        expect(read, "the generator wrote what it says").toEqual(file.value);
        const { edit, value, may, path } = chosen(choose, file);
        const shares =
          file.shared.length > 1 && file.shared.some((one) => one === path || one.startsWith(`${path}.`));
        const done = await applyEdits(before, [edit], "hosts.yaml").catch((error: unknown) => {
          if (!(error instanceof SshMcpError) || !shares) throw error;
          return undefined;
        });
        if (done === undefined) {
          refusals++;
          return;
        }
        expect(parse(done.text, { uniqueKeys: false })).toEqual(value);
        expect(done.inventory.refused.size).toBe(0);
        expect(lost(done.text, kept(file.pieces, may)), done.text).toBeUndefined();
      }),
      { numRuns: RUNS },
    );
    expect(refusals).toBeLessThan(RUNS / 4);
  },
  60_000 + RUNS * 100,
);
