import { describe, expect, it, test } from "vitest";
import type { Imported } from "../../src/inventory/import/draft.ts";
import { readForeign } from "../../src/inventory/import/read.ts";
import { errorOf, scratch } from "./scratch.ts";

function read(files: Readonly<Record<string, string>>): Promise<Imported> {
  const place = scratch();
  const [first] = Object.entries(files).map(([name, text]) => place.write(name, text));
  return readForeign(first ?? "", { env: {}, cwd: place.home, home: place.home });
}

/** The hosts that nothing stops, by name. */
async function entries(files: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
  const { drafts } = await read(files);
  expect(drafts.flatMap(({ stops }) => stops)).toEqual([]);
  return Object.fromEntries(drafts.map(({ name, entry }) => [name, entry]));
}

/** Why hosts are stopped, which secrets are left out, and what is different. */
async function said(files: Readonly<Record<string, string>>): Promise<string> {
  const { drafts, notes } = await read(files);
  const own = drafts.flatMap(({ name, stops, secrets, notes: said }) =>
    [...stops, ...secrets, ...said].map((text) => `${name}: ${text}`),
  );
  return [...own, ...notes].join("\n");
}

describe("hosts of mcp_ssh", () => {
  const DENIED = expect.arrayContaining(["\\breboot\\b", "rm\\s+-rf\\s+/"]);

  it("have each key in its place here", async () => {
    const yaml = `hosts:
  a: {host: 10.0.0.1, user: jo, port: 2222, auth: {method: key, key_path: ~/.ssh/k, passphrase_env: PP}, host_key_checking: off}
  b: {host: 10.0.0.2, user: jo, auth: {method: password, password_env: P}, shell: cli, prompt_regex: '>$', mode: unrestricted}
settings: {idle_timeout: 60, command_timeout: 5, keepalive_interval: 9, max_output_bytes: 4096, deny_patterns: [halt], audit_log: /var/log/x.log}
`;
    const shared = {
      deny_patterns: ["halt"],
      timeouts: { idle: 60, command: 5, keepalive: 9 },
      limits: { transcript_bytes: 4096 },
    };
    expect(await entries({ "hosts.yaml": yaml })).toEqual({
      a: {
        host: "10.0.0.1",
        port: 2222,
        user: "jo",
        auth: { method: "key", key_path: "~/.ssh/k", passphrase_env: "PP" },
        platform: "posix",
        ...shared,
      },
      b: {
        host: "10.0.0.2",
        user: "jo",
        auth: { method: "password", password_env: "P" },
        platform: "auto",
        prompt_regex: ">$",
        ...shared,
      },
    });
    expect((await read({ "hosts.yaml": yaml })).settings).toEqual({ audit_log: "/var/log/x.ssh-mcp.jsonl" });
  });

  it("keep what is refused there without being configured", async () => {
    const yaml = "hosts:\n  a: {host: h, user: jo, auth: {method: key}, deny_patterns: [mine]}\n";
    expect(await entries({ "hosts.yaml": yaml })).toMatchObject({ a: { deny_patterns: DENIED } });
  });

  test.each([
    ["mode: readonly", "its mode readonly has no counterpart"],
    [
      "mode: restricted, allow_patterns: ['^show']",
      "its allow_patterns have no counterpart, and would be loosened",
    ],
    ["sandbox: true", "its key sandbox has no counterpart"],
  ])("are not imported where %s would be loosened", async (key, why) => {
    const yaml = `hosts:\n  a: {host: h, user: jo, auth: {method: key}, ${key}}\n`;
    expect(await said({ "hosts.yaml": yaml })).toContain(`a: ${why}`);
  });
});

describe("hosts of other programs", () => {
  test.each<[what: string, files: Record<string, string>, hosts: Record<string, unknown>]>([
    [
      "an ssh configuration, as ssh would open them",
      {
        config:
          "Host web\n  HostName 10.0.0.1\n  ProxyJump jo@bastion:2222\n  IdentityFile ~/.ssh/w\n  IdentitiesOnly yes\nHost bastion\n  IdentityAgent none\n  IdentityFile ~/.ssh/b\nHost *\n  User jo\n",
      },
      {
        web: {
          host: "10.0.0.1",
          user: "jo",
          jump: ["jo@bastion:2222"],
          auth: [
            { method: "key", key_path: "~/.ssh/w" },
            { method: "agent", only_keys: ["~/.ssh/w"] },
          ],
        },
        bastion: { user: "jo", auth: { method: "key", key_path: "~/.ssh/b" } },
      },
    ],
    [
      "saved sessions",
      {
        "s.json": JSON.stringify({
          hpc: { host: "login.example", port: 65023, username: "jo", key_path: "/home/jo/k" },
        }),
      },
      {
        hpc: {
          host: "login.example",
          port: 65023,
          user: "jo",
          auth: { method: "key", key_path: "/home/jo/k" },
        },
      },
    ],
    [
      "a table with semicolons and quotes",
      {
        "t.csv":
          'id;name;ip;username;device_type;tags;comment\n1;sw1;10.0.0.1;jo;cisco_ios;core,dc1;"one; ""two"""\n2;sw2;10.0.0.2;;juniper;;\n',
      },
      {
        sw1: {
          host: "10.0.0.1",
          user: "jo",
          platform: "cisco_ios",
          tags: ["core", "dc1"],
          description: 'one; "two"',
        },
        sw2: { host: "10.0.0.2", platform: "juniper_junos" },
      },
    ],
    [
      "an INI inventory of Ansible, with ranges, groups within groups and the way there",
      {
        hosts:
          "[web]\nweb[01:02] ansible_user=root\n[db]\ndb1 ansible_host=10.0.0.5 ansible_port=2200\n[prod:children]\nweb\ndb\n[prod:vars]\nansible_user=ops\nansible_ssh_common_args='-o ProxyJump=jo@gw'\n[all:vars]\nansible_user=nobody\nx={{ y }}\n",
      },
      {
        web01: { user: "root", jump: ["jo@gw"], tags: ["prod", "web"] },
        web02: { user: "root", jump: ["jo@gw"], tags: ["prod", "web"] },
        db1: { host: "10.0.0.5", port: 2200, user: "ops", jump: ["jo@gw"], tags: ["prod", "db"] },
      },
    ],
    [
      "a YAML inventory of Ansible",
      {
        "inv.yml":
          "all:\n  vars: {ansible_user: jo}\n  children:\n    sw:\n      vars: {ansible_network_os: cisco.ios.ios, ansible_connection: ansible.netcommon.network_cli}\n      hosts:\n        sw1: {ansible_host: 10.0.0.1}\n",
      },
      { sw1: { host: "10.0.0.1", user: "jo", platform: "cisco_ios", tags: ["sw"] } },
    ],
    [
      "Nornir, with what groups and defaults say",
      {
        "hosts.yaml": "r1: {hostname: 10.0.0.1, groups: [core], data: {site: x}}\n",
        "groups.yaml": "core: {platform: eos, port: 2222}\n",
        "defaults.yaml": "username: jo\nport: 22\n",
      },
      { r1: { host: "10.0.0.1", port: 2222, user: "jo", platform: "arista_eos", tags: ["core"] } },
    ],
    [
      "netmiko",
      {
        "d.yaml":
          "- {device_type: cisco_nxos, host: 10.0.0.1, username: jo, use_keys: true, key_file: ~/.ssh/k}\n",
      },
      { "10.0.0.1": { user: "jo", platform: "cisco_nxos", auth: { method: "key", key_path: "~/.ssh/k" } } },
    ],
    [
      "NetBox",
      {
        "n.json": JSON.stringify({
          count: 1,
          results: [
            {
              name: "sw1",
              primary_ip4: { address: "10.0.0.1/24" },
              primary_ip6: null,
              platform: { slug: "ios-xe" },
              role: { slug: "access" },
              site: { slug: "ams" },
              status: { value: "active" },
              tags: [{ slug: "core" }],
              description: "Rack 1",
            },
          ],
        }),
      },
      {
        sw1: {
          host: "10.0.0.1",
          platform: "cisco_ios",
          tags: ["access", "ams", "core"],
          description: "Rack 1",
        },
      },
    ],
  ])("%s", async (_what, files, hosts) => {
    expect(await entries(files)).toEqual(hosts);
  });

  test.each<[what: string, files: Record<string, string>, why: string]>([
    [
      "a password in a table",
      { "t.csv": "name,host,password\na,h,hunter2\n" },
      "a: its password is not imported; configure it: ssh-mcp hosts set a auth.method=password auth.password_env=VARIABLE",
    ],
    [
      "an enable password of netmiko",
      { "d.yaml": "a: {device_type: cisco_ios, host: h, secret: hunter2}\n" },
      "a: its enable password is not imported",
    ],
    [
      "a password of Ansible",
      { hosts: "[g]\na ansible_password=hunter2\n" },
      "a: its password is not imported",
    ],
    [
      "a key of a session that is unknown",
      { "s.json": '{"a": {"host": "h", "readonly": true}}' },
      "a: its key readonly has no counterpart",
    ],
    [
      "a ProxyCommand in the arguments of Ansible",
      { hosts: "[g]\na ansible_ssh_common_args='-o ProxyCommand=\"nc %h\"'\n" },
      "a: its ssh arguments name a ProxyCommand",
    ],
    [
      "a ProxyCommand of ssh",
      { config: "Host a\n  ProxyCommand nc %h %p\n" },
      'Host "a" needs a ProxyCommand',
    ],
    [
      "a check that is switched off",
      { hosts: "[g]\na ansible_ssh_common_args='-o StrictHostKeyChecking=no'\n" },
      "a: its host key is checked here",
    ],
    ["Telnet", { "d.yaml": "a: {device_type: cisco_ios_telnet, host: h}\n" }, "a: it is reached by Telnet"],
    ["WinRM", { hosts: "[g]\na ansible_connection=winrm\n" }, "a: its ansible_connection is winrm"],
    [
      "a template in place of an address",
      { hosts: "[g]\na ansible_host='{{ ip }}'\n" },
      "a: its ansible_host is a template",
    ],
    [
      "a device without an address",
      { "n.json": '[{"name": "a", "primary_ip": null}]' },
      "a: it has no primary address",
    ],
    [
      "a device that is planned",
      {
        "n.json": '[{"name": "a", "primary_ip": {"address": "10.0.0.1/8"}, "status": {"value": "planned"}}]',
      },
      "a: its status is planned",
    ],
    [
      "a platform of nobody's",
      { "t.csv": "name,host,os\na,h,zzz\n" },
      'a: the platform "zzz" is none of ours',
    ],
    [
      "a key file that is relative",
      { "t.csv": "name,host,key_file\na,h,keys/a\n" },
      "a: its key file has a relative path",
    ],
    ["columns of no field", { "t.csv": "name,host,rack\na,h,7\n" }, "Columns that are not imported: rack"],
  ])("%s is told", async (_what, files, why) => {
    const text = await said(files);
    expect(text).toContain(why);
    expect(text).not.toContain("hunter2");
  });

  test.each([
    ["our own inventory", "hosts: {a: {}}\ngroups: {}\n", "is an inventory of ssh-mcp itself"],
    ["a file of no kind that is known", "some: text\n", "is no file that hosts can be imported from"],
    ["a table without names of columns", "a,b\nc,d\n", "none of these is an address"],
  ])("%s is refused", async (_what, text, why) => {
    expect((await errorOf(read({ file: text }))).message).toContain(why);
  });
});
