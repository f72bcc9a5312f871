import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashName, lookup, parseKnownHosts } from "../../../src/ssh/host-keys/known-hosts.ts";
import { appendKnownHost, readKnownHosts } from "../../../src/ssh/host-keys/known-hosts-file.ts";
import { fingerprint } from "../../../src/ssh/protocol/key-blob.ts";
import { keygen } from "../sshd.ts";

const FILES = 100;
const LOOKUPS_PER_FILE = 5;
const SEED = 20_260_101;

let folder: string;
let keys: readonly string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-known-"));
  const types = [["ed25519"], ["ecdsa", "-b", "256"], ["ecdsa", "-b", "521"], ["rsa", "-b", "2048"], ["dsa"]];
  keys = types.map((type, index) => {
    const path = join(folder, `key-${index}`);
    keygen(path, ["-t", ...type]);
    return readFileSync(`${path}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));

/** A small generator with a seed (mulberry32), so that a failure can be repeated. */
function random(seed: number): { below(n: number): number; pick<T>(items: readonly T[]): T } {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    below,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
  };
}

type Random = ReturnType<typeof random>;
const NAMES = [
  "web1", "web2", "WEB1", "db.example.com", "a.example.com", "sw-core", "10.0.0.1", "10.0.0.12", "::1", "fe80::1",
  "[web1]:2222", "[10.0.0.1]:22", "[::1]:830", "x", "example.com", "deep.sub.example.com",
]; // biome-ignore format: a list of names
const PATTERNS = [
  "*", "*.example.com", "web?", "10.0.0.*", "!web1", "!*.example.com", "[*]:2222", "?", "**", "w*b*1", "!10.0.0.1", "",
]; // biome-ignore format: a list of patterns

function generateNames(r: Random): string {
  const kind = r.below(10);
  if (kind < 3) return hashName(r.pick(NAMES).toLowerCase(), Buffer.alloc(20, r.below(256)));
  if (kind === 3)
    return r.pick(["|1|short|hash", "|2|AAAA|AAAA", "|1|", `${hashName("web1", Buffer.alloc(20, 1))},web2`]);
  return Array.from({ length: 1 + r.below(4) }, () => r.pick(r.below(3) === 0 ? PATTERNS : NAMES)).join(",");
}

function generateKey(r: Random): string {
  const key = r.pick(keys);
  const [type = "", blob = ""] = key.split(" ");
  switch (r.below(12)) {
    case 0:
      return `${r.pick(["ssh-rsa", "ssh-ed25519", "bogus-type", "ecdsa-sha2-nistp256"])} ${blob}`;
    case 1:
      return `${type} ${blob.slice(0, r.below(blob.length))}`;
    case 2:
      return `${type} ${r.pick(["", "#", "not base64!", `${blob}AAAA`, `${blob.slice(0, 20)} ${blob.slice(20)}`])}`;
    case 3:
      return r.pick(["", type, "#", "1024 35 123456789"]);
    default:
      return `${type}${r.pick([" ", "\t", "  "])}${blob}${r.pick(["", " a comment", "\t# c", " ", "\r"])}`;
  }
}

function generateFile(r: Random): string {
  const lines = Array.from({ length: 1 + r.below(12) }, () => {
    if (r.below(12) === 0) return r.pick(["", "# comment", "   ", "\t# x", "@", "garbage"]);
    const marker = r.pick([
      "",
      "",
      "",
      "",
      "@revoked ",
      "@cert-authority ",
      "@bogus ",
      "@revoked @revoked ",
      "@revoked\t",
    ]);
    return `${r.pick(["", "", "", " ", "\t "])}${marker}${generateNames(r)}${r.pick([" ", "\t", "   "])}${generateKey(r)}`;
  });
  return lines.join(r.below(6) === 0 ? "\r\n" : "\n") + r.pick(["\n", "\n", ""]);
}

/** `line marker fingerprint` of each usable line that `ssh-keygen -l -F` finds. */
function sshKeygenFind(name: string, file: string): Promise<string[]> {
  return new Promise((resolve) => {
    execFile("ssh-keygen", ["-l", "-F", name, "-f", file], (_error, stdout) => {
      const found: string[] = [];
      const pattern = /^# Host .* found: line (\d+) ?(CA|REVOKED)?\s*\n.* (SHA256:\S+)/gm;
      for (const [, line, marker = "", print] of stdout.matchAll(pattern))
        found.push(`${line} ${marker} ${print}`);
      resolve(found);
    });
  });
}

const MARKERS = { none: "", revoked: "REVOKED", "cert-authority": "CA" } as const;

describe("known_hosts", () => {
  it(`finds in ${FILES} generated files exactly what ssh-keygen -F finds`, async () => {
    const r = random(SEED);
    let hits = 0;
    const jobs: (() => Promise<void>)[] = [];
    for (let index = 0; index < FILES; index++) {
      const file = join(folder, `known-${index}`);
      const text = generateFile(r);
      writeFileSync(file, text);
      for (let turn = 0; turn < LOOKUPS_PER_FILE; turn++) {
        const name = r.pick(NAMES).toLowerCase();
        jobs.push(async () => {
          const theirs = await sshKeygenFind(name, file);
          const ours = lookup(parseKnownHosts(text, file), name).map(
            ({ line, marker, blob }) => `${line} ${MARKERS[marker]} ${fingerprint(blob)}`,
          );
          expect(ours, `${name} in ${JSON.stringify(text)}`).toEqual(theirs);
          hits += theirs.length;
        });
      }
    }
    const worker = async () => {
      for (let job = jobs.pop(); job; job = jobs.pop()) await job();
    };
    await Promise.all([worker(), worker(), worker()]);
    expect(hits).toBeGreaterThan(FILES);
  });

  it("appends to a new file that only its owner may read, in a new folder likewise", () => {
    const file = join(folder, "fresh", "known_hosts");
    const [type = "", blob = ""] = (keys[0] ?? "").split(" ");
    expect(appendKnownHost(file, "web1", type, Buffer.from(blob, "base64"))).toEqual({ file, line: 1 });
    expect(readFileSync(file, "utf8")).toBe(`web1 ${type} ${blob}\n`);
    expect([statSync(file).mode & 0o777, statSync(join(folder, "fresh")).mode & 0o777]).toEqual([
      0o600, 0o700,
    ]);
  });

  it("adds a missing final newline before the appended line", () => {
    const file = join(folder, "unterminated");
    writeFileSync(file, `old ${keys[1]}`);
    const [type = "", blob = ""] = (keys[0] ?? "").split(" ");
    expect(appendKnownHost(file, "[web1]:2222", type, Buffer.from(blob, "base64")).line).toBe(2);
    expect(readKnownHosts([file]).map(({ names }) => names)).toEqual(["old", "[web1]:2222"]);
  });

  it("hashes the appended name when the file's names are hashed, so that ssh-keygen still finds it", async () => {
    const file = join(folder, "hashed");
    writeFileSync(file, `old ${keys[1]}\n`);
    execFileSync("ssh-keygen", ["-q", "-H", "-f", file], { stdio: "ignore" });
    const [type = "", blob = ""] = (keys[0] ?? "").split(" ");
    appendKnownHost(file, "secret-name", type, Buffer.from(blob, "base64"));
    expect(readFileSync(file, "utf8")).not.toContain("secret-name");
    expect(await sshKeygenFind("secret-name", file)).toHaveLength(1);
  });

  it("reads several files in order, passes over missing ones, and refuses one it cannot read", () => {
    const [a, b] = [join(folder, "a"), join(folder, "b")];
    writeFileSync(a, `one ${keys[0]}\n`);
    writeFileSync(b, `two ${keys[1]}\n`);
    expect(readKnownHosts([a, join(folder, "none"), b]).map(({ names }) => names)).toEqual(["one", "two"]);
    expect(() => readKnownHosts([folder])).toThrow(/cannot be read/);
  });

  it("matches a pattern of many stars without trying every split", () => {
    const names = `${"*a".repeat(200)}*b`;
    const started = performance.now();
    expect(lookup(parseKnownHosts(`${names} ${keys[0]}`, "f"), "a".repeat(200))).toEqual([]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
