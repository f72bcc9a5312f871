import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const CLI = join(import.meta.dirname, "..", "..", "dist", "cli.js");
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-devices-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function devices(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, HOME: folder };
    execFile(process.execPath, [CLI, "devices", ...args], { env, cwd: folder }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}
function log(text: string): string {
  const file = join(folder, "session.log");
  writeFileSync(file, text);
  return file;
}

describe("ssh-mcp devices", () => {
  it("list names every platform with how well it is founded", async () => {
    const { code, out } = await devices("list");
    expect(code).toBe(0);
    expect(out).toMatch(/^cisco_ios +recorded +Cisco IOS and IOS-XE$/m);
    expect(out).toMatch(/^frr +measured /m);
  });

  it("show prints a profile merged with what it extends", async () => {
    const { out } = await devices("show", "cisco_nxos");
    expect(out).toMatch(/^# built in\n# extends cisco_ios \(built in\)\nid: cisco_nxos$/m);
    expect(out).toContain("[confirm");
  });

  it("test says what the profile sees in a log, escape codes and all", async () => {
    const file = log(
      "\u001b[0msw1#show clock\r\n*12:00\r\n --More-- \b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\bend\r\nsw1#conf t\r\nsw1(config)#bogus\r\n% Invalid input detected at '^' marker.\r\nsw1(config)#",
    );
    const { code, out } = await devices("test", "cisco_ios", "--text", file);
    expect(code).toBe(0);
    expect(out).toMatch(/prompt +mode enable, host sw1, with `show clock` typed/);
    expect(out).toMatch(/prompt +mode config, host sw1$/m);
    expect(out).toMatch(/error +syntax/);
    expect(out).not.toMatch(/pager/);
  });

  it("test tells which profiles know a prompt that this one does not", async () => {
    const { code, out } = await devices(
      "test",
      "cisco_ios",
      "--text",
      log("[admin@MikroTik] > /ip address print\n[admin@MikroTik] >\n"),
    );
    expect(code).toBe(1);
    expect(out).toMatch(/No row is a prompt of cisco_ios; these do: .*mikrotik_routeros/);
  });

  it("test names profiles that see more prompts than this one", async () => {
    const text = "[admin@MikroTik] > print\n[admin@MikroTik] >\nsw1#\n";
    const { code, out } = await devices("test", "cisco_ios", "--text", log(text));
    expect(code).toBe(0);
    expect(out).toMatch(/Others see more prompts: mikrotik_routeros/);
  });

  it("test takes profiles of a folder, which may start from built-in ones", async () => {
    writeFileSync(
      join(folder, "acme_os.yaml"),
      "id: acme_os\nname: Acme OS\nextends: cisco_ios\nreplaces: [prompts]\nprompts: [{ mode: exec, match: '^(?P<host>\\w+) acme>$' }]\n",
    );
    const text = log("box acme> show version\nAcme OS 1.0\nbox acme>\n");
    const { code, out } = await devices("test", "acme_os", "--devices", folder, "--text", text);
    expect(out).toMatch(/prompt +mode exec, host box$/m);
    expect(code).toBe(0);
    const shown = await devices("show", "acme_os", "--devices", folder);
    expect(shown.out).toMatch(/^# .*acme_os\.yaml\n# extends cisco_ios \(built in\)\nid: acme_os$/m);
    const list = await devices("list", "--devices", folder);
    expect(list.out).toMatch(/^acme_os +unconfirmed +Acme OS {2}\(.*acme_os\.yaml\)$/m);
  });

  it("a profile with a mistake is told with file and line", async () => {
    writeFileSync(join(folder, "acme_os.yaml"), "id: acme_os\nname: Acme OS\npromts: []\n");
    const { code, err } = await devices("show", "acme_os", "--devices", folder);
    expect(code).toBe(1);
    expect(err).toMatch(/acme_os\.yaml\): line 3: unknown key "promts"; did you mean "prompts"/);
  });

  it("list tells of files it cannot use, and lists the rest", async () => {
    const own = mkdtempSync(join(folder, "own-"));
    writeFileSync(join(own, "acme_os.yaml"), "id: acme_os\nname: Acme OS\npromts: []\n");
    writeFileSync(join(own, "zz.yaml"), "id: zzz\nname: Z\n");
    const { code, out, err } = await devices("list", "--devices", own);
    expect(code).toBe(1);
    expect(out).toMatch(/^cisco_ios /m);
    expect(err).toMatch(/acme_os\.yaml\): line 3: unknown key "promts"/);
    expect(err).toMatch(/zz\.yaml\): its id is "zzz"; file and id must be the same/);
    const { err: wrong } = await devices("show", "zzz", "--devices", own);
    expect(wrong).toMatch(/zz\.yaml has this id: a profile's file is named after its id, zzz\.yaml/);
  });

  it("test looks at no more of a log than fits into memory", async () => {
    const file = log("");
    truncateSync(file, 33 * 1024 * 1024);
    expect(await devices("test", "cisco_ios", "--text", file)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/cannot be read: it has more than 32 MiB/),
    });
  });

  it("test gives its findings as JSON", async () => {
    const { out } = await devices("test", "cisco_ios", "--json", "--text", log("sw1#\n"));
    expect(JSON.parse(out)).toEqual([
      { row: 1, text: "sw1#", what: "prompt", details: "mode enable, host sw1" },
    ]);
  });

  it("refuses what it does not know with what there is", async () => {
    expect(await devices("show", "cisco_ois")).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^ssh-mcp: invalid_argument: .*nearest: cisco_ios(, [a-z0-9_]+){4}\nNext: ssh-mcp devices list/,
      ),
    });
    expect(await devices("test", "posix", "--text", log("$\n"))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^ssh-mcp: invalid_argument: "posix" is a platform without a profile/),
    });
    expect(await devices("list", "--devices", join(folder, "none"))).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^ssh-mcp: invalid_argument: --devices .*none cannot be read: .*\nNext: Name a/,
      ),
    });
    expect(await devices("test", "cisco_ios", "--text", folder)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^ssh-mcp: invalid_argument: .* cannot be read: EISDIR/),
    });
    expect(await devices("tset", "cisco_ios")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/unknown command "tset"; did you mean test\? There are test,/),
    });
    expect(await devices("test", "cisco_ios")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--text <file>/),
    });
  });
});
