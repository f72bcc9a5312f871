import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { partsOf } from "../../src/app/parts.ts";
import { realmWorkspaces } from "../../src/app/realms.ts";

const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-realms-"));
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

describe("a caller over HTTP", () => {
  it("is shown no secret of a host whose secrets are masked, and what another host prints as it is", async () => {
    const configPath = join(folder, "hosts.yaml");
    const hosts =
      "  sw1: { host: 192.0.2.1, user: jo, secrets: mask }\n  web1: { host: 192.0.2.2, user: jo }\n";
    writeFileSync(configPath, `settings: { ssh_config: false, audit_log: off }\nhosts:\n${hosts}`, {
      mode: 0o600,
    });
    const env = { PATH: process.env.PATH, XDG_STATE_HOME: folder };
    const parts = partsOf({ configPath, lab: false, env, cwd: folder, home: folder });
    ends.push(() => parts.dispose());
    const realm = await realmWorkspaces(parts)("http:ann", () => ({}));
    ends.push(() => realm.dispose());
    const row = "snmp-server community n0c-Gr3en-Tea RO";
    const mask = await realm.maskingOf?.("sw1");
    expect(mask?.(row)).toMatch(/^snmp-server community \[masked:[0-9a-f]{10}\] RO$/);
    expect(await realm.maskingOf?.("web1")).toBeUndefined();
  });
});
