import { afterEach, describe, expect, it, vi } from "vitest";
import type { LabTerminal } from "../../../src/lab/terminal.ts";
import { type Rig, rigFor } from "../../real/rig.ts";
import { type ServedDevice, serveDevice } from "../../seeds/device.ts";

/** Pieces of an answer, and pauses between them in milliseconds. */
type Parts = readonly (string | number)[];

interface Script {
  /** What comes before the first prompt; a question takes a line. */
  readonly login?: readonly (string | number | { readonly ask: string })[];
  readonly answers: Readonly<Record<string, Parts>>;
  readonly prompts?: Readonly<Record<string, string>>;
}

/** Every byte that reached the device, as lines and single keys. */
interface Seen {
  readonly lines: string[];
  bytes: string;
  prompted: boolean;
  /** Answers and questions that were printed whole. */
  played: number;
  /** What came before the first prompt. */
  early: string;
}

const SECRET = "en-secret";
const open: { rig?: Rig; device?: ServedDevice } = {};
afterEach(async () => {
  await open.rig?.close();
  await open.device?.close();
});

/** An IOS-like device behind real SSH that does as its script says. */
async function served({ login = [], answers, prompts = {} }: Script) {
  const seen: Seen = { lines: [], bytes: "", prompted: false, played: 0, early: "" };
  const terminal = (write: (text: string) => void): LabTerminal => {
    let prompt = "R1>";
    let line = "";
    let echo = true;
    let take: ((line: string) => void) | undefined;
    const timers = new Set<NodeJS.Timeout>();
    const play = (parts: Parts, then: () => void) => {
      const [part, ...rest] = parts;
      if (part === undefined) then();
      else if (typeof part === "string") {
        write(part);
        play(rest, then);
      } else timers.add(setTimeout(() => play(rest, then), part));
    };
    const ready = () => {
      seen.prompted = true;
      write(prompt);
    };
    const begin = (steps: NonNullable<Script["login"]>) => {
      const [step, ...rest] = steps;
      if (step === undefined) ready();
      else if (typeof step === "object") {
        write(step.ask);
        seen.played++;
        take = () => begin(rest);
      } else play([step], () => begin(rest));
    };
    const run = (text: string) => {
      if (text === "enable") {
        write("Password: ");
        echo = false;
        take = (secret) => {
          echo = true;
          if (secret === SECRET) prompt = prompt.replace(">", "#");
          ready();
        };
        return;
      }
      prompt = prompts[text] ?? prompt;
      play(answers[text] ?? [], () => {
        seen.played++;
        ready();
      });
    };
    begin(login);
    return {
      input(bytes) {
        const text = bytes.toString("latin1");
        seen.bytes += text;
        if (!seen.prompted) seen.early += text;
        for (const key of text) {
          if (key !== "\r") {
            line += key;
            if (echo && (seen.prompted || take)) write(key);
            continue;
          }
          const entered = line;
          line = "";
          seen.lines.push(entered);
          write("\r\n");
          const taken = take;
          take = undefined;
          if (taken) taken(entered);
          else run(entered);
        }
      },
      resize() {},
      close() {
        for (const timer of timers) clearTimeout(timer);
      },
    };
  };
  const kind = {
    platform: "cisco_ios",
    ident: "Cisco-1.25",
    user: "noc",
    suffixed: false,
    enableSecret: SECRET,
  };
  const device = await serveDevice(kind, (at) => terminal((text) => at.output(Buffer.from(text))));
  const rig = rigFor([device.host]);
  open.device = device;
  open.rig = rig;
  return { session: await rig.open("device"), seen };
}

const PREPARED = ["terminal length 0", "terminal width 0"];

describe("a device over SSH", () => {
  it("is sent nothing before its first prompt, however slow its login is", async () => {
    const rows = [
      "\r\nC\r\n",
      700,
      "*** only for staff of R1# ***\r\n",
      6500,
      "\r\n",
      { ask: "Username: " },
    ] as const;
    const { session, seen } = await served({ login: rows, answers: {} });
    expect(session.first.outcome).toMatchObject({ state: "asking" });
    await vi.waitFor(() => expect(seen.played).toBe(1), { timeout: 20_000 });
    expect(seen.early).toBe("");
    await session.keys("noc<Enter>");
    expect(seen.early).toBe("noc\r");
    expect(seen.lines).toEqual(["noc", ...PREPARED]);
  }, 60_000);

  it("that goes on behind a row like its prompt has that told with the next result", async () => {
    const { session, seen } = await served({
      answers: {
        "more x": ["saved by\r\nR1>", 2500, "show run\r\nEND-ROW\r\n"],
        "show clock": ["CLOCK\r\n"],
      },
    });
    const ran = await session.run("more x");
    expect(ran.outcome.state).toBe("done");
    const shown = () => session.view().screen().rows.join("\n");
    await vi.waitFor(() => expect(shown()).toMatch(/END-ROW\s+R1>$/), { timeout: 20_000 });
    const after = await session.run("show clock");
    const told = [...ran.outcome.notes, ...after.outcome.notes].join("\n");
    expect(told).toMatch(/#1 went on after its end was reported: \d rows?, ssh_read\(command: 1\)/);
    expect(seen.lines.filter((line) => line === "show clock")).toHaveLength(1);
  }, 60_000);

  it("gets no secret of another one, and the question is the caller's", async () => {
    const { session, seen } = await served({
      answers: { "telnet 10.0.0.2": ["Trying 10.0.0.2 ... Open\r\n\r\n"] },
      prompts: { "telnet 10.0.0.2": "R2>" },
    });
    await session.run("telnet 10.0.0.2");
    const shell = open.rig?.mux.shell({ session: session.name, command: "show run", mode: "enable" });
    const ran = { outcome: (await shell)?.outcome };
    expect(ran.outcome).toMatchObject({ state: "asking", asked: "password" });
    expect(ran.outcome?.notes.join()).toMatch(/NOT TYPED.*reconnect/);
    await session.keys("<Enter>");
    expect(seen.bytes).not.toContain(SECRET);
    expect(seen.lines).toEqual([...PREPARED, "telnet 10.0.0.2", "enable", ""]);
  }, 60_000);

  it("is typed one line into another by nobody", async () => {
    const { session, seen } = await served({
      answers: { "copy a b": ["R1>", 900, " old banner\r\nCopied\r\n"] },
    });
    const ran = await session.run("copy a b\nno shutdown\nshow clock");
    expect(ran.outcome.state).toBe("done");
    expect(seen.lines).toEqual([...PREPARED, "copy a b", "no shutdown", "show clock"]);
  }, 60_000);
});
