import { describe, expect, test } from "vitest";
import { SshMcpError } from "../../src/base/errors.ts";
import type { HostDirectory } from "../../src/inventory/host.ts";
import { directory } from "./open-directory.ts";

const HOSTS = `
hosts:
  edge: {host: 192.0.2.1, user: gate}
  core: {host: 192.0.2.2, jump: edge}
  leaf: {host: 192.0.2.3, jump: core, via: [edge, "oob@192.0.2.9:2200"]}
  bare: {host: 192.0.2.4}
  rack: {host: 192.0.2.5, groups: [far]}
groups:
  far: {via: core}
settings: {allow_adhoc: false}
`;
const SSH = "Host proxied\n  HostName 192.0.2.7\n  ProxyCommand nc %h %p\n";

const hops = async (hosts: HostDirectory, name: string, ...via: string[]) =>
  (await hosts.resolve(name, via)).jump.map((hop) => hop.name);

async function refusal(promise: Promise<unknown>): Promise<SshMcpError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SshMcpError) return error;
  throw new Error(`not refused: ${String(error)}`);
}

describe("a way that a caller names", () => {
  test("is taken where the entry or its group lists it, in place of the configured one", async () => {
    const { hosts } = await directory({ hosts: HOSTS });
    expect(await hops(hosts, "leaf")).toEqual(["edge", "core"]);
    expect(await hops(hosts, "leaf", "edge")).toEqual(["edge"]);
    expect(await hops(hosts, "leaf", "oob@192.0.2.9:2200")).toEqual(["oob@192.0.2.9:2200"]);
    expect(await hops(hosts, "rack", "core")).toEqual(["edge", "core"]);
    expect((await hosts.resolve("leaf", ["edge"])).jump[0]).toMatchObject({ user: "gate" });
  });

  test("may have several hops, each of them listed", async () => {
    const { hosts } = await directory({ hosts: HOSTS });
    expect(await hops(hosts, "leaf", "edge", "oob@192.0.2.9:2200")).toEqual(["edge", "oob@192.0.2.9:2200"]);
  });

  test.each([
    ["leaf", ["core"]],
    ["leaf", ["edge", "core"]],
    ["leaf", ["EDGE"]],
    ["leaf", ["edge:22"]],
    ["leaf", ["oob@192.0.2.9"]],
    ["leaf", ["-oProxyCommand=x"]],
    ["leaf", ["a b"]],
    ["bare", ["edge"]],
    ["rack", ["edge"]],
  ])("is refused for %s through %j, which nobody lists, and what is listed is named", async (name, via) => {
    const { hosts } = await directory({ hosts: HOSTS });
    const error = await refusal(hosts.resolve(name, via));
    expect(error.code).toBe("denied");
    expect(error.message).toMatch(
      /lists (?:no host to go through|edge, oob@192\.0\.2\.9:2200|core)\. Nothing was/,
    );
  });

  test("may be any host where the operator allows hosts outside the inventory", async () => {
    const { hosts } = await directory({ hosts: HOSTS.replace("allow_adhoc: false", "allow_adhoc: true") });
    expect(await hops(hosts, "bare", "core")).toEqual(["edge", "core"]);
    expect(await hops(hosts, "bare", "me@new.example.com:2222")).toEqual(["me@new.example.com:2222"]);
    expect((await refusal(hosts.resolve("bare", ["a b"]))).code).toBe("denied");
  });

  test("never leads in a circle", async () => {
    const { hosts } = await directory({ hosts: HOSTS.replace("allow_adhoc: false", "allow_adhoc: true") });
    expect((await refusal(hosts.resolve("edge", ["core"]))).message).toContain("run in a circle");
  });

  test("takes the place of a ProxyCommand as well", async () => {
    const { hosts } = await directory({
      hosts: "hosts: {edge: {host: 192.0.2.1}}\ndefaults: {via: edge}\nsettings: {ssh_config: {exec: true}}",
      ssh: SSH,
    });
    expect((await hosts.resolve("proxied")).proxyCommand).toBe("nc 192.0.2.7 22");
    const through = await hosts.resolve("proxied", ["edge"]);
    expect(through).not.toHaveProperty("proxyCommand");
    expect(through.jump.map((hop) => hop.name)).toEqual(["edge"]);
  });

  test("is shown in the list of hosts", async () => {
    const { hosts } = await directory({ hosts: HOSTS });
    const { hosts: list } = await hosts.list();
    expect(list.find(({ name }) => name === "leaf")).toMatchObject({ ways: ["edge", "oob@192.0.2.9:2200"] });
    expect(list.find(({ name }) => name === "bare")).not.toHaveProperty("ways");
  });
});
