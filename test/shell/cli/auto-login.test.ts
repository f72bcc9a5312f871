import { afterEach, describe, expect, it } from "vitest";
import { type Rig, rigFor } from "../../real/rig.ts";
import { type ServedDevice, serveDevice } from "../../seeds/device.ts";

const open: { rig?: Rig; device?: ServedDevice } = {};
afterEach(async () => {
  await open.rig?.close();
  await open.device?.close();
});

interface Shown {
  readonly ident: string;
  /** Rows above the prompt. */
  readonly banner?: string;
  readonly prompt: string;
  /** What it prints behind a line; left out: that the line is not known. */
  readonly answers?: Readonly<Record<string, string>>;
}

/** A device of unknown platform behind real SSH: its prompt is none that anything knows. */
async function served({ ident, banner = "Welcome", prompt, answers = {} }: Shown) {
  const seen = { bytes: "", lines: [] as string[] };
  const kind = { platform: "auto", ident, user: "noc", suffixed: false };
  open.device = await serveDevice(kind, ({ output }) => {
    let line = "";
    const write = (text: string) => output(Buffer.from(text));
    write(`\r\n${banner}\r\n\r\n${prompt}`);
    return {
      input(bytes) {
        for (const key of bytes.toString("latin1")) {
          seen.bytes += key;
          if (key !== "\r") {
            line += key;
            write(key);
            continue;
          }
          seen.lines.push(line);
          write(`\r\n${answers[line] ?? `unknown: ${line}`}\r\n${prompt}`);
          line = "";
        }
      },
      resize() {},
      close() {},
    };
  });
  open.rig = rigFor([open.device.host]);
  const session = await open.rig.open("device");
  return { session, seen };
}

describe("The first row of a host of unknown platform, called a prompt by the caller", () => {
  it.each([
    { ident: "OpenSSH_8.0", prompt: "rack 4 unit 2 ready >" },
    { ident: "Acme_1.0", prompt: "Console 3:" },
  ])(
    "$ident $prompt is offered, taken, and used from then on",
    async (shown) => {
      const { session, seen } = await served({
        ...shown,
        answers: { uptime: "up 4 days", "show x": "x: 1", "show y": "y: 2" },
      });
      const { outcome } = session.first;
      expect(outcome).toMatchObject({ state: "asking", row: shown.prompt });
      expect(outcome.notes.join("\n")).toContain(
        `if the row "${shown.prompt}" is a prompt, ssh_shell with here: "prompt" uses it`,
      );
      expect(seen.bytes).toBe("");
      await expect(session.run("uptime")).rejects.toMatchObject({
        code: "not_ready",
        next: expect.stringContaining('here: "prompt"'),
      });
      const ran = await session.run("uptime\nshow y", { here: "prompt" });
      expect(ran).toMatchObject({ outcome: { state: "done", evidence: "prompt" } });
      expect(ran.text).toMatch(/^up 4 days\n.*show y\ny: 2$/);
      expect(ran.outcome.notes.join("\n")).toMatch(/on the caller's word .* is a prompt of this session/);
      expect(await session.run("show x")).toMatchObject({ outcome: { state: "done" }, text: "x: 1" });
      // No line that sets up a shell, and nothing but one harmless line that tells a platform.
      expect(seen.lines.filter((line) => !/^show (?:version|system)/.test(line))).toEqual([
        "uptime",
        "show y",
        "show x",
      ]);
    },
    60_000,
  );

  it("is refused where it asks, and nothing is typed", async () => {
    for (const prompt of ["Apply now? [y/n]"]) {
      const { session, seen } = await served({ ident: "Acme_1.0", prompt });
      expect(session.first.outcome).toMatchObject({ state: "asking" });
      expect(session.first.outcome.notes.join("\n")).not.toContain('here: "prompt"');
      await expect(session.run("uptime", { here: "prompt" })).rejects.toThrow(/reads like a question/);
      expect(seen.bytes).toBe("");
      await open.rig?.close();
      await open.device?.close();
    }
  }, 60_000);
});

describe("A host of unknown platform that begins with a menu", () => {
  it.each([
    [
      "pfsense",
      "*** Welcome to pfSense 2.7.2-RELEASE (amd64) on fw1 ***\r\n\r\n 8) Shell",
      "Enter an option: ",
    ],
    [
      "sophos_sfos",
      "Sophos Firmware Version: SFOS 19.5.1\r\n\r\n 4. Device Console",
      "    Select Menu Number [0-7]: ",
    ],
  ])(
    "is %s by its banner and its menu, and nothing is typed",
    async (id, banner, prompt) => {
      const { session, seen } = await served({ ident: "OpenSSH_9.4", banner, prompt });
      expect(session.first.outcome).toMatchObject({ state: "done", evidence: "prompt", mode: "menu" });
      expect(session.view().framing).toContain(`(${id})`);
      expect(seen.bytes).toBe("");
    },
    60_000,
  );

  it("is left alone where no banner names a device", async () => {
    const { session, seen } = await served({ ident: "OpenSSH_9.4", prompt: "Enter an option: " });
    expect(session.first.outcome).toMatchObject({ state: "asking" });
    expect(seen.bytes).toBe("");
  }, 60_000);
});
