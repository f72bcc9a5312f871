import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { addToken, listTokens, revokeToken } from "../../src/commands/token/change.ts";
import { known, readTokens, recognise } from "../../src/secrets/tokens.ts";
import { scratch } from "../inventory/scratch.ts";

async function printed(work: () => Promise<number>): Promise<string> {
  const out: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  const quiet = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  try {
    await work();
  } finally {
    write.mockRestore();
    quiet.mockRestore();
  }
  return out.join("");
}

function rig() {
  const { home } = scratch();
  const place = { home, cwd: home, env: {} };
  const file = join(home, ".config/ssh-mcp/tokens.json");
  const asked = {
    file: undefined,
    hosts: undefined,
    toolsets: undefined,
    level: undefined,
    person: undefined,
  };
  const add = (name: string, more: Partial<typeof asked> | Record<string, string> = {}) =>
    printed(() => addToken(place, { ...asked, ...more, name }));
  return { place, file, add };
}

describe("ssh-mcp token", () => {
  it("prints a token once and keeps its digest alone, in a file of the user's own", async () => {
    const { file, add } = rig();
    const token = (await add("ci")).trim();
    expect(token).toMatch(/^sshmcp_[\w-]{43}$/);
    expect(readFileSync(file, "utf8")).not.toContain(token.slice(7));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(recognise(token, readTokens(file).map(known))?.name).toBe("ci");
    expect(recognise(`${token}x`, readTokens(file).map(known))).toBeUndefined();
  });

  it("lists names and scopes", async () => {
    const { place, add } = rig();
    await add("ci", { hosts: "web*, db1", level: "read_only", toolsets: "none" });
    await add("laptop");
    expect(await printed(() => listTokens(place, undefined))).toMatch(
      /^ci {2}since .* hosts web\*,db1 {2}toolsets none {2}level read_only\nlaptop {2}since .* hosts all .* level each host's\n$/,
    );
  });

  it("revokes one and leaves the others", async () => {
    const { place, file, add } = rig();
    await add("ci");
    await add("laptop");
    await printed(() => revokeToken(place, "ci", undefined));
    expect(readTokens(file).map(({ name }) => name)).toEqual(["laptop"]);
    await expect(revokeToken(place, "ci", undefined)).rejects.toThrow(
      "there is no token ci; there are laptop",
    );
  });

  it("refuses names, levels and toolsets that are none, and a name that is there", async () => {
    const { add } = rig();
    await add("ci");
    await expect(add("ci")).rejects.toThrow(/already/);
    await expect(add("a b")).rejects.toThrow(/cannot be a token's name/);
    await expect(add("MCP_AUTH_TOKEN")).rejects.toThrow(/program's own/);
    await expect(add("x", { level: "root" })).rejects.toThrow(/read_only, guarded, unrestricted/);
    await expect(add("x", { toolsets: "fiels" })).rejects.toThrow(/files/);
    await expect(add("x", { hosts: "a,,b" })).rejects.toThrow(/--hosts/);
  });

  it("trusts no file that others can write, and none with unknown keys", async () => {
    const { file, add } = rig();
    await add("ci");
    const { chmodSync } = await import("node:fs");
    chmodSync(file, 0o666);
    expect(() => readTokens(file)).toThrow(/can be changed by other users.*chmod go-w/);
    chmodSync(file, 0o600);
    writeFileSync(file, '{"tokens":[{"name":"x"}]}');
    expect(() => readTokens(file)).toThrow(/cannot be used/);
  });
});
