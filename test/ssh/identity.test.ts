import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHostDirectory } from "../../src/inventory/directory.ts";
import { identityFile, makeIdentity } from "../../src/secrets/identity.ts";
import { identityAt } from "../../src/ssh/identity.ts";
import { deskOver } from "../tools/desk-over.ts";
import { hostOf } from "./hosts.ts";
import { canRunSshd, keygen, startSshd, type TestServer } from "./sshd.ts";

const root = mkdtempSync(join(tmpdir(), "ssh-mcp-identity-"));
afterAll(() => rmSync(root, { recursive: true }));

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(root, "home-"));
});
const place = () => ({ env: {}, home });

describe("the server's own key", () => {
  it("is made once, in OpenSSH's own form, for its owner alone", async () => {
    const path = identityFile(place(), join(home, "none"));
    expect(path).toBe(join(home, ".local/state/ssh-mcp/id_ed25519"));
    const first = await identityAt(path);
    const again = await identityAt(path);
    expect([first.made, again.made, again.line]).toEqual([true, false, first.line]);
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
    const [type = "", blob = ""] = execFileSync("ssh-keygen", ["-y", "-f", path], { encoding: "utf8" }).split(
      " ",
    );
    expect(first.line.split(" ").slice(0, 2)).toEqual([type, blob.trim()]);
    expect(execFileSync("ssh-keygen", ["-lf", path], { encoding: "utf8" })).toContain(
      `256 ${first.fingerprint} ssh-mcp@`,
    );
    expect(readdirSync(dirname(path))).toEqual(["id_ed25519"]);
  });

  it("is one where several make it at once", async () => {
    const path = identityFile(place(), join(home, "none"));
    const made = await Promise.all(Array.from({ length: 12 }, () => makeIdentity(path)));
    expect(made.filter((mine) => mine)).toHaveLength(1);
    const all = await Promise.all(Array.from({ length: 4 }, () => identityAt(path)));
    expect(new Set(all.map(({ line }) => line)).size).toBe(1);
    expect(readdirSync(dirname(path))).toEqual(["id_ed25519"]);
  });

  it("is that of a container's volume where there is one, and XDG_STATE_HOME's else", async () => {
    const kept = join(home, "kept");
    keygen(kept, ["-t", "ed25519"]);
    expect(identityFile(place(), kept)).toBe(kept);
    expect(await identityAt(kept)).toMatchObject({ made: false });
    expect(identityFile({ env: { XDG_STATE_HOME: "/var/lib/x" }, home }, join(home, "none"))).toBe(
      "/var/lib/x/ssh-mcp/id_ed25519",
    );
  });

  it("is never made over a file that is there and is none", async () => {
    const path = join(home, "id_ed25519");
    writeFileSync(path, "no key\n", { mode: 0o600 });
    await expect(identityAt(path)).rejects.toThrow(/cannot be read/);
    expect(readFileSync(path, "utf8")).toBe("no key\n");
  });

  it("is what `method: identity` of the inventory means, and is not moved by a transfer", async () => {
    const inventory = join(home, "hosts.yaml");
    writeFileSync(inventory, "hosts: {web1: {host: 192.0.2.1, auth: {method: identity}}}\n", { mode: 0o600 });
    const directory = await createHostDirectory({ configPath: inventory, env: {}, cwd: home, home });
    try {
      const { auth } = await directory.resolve("web1");
      const path = join(home, ".local/state/ssh-mcp/id_ed25519");
      expect(auth).toEqual([{ method: "key", path, identity: true }]);
      expect(directory.settings.withheld).toContain(path);
      expect(existsSync(path)).toBe(false);
    } finally {
      directory.dispose();
    }
  });
});

describe.skipIf(!canRunSshd)("the server's own key at a real sshd", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startSshd();
  });
  afterAll(() => server.stop());

  it("logs in once its line is in authorized_keys, and before that the error says how it is made", async () => {
    const path = identityFile(place(), join(home, "none"));
    const auth = [{ method: "key", path, identity: true }] as const;
    const before = deskOver([{ ...hostOf(server), name: "web1", auth }]);
    expect(await before.call("ssh_exec", { host: "web1", command: "echo in" })).toMatch(
      /^auth_failed: [\s\S]*`ssh-mcp identity` makes it/,
    );
    await before.dispose();
    const identity = () => identityAt(path);
    const desk = deskOver([{ ...hostOf(server), name: "web1", auth }], { identity });
    try {
      const text = await desk.call("ssh_identity", {});
      expect(text).toMatch(
        /^ssh-ed25519 \S+ ssh-mcp@\S+\nnote: it was made just now: .*\n[\s\S]*\[here identity done SHA256:\S+ /,
      );
      appendFileSync(join(server.folder, "authorized_keys"), `${text.split("\n", 1)[0]}\n`);
      expect(await desk.call("ssh_exec", { host: "web1", command: "echo in" })).toMatch(/^in\n/);
    } finally {
      await desk.dispose();
    }
  });
});
