import { describe, expect, it } from "vitest";
import { bench, type FakeDevice, type OnLine } from "./fake-device.ts";

const DONE = { state: "done", evidence: "prompt" };
const SECRET = "enable-secret";

/** `enable` asks for the secret and leads to the prompt that `enter` gives. */
function asksSecret(device: FakeDevice, enter: () => void): void {
  device.print("\r\nPassword: ");
  device.echo = false;
  device.onKey = (key) => {
    if (key !== "\r") return;
    device.onKey = undefined;
    device.echo = true;
    enter();
    device.print(`\r\n${device.prompt}`);
  };
}

describe("A prompt that is painted over another row", () => {
  it("is one, though the rest of that row is right of it", async () => {
    const session = await bench((line, device) => {
      if (line !== "show x") return device.answer(`out of ${line}`);
      device.print("\r\nrow 1\r\nPress ENTER to go on, or wait for it");
      device.later(700, () => device.print("\r\u001b[0msw1>"));
    });
    await session.open();
    expect(await session.run("show x")).toMatchObject({
      state: DONE,
      lines: ["row 1", expect.stringContaining("to go on, or wait for it")],
    });
    expect(await session.run("show y")).toMatchObject({ state: DONE, lines: ["out of show y"] });
    expect(session.device.entered).toEqual(["show x", "show y"]);
  });

  it("is one also as the first of a session", async () => {
    const session = await bench((line, device) => device.answer(`out of ${line}`), { silent: true });
    session.device.print("\r\nFor members of the staff only, please\rsw1>");
    expect(await session.open()).toEqual(DONE);
    expect(await session.run("show y")).toMatchObject({ state: DONE, lines: ["out of show y"] });
  });

  it("is none where the caller's own line is behind it, or something stands in the row alone", async () => {
    const session = await bench((line, device) => device.answer(`out of ${line}`));
    await session.open();
    session.press("show y");
    await session.clock.pass(500);
    session.device.print("\rsw1>", 1);
    await session.clock.pass(3000);
    expect(session.pty.state.at).not.toBe("prompt");
    expect(session.device.entered).toEqual([]);
  });
});

describe("The secret of a device whose prompt changes", () => {
  const profile = {
    prompts: [
      { mode: "exec", match: "^(?P<host>[^\\s>#]+)>$" },
      { mode: "enable", match: "^(?P<host>[^\\s>#]+)#$" },
    ],
  };

  it("is typed where only a counter in the name has grown", async () => {
    let count = 12;
    const next = (mark: string) => `sw1[${++count}]${mark}`;
    const onLine: OnLine = (line, device) => {
      if (line === "enable")
        return asksSecret(device, () => {
          device.prompt = next("#");
        });
      device.prompt = next(device.prompt.slice(-1));
      device.answer(`out of ${line}`);
    };
    const session = await bench(onLine, { prompt: "sw1[12]>", profile });
    await session.open();
    await session.run("show a");
    expect((await session.run("show b")).notes).toEqual([]);
    expect(await session.run("show c", { mode: "enable" })).toMatchObject({ state: DONE, mode: "enable" });
    expect(session.device.writes.join("")).toContain(SECRET);
  });

  it("is not typed where the number has changed once: it is another one of a row of devices", async () => {
    const onLine: OnLine = (line, device) => {
      if (line === "enable") return asksSecret(device, () => {});
      if (line === "next") device.prompt = "sw1[2]>";
      if (line === "show other") device.prompt = "sw1[2]>";
      device.answer("");
    };
    for (const line of ["next", "show other"]) {
      const session = await bench(onLine, { prompt: "sw1[1]>", profile });
      await session.open();
      await session.run(line);
      await session.run("show b");
      const ran = await session.run("show c", { mode: "enable" });
      expect(ran.state).toMatchObject({ state: "asking", asked: "password" });
      expect(ran.notes.join()).toMatch(/NOT TYPED: the secrets of the inventory belong to .*reconnect/);
      expect(session.device.writes.join("")).not.toContain(SECRET);
    }
  });

  it("is not typed behind a new name that no line gave, and why is said truly", async () => {
    const onLine: OnLine = (line, device) => {
      if (line === "enable") return asksSecret(device, () => {});
      if (line.startsWith("configure replace")) device.prompt = "edge7>";
      device.answer("");
    };
    const session = await bench(onLine, { prompt: "sw1>", profile });
    await session.open();
    const replaced = await session.run("configure replace flash:golden force");
    expect(replaced.notes.join()).toMatch(
      /shows edge7 and no longer sw1: .*new name or another device.*reconnect/,
    );
    const ran = await session.run("show c", { mode: "enable" });
    expect(ran.state).toMatchObject({ state: "asking", asked: "password" });
    expect(ran.notes.join()).toMatch(
      /belong to sw1, and since `configure replace .*` the prompt shows edge7/,
    );
    expect(session.device.writes.join("")).not.toContain(SECRET);
  });
});

it("An Enter that a device takes for two line ends leaves no prompts among the rows of a job, and they are told", async () => {
  for (const [ms, blank] of [
    [120, ""],
    [600, ""],
    [120, "\r\n"],
  ] as const) {
    const session = await bench(
      (line, device) => {
        if (line === "") device.print(`\r\n${blank}${device.prompt}`, ms);
        else device.answer(`out of ${line}`);
      },
      { profile: { keys: { enter: "\r\n" } } },
    );
    const write = session.device.write.bind(session.device);
    session.device.write = (bytes) => write(Buffer.from(bytes).toString().replaceAll("\n", "\r"));
    await session.open();
    const ran = await session.run("show a\nshow b\nshow c");
    expect(ran.lines.filter((row) => row !== "")).toEqual([
      "out of show a",
      "sw1>show b",
      "out of show b",
      "sw1>show c",
      "out of show c",
    ]);
    expect(ran.asides.every((row) => row === "sw1>") && ran.asides.length).toBeGreaterThan(1);
    expect(session.device.entered.filter((line) => line !== "")).toEqual(["show a", "show b", "show c"]);
  }
});

describe("A line while it is being typed", () => {
  /** Shows what is typed only after a while, key by key. */
  const slow = async () => {
    const session = await bench((line, device) => device.answer(`out of ${line}`));
    await session.open();
    session.device.delayMs = 400;
    return session;
  };

  it.each([
    ["x", /keys were sent while the line was being typed: Enter was NOT pressed/, ["show a"]],
    ["\r", /keys were sent while .* was entered by them/, ["show a", "show b"]],
  ])("is not entered by us once the caller has sent the keys %j", async (keys, said, entered) => {
    const session = await slow();
    const command = await session.submit("show a\nshow b\nshow c");
    for (let looks = 0; looks < 400 && !session.device.writes.includes("show b"); looks++)
      await session.clock.pass(20);
    session.press(keys);
    await session.clock.pass(15_000);
    expect(command.notes.join()).toMatch(said);
    expect(session.device.entered).toEqual(entered);
    expect(session.device.writes).not.toContain("show c");
  });
});

describe("A question mark within a line that opens help of several pages", () => {
  it("takes what is typed behind it for keys of its pager: the line is cleared and not entered", async () => {
    const session = await bench((line, device) => device.answer(`out of ${line}`));
    const { device } = session;
    await session.open();
    const write = device.write.bind(device);
    let pager = false;
    device.write = (bytes) => {
      for (const key of Buffer.from(bytes).toString()) {
        if (pager) {
          pager = false;
          device.print(`\r          \rlast row\r\n${device.prompt}${device.line}`, 30);
        } else if (key === "?") {
          pager = true;
          device.print("?\r\nfirst row\r\n --More-- ", 30);
        } else write(key);
      }
    };
    const ran = await session.run("show ? brief");
    expect(ran.notes.join()).toMatch(/question mark asked for help.*nothing was entered/);
    expect(device.entered).toEqual([]);
    expect(await session.run("show y")).toMatchObject({ state: DONE, lines: ["out of show y"] });
  });
});

it("A row like the prompt within a login that comes in pieces is not typed at, though it stands for most of a second", async () => {
  const session = await bench((line, device) => device.answer(`out of ${line}`), {
    silent: true,
    profile: { open: [{ send: "no paging" }] },
  });
  const { device, clock, pty } = session;
  device.print("\r\n  ########\r\n  #  SW  #", 1);
  device.print("\r\n  ########\r\nswitch#", 500);
  device.print("\r\nOnly for members of the staff\r\nsw1>", 1700);
  pty.start();
  await clock.pass(1690);
  expect(device.writes).toEqual([]);
  await clock.pass(10_000);
  expect(device.entered).toEqual(["no paging"]);
  expect(await session.run("show x")).toMatchObject({ state: DONE, host: "sw1" });
});

describe("A name that a line gives to a device whose prompt was learned", () => {
  const renamed = async (onLine: OnLine) => {
    const session = await bench(onLine, { profile: { learn: true, prompts: [] }, prompt: "box-7>" });
    await session.open();
    return session;
  };
  const renames: OnLine = (line, device) => {
    const name = /^hostname (\S+)$/.exec(line)?.[1];
    if (name !== undefined) device.prompt = `${name}>`;
    device.answer(line === "show version" ? "1.0" : "");
  };

  it("is in its next prompt, and the job goes on there", async () => {
    const session = await renamed(renames);
    const ran = await session.run("hostname edge-1\nshow version");
    expect(ran).toMatchObject({ state: DONE, host: "edge-1" });
    expect(session.device.entered).toEqual(["hostname edge-1", "show version"]);
    expect(await session.run("show version")).toMatchObject({ state: DONE, lines: ["1.0"] });
  });

  it.each([
    ["another name than the line's", "hostname edge-1", "edge-2>"],
    ["a name that no line gave", "show version", "edge-1>"],
    ["another shape", "hostname edge-1", "edge-1(config)#"],
  ])("is no prompt with %s", async (_what, line, prompt) => {
    const session = await renamed((typed, device) => {
      if (typed === line) device.prompt = prompt;
      device.answer("");
    });
    const ran = await session.run(`${line}\nshow x`);
    expect(ran.state).toMatchObject({ state: "asking", asked: "shell" });
    expect(session.device.entered).toEqual([line]);
  });
});
