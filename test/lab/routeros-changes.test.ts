import { describe, expect, it } from "vitest";
import { createRouterOsConfig } from "../../src/lab/routeros/routeros.ts";
import { RouterConsole } from "./routeros-console.ts";

const MINUTE = 60_000;

function safe(): RouterConsole {
  const router = new RouterConsole();
  router.type("\x18");
  return router;
}

describe("the history of the simulated RouterOS", () => {
  it("marks what safe mode would undo, whoever did it", () => {
    const config = createRouterOsConfig();
    const [one, two] = [new RouterConsole({ config }), new RouterConsole({ config, login: "noc+ct" })];
    one.run("/ip/dns/set servers=192.0.2.1");
    one.type("\x18");
    one.run("/ip/firewall/filter/add chain=input action=drop");
    two.run("/user/set noc group=write");
    expect(one.rows("/system/history/print")).toEqual([
      "Flags: U - UNDOABLE, R - REDOABLE, F - FLOATING-UNDO",
      "Columns: ACTION, BY, POLICY",
      "  ACTION             BY     POLICY",
      "F user changed       noc    write",
      "F filter rule added  admin  write",
      "U dns changed        admin  write",
    ]);
    one.terminal.close();
    expect(config.history.map(({ action }) => action)).toEqual(["dns changed"]);
    expect(config.state.tables.user.find(({ values }) => values.name === "noc")?.values.group).toBe("read");
  });

  it("ends safe mode when it is full, and undoes nothing", () => {
    const router = safe();
    for (let number = 1; number <= 100; number++) router.run(`/system/identity/set name=r${number}`);
    expect(router.config.safeMode).toBeDefined();
    router.run("/system/identity/set name=last");
    expect(router.config.safeMode).toBeUndefined();
    router.terminal.close();
    expect(router.config.state.singles.identity.name).toBe("last");
  });

  it("is not what a reboot keeps: safe mode is undone, and nobody gets in meanwhile", () => {
    const router = safe();
    router.run("/system/identity/set name=changed");
    router.run("/system/reboot");
    router.type("y");
    expect(router.hungUp).toBe(true);
    expect(router.config.state.singles.identity.name).toBe("MikroTik");
    expect(router.config.door.reach.packets).toBe(false);
    router.clock.advance(MINUTE);
    expect(router.config.door.reach.packets).toBe(true);
    expect(router.config.journal.entries.map(({ kind }) => kind)).toEqual([
      "armed",
      "line",
      "undone",
      "down",
      "up",
    ]);
  });
});

describe("the way into the simulated RouterOS", () => {
  const open = { packets: true, answers: true, admits: true };
  const silent = { packets: false, answers: false, admits: false };
  it.each([
    ["another address", "/ip/address/set 0 address=192.168.88.2/24", silent],
    ["no address", "/ip/address/remove 0", silent],
    ["the interface down", "/interface/disable bridge", silent],
    ["no route back", "/ip/route/remove 0", silent],
    [
      "a longer route that leads nowhere",
      "/ip/route/add dst-address=203.0.113.0/24 gateway=10.0.0.1",
      silent,
    ],
    [
      "a rule for new connections",
      "/ip/firewall/filter/add chain=input action=drop",
      { ...open, answers: false, silent: true },
    ],
    [
      "a rule that rejects",
      "/ip/firewall/filter/add chain=input action=reject protocol=tcp dst-port=22",
      { ...open, answers: false, silent: false },
    ],
    [
      "a rule for elsewhere",
      "/ip/firewall/filter/add chain=input action=drop src-address=10.0.0.0/8",
      { ...open, silent: false },
    ],
    ["its first rule for nobody", "/ip/firewall/filter/set 0 action=drop", silent],
    ["the user away", "/user/disable admin", { ...open, admits: false }],
    ["the user elsewhere", "/user/set admin address=10.0.0.0/8", { ...open, admits: false }],
    ["another name", "/system/identity/set name=r1", open],
  ])("with %s", (_what, line, expected) => {
    const router = new RouterConsole();
    router.run(line);
    expect(router.config.door.reach).toMatchObject(expected);
  });
});
