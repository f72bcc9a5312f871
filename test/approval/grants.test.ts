import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { grammarFor } from "../../src/app/grammars.ts";
import { Approvals } from "../../src/approval/approvals.ts";
import { Board } from "../../src/approval/board.ts";
import { faultIn } from "../../src/approval/grant.ts";
import { Grants } from "../../src/approval/grants.ts";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import type { Action, Entered, Target } from "../../src/base/contract/action.ts";
import type { HostPolicy } from "../../src/base/contract/policy.ts";
import { grantFor, grantText } from "../../src/commands/approve/grant.ts";
import { openCatalog } from "../../src/devices/catalog.ts";
import { Guard } from "../../src/policy/guard.ts";
import { aHost, UNRESTRICTED } from "../a-host.ts";
import { AGENT } from "../tools/fake.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const run = (command: string): Action => ({
  verb: "run",
  command,
  lines: [{ text: command, why: "command" }],
});

const typing = (bytes: string, shown: string, enters?: Entered): Action => ({
  verb: "type",
  how: "keys",
  shown,
  bytes: Buffer.from(bytes),
  ...(enters === undefined ? {} : { enters }),
});

/** Whoever waits has waited long enough. */
function impatient(): Clock {
  let now = 0;
  return {
    ...systemClock,
    now: () => {
      now += 10_000;
      return now;
    },
    after: (_ms, call) => systemClock.after(0, call),
  };
}

/** A gate over hosts of these groups, and a person who gives leave. */
function gate(policy: Partial<HostPolicy> = {}, platform = "posix") {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-grants-"));
  folders.push(folder);
  const whole = { ...UNRESTRICTED, level: "guarded" as const, ...policy };
  let now = systemClock.wallTime();
  const catalog = openCatalog();
  const board = new Board(folder, () => now);
  const grants = new Grants(folder, () => now);
  const access = createAccess({
    directory: {
      resolve: async (name) =>
        aHost({ name, platform, policy: whole, groups: [name.startsWith("web") ? "www" : "other"] }),
      outdated: undefined,
    },
    guard: new Guard((id) => grammarFor(catalog, id), systemClock),
    approvals: new Approvals({ board, grants, clock: impatient() }),
  });
  const pass = async (command: string | Action, host = "web1", facts: object = {}): Promise<boolean> => {
    const target: Target = {
      host: { name: host, address: `jo@${host}:22`, platform, policy: whole },
      session: {
        ...{ name: host, life: 1, state: "prompt", promptBy: "sentinel", level: 1 },
        ...(platform === "posix" ? {} : { platform, mode: "config" }),
        ...facts,
      },
    };
    let ran = false;
    await access
      .pass(AGENT, typeof command === "string" ? run(command) : command, target, async () => {
        ran = true;
      })
      .catch(() => {});
    return ran;
  };
  return {
    folder,
    grants,
    board,
    pass,
    /** What a person does when this is asked for. */
    async give(command: string, wanted: Partial<Parameters<typeof grantFor>[1]> = {}) {
      await pass(command);
      const order = (await board.waiting()).find(({ text }) => text === command);
      if (order === undefined) throw new Error("nothing waits");
      const grant = grantFor(order, { lasts: "30m", irreversible: false, ...wanted }, now);
      return grants.add({ ...grant, by: "jo at a terminal" });
    },
    later(ms: number) {
      now += ms;
    },
  };
}

describe("leave beyond one command", () => {
  it("lets the very same command pass again and again, and no other", async () => {
    const { give, pass } = gate();
    await give("systemctl restart nginx");
    expect(await pass("systemctl restart nginx")).toBe(true);
    expect(await pass("sudo  systemctl   restart 'nginx'")).toBe(true);
    for (const other of [
      "systemctl restart sshd",
      "systemctl stop nginx",
      "systemctl restart nginx; reboot",
      "systemctl restart nginx sshd",
      "systemctl restart nginx && rm -rf /srv",
      "systemctl restart $(cat x)",
    ])
      expect(await pass(other), other).toBe(false);
  });

  it("is for the host it was asked on, or for those that are named", async () => {
    const { give, pass } = gate();
    await give("systemctl restart nginx");
    expect(await pass("systemctl restart nginx", "web2")).toBe(false);
    await give("systemctl stop nginx", { hosts: "group:www,db*" });
    for (const [host, may] of [
      ["web2", true],
      ["db7", true],
      ["mail1", false],
      ["xdb7", false],
    ] as const)
      expect(await pass("systemctl stop nginx", host), host).toBe(may);
  });

  it("is for a kind where the words say so: a word, the rest, a path below", async () => {
    const { give, pass } = gate();
    await give("systemctl restart nginx", { like: "systemctl restart *" });
    expect(await pass("systemctl restart php-fpm")).toBe(true);
    for (const other of [
      "systemctl restart --root=/mnt nginx",
      "systemctl restart nginx php-fpm",
      "systemctl stop nginx",
      "systemctl restart 'a b'",
      `systemctl restart "$x"`,
    ])
      expect(await pass(other), other).toBe(false);
    await give("chown -R www /etc/www/a", { like: "chown -R www /etc/www/**" });
    expect(await pass("chown -R www /etc/www/b/c")).toBe(true);
    for (const path of ["/etc/www/../../etc", "/etc/wwwx", "/etc/www", "/etc/www/", "/etc/www/a /etc"])
      expect(await pass(`chown -R www ${path}`), path).toBe(false);
  });

  it("is over in time, and when it is taken back", async () => {
    const { give, pass, later, grants, folder } = gate();
    await give("systemctl restart nginx");
    later(29 * 60_000);
    expect(await pass("systemctl restart nginx")).toBe(true);
    later(60_000);
    expect(await pass("systemctl restart nginx")).toBe(false);
    expect(await grants.all()).toEqual([]);
    const { id } = await give("systemctl stop nginx");
    expect(await pass("systemctl stop nginx")).toBe(true);
    expect(await grants.revoke(id)).toBe(true);
    expect(await grants.revoke(id)).toBe(false);
    expect(await pass("systemctl stop nginx")).toBe(false);
    expect(readdirSync(join(folder, "approvals")).filter((name) => name.includes("grant"))).toEqual([]);
  });

  it("is not for what cannot be undone, unless a person says that too", async () => {
    const { give, pass } = gate();
    await expect(give("rm -rf /srv/old")).rejects.toThrow(/--irreversible/);
    expect(await pass("rm -rf /srv/old")).toBe(false);
    await give("rm -rf /srv/old", { irreversible: true });
    expect(await pass("rm -rf /srv/old")).toBe(true);
    expect(await pass("rm -rf /srv")).toBe(false);
  });

  it("lifts what asks outside of the change windows, and nothing that is refused", async () => {
    const never = { days: [], from: 0, to: 1 };
    const { give, pass } = gate({ level: "unrestricted", windows: [never] });
    await give("touch /srv/x", { like: "touch /srv/**" });
    expect(await pass("touch /srv/y")).toBe(true);
    expect(await pass("touch /etc/y")).toBe(false);
    const rules = [{ is: "deny" as const, pattern: "systemctl .*", at: "hosts.yaml:1" }];
    const denied = gate({ rules });
    await denied.grants.add({
      by: "jo",
      at: systemClock.wallTime(),
      until: systemClock.wallTime() + 60_000,
      from: "A7K3X",
      hosts: ["*"],
      shapes: [{ words: "systemctl stop nginx", why: "stops a service", risk: "irreversible" }],
    });
    expect(await denied.pass("systemctl stop nginx")).toBe(false);
  });

  it("is for interface descriptions on some devices, and for nothing else in that mode", async () => {
    const never = { days: [], from: 0, to: 1 };
    const { give, pass } = gate({ level: "guarded", windows: [never] }, "cisco_ios");
    await give("interface Gi0/1\ndescription uplink", { like: "interface *; description **", hosts: "web*" });
    expect(await pass("int gi0/2\n desc to core 2 port 7", "web2")).toBe(true);
    for (const other of [
      "interface Gi0/1\nshutdown",
      "interface Gi0/1\ndescription x\nno ip address",
      "hostname x",
    ])
      expect(await pass(other, "web2"), other).toBe(false);
  });

  it("has to hold for what was asked for, and lasts a day at most", async () => {
    const { give } = gate();
    await expect(give("systemctl restart nginx", { like: "systemctl stop *" })).rejects.toThrow(
      /does not hold/,
    );
    await expect(give("systemctl restart nginx", { lasts: "25h" })).rejects.toThrow(/24h/);
    await expect(give("systemctl restart nginx", { lasts: "0m" })).rejects.toThrow(/24h/);
    for (const words of ["*", "** x", "rm /a*", "cat ** x", "x /a/**/b"])
      expect(faultIn(words), words).toBeDefined();
    for (const words of ["rm *", "cat /var/log/**", "description **"])
      expect(faultIn(words), words).toBeUndefined();
  });

  it("that lies there in another form, or for longer than a day, is none", async () => {
    const { give, pass, folder, grants } = gate();
    const { id } = await give("systemctl restart nginx");
    const [grant] = await grants.all();
    await grants.revoke(id);
    const at = (name: string) => join(folder, "approvals", `${name}.grant.json`);
    writeFileSync(at("GABCD"), JSON.stringify({ ...grant, id: "GABCD", until: 9e15 }), { mode: 0o600 });
    writeFileSync(at("GABCE"), JSON.stringify({ ...grant, id: "GABCE", hosts: "*" }), { mode: 0o600 });
    writeFileSync(at("GABCF"), JSON.stringify({ ...grant, id: "GABCF" }));
    chmodSync(at("GABCF"), 0o666);
    writeFileSync(at("GABCH"), JSON.stringify(grant), { mode: 0o600 });
    expect(await pass("systemctl restart nginx")).toBe(false);
  });

  it("is for where it was asked: what goes on to another host or into a container is another thing", async () => {
    const { give, pass, grants } = gate();
    await give("systemctl restart nginx");
    const elsewhere = [
      "ssh web2 systemctl restart nginx",
      "ssh web3 'systemctl restart nginx'",
      "ssh web2 <<< 'systemctl restart nginx'",
      "docker exec db systemctl restart nginx",
      "sudo chroot /mnt systemctl restart nginx",
    ];
    for (const other of elsewhere) expect(await pass(other), other).toBe(false);
    const grant = await give("ssh web2 systemctl restart nginx", { like: "systemctl restart *" });
    expect(grantText(grant)).toContain("ssh web2 systemctl restart *");
    expect(await pass("ssh web2 'systemctl restart php-fpm'")).toBe(true);
    expect(await pass("ssh web3 systemctl restart php-fpm")).toBe(false);
    expect(await pass("systemctl restart php-fpm")).toBe(false);
    const ways = (await grants.all()).map(({ shapes: [one] }) => one?.via);
    expect(ways).toEqual(expect.arrayContaining([undefined, ["ssh web2"]]));
    await expect(give('ssh "$TO" systemctl restart nginx')).rejects.toThrow(/not known to the end/);
  });

  it("is for no keys: what they do depends on what is in front", async () => {
    const { board, pass, grants } = gate();
    const inVim = { state: "screen", command: 1 };
    const keys: [Action, object][] = [
      [typing(":wq\r", "<keys>"), inVim],
      [typing("hunter22\r", "hunter22<Enter>"), { state: "asking", asked: "password", askedBy: "screen" }],
      [typing("\u001b[A\r", "<Up><Enter>", { lines: [], unknown: true }), { state: "prompt" }],
    ];
    await pass("python3");
    for (const [action, session] of keys) await pass(action, "web1", session);
    const orders = await board.waiting();
    expect(orders.map(({ what }) => what)).toEqual(["type", "type", "type"]);
    for (const order of orders)
      expect(() => grantFor(order, { lasts: "30m", irreversible: false }, systemClock.wallTime())).toThrow(
        /not understood well enough/,
      );
    expect(await grants.all()).toEqual([]);
  });

  it("is no answer to what a person said no to", async () => {
    const { give, pass, board } = gate();
    await pass("systemctl restart php-fpm");
    const [order] = await board.waiting();
    if (order === undefined) throw new Error("nothing waits");
    await board.give(order.id, { yes: false, by: "jo", at: systemClock.wallTime(), key: order.key });
    await give("systemctl restart nginx", { like: "systemctl restart *" });
    expect(await pass("systemctl restart php-fpm")).toBe(false);
    expect(await pass("systemctl restart cron")).toBe(true);
  });
});
