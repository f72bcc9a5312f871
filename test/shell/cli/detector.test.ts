import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../../src/devices/catalog.ts";
import type { Device } from "../../../src/devices/device.ts";
import { detector } from "../../../src/shell/cli/detector.ts";
import { finished, type Script, ScriptRunner } from "../../../src/shell/pty/script.ts";
import { FakeClock } from "../../fake-clock.ts";
import { testHost } from "../../ssh/hosts.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "ssh-mcp-detector-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("finding a profile", () => {
  it("continues without a profile that has a mistake, and names it", async () => {
    writeFileSync(join(dir, "acme_os.yaml"), "id: acme_os\nname: Acme OS\npromts: []\n");
    const find = detector(testHost(22), openCatalog({ dir }));
    const seen = { ident: "SSH-2.0-ROSSSH", banner: "", promptRow: "[admin@MikroTik] >" };
    const found: { device: Device; reason: string }[] = [];
    await new Promise<unknown>((over) => {
      new ScriptRunner(new FakeClock()).run(
        (function* detect(): Script {
          found.push(yield* find(seen, () => finished(Promise.resolve([]))));
        })(),
        over,
      );
    });
    const [{ device, reason } = { device: undefined, reason: "" }] = found;
    expect(device?.id).toBe("mikrotik_routeros");
    expect(reason).toMatch(/left out: .*acme_os\.yaml\): line 3: unknown key "promts"/);
  });
});
