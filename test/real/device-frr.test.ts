import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DeskOver, deskOver } from "../tools/desk-over.ts";
import { type FrrRouter, startFrr } from "./kit/frr.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";

/** What FRR's own vtysh is asked, behind sshd. */
describe("asking FRR", () => {
  let router: FrrRouter;
  let server: TestServer;
  let desk: DeskOver;

  beforeAll(async () => {
    router = await startFrr({ routes: 40 });
    server = await startSshd({ config: [`ForceCommand ${router.vtysh}`] });
    desk = deskOver([hostFor(server, "dash", { name: "edge1", platform: "frr" })], { toolsets: ["devices"] });
  });
  afterAll(async () => {
    await desk?.dispose();
    await server?.stop();
    await router?.stop();
  });

  it("gives every route, with its prefix and protocol", async () => {
    const text = await desk.call("ssh_device_routes", { host: "edge1", max_tokens: 20_000 });
    expect(text.match(/^10\.20\.0\.\d+\/32 +static /gm)).toHaveLength(40);
    expect(text).toMatch(/\[edge1 device_routes done 4\d records exec=\d+ /);
  });

  it("gives its interfaces, its version and its configuration", async () => {
    const interfaces = await desk.call("ssh_device_interfaces", { host: "edge1" });
    expect(interfaces).toMatch(/^lo +up /m);
    expect(interfaces).not.toContain("not understood");
    expect(await desk.call("ssh_device_version", { host: "edge1" })).toMatch(/^edge1 +\d+\.\d+/m);
    expect(await desk.call("ssh_device_config", { host: "edge1", match: "^hostname" })).toMatch(
      /^hostname edge1/,
    );
  });
});
