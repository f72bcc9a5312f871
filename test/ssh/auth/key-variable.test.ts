import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSecret } from "../../../src/secrets/read.ts";
import { loadPrivateKey } from "../../../src/ssh/auth/private-key.ts";
import { loadSsh2 } from "../../../src/ssh/protocol/ssh2.ts";
import { directory } from "../../inventory/open-directory.ts";
import { scratch } from "../../inventory/scratch.ts";

function aKey(): string {
  const path = join(scratch().home, "key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
  return readFileSync(path, "utf8");
}

const load = async (value: string | undefined) =>
  loadPrivateKey(await loadSsh2(), { method: "key", path: "$MY_KEY", env: "MY_KEY" }, (ref) =>
    readSecret(ref, { env: value === undefined ? {} : { MY_KEY: value } }),
  );

describe("a private key in a variable", () => {
  it("is read with its lines, without the last of them, and with the two characters \\n for each", async () => {
    const key = aKey();
    for (const text of [key, key.trim(), key.trim().replaceAll("\n", "\\n"), key.replaceAll("\n", "\r\n")])
      expect(await load(text)).toHaveProperty("key");
  });

  it("that no shell expanded is named as that", async () => {
    for (const text of ["$(cat ~/.ssh/id_ed25519)", "${KEY}", "`cat key`"])
      expect(await load(text)).toMatchObject({ skipped: expect.stringContaining("no shell has expanded") });
  });

  it("that is none, or not set, says so and shows nothing of it", async () => {
    const broken = await load("hunter2-is-no-key");
    expect(broken).toHaveProperty("skipped");
    expect(JSON.stringify(broken)).not.toContain("hunter2");
    expect(await load(undefined)).toMatchObject({ skipped: expect.stringContaining("MY_KEY is not set") });
  });
});

describe("SSH_PRIVATE_KEY", () => {
  const env = { SSH_PRIVATE_KEY: "key" };
  const own = { method: "key", path: "$SSH_PRIVATE_KEY", env: "SSH_PRIVATE_KEY" };

  it("is the first key of every host without auth, and of no other", async () => {
    const { hosts } = await directory(
      { hosts: "hosts: {a: {host: 192.0.2.1}, b: {host: 192.0.2.2, auth: {method: agent}}}" },
      { env },
    );
    expect((await hosts.resolve("a")).auth[0]).toEqual(own);
    expect((await hosts.resolve("b")).auth).toEqual([{ method: "agent" }]);
    expect(hosts.settings.secretVariables).toContain("SSH_PRIVATE_KEY");
  });

  it("is not offered where the ssh configuration names a key", async () => {
    const { hosts } = await directory({ ssh: "Host a\n  IdentityFile ~/mine\n" }, { env });
    expect((await hosts.resolve("a")).auth).not.toContainEqual(own);
  });

  it("key_env names another variable, and goes with no key_path", async () => {
    const { hosts } = await directory({
      hosts: "hosts: {a: {host: 192.0.2.1, auth: {method: key, key_env: MINE}}}",
    });
    expect((await hosts.resolve("a")).auth).toEqual([{ method: "key", path: "$MINE", env: "MINE" }]);
    await expect(
      directory({
        hosts: "hosts: {a: {host: 192.0.2.1, auth: {method: key, key_env: MINE, key_path: x}}}",
      }).then(({ hosts: refused }) => refused.resolve("a")),
    ).rejects.toThrow(/only one of key_path, key_env/);
  });
});
