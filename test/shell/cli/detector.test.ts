import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../../src/devices/catalog.ts";
import { detector } from "../../../src/shell/cli/detector.ts";
import { testHost } from "../../ssh/hosts.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "ssh-mcp-detector-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("finding a profile", () => {
  it("goes on without a profile that has a mistake, and says so", async () => {
    writeFileSync(join(dir, "acme_os.yaml"), "id: acme_os\nname: Acme OS\npromts: []\n");
    const find = detector(testHost(22), openCatalog({ dir }));
    const seen = { ident: "SSH-2.0-ROSSSH", banner: "", promptRow: "[admin@MikroTik] >" };
    const { device, reason } = await find(seen, async () => []);
    expect(device.id).toBe("mikrotik_routeros");
    expect(reason).toMatch(/left out: .*acme_os\.yaml\): line 3: unknown key "promts"/);
  });
});
