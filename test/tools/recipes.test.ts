import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TOOLSETS } from "../../src/base/toolsets.ts";
import { loadRecipes } from "../../src/recipes/own/load.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { hostOf } from "../ssh/hosts.ts";
import { canRunSshd, startSshd, type TestServer } from "../ssh/sshd.ts";
import { type DeskOver, deskOver } from "./desk-over.ts";

describe.skipIf(!canRunSshd)("recipes on a real sshd", () => {
  let server: TestServer;
  let desk: DeskOver;
  beforeAll(async () => {
    server = await startSshd();
    const host = hostOf(server);
    const refused = {
      ...host,
      name: "guarded",
      policy: { ...UNRESTRICTED, denyPatterns: ["^tail\\b.*secret"] },
    };
    const noShell = { ...host, name: "nobash", policy: { ...UNRESTRICTED, denyPatterns: ["\\bbash\\b"] } };
    const noEngine = {
      ...host,
      name: "nodocker",
      policy: { ...UNRESTRICTED, denyPatterns: ["\\bdocker\\b"] },
    };
    const device = { ...host, user: "nobody-but-devices" };
    const devices = [
      { ...device, name: "sw1", platform: "cisco_ios" },
      { ...device, name: "mt1", platform: "mikrotik_routeros" },
    ];
    desk = deskOver([{ ...host, name: "web1" }, refused, noShell, noEngine, ...devices], {
      toolsets: TOOLSETS,
    });
  });
  afterAll(async () => {
    await desk.dispose();
    await server.stop();
  });

  it("are asked for by name, and end with the host, what was done, and its figures", async () => {
    const text = await desk.call("ssh_usage", { host: "web1" });
    expect(text).toMatch(/^load +\d/);
    expect(text).toMatch(/\n\[web1 usage done[^\n]*\]$/);
    expect(await desk.call("ssh_ps", { host: "web1", limit: 3 })).toMatch(
      /\[web1 ps done 3 of \d+ processes[^\n]*\]$/,
    );
  });

  it("take a path and a pattern as they are", async () => {
    const path = join(server.folder, "it's $(id).log");
    writeFileSync(path, "one\ntwo 'x'\n");
    const text = await desk.call("ssh_logs", { host: "web1", path, grep: "'x'$" });
    expect(text).toMatch(/^two 'x'\n\[web1 logs done 1 line[^\n]*\]$/);
  });

  it("pass the gate: what the operator's patterns deny is not run", async () => {
    writeFileSync(join(server.folder, "secret"), "hidden\n");
    const text = await desk.call("ssh_logs", { host: "guarded", path: join(server.folder, "secret") });
    expect(text).toMatch(/^denied: /);
    expect(text).not.toContain("hidden");
  });

  it("are not for network devices: nothing of them is sent there, whether it takes exec requests or not", async () => {
    for (const host of ["sw1", "mt1"])
      expect(await desk.call("ssh_usage", { host })).toMatch(
        /^unsupported: .*network device.*nothing was sent/,
      );
    expect(server.log()).not.toContain("nobody-but-devices");
  });

  it("look for programs that one of them alone chooses by when that is used: a pattern against them stops no other", async () => {
    const dial = { host: "nobash", to: "127.0.0.1", ports: [server.port] };
    expect(await desk.call("ssh_tcp_check", dial)).toMatch(/^denied: /);
    expect(await desk.call("ssh_sockets", { host: "nobash", port: server.port })).toMatch(
      /LISTEN [\s\S]*\[nobash sockets done source=ss 1 of 1 sockets/,
    );
    expect(await desk.call("ssh_tcp_check", dial)).toMatch(/^denied: /);
    expect(await desk.call("ssh_tcp_check", { ...dial, host: "web1" })).toMatch(
      /\d+ +open\n\[web1 tcp_check done open=1 of 1/,
    );
  });

  it("ask for an engine of containers where they are given one alone", async () => {
    const where = { host: "nodocker", type: "redis", port: server.port };
    expect(await desk.call("ssh_db_list", where)).toMatch(/\[nodocker db_list done failed/);
    expect(await desk.call("ssh_db_list", { ...where, container: "db" })).toMatch(/^denied: .*docker/);
  });

  it("show names as they are, and harmless", async () => {
    writeFileSync(join(server.folder, "a\u001b[31m\nb\\nred"), "x\n");
    const text = await desk.call("ssh_search_files", { host: "web1", path: server.folder, name: "*red" });
    expect(text).not.toContain("\u001b");
    expect(text).toMatch(/a.*\[31m\\nb\\nred\n\[web1 search_files done 1 found/);
  });

  it("refuse what they do not know", async () => {
    expect(await desk.call("ssh_ps", { host: "web1", sort_by: "name" })).toMatch(
      /^invalid_argument: ssh_ps: "sort_by"/,
    );
    expect(await desk.call("ssh_ps", { host: "web9" })).toMatch(/^unknown_host: /);
  });

  it("may be an operator's own, which pass the same gate", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-own-"));
    const recipe = `name: show_it
description: Prints a text.
inputs:
  text: {type: text, description: What.}
command: printf '%s\\n' {{text}}; sleep {{seconds}}
`;
    const inputs = recipe.replace(
      "inputs:\n",
      "inputs:\n  seconds: {type: number, description: Rest., default: 0}\n",
    );
    writeFileSync(join(folder, "one.yaml"), inputs, { mode: 0o600 });
    const { recipes } = await loadRecipes(folder, []);
    rmSync(folder, { recursive: true });
    const host = hostOf(server);
    const own = deskOver(
      [
        { ...host, name: "web1" },
        { ...host, name: "guarded", policy: { ...UNRESTRICTED, denyPatterns: ["^printf .*secret"] } },
      ],
      { toolsets: ["custom"], recipes: recipes.map((one) => one.recipe) },
    );
    try {
      expect(await own.call("ssh_show_it", { host: "web1", text: "it's $(id)" })).toMatch(
        /^it's \$\(id\)\n\[web1 show_it done exit=0 1 rows /,
      );
      expect(await own.call("ssh_show_it", { host: "guarded", text: "a secret" })).toMatch(/^denied: /);
      expect(await own.call("ssh_show_it", { host: "web1", text: "-x" })).toMatch(
        /^invalid_argument: ssh_show_it: "text".* must not begin with a dash/,
      );
      expect(await own.call("ssh_show_it", { host: "web1", text: "x", seconds: 60, timeout_s: 2 })).toMatch(
        /^not_ready: the recipe's command .* did not come to its end \((?:limit|signal)\)/,
      );
    } finally {
      await own.dispose();
    }
  });
});
