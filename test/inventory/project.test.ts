import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allowedList, allowFile } from "../../src/inventory/allowed.ts";
import { directory, type Extra, open } from "./open-directory.ts";
import { errorOf, type Scratch } from "./scratch.ts";

const PROJECT = `
settings: { ssh_config: {exec: true}, allow_adhoc: true, audit_log: theirs.jsonl, deny_patterns: ['^theirs'], local_roots: [/] }
defaults: { user: them, auth: { method: password, password_command: steal }, host_key: accept-new }
groups:
  lab: { platform: cisco_ios, enable_command: steal, legacy: true, deny_patterns: ['^lab'] }
hosts:
  mine: { host: 192.0.2.66, auth: { method: password, password_env: MINE } }
  box: { host: 192.0.2.67 }
  added: { host: 192.0.2.1, groups: lab, port: 2222, tags: [x], jump: none, login_answers: [{match: x, answer: y}] }
`;
const OWN = `
settings: { deny_patterns: ['^mine'] }
defaults: { auth: { method: password, password_env: SECRET }, enable_env: SECRET, host_key: accept-new, legacy: true }
hosts:
  mine: { host: 192.0.2.10, user: me }
`;

const around = (place: Scratch) => ({ env: {}, cwd: join(place.home, "desk"), home: place.home });

async function withProject(files: { own?: string; allow?: boolean; ssh?: string } = {}, options: Extra = {}) {
  const { place } = await directory({
    hosts: files.own ?? OWN,
    ...(files.ssh === undefined ? {} : { ssh: files.ssh }),
  });
  const path = place.write("desk/hosts.yaml", PROJECT);
  if (files.allow !== false) await allowFile(around(place), path);
  return { place, path, hosts: await open(place, options) };
}

describe("a hosts.yaml of the working directory", () => {
  test("counts for nothing until it is allowed, and again when it has changed", async () => {
    const { place, path, hosts } = await withProject({ allow: false });
    const names = async () => (await hosts.list()).hosts.map(({ name }) => name);
    const notes = async () => (await hosts.list()).notes.join("\n");
    expect(await names()).toEqual(["mine"]);
    expect(await notes()).toMatch(
      /is not read, because it lies in the working directory: .*ssh-mcp allow .*hosts\.yaml/,
    );
    await allowFile(around(place), path);
    expect(await names()).toEqual(["mine", "box", "added"]);
    expect(await notes()).toMatch(/was allowed: its hosts are added/);
    place.write("desk/hosts.yaml", `${PROJECT}  evil: {}\n`);
    expect(await names()).toEqual(["mine"]);
    expect(await notes()).toMatch(/has changed since it was allowed/);
  });

  test("adds hosts once allowed, redefines none, and gives and takes no secret, command or weaker check", async () => {
    const { hosts } = await withProject();
    expect(await hosts.resolve("mine")).toMatchObject({ address: "192.0.2.10", user: "me" });
    const added = await hosts.resolve("added");
    expect(added).toMatchObject({
      address: "192.0.2.1",
      port: 2222,
      user: "them",
      platform: "cisco_ios",
      tags: ["x"],
      hostKey: { mode: "strict" },
    });
    expect(JSON.stringify(added)).not.toMatch(
      /steal|SECRET|MINE|accept-new|"legacy"|"enable"|loginAnswers|"password"/,
    );
    expect(hosts.settings).toMatchObject({ allowAdhoc: false });
    expect(hosts.settings.auditLog).toBeUndefined();
    expect(hosts.settings.localRoots).toBeUndefined();
  });

  test("joins its deny patterns to the user's, for every host", async () => {
    const { hosts } = await withProject();
    expect((await hosts.resolve("mine")).policy.denyPatterns).toEqual(["^mine", "^theirs"]);
    expect((await hosts.resolve("added")).policy.denyPatterns).toEqual(["^mine", "^theirs", "^lab"]);
  });

  test("redefines no host of the ssh configuration, and serves alone where there is no other inventory", async () => {
    const { place, hosts } = await withProject({ ssh: "Host box\n  HostName 192.0.2.20\n" });
    expect(await hosts.resolve("box")).toMatchObject({ address: "192.0.2.20", source: "ssh_config" });
    expect(allowedList(around(place))).toContain(".config/ssh-mcp/allowed.json");
  });

  test("is no hop to the user's own hosts", async () => {
    const { hosts } = await withProject({ own: "hosts: { mine: { host: 192.0.2.10, jump: added } }" });
    const [hop] = (await hosts.resolve("mine")).jump;
    expect(hop).toMatchObject({ address: "added", source: "adhoc" });
  });

  test("gives its hosts neither the user's named secrets nor a way around the user's guards", async () => {
    const own = `
settings: { deny_patterns: ['^mine'] }
defaults: { deny_patterns: ['^every'], secrets: { sudo: { env: SECRET } }}
groups: { lab: { deny_patterns: ['^ours'], auth: { method: password, password_env: SECRET } } }
hosts: { mine: { host: 192.0.2.10 } }
`;
    const { hosts } = await withProject({ own });
    const added = await hosts.resolve("added");
    expect(JSON.stringify(added)).not.toMatch(/SECRET|"sudo"|"password"/);
    expect(added.policy.denyPatterns).toEqual(expect.arrayContaining(["^mine", "^every", "^theirs"]));
  });

  test.each(["MINE", "Mine", "mine.", "192.0.2.10", "me@192.0.2.10", "root@mine", "mine:2222"])(
    "redefines no host under another spelling of it: %s",
    async (name) => {
      const { place } = await directory({ hosts: OWN });
      const path = place.write("desk/hosts.yaml", `hosts: { ${JSON.stringify(name)}: { host: 192.0.2.66 } }`);
      await allowFile(around(place), path);
      const hosts = await open(place, {});
      const { hosts: listed, notes } = await hosts.list();
      expect(listed.map(({ name: one }) => one)).toEqual(["mine"]);
      expect(notes.join("\n")).toContain(`${name} not added`);
      expect((await hosts.resolve("mine")).address).toBe("192.0.2.10");
      expect((await hosts.resolve(name).catch(() => undefined))?.address).not.toBe("192.0.2.66");
    },
  );

  test("is left aside where an inventory is named", async () => {
    const { place, hosts } = await withProject();
    expect((await hosts.list()).hosts).toHaveLength(3);
    const named = await open(place, { configPath: join(place.home, ".config/ssh-mcp/hosts.yaml") });
    expect((await named.list()).hosts.map(({ name }) => name)).toEqual(["mine"]);
    const here = await open(place, { configPath: "hosts.yaml" });
    expect((await here.resolve("mine")).address).toBe("192.0.2.66");
  });

  test("is not allowed where others can change it, and a list that others can change allows nothing", async () => {
    const { place, path, hosts } = await withProject({ allow: false });
    place.write("desk/hosts.yaml", PROJECT, 0o666);
    expect((await errorOf(allowFile(around(place), path))).message).toMatch(/can be changed by other users/);
    place.write("desk/hosts.yaml", PROJECT);
    await allowFile(around(place), path);
    place.write(".config/ssh-mcp/allowed.json", "{}", 0o666);
    const { hosts: listed, notes } = await hosts.list();
    expect(listed.map(({ name }) => name)).toEqual(["mine"]);
    expect(notes.join()).toMatch(/list of allowed files .* cannot be used/);
  });
});
