import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadInventory } from "../../src/inventory/load.ts";
import { open } from "./open-directory.ts";
import { errorOf, scratch } from "./scratch.ts";

const notesOf = async (place: ReturnType<typeof scratch>) =>
  (await (await open(place)).list()).notes.join("\n");

describe("a file that is nearly where the inventory is looked for", () => {
  test.each(["hosts.yml", "Hosts.yaml", "hosts.yaml.txt", "inventory.yaml"])("is named: %s", async (name) => {
    const place = scratch();
    const path = place.write(`.config/ssh-mcp/${name}`, "hosts: {a: {}}\n");
    expect(await notesOf(place)).toContain(`${path} is not read: its name is another.`);
  });

  test("is named where the file that --config names is missing", async () => {
    const place = scratch();
    const path = place.write("conf/servers.yml", "hosts: {}\n");
    const error = await errorOf(loadInventory(join(place.home, "conf/servers.yaml")));
    expect(error.next).toContain(`There is ${path}, which may be meant.`);
  });

  test("is no other file of that folder", async () => {
    const place = scratch();
    place.write(".config/ssh-mcp/allowed.json", "{}");
    expect(await notesOf(place)).not.toContain("allowed.json");
  });

  test("hosts.yml in the working directory is named too", async () => {
    const place = scratch();
    const path = place.write("desk/hosts.yml", "hosts: {}\n");
    expect(await notesOf(place)).toContain(`${path} is not read`);
  });
});

describe("another program's hosts.yaml in the working directory", () => {
  test.each([
    ["Nornir", "r1: {hostname: 10.0.0.9, platform: ios}\n"],
    ["Ansible", "all: {hosts: {web1: {ansible_host: 10.0.0.9}}}\n"],
  ])("is named for what it is, allows nothing and disables nothing: %s", async (what, text) => {
    const place = scratch();
    place.write(".config/ssh-mcp/hosts.yaml", "hosts: {mine: {host: 192.0.2.1}}\n");
    const path = place.write("desk/hosts.yaml", text);
    const { hosts, notes } = await (await open(place)).list();
    expect(hosts.map(({ name }) => name)).toEqual(["mine"]);
    expect(notes.join("\n")).toMatch(new RegExp(`${path} is an inventory of ${what}.*is not read`));
    expect(notes.join("\n")).not.toContain("ssh-mcp allow");
  });
});
