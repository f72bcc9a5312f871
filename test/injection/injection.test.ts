import { beforeAll, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { runCommand } from "../../src/tools/acts/run.ts";
import { fleet, warmUp } from "../multiplexer/fake-fleet.ts";
import { callerNamed } from "../multiplexer/permitted.ts";
import { bench, type OnLine } from "../shell/cli/fake-device.ts";
import { hostWith } from "../tools/fake.ts";
import { TEXTS } from "./texts.ts";

beforeAll(warmUp);

const SECRET = "enable-secret";
const PLACES = ["banner", "hostname", "output", "log row", "window title", "file name"] as const;
type Place = (typeof PLACES)[number];

/** Nothing of a text but what a hostname may hold. */
const asName = (text: string) =>
  text
    .replace(/[^\w.-]+|^[-.\s]+/g, "")
    .replace(/^[-.]+/, "")
    .slice(0, 30) || "sw1";
/** The text in the middle of what a device prints: with a row before it and behind it. */
const printed = (place: Place, text: string) => ({
  banner: place === "banner" ? `${text}\r\n` : "",
  title: place === "window title" ? `\u001b]0;${text.replaceAll(/[\u0007\u001b]/g, "")}\u0007` : "",
  output: place === "output" ? `first\n${text}\n` : "",
  name: place === "file name" ? `-rw-r--r-- 1 root root 5 Nov 29 00:00 ${text}\n` : "",
  log: place === "log row" ? `\r\n*Mar  1 00:00:01.000: %SYS-5-TEXT: ${text}\r\n` : "",
  host: place === "hostname" ? asName(text) : "sw1",
});

/** A device's whole session with a text somewhere: every byte we sent, the verdicts, and whether a secret went elsewhere. */
async function onDevice(place: Place, text: string) {
  const { banner, title, output, name, log, host } = printed(place, text);
  const secretsAt: string[] = [];
  let asked = false;
  const onLine: OnLine = (line, device) => {
    if (line.includes(SECRET)) {
      secretsAt.push(asked ? "its question" : line);
      asked = false;
      device.prompt = `${host}#`;
      device.answer("");
    } else if (line === "enable") {
      asked = true;
      device.print("\r\nPassword: ");
    } else if (line === "configure terminal") {
      device.prompt = `${host}(config)#`;
      device.answer("");
    } else device.answer(`${title}${output}${name}line of ${line}`);
  };
  const session = await bench(onLine, { prompt: `${host}>`, silent: true });
  const opened = session.open();
  session.device.print(`${banner}${title}\r\n${host}>`);
  await opened;
  const ran = [await session.run("show version")];
  if (log !== "") session.device.print(`${log}${session.device.prompt}`, 400);
  await session.clock.pass(3_000);
  ran.push(
    await session.run("show log", { mode: "enable" }),
    await session.run("interface Gi1", { mode: "config" }),
  );
  return {
    sent: session.device.writes.join(""),
    states: ran.map(({ state, mode }) => `${state.state} ${mode}`),
    secretsAt,
  };
}

/** The same on a shell, with a gate whose verdicts are told. */
async function onShell(place: Place, text: string) {
  const { title, output, name, banner } = printed(place, text);
  const rig = fleet();
  const { multiplexer, clock } = rig;
  const policy = { resolve: async () => hostWith(["^reload", "^rm\\b"]) };
  const context = {
    multiplexer,
    access: createAccess({ directory: policy, clock }),
    clock,
    caller: callerNamed("a"),
  };
  const verdicts: string[] = [];
  const run = async (command: string) =>
    verdicts.push(
      await rig
        .drive(runCommand(context, { session: "fake", command }, { timeoutMs: 2_000 }))
        .then(({ outcome }) => outcome.state)
        .catch((error: Error) => error.message),
    );
  await run("true");
  const [shell] = rig.shells;
  if (shell === undefined) throw new Error("no shell was opened");
  const before = shell.writes.length;
  shell.scripts.set("ls", (running) => {
    running.print(`${banner}${title}${output}${name}end\n`.replaceAll("\n", "\r\n"));
    running.end(0);
  });
  await run("ls");
  await clock.pass(3_000);
  await run("reload");
  await run("ls");
  // Marks carry a key that is new in each session.
  const sent = shell.writes
    .slice(before)
    .map((bytes) => bytes.replace(/[0-9a-f]{12}(?=L)|[0-9a-f]{8}/g, "KEY"));
  return { sent, verdicts, ran: shell.ran };
}

describe.each(PLACES)("fifty hostile texts as %s", (place) => {
  it("make a device's session send no other byte, and come to the same ends, as a harmless text does", async () => {
    const clean = await onDevice(place, "harmless");
    expect(clean.secretsAt).toEqual(["its question"]);
    const texts = TEXTS.filter((text) => place !== "hostname" || asName(text) !== "Password");
    for (const text of texts) expect({ text, ...(await onDevice(place, text)) }).toEqual({ text, ...clean });
  });
});

it("a device whose prompt reads as a question for a password is typed nothing at", async () => {
  await expect(onDevice("hostname", "Password:")).rejects.toThrow("Your command was not run");
});

describe.each(["banner", "output", "window title", "file name"] as const)(
  "fifty hostile texts as %s",
  (place) => {
    it("make a shell's session send no other byte, and no verdict milder", async () => {
      const clean = await onShell(place, "harmless");
      expect(clean.verdicts.join()).toMatch(/^done,done,the operator's deny pattern .*,done$/);
      for (const text of TEXTS) expect({ text, ...(await onShell(place, text)) }).toEqual({ text, ...clean });
    });
  },
);

describe("a fake question for a secret", () => {
  it.each(TEXTS.filter((text) => /pass|code|PIN|Kennwort/i.test(text)))(
    "collects nothing: %j",
    async (text) => {
      const typed: string[] = [];
      const session = await bench(
        (line, device) => {
          typed.push(line);
          if (line === "show motd") device.print(`\r\n${text}`);
          else device.answer("");
        },
        { host: { enable: { from: "env", name: SECRET }, sudo: { from: "env", name: SECRET } } },
      );
      await session.open();
      await session.run("show motd", { timeoutMs: 10_000 });
      await session.clock.pass(30_000);
      expect(session.device.writes.join("")).not.toContain(SECRET);
      expect(session.device.writes.join("")).not.toContain("login-secret");
      expect(typed).toEqual(["show motd"]);
    },
  );
});
