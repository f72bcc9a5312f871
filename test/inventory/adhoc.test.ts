import { describe, expect, it, test } from "vitest";
import { adhocIn, isWithin } from "../../src/inventory/adhoc.ts";
import { directory } from "./open-directory.ts";
import { errorOf } from "./scratch.ts";

const at = (allowed: string, files: { hosts?: string; ssh?: string } = {}) =>
  directory(files, { env: { SSH_MCP_ALLOW_ADHOC: allowed } });

describe("SSH_MCP_ALLOW_ADHOC", () => {
  it("true: any host may be opened without an inventory", async () => {
    const { hosts } = await at("true");
    expect(await hosts.resolve("root@192.0.2.7:2222")).toMatchObject({
      source: "adhoc",
      address: "192.0.2.7",
      port: 2222,
    });
    expect((await hosts.resolve("me@anything.example")).within).toBeUndefined();
  });

  it.each(["", "false", "no"])("%j: none may", async (value) => {
    const { hosts } = await at(value);
    expect((await errorOf(hosts.resolve("root@192.0.2.7"))).code).toBe("unknown_host");
  });

  it("names: those alone", async () => {
    const { hosts } = await at("*.lab.example, db1");
    expect((await hosts.resolve("root@web.lab.example")).within).toBeUndefined();
    expect((await hosts.resolve("root@DB1")).source).toBe("adhoc");
    for (const name of ["root@lab.example", "root@web.lab.example.evil", "root@192.0.2.7"])
      expect((await errorOf(hosts.resolve(name))).code).toBe("unknown_host");
  });

  it("networks: addresses in them, and names whose address has to turn out to be in them", async () => {
    const { hosts } = await at("10.0.0.0/8,fd00::/8");
    expect((await hosts.resolve("root@10.1.2.3")).within).toEqual(["10.0.0.0/8", "fd00::/8"]);
    expect((await hosts.resolve("root@[fd00::1]:22")).source).toBe("adhoc");
    expect((await hosts.resolve("root@some.name")).within).toEqual(["10.0.0.0/8", "fd00::/8"]);
    expect((await errorOf(hosts.resolve("root@11.1.2.3"))).code).toBe("unknown_host");
  });

  it("is refused where another machine would look the name up", async () => {
    const { hosts } = await at("10.0.0.0/8", {
      ssh: "Host *.behind\n  ProxyJump gate\nHost gate\n  HostName 10.0.0.1\n",
    });
    expect((await errorOf(hosts.resolve("root@x.behind"))).message).toMatch(/address .* cannot be checked/);
    expect((await hosts.resolve("root@10.1.2.3")).jump).toEqual([]);
  });

  it.each(["10.0.0.0/33", "10.0.0/8", "web 1", "10.0.0.0/8/8", "{}"])("%s is named as a mistake", (value) => {
    expect(() => adhocIn(value)).toThrow(/neither a network .* nor a name/);
  });
});

test.each([
  ["10.1.2.3", true],
  ["::ffff:10.1.2.3", true],
  ["11.0.0.1", false],
  ["fd00::1%eth0", true],
  ["fe80::1", false],
  ["localhost", false],
])("%s within 10.0.0.0/8, fd00::/8: %s", (address, expected) => {
  expect(isWithin(address, ["10.0.0.0/8", "fd00::/8"])).toBe(expected);
});
