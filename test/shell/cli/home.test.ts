import { describe, expect, it } from "vitest";
import { bench, type FakeDevice, type OnLine } from "./fake-device.ts";

const DONE = { state: "done", evidence: "prompt" };
const SECRET = "enable-secret";

/** How another device is reached, and what is printed on the way there and back. */
interface Way {
  readonly line: string;
  /** The other device's name. */
  readonly to: string;
  readonly arrives?: string;
  readonly leaves?: string;
}

/** Two switches on one terminal: `enable` asks for a password on both. */
function twoDevices(ways: readonly Way[]): { onLine: OnLine; given: string[] } {
  /** Whom which secret was given. */
  const given: string[] = [];
  const stack: { host: string; leaves: string }[] = [{ host: "sw1", leaves: "" }];
  let mode = ">";
  const here = () => stack.at(-1)?.host ?? "sw1";
  const answer = (device: FakeDevice, text: string) => {
    device.prompt = `${here()}${mode}`;
    device.answer(text);
  };
  const onLine: OnLine = (line, device) => {
    const way = ways.find((one) => one.line === line);
    if (way) {
      stack.push({ host: way.to, leaves: way.leaves ?? "" });
      mode = ">";
      answer(device, way.arrives ?? "");
    } else if (line === "exit" && stack.length > 1) {
      const left = stack.pop();
      mode = ">";
      answer(device, left?.leaves ?? "");
    } else if (line === "enable") {
      device.print("\r\nPassword: ");
      device.echo = false;
      let secret = "";
      device.onKey = (key) => {
        if (key !== "\r") {
          secret += key;
          return;
        }
        device.onKey = undefined;
        device.echo = true;
        given.push(`${here()}: ${secret}`);
        if (secret !== "") mode = "#";
        answer(device, "");
      };
    } else if (line === "disable") {
      mode = ">";
      answer(device, "");
    } else if (line.startsWith("hostname ")) {
      stack[stack.length - 1] = { host: line.slice(9), leaves: "" };
      answer(device, "");
    } else if (line.startsWith("ssh refused")) answer(device, "% Connection refused by remote host\n");
    else answer(device, line.startsWith("show ") ? `output of ${line.slice(5)}` : "");
  };
  return { onLine, given };
}

const CLOSED = "\n[Connection to sw2 closed by foreign host]";

/** Each leads to another device; none of these names what the profile of the tests names. */
const WAYS: readonly Way[] = [
  { line: "ssh -l noc 10.0.0.2", to: "sw2" },
  { line: "telnet 10.0.0.2", to: "sw2", arrives: "Trying 10.0.0.2 ... Open\n" },
  { line: "tel 10.0.0.2", to: "sw2" },
  { line: "connect nxos a", to: "sw2" },
  { line: "conn ftd", to: "sw2" },
  { line: "session slot 2 processor 1", to: "sw2" },
  { line: "attach module 3", to: "sw2" },
  { line: "rlogin fpc0", to: "sw2" },
  { line: "resume 1", to: "sw2" },
  { line: "do ssh 10.0.0.2", to: "sw2" },
  { line: "run ssh 10.0.0.2", to: "sw2" },
  { line: "execute ssh admin@10.0.0.2", to: "sw2" },
  { line: "bash -c 'ssh 10.0.0.2'", to: "sw2" },
  { line: "/system ssh 10.0.0.2", to: "sw2" },
  { line: "switchto vdc prod", to: "sw2" },
  { line: "request routing-engine login re1", to: "sw2" },
  { line: "stelnet 10.0.0.2", to: "sw2" },
  { line: "failover exec mate", to: "sw2" },
  // A bare name: nothing but what is shown tells.
  { line: "core2", to: "sw2", arrives: "Trying core2 (10.0.0.2)... Open\n" },
  // To another member, a card, a guest; the name is the same everywhere.
  ...[
    "/ssh 10.0.0.2",
    "ssh6 2001:db8::2",
    "exe ha manage 0",
    "execute switch-controller ssh admin S1",
    "oap connect slot 0",
    "peer telnet",
    "virtual-service connect name x console",
    "app-hosting connect appid x session",
    "start shell pfe network fpc0",
    "request vmhost console x",
    "run /util ssh 10.0.0.2",
    "/system serial-terminal serial0",
    "/container/shell 0",
  ].map((line) => ({ line, to: "sw1" })),
  { line: "2", to: "sw1", arrives: "[Resuming connection 2 to sw1 ... ]\n" },
  { line: "lp 1", to: "sw1", arrives: "Remote connection to LP slot 1 established\n" },
  // The other device has the same name.
  { line: "ssh 10.0.0.2", to: "sw1" },
  { line: "telnet 10.0.0.2", to: "sw1", arrives: "Trying 10.0.0.2 ... Open\n" },
  { line: "core2", to: "sw1", arrives: "Trying core2 (10.0.0.2)... Open\n" },
];

describe("a secret of the inventory", () => {
  it.each(WAYS)("is not given behind `$line` to $to", async (way) => {
    const { onLine, given } = twoDevices([way]);
    const session = await bench(onLine);
    await session.open();
    await session.run(way.line);
    const ran = await session.run("show x", { mode: "enable" });
    expect(ran.state).toMatchObject({ state: "asking", asked: "password" });
    expect(ran.command.remarks.join()).toMatch(
      /NOT TYPED: the secrets of the inventory belong to .*reconnect/,
    );
    expect(session.device.writes.join("")).not.toContain(SECRET);
    // The caller answers, or not; the command is not typed in either case.
    expect(await session.keys("\r")).toEqual(DONE);
    expect(given).toEqual([`${way.to}: `]);
    expect(session.device.entered).not.toContain("show x");
  });

  it.each(WAYS)("is not given behind the keys `$line` to $to", async (way) => {
    const { onLine } = twoDevices([way]);
    const session = await bench(onLine);
    await session.open();
    expect(await session.keys(`${way.line}\r`)).toEqual(DONE);
    const ran = await session.run("show x", { mode: "enable" });
    expect(ran.state).toMatchObject({ state: "asking", asked: "password" });
    expect(session.device.writes.join("")).not.toContain(SECRET);
  });

  it("is not given behind an alias that shows nothing but another host's prompt, whoever calls that a prompt", async () => {
    const { onLine, given } = twoDevices([{ line: "jump", to: "sw2" }]);
    const session = await bench(onLine);
    await session.open();
    expect((await session.run("jump")).state).toMatchObject({ state: "asking", asked: "shell" });
    await session.run("show x", { here: "prompt" });
    const ran = await session.run("show y", { mode: "enable" });
    expect(ran.state).toMatchObject({ state: "asking", asked: "password" });
    expect(given).toEqual([]);
    expect(session.device.writes.join("")).not.toContain(SECRET);
  });

  it("is not given where a login elsewhere was answered in between", async () => {
    const { onLine } = twoDevices([]);
    const session = await bench((line, device) => {
      if (line !== "menu 3") return onLine(line, device);
      device.print("\r\nUsername: ");
      device.onKey = (key) => {
        if (key !== "\r") return device.print(key);
        device.onKey = undefined;
        device.answer("");
      };
    });
    await session.open();
    expect((await session.run("menu 3")).state).toMatchObject({ state: "asking" });
    expect(await session.keys("noc\r")).toEqual(DONE);
    expect((await session.run("show x", { mode: "enable" })).state).toMatchObject({ asked: "password" });
    expect(session.device.writes.join("")).not.toContain(SECRET);
  });

  it("is given again once the device says that it is back, at its own prompt", async () => {
    const { onLine, given } = twoDevices([{ line: "ssh 10.0.0.2", to: "sw2", leaves: CLOSED }]);
    const session = await bench(onLine);
    await session.open();
    const away = await session.run("ssh 10.0.0.2");
    expect(away.command.remarks.join()).toMatch(/secrets of the inventory are not typed from here on/);
    await session.run("exit");
    expect(await session.run("show x", { mode: "enable" })).toMatchObject({ state: DONE, mode: "enable" });
    expect(given).toEqual([`sw1: ${SECRET}`]);
  });

  it.each([
    ["no word of an end", [{ line: "ssh 10.0.0.2", to: "sw2" }], ["exit"]],
    [
      "the end of one of two",
      [
        { line: "ssh 10.0.0.2", to: "sw2", leaves: CLOSED },
        { line: "ssh 10.0.0.3", to: "sw1", leaves: CLOSED },
        { line: "ssh 10.0.0.4", to: "sw3", leaves: CLOSED },
      ],
      ["ssh 10.0.0.3", "ssh 10.0.0.4", "exit"],
    ],
    ["a row in the middle of an output", [{ line: "ssh 10.0.0.2", to: "sw1" }], [`show ${CLOSED}\nmore`]],
  ] as const)("stays off behind %s", async (_what, ways, lines) => {
    const { onLine } = twoDevices(ways);
    const session = await bench(onLine);
    await session.open();
    await session.run("ssh 10.0.0.2");
    for (const line of lines) await session.run(line);
    expect((await session.run("show x", { mode: "enable" })).state).toMatchObject({ asked: "password" });
    expect(session.device.writes.join("")).not.toContain(SECRET);
  });

  it("is given where the line did not get anywhere, and where it only reads like one", async () => {
    for (const line of [
      "ssh refused",
      "show ssh",
      "show sessions",
      "telnet-server enable",
      "description ssh to b",
      "show run | include ssh",
      "execute ping 10.0.0.2",
      "peer as 65000",
    ]) {
      const { onLine } = twoDevices([]);
      const session = await bench(onLine);
      await session.open();
      await session.run(line);
      expect(await session.run("show x", { mode: "enable" })).toMatchObject({ state: DONE, mode: "enable" });
    }
  });

  it("is given to a device that a line has renamed, and not to one that came to another name by itself", async () => {
    const { onLine } = twoDevices([]);
    const session = await bench(onLine);
    await session.open();
    await session.run("hostname core9");
    expect(await session.run("show x", { mode: "enable" })).toMatchObject({ mode: "enable", host: "core9" });
  });

  it("is given on one device through all its modes", async () => {
    const { onLine } = twoDevices([]);
    const session = await bench(onLine);
    await session.open();
    for (let time = 0; time < 3; time++) {
      expect(await session.run("show x", { mode: "enable" })).toMatchObject({ state: DONE, mode: "enable" });
      expect(await session.run("show x", { mode: "exec" })).toMatchObject({ state: DONE, mode: "exec" });
    }
  });
});

it("The device's own way into a mode may ask for a name: no line of the caller's is said to lead away", async () => {
  const session = await bench((line, device) => {
    if (line !== "enable") return device.answer(`out of ${line}`);
    device.print("\r\nUsername: ");
    device.onKey = (key) => {
      if (key !== "\r") return;
      device.onKey = undefined;
      device.prompt = "sw1#";
      device.answer("");
    };
  });
  await session.open();
  const asked = await session.run("show x", { mode: "enable" });
  expect(asked.state).toMatchObject({ state: "asking", row: "Username:" });
  expect(asked.notes.join()).not.toMatch(/may lead to another device/);
});
