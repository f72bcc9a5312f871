import { describe, expect, it } from "vitest";
import { openCatalog } from "../../../src/devices/catalog.ts";
import { seeded } from "../../seeds/random.ts";
import { bench, type FakeDevice } from "./fake-device.ts";

const catalog = openCatalog();

/** A login of several rows: where nothing is asked the next comes by itself; a question takes a line. */
interface Login {
  readonly platform: string;
  readonly rows: readonly string[];
  readonly questions: readonly string[];
  readonly prompt: string;
}

const LOGINS: readonly Login[] = [
  {
    platform: "cisco_ios",
    rows: ["", "C", "*** only for the staff of R1# ***", "", "User Access Verification", ""],
    questions: ["Username: ", "Password: "],
    prompt: "R1>",
  },
  {
    platform: "cisco_ios",
    rows: ["Press any key", "", "Acknowledge the notice below.", ""],
    questions: ["Do you accept? [confirm]"],
    prompt: "R1#",
  },
  {
    platform: "cisco_nxos",
    rows: ["Cisco Nexus Operating System (NX-OS) Software", "Press RETURN to get started", ""],
    questions: ["Site code: "],
    prompt: "N9K-1# ",
  },
  { platform: "arista_eos", rows: ["", "", "Last login: today", ""], questions: ["Token? "], prompt: "sw1>" },
  {
    platform: "cisco_asa",
    rows: ["", "Type help or '?' for a list of available commands."],
    questions: ["login: "],
    prompt: "asa> ",
  },
  {
    platform: "dell_os10",
    rows: ["", "Dell EMC Networking OS10"],
    questions: ["Continue (yes/no): "],
    prompt: "OS10# ",
  },
  {
    platform: "juniper_junos",
    rows: ["--- JUNOS 20.4R3", "", "Notice: re0> is the master"],
    questions: ["Reason for the login: "],
    prompt: "noc@mx1> ",
  },
  {
    platform: "huawei_vrp",
    rows: ["", "Info: 5 VTY users"],
    questions: ["Change now? [Y/N]:"],
    prompt: "<HW>",
  },
  {
    platform: "hp_procurve",
    rows: ["HP J9773A 2530", ""],
    questions: ["Press any key to continue"],
    prompt: "sw# ",
  },
  {
    platform: "generic_cli",
    rows: ["hello", "", "a > b", ""],
    questions: ["Select 1-3: "],
    prompt: "box-7> ",
  },
  {
    platform: "paloalto_panos",
    rows: ["", "Number of failed attempts since last successful login: 0", "", ""],
    questions: ["Do you accept (yes/no)? "],
    prompt: "admin@PA> ",
  },
  {
    platform: "nokia_sros",
    rows: ["", "TiMOS-C-20.10", ""],
    questions: ["Login purpose: "],
    prompt: "A:noc@R2# ",
  },
];

/** Prints the login row by row with a pause of up to `longest` ms before each; `before`: what came while it lasted. */
function login(device: FakeDevice, kind: Login, random: () => number, longest: number) {
  const seen = { before: "", answers: [] as string[], prompted: false };
  const pause = () => Math.floor(random() * longest);
  const { questions, rows, prompt } = kind;
  let at = 0;
  const next = () => {
    const row = rows[at];
    const question = questions[at - rows.length];
    at++;
    if (row !== undefined) {
      device.print(`${row}\r\n`, 0);
      wait(next);
    } else if (question !== undefined) wait(() => device.print(question, 0));
    else
      wait(() => {
        seen.prompted = true;
        device.onKey = undefined;
        device.print(`\r\n${prompt}`, 0);
      });
  };
  const wait = (then: () => void) => device.later(pause() + 1, then);
  let line = "";
  device.onKey = (key) => {
    seen.before += key;
    if (key !== "\r") {
      line += key;
      return;
    }
    seen.answers.push(line);
    device.print("\r\n", 0);
    line = "";
    next();
  };
  next();
  return seen;
}

describe("before a device's first prompt", () => {
  it.each(LOGINS)(
    "$platform: nothing but the caller's keys reaches it, however slow its login is ($prompt)",
    async (kind) => {
      for (let seed = 1; seed <= 12; seed++) {
        const random = seeded(seed);
        const profile = catalog.profile(kind.platform);
        const prompt = kind.prompt;
        const session = await bench((line, device) => device.answer(line === "" ? "" : "ok"), {
          profile,
          prompt,
          silent: true,
        });
        const seen = login(session.device, kind, random, 9000);
        let state = await session.open();
        const typed: string[] = [];
        // Whoever is asked answers; whoever is told nothing waits.
        for (let step = 0; step < 120 && !seen.prompted; step++) {
          const row = session.pty.sinks.screen.cursorRowText();
          const asks = kind.questions.some((one) => one.trimEnd() === row.trimEnd());
          if (!asks) {
            await session.clock.pass(1000);
            continue;
          }
          typed.push("x\r");
          state = await session.keys("x\r");
        }
        expect(state.state).toMatch(/asking|running|done/);
        await session.clock.pass(30_000);
        expect(seen.prompted).toBe(true);
        expect(seen.before).toBe(typed.join(""));
        // What follows is the profile's preparation and nothing else.
        const lines = (profile.open ?? []).map(({ send }) => send);
        for (const entered of session.device.entered) expect(lines).toContain(entered);
      }
    },
  );
});
