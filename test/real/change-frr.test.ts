import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DeskOver, deskOver } from "../tools/desk-over.ts";
import { type FrrRouter, startFrr } from "./kit/frr.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";

/** Changes on FRR's own vtysh, which has no timer that undoes them. */
describe("ssh_change on FRR", () => {
  let router: FrrRouter;
  let server: TestServer;
  let desk: DeskOver;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ssh-mcp-changes-"));
    router = await startFrr({ routes: 2 });
    server = await startSshd({ config: [`ForceCommand ${router.vtysh}`] });
    desk = deskOver([hostFor(server, "dash", { name: "edge1", platform: "frr" })], {
      toolsets: ["config"],
      changes: folder,
    });
  });
  afterAll(async () => {
    await desk?.dispose();
    await server?.stop();
    await router?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** vtysh's own view, past everything that is tested here. */
  const own = () =>
    execFileSync("/bin/sh", ["-c", `${router.vtysh} -c 'show running-config'`], { encoding: "utf8" }).split(
      /\r?\n/,
    );
  const change = (args: object) => desk.call("ssh_change", args);

  it("says that nothing can undo it by itself, and shows the difference that vtysh has itself", async () => {
    const plan = await change({
      host: "edge1",
      lines: ["ip route 10.99.0.0/24 Null0", "ip prefix-list FROM-US seq 5 permit 10.99.0.0/24"],
      checks: [{ command: "show ip route static", count: "^S" }],
    });
    expect(plan).toContain("undo: nothing can undo this by itself\n");
    expect(plan).toContain("  route: ip route 10.99.0.0/24 Null0: may move the way back to us");
    const [, id = ""] = /change=(C\d+)/.exec(plan) ?? [];
    const before = own();
    const text = await change({ change: id, go: true });
    const after = own();
    expect(text).toMatch(/^kept: /);
    const added = after.filter((row) => !before.includes(row));
    expect(added).toEqual(expect.arrayContaining(["ip route 10.99.0.0/24 Null0"]));
    const shown = text.split("\n").flatMap((row) => /^ {2}\+(?!\+)(.*)$/.exec(row)?.[1] ?? []);
    expect(shown.filter((row) => row.trim() !== "" && row !== "!")).toEqual(
      added.filter((row) => row.trim() !== "" && row !== "!"),
    );
  });

  it("never calls undone what nothing undid: a failed check leaves it, and that is what is claimed", async () => {
    const plan = await change({
      host: "edge1",
      lines: ["ip route 10.98.0.0/24 Null0"],
      checks: [{ command: "show ip route static", forbid: "10\\.98\\." }],
    });
    const [, id = ""] = /change=(C\d+)/.exec(plan) ?? [];
    const text = await change({ change: id, go: true });
    expect(text).toMatch(
      /^NOT undone: the device runs with the change, which was not proven; .*\nbecause: check /,
    );
    expect(own()).toContain("ip route 10.98.0.0/24 Null0");
  });
});
