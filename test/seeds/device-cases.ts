import { bench, type FakeDevice, type OnLine, type Ran } from "../shell/cli/fake-device.ts";
import { pick, seeded } from "./random.ts";

const SECRET = "enable-secret";
const DONE = "done prompt";
/** Time in which everything a device has still to print is printed, milliseconds. */
const REST_MS = 20_000;

/** A dialogue that was got wrong once, by somebody's report: what the device does, what is run on it, what has to come out. */
interface DeviceCase {
  readonly name: string;
  readonly prompt?: string;
  readonly profile?: Record<string, unknown>;
  /** What comes before the first prompt. */
  readonly login?: readonly (string | number)[];
  readonly onLine: OnLine;
  /** Runs it; each fault is a sentence. */
  readonly run: (session: CaseSession) => Promise<void>;
}

interface CaseSession {
  readonly device: FakeDevice;
  readonly faults: string[];
  run(command: string, mode?: string): Promise<Ran>;
  keys(bytes: string): Promise<string>;
  /** Everything that is in the command once nothing more comes. */
  whole(ran: Ran): Promise<readonly string[]>;
  same(what: string, found: unknown, wanted: unknown): void;
}

/** Prints parts with pauses between them, then the prompt. */
function slowly(device: FakeDevice, parts: readonly (string | number)[]): void {
  let at = 1;
  for (const part of [...parts, device.prompt]) {
    if (typeof part === "number") at += part;
    else device.print(part, at);
  }
}

const state = ({ state: now }: Pick<Ran, "state">) =>
  now.state === "asking" ? `asking ${now.asked}` : `${now.state} ${"evidence" in now ? now.evidence : ""}`;

const ROWS = Array.from({ length: 60 }, (_, index) => `row ${index + 1} of sixty`);

/** Pages of twenty rows, each behind a key. */
const paged: OnLine = (line, device) => {
  if (line !== "show all") return device.answer(`out of ${line}`);
  let from = 0;
  const page = (before: string) => {
    const part = ROWS.slice(from, from + 20);
    from += 20;
    const more = from < ROWS.length;
    device.print(`${before}${part.join("\r\n")}\r\n${more ? " --More-- " : device.prompt}`);
    device.onKey = more ? () => page(`\r${" ".repeat(10)}\r`) : undefined;
  };
  page("\r\n");
};

const asksEnable = (device: FakeDevice, entered: () => void) => {
  device.print("\r\nPassword: ");
  device.echo = false;
  device.onKey = (key) => {
    if (key !== "\r") return;
    device.onKey = undefined;
    device.echo = true;
    entered();
    device.print(`\r\n${device.prompt}`);
  };
};

export const DEVICE_CASES: readonly DeviceCase[] = [
  {
    name: "pages",
    onLine: paged,
    async run(session) {
      const ran = await session.run("show all");
      session.same("state", state(ran), DONE);
      session.same("rows", await session.whole(ran), ROWS);
      session.same("next", (await session.run("show x")).lines, ["out of show x"]);
    },
  },
  {
    name: "a row like the prompt and a pause behind it",
    onLine: (line, device) =>
      line === "more x"
        ? slowly(device, ["\r\nsaved by\r\nsw1>", 2200, "show run\r\nend of it\r\n"])
        : device.answer("CLOCK"),
    async run(session) {
      const ran = await session.run("more x");
      const whole = await session.whole(ran);
      session.same("last row", whole.at(-1), "end of it");
      session.same("next", (await session.run("show clock")).lines, ["CLOCK"]);
      session.same("typed", session.device.entered, ["more x", "show clock"]);
    },
  },
  {
    name: "a question within a job",
    onLine(line, device) {
      if (line !== "no user x") return device.answer("");
      device.print("\r\nThis removes all of it. Go on? [confirm]");
      device.onKey = (key) => device.entered.push(`KEY ${key}`);
    },
    async run(session) {
      const ran = await session.run("no user x\nyes-man here\nend");
      session.same("state", state(ran), "asking confirm");
      session.same("typed", session.device.entered, ["no user x"]);
    },
  },
  {
    name: "two questions, one after the other",
    onLine(line, device) {
      if (line === "delete x") {
        device.print("\r\nDelete filename [x]? ");
        device.onKey = (key) => {
          if (key !== "\r") return;
          device.print("\r\nDelete flash:x? [confirm]");
          device.onKey = () => {
            device.onKey = undefined;
            device.answer("");
          };
        };
      } else device.answer("");
    },
    async run(session) {
      session.same("first", state(await session.run("delete x")), "asking value");
      session.same("second", await session.keys("\r"), "asking confirm");
      session.same("end", await session.keys("y"), DONE);
    },
  },
  {
    name: "log rows behind the prompt",
    onLine(line, device) {
      if (line !== "write") return device.answer("CLOCK");
      slowly(device, ["\r\nBuilding...\r\n", 700, "[OK]\r\n"]);
      device.print("\r\n*Jun 16 20:27:21.263: %SYS-5-CONFIG_I: Configured by vty0\r\n", 760);
      device.print("*Jun 16 20:27:22.263: %LINK-3-UPDOWN: Interface Gi1, changed state to up\r\n", 900);
    },
    async run(session) {
      const ran = await session.run("write");
      session.same("state", state(ran), DONE);
      session.same("rows", (await session.whole(ran)).slice(0, 2), ["Building...", "[OK]"]);
      session.same("next", (await session.run("show clock")).lines, ["CLOCK"]);
    },
  },
  {
    name: "an enable secret, and none for another device",
    onLine(line, device) {
      if (line === "enable")
        return asksEnable(device, () => {
          if (device.writes.join("").includes(SECRET)) device.prompt = device.prompt.replace(">", "#");
        });
      if (line === "telnet r2") {
        device.prompt = "r2>";
        return device.print(`\r\nTrying r2 (10.0.0.2)... Open\r\n\r\n\r\n${device.prompt}`);
      }
      device.answer(`out of ${line}`);
    },
    async run(session) {
      await session.run("telnet r2");
      const ran = await session.run("show x", "enable");
      session.same("state", state(ran), "asking password");
      session.same("secret sent", session.device.writes.join("").includes(SECRET), false);
    },
  },
  {
    name: "an enable secret at home",
    onLine(line, device) {
      if (line !== "enable") return device.answer(`out of ${line}`);
      asksEnable(device, () => {
        device.prompt = "sw1#";
      });
    },
    async run(session) {
      const ran = await session.run("show x", "enable");
      session.same("state", state(ran), DONE);
      session.same("mode", ran.mode, "enable");
      session.same("rows", ran.lines.at(-1), "out of show x");
      session.same("secret sent once", session.device.writes.join("").split(SECRET).length, 2);
    },
  },
  {
    name: "progress that ends as prompts do",
    onLine: (line, device) =>
      line === "copy a b"
        ? slowly(device, [
            "\r\nLoading ",
            400,
            "!!!!!!",
            900,
            "!!!! [OK - 12 bytes]\r\n",
            600,
            "####",
            700,
            "#####>\r\n",
          ])
        : device.answer(""),
    async run(session) {
      const ran = await session.run("copy a b");
      session.same("state", state(ran), DONE);
      session.same("rows", await session.whole(ran), ["Loading !!!!!!!!!! [OK - 12 bytes]", "#########>"]);
    },
  },
  {
    name: "an error within a job",
    onLine: (line, device) => device.answer(line === "shw" ? "  ^\n% Invalid input detected" : ""),
    async run(session) {
      const ran = await session.run("show a\nshw\nshow b");
      session.same("state", state(ran), DONE);
      session.same("errors", ran.errors, ["syntax"]);
      session.same("typed", session.device.entered, ["show a", "shw"]);
    },
  },
  {
    name: "a row that no list has, within a job",
    onLine: (line, device) => device.answer(line === "odd" ? "% Something about it" : ""),
    async run(session) {
      const ran = await session.run("odd\nshow b");
      session.same("warnings", ran.warnings, ["unknown"]);
      session.same("typed", session.device.entered, ["odd"]);
    },
  },
  {
    name: "a prompt painted over its question",
    onLine(line, device) {
      if (line !== "show x") return device.answer(`out of ${line}`);
      device.print("\r\nrow 1\r\nApplying, which takes a moment");
      device.print("\rsw1>", 1500);
    },
    async run(session) {
      session.same("state", state(await session.run("show x")), DONE);
      session.same("next", (await session.run("show y")).lines, ["out of show y"]);
      session.same("typed", session.device.entered, ["show x", "show y"]);
    },
  },
  {
    name: "help of a question mark",
    onLine: (line, device) => device.answer(`out of ${line}`),
    async run(session) {
      const { device } = session;
      device.onKey = (key) => {
        device.line += key;
        device.print(key);
        if (key !== "?") return;
        device.onKey = undefined;
        device.line = "reload ";
        device.print(`\r\n  in  Reload later\r\n${device.prompt}reload `);
      };
      await session.run("reload ?");
      session.same("typed", device.entered, []);
      session.same("next", (await session.run("show y")).lines, ["out of show y"]);
    },
  },
  {
    name: "help in the midst of a line",
    onLine: (line, device) => device.answer(`out of ${line}`),
    async run(session) {
      const { device } = session;
      device.onKey = (key) => {
        device.line += key;
        device.print(key);
        if (key !== "?") return;
        device.onKey = undefined;
        device.line = "description why";
        device.print(`\r\n  LINE  Up to 240 characters\r\n\r\n${device.prompt}description why`);
      };
      await session.run("description why? now");
      session.same("typed", device.entered, []);
      device.onKey = undefined;
      session.same("next", (await session.run("show y")).lines, ["out of show y"]);
    },
  },
  {
    name: "a counter in the name, and the secret",
    prompt: "sw1[1]>",
    profile: {
      prompts: [
        { mode: "exec", match: "^(?P<host>[^\\s>#]+)>$" },
        { mode: "enable", match: "^(?P<host>[^\\s>#]+)#$" },
      ],
    },
    onLine(line, device) {
      const count = Number(/\d+(?=\])/.exec(device.prompt)?.[0]) + 1;
      const next = (mark: string) => {
        device.prompt = `sw1[${count}]${mark}`;
      };
      if (line === "enable") return asksEnable(device, () => next("#"));
      next(device.prompt.slice(-1));
      device.answer(`out of ${line}`);
    },
    async run(session) {
      await session.run("show a");
      await session.run("show b");
      const ran = await session.run("show c", "enable");
      session.same("state", state(ran), DONE);
      session.same("mode", ran.mode, "enable");
    },
  },
  {
    name: "a text of several lines",
    onLine(line, device) {
      if (!line.startsWith("banner")) return device.answer("");
      device.print("\r\nEnter TEXT message.  End with the character '#'.\r\n");
      device.onKey = (key) => {
        device.print(key === "\r" ? "\r\n" : key);
        if (key === "#") device.onKey = (last) => last === "\r" && ended();
      };
      const ended = () => {
        device.onKey = undefined;
        device.answer("");
      };
    },
    async run(session) {
      const ran = await session.run("banner motd #\nsw1> is watched\nno entry\n#\nshow x");
      session.same("state", state(ran), DONE);
      session.same("typed", session.device.entered, ["banner motd #", "show x"]);
    },
  },
  {
    name: "a login in pieces",
    login: ["\r\nC\r\n", 700, "*** only for staff ***\r\n", 600, "\r\n"],
    onLine: (line, device) => device.answer(`out of ${line}`),
    async run(session) {
      session.same("before the first prompt", session.device.writes, []);
      session.same("rows", (await session.run("show y")).lines, ["out of show y"]);
    },
  },
];

/** One case, its device's output cut and delayed as the seed says. */
export async function runDeviceCase(
  found: DeviceCase,
  seed: number,
): Promise<{ faults: readonly string[]; outcomes: number }> {
  const random = seeded(seed);

  const most = pick(random, [1, 3, 8, 40, 400]);
  const delay = Math.min(pick(random, [0, 5, 40, 90, 300]), most === 1 ? 40 : 300);
  const session = await bench(found.onLine, {
    silent: found.login !== undefined,
    ...(found.prompt === undefined ? {} : { prompt: found.prompt }),
    ...(found.profile === undefined ? {} : { profile: found.profile }),
    pace: { bytes: () => 1 + Math.floor(random() * most), ms: () => Math.floor(random() * (delay + 1)) },
  });
  const { device } = session;
  if (found.login) slowly(device, found.login);
  const faults: string[] = [];
  let outcomes = 0;
  await session.open();
  const same = (what: string, is: unknown, wanted: unknown) => {
    const [one, other] = [JSON.stringify(is), JSON.stringify(wanted)];
    if (one !== other) faults.push(`${found.name}: ${what} is ${one} and not ${other}`);
  };
  await found.run({
    device,
    faults,
    same,
    async run(command, mode) {
      outcomes++;
      return session.run(command, { timeoutMs: 120_000, ...(mode === undefined ? {} : { mode }) });
    },
    async keys(bytes) {
      outcomes++;
      return state({ state: await session.keys(bytes) });
    },
    async whole({ command }) {
      await session.clock.pass(REST_MS);
      return session.rows(command);
    },
  });
  return { faults, outcomes };
}
