import { describe, expect, it } from "vitest";
import { createEosTerminal, EosDevice } from "../../src/lab/eos/eos.ts";
import { createJunosTerminal, JunosDevice } from "../../src/lab/junos/junos.ts";
import type { LabTerminal } from "../../src/lab/terminal.ts";
import { FakeClock } from "../fake-clock.ts";

const MINUTE = 60_000;

/** Somebody at a terminal of the device. */
class Person {
  readonly #terminal: LabTerminal;
  all = "";

  constructor(open: (options: { output(bytes: Buffer): void; hangUp(): void }) => LabTerminal) {
    this.#terminal = open({
      output: (bytes) => {
        this.all += bytes.toString("utf8");
      },
      hangUp: () => {},
    });
  }

  /** Types lines; what came behind the last one's echo. */
  run(...lines: readonly string[]): string {
    let from = 0;
    for (const line of lines) {
      from = this.all.length + line.length + 2;
      this.#terminal.input(Buffer.from(`${line}\r`));
    }
    return this.all.slice(from);
  }

  close(): void {
    this.#terminal.close();
  }
}

function eos(version = "4.31.2F"): { device: EosDevice; clock: FakeClock; login: (user?: string) => Person } {
  const clock = new FakeClock();
  const device = new EosDevice({ clock, version });
  const login = (user = "admin") => new Person((options) => createEosTerminal({ ...options, device, user }));
  return { device, clock, login };
}

describe("configuration sessions of the simulated EOS", () => {
  it("show their difference, commit for a time, and are undone when it is over", () => {
    const { device, clock, login } = eos();
    const person = login();
    person.run("enable", "configure session trial-1", "interface Ethernet2", "description moved");
    expect(person.run("show session-config diffs")).toContain("+   description moved\r\n");
    expect(person.all).toContain("(config-s-trial--if-Et2)#");
    expect(person.run("commit timer 00:05:00")).toBe("lab-eos#");
    expect(person.run("show configuration sessions detail")).toMatch(/trial-1 +pendingCommitTimer .* 5m0s/);
    expect(person.run("show running-config")).toContain("   description moved\r\n");
    person.close();
    clock.advance(5 * MINUTE);
    expect(login().run("enable", "show running-config")).not.toContain("description moved");
    expect(device.journal.entries.map(({ kind }) => kind)).toEqual([
      "line",
      "line",
      "armed",
      "line",
      "undone",
    ]);
  });

  it("are confirmed by name from elsewhere, and saved separately", () => {
    const { device, clock, login } = eos("4.32.1F");
    login().run("enable", "configure session one", "hostname leaf", "commit timer 00:01:00");
    const other = login("root");
    expect(other.run("enable", "show configuration sessions detail")).toMatch(
      /Session with pending commit timer: one\r\n[\s\S]*one +committed/,
    );
    other.run("configure session two", "hostname other");
    expect(other.run("commit")).toMatch(
      /^% Cannot commit session two: session one has a pending commit timer/,
    );
    expect(other.run("end", "configure session one commit")).toBe("leaf#");
    clock.advance(5 * MINUTE);
    expect(other.run("show startup-config")).toContain("hostname lab-eos");
    expect(other.run("write memory")).toBe("Copy completed successfully.\r\nleaf#");
    expect(device.startup.has("hostname leaf")).toBe(true);
  });

  it("are undone at once when they are aborted, and refuse what they do not know", () => {
    const { device, login } = eos();
    const person = login();
    expect(person.run("enable", "configure session one", "no such line")).toContain("% Invalid input");
    person.run("interface Ethernet1", "shutdown", "commit timer 00:01:00");
    expect(device.door.reach.packets).toBe(false);
    person.run("configure session one abort");
    expect(device.door.reach.packets).toBe(true);
  });
});

function junos(): { device: JunosDevice; clock: FakeClock; login: (user?: string) => Person } {
  const clock = new FakeClock();
  const device = new JunosDevice({ clock });
  const login = (user = "noc") => new Person((options) => createJunosTerminal({ ...options, device, user }));
  return { device, clock, login };
}

const MOVED = "set interfaces ge-0/0/1 description moved";

describe("the candidate of the simulated Junos", () => {
  it("is compared, committed for minutes, and rolled back with a broadcast", () => {
    const { device, clock, login } = junos();
    const person = login();
    expect(person.run("configure exclusive")).toContain(
      "Entering configuration mode\r\n\r\n[edit]\r\nnoc@lab-junos# ",
    );
    person.run(MOVED);
    expect(person.run("show | compare")).toContain(
      "[edit interfaces ge-0/0/1]\r\n+      description moved;\r\n",
    );
    expect(person.run("commit confirmed 5")).toBe(
      "commit confirmed will be automatically rolled back in 5 minutes unless confirmed\r\ncommit complete\r\n" +
        "\r\n# commit confirmed will be rolled back in 5 minutes\r\n[edit]\r\nnoc@lab-junos# ",
    );
    expect(person.run("run show system commit")).toMatch(/^0 .* commit confirmed, rollback in 5mins\r\n1 /);
    clock.advance(5 * MINUTE);
    expect(person.all).toContain("Commit was not confirmed; automatic rollback complete.");
    expect(person.run("run show system commit")).toMatch(
      /^0 .* by root via other\r\n1 .*rollback in 5mins\r\n2 /,
    );
    expect(device.active.join("\n")).not.toContain("moved");
  });

  it.each(["commit", "commit check"])("is confirmed by any %s, another user's, too", (command) => {
    const { device, clock, login } = junos();
    login().run("configure", MOVED, "commit confirmed 1");
    login("other").run("configure", command);
    clock.advance(5 * MINUTE);
    expect(device.active).toContain(MOVED.slice(4));
    expect(device.journal.entries.find(({ kind }) => kind === "confirmed")?.by).toBe("other");
  });

  it("is one terminal's alone where that is asked for, and asks before it is dropped", () => {
    const { device, login } = junos();
    const [one, two] = [login(), login("other")];
    one.run("configure exclusive", MOVED);
    expect(two.run("configure exclusive")).toContain("error: configuration database locked by:");
    expect(one.run("exit")).toContain("Exit with uncommitted changes? [yes,no] (yes) ");
    expect(one.run("yes")).toContain("Exiting configuration mode");
    expect(two.run("configure exclusive")).toContain("Entering configuration mode");
    expect(device.active.join("\n")).not.toContain("moved");
  });

  it.each([
    ["no address", "delete interfaces ge-0/0/0 unit 0 family inet", { packets: false }],
    ["the interface down", "set interfaces ge-0/0/0 disable", { packets: false }],
    ["no route back", "delete routing-options static", { packets: false }],
    [
      "a filter that is not there",
      "set interfaces ge-0/0/0 unit 0 family inet filter input NONE",
      { packets: false },
    ],
    ["SSH off", "delete system services ssh", { packets: true, answers: false }],
    [
      "an order without passwords",
      "set system authentication-order tacplus",
      { answers: true, admits: false },
    ],
  ])("cuts us off with %s once it is committed", (_what, line, expected) => {
    const { device, login } = junos();
    const person = login();
    person.run("configure", line);
    expect(device.door.reach).toEqual({ packets: true, answers: true, admits: true });
    person.run("commit");
    expect(device.door.reach).toMatchObject(expected);
  });
});
