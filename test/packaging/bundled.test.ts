import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { initialize, start, type Wire } from "../mcp/wire.ts";

const CLI = join(import.meta.dirname, "..", "..", "dist", "cli.js");
const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-bundled-"));
let wire: Wire | undefined;
afterAll(() => {
  wire?.child.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Texts with a fault: the parser of each kind is a package of its own, needed for the first time then. */
const FAULTS = {
  "a.json": '{"a": 1,}',
  "a.yaml": "a: [1\nb: 2\n",
  "a.toml": "a = \n",
  "a.xml": "<a><b></a>",
};

it("the program as it is shipped has the parsers of the files it checks, and names the place of a fault", async () => {
  wire = start([process.execPath, CLI, "--lab"], { XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder });
  wire.send(initialize);
  await wire.answer(1);
  wire.send({ method: "notifications/initialized" });
  let id = 1;
  for (const [name, content] of Object.entries(FAULTS)) {
    const args = { host: "lab-sh", path: join(folder, name), content };
    wire.send({ id: ++id, method: "tools/call", params: { name: "ssh_write_file", arguments: args } });
    const { result } = (await wire.answer(id)) as { result: { content: { text: string }[] } };
    expect(result.content[0]?.text).toMatch(
      /^invalid_argument: nothing was written: as [A-Z]+ the new content of \S+ is wrong: [1-3]:\d+ /,
    );
  }
}, 60_000);
