import { describe, expect, test } from "vitest";
import { SshMcpError } from "../../src/base/errors.ts";
import { parseInventory } from "../../src/inventory/parse.ts";

/** Everything that is said of a file: its faults, those of single hosts, and the notes. */
async function said(text: string): Promise<string> {
  try {
    const { refused, notes } = await parseInventory(text, "hosts.yaml");
    return [...[...refused.values()].map((error) => error.toText()), ...notes].join("\n");
  } catch (error) {
    if (error instanceof SshMcpError) return error.toText();
    throw error;
  }
}

/** An entry of one host, each line indented below its name. */
const web1 = (...lines: string[]) => `hosts:\n  web1:\n${lines.map((line) => `    ${line}\n`).join("")}`;

describe("a mistake in hosts.yaml is told with its line and what is meant", () => {
  test.each<[what: string, text: string, line: number, meant: string]>([
    // The form of the file.
    ["a deeper indent", web1("host: 10.0.0.1", "  user: jo"), 4, "indented deeper than line 3"],
    [
      "a lesser indent",
      "hosts:\n    web1:\n        host: a\n      user: b\n",
      4,
      "not indented like those it belongs to",
    ],
    ["a tab", "hosts:\n  web1:\n\thost: a\n", 3, "a tab indents this line; indent with blanks"],
    [
      "no blank behind a colon",
      web1("host:10.0.0.1", "user: jo"),
      3,
      "a blank is missing behind the colon: write `host: …`",
    ],
    [
      "no blank in a flow mapping",
      "hosts: {web1: {user:jo}}\n",
      1,
      "a blank is missing behind the colon: `user: …`",
    ],
    ["no colon behind a name", "hosts:\n  web1\n    host: a\n", 2, "a colon is missing at its end"],
    [
      "a colon within a text",
      web1("description: see: manual"),
      3,
      "a text with a colon and a blank in it needs quotes",
    ],
    ["a quote not closed", web1("host: 'a", "user: jo"), 3, "a quote (') is opened here and not closed"],
    [
      "a bracket not closed",
      "hosts:\n  web1: {host: a\n  web2: {host: b}\n",
      3,
      "a bracket above is not closed",
    ],
    [
      "a text that begins with a special character",
      web1("description: @home"),
      3,
      "begins with @ needs quotes",
    ],
    ["a backslash in double quotes", web1('description: "C:\\Users"'), 3, "use single quotes"],
    ["an alias that leads nowhere", web1("prompt_regex: *gone"), 3, "Unresolved alias"],
    ["a merge key", web1("<<: {user: jo}"), 3, "what several hosts share goes into a group"],
    // Where hosts stand.
    ["a list of names", "hosts:\n  - web1\n  - web2\n", 2, "without a dash: `web1: {host: 10.0.0.1}`"],
    [
      "a list of entries",
      "hosts:\n  - name: web1\n    host: 10.0.0.1\n",
      2,
      "without a dash: `web1: {host: 10.0.0.1}`",
    ],
    [
      "a list within a host",
      "hosts:\n  web1:\n    - host: 10.0.0.1\n",
      3,
      "write it without dashes: `web1: {host: ",
    ],
    ["an address alone", "hosts:\n  web1: 10.0.0.1\n", 2, "write `web1: {host: 10.0.0.1}`"],
    [
      "user, address and port alone",
      "hosts:\n  web1: jo@10.0.0.1:2222\n",
      2,
      "write `web1: {host: 10.0.0.1, port: 2222, user: jo}`",
    ],
    ["one name alone", "hosts: web1\n", 1, "each host has a line of its own below it"],
    [
      "a host at the top",
      "hosts: {}\nweb1: {host: 10.0.0.1}\n",
      2,
      "hosts are listed below hosts: `hosts: {web1: {host: ADDRESS}}`",
    ],
    ["another word for hosts", "hosts: {}\nservers: {}\n", 2, "write `hosts:`"],
    ["a setting at the top", "hosts: {}\nidle_timeout: 30m\n", 2, "it belongs below settings:"],
    ["a setting in a host", web1("audit_log: x"), 3, "holds for all hosts and belongs below `settings:`"],
    ["a host's key in the settings", "settings:\n  user: jo\n", 2, "`defaults:` for all hosts"],
    [
      "a group that lists its hosts",
      "groups:\n  prod: [web1, web2]\n",
      2,
      "each host names its groups: `groups: [prod]`",
    ],
    [
      "a group with hosts in it",
      "groups:\n  prod:\n    hosts: {web1: {}}\n",
      3,
      "each host names its groups: `groups: [prod]`",
    ],
    ["groups in one text", web1("groups: prod, web"), 3, "write a list: `groups: [prod, web]`"],
    ["names that differ in case", "hosts:\n  web1: {}\n  Web1: {}\n", 3, "differ only in case"],
    // Words of other tools.
    ["netmiko's device_type", web1("device_type: cisco_ios"), 3, "write `platform: cisco_ios`"],
    ["netmiko's word for IOS XE", web1("device_type: cisco_xe"), 3, "write `platform: cisco_ios`"],
    ["hostname", web1("hostname: 10.0.0.7"), 3, "write `host: 10.0.0.7`"],
    ["ip", web1("ip: 10.0.0.7"), 3, "write `host: 10.0.0.7`"],
    ["ansible_host", web1("ansible_host: 10.0.0.7"), 3, "write `host: 10.0.0.7`"],
    ["username", web1("username: noc"), 3, "write `user: noc`"],
    ["ProxyJump", web1("ProxyJump: gate"), 3, "write `jump: gate`"],
    [
      "IdentityFile",
      web1("IdentityFile: ~/.ssh/x"),
      3,
      "write `auth: {method: key, key_path: ~/.ssh/id_ed25519}`",
    ],
    ["key", web1("key: ~/.ssh/x"), 3, "write `auth: {method: key, key_path: ~/.ssh/id_ed25519}`"],
    ["key within auth", web1("auth: {method: key, key: ~/.ssh/x}"), 3, "write `key_path: ~/.ssh/id_ed25519`"],
    ["key_env outside auth", web1("key_env: X"), 3, "`auth: {method: key, key_env: …}`"],
    ["password_env outside auth", web1("password_env: X"), 3, "`auth: {method: password, password_env: …}`"],
    ["a timeout", web1("timeout: 30"), 3, "write `timeouts: {connect: 15s}`"],
    [
      "the check of host keys switched off",
      web1("StrictHostKeyChecking: no"),
      3,
      "write `host_key: strict, accept-new",
    ],
    // Values.
    ["a user that is a number", web1("user: 1001"), 3, 'write `user: "1001"`'.replace("write ", "quotes: ")],
    ["an address with its port", web1("host: 127.0.0.1:2222"), 3, "write `host: 127.0.0.1, port: 2222`"],
    ["an IPv6 address with its port", web1("host: '[::1]:2222'"), 3, "port: 2222`"],
    [
      "an address with its user",
      web1("host: jo@db.example.com"),
      3,
      "write `host: db.example.com, user: jo`",
    ],
    [
      "a URL",
      web1("host: ssh://jo@db.example.com:2222/"),
      3,
      "write `host: db.example.com, port: 2222, user: jo`",
    ],
    [
      "an address with a prefix length",
      web1("host: 10.0.0.1/24"),
      3,
      "without the prefix length: `host: 10.0.0.1`",
    ],
    ["several addresses", web1("host: '10.0.0.1,10.0.0.2'"), 3, "write an entry for each"],
    ["a number as an address", web1("host: 10.1"), 3, 'this needs quotes: `host: "10.1"`'],
    ["a port in quotes", web1("port: '22'"), 3, "write it without quotes: `port: 22`"],
    ["a port by its service", web1("port: ssh"), 3, "must be a number from 1 to 65535"],
    ["a platform in other letters", web1("platform: Cisco-IOS"), 3, "write `platform: cisco_ios`"],
    ["a platform by its everyday name", web1("platform: linux"), 3, "write `platform: posix`"],
    ["a platform with a slip", web1("platform: arista_eso"), 3, "write `platform: arista_eos`"],
    ["auth as a word", web1("auth: key"), 3, "write `auth: {method: key}`"],
    ["a method by another name", web1("auth: {method: publickey}"), 3, "write `method: key`"],
    [
      "the home of another user",
      web1("auth: {method: key, key_path: ~bob/.ssh/id}"),
      3,
      "write another one's as it is",
    ],
    [
      "a variable in a path",
      web1("auth: {method: key, key_path: $HOME/.ssh/id}"),
      3,
      "variables are not replaced in paths",
    ],
    [
      "a dollar before a variable",
      web1("auth: {method: password, password_env: $WEB_PW}"),
      3,
      "write the variable's name alone",
    ],
    [
      "a command as a list",
      web1("auth: {method: password, password_command: [pass, show, x]}"),
      3,
      "write it as one line",
    ],
    ["one tag without brackets", web1("tags: prod"), 3, "write a list: `tags: [prod]`"],
    ["a duration in words", "settings:\n  idle_timeout: 30 minutes\n", 2, "write `idle_timeout: 30m`"],
    ["never", "settings:\n  idle_timeout: never\n", 2, "write `idle_timeout: 0`"],
    ["yes for true", "settings:\n  allow_adhoc: yes\n", 2, "write `allow_adhoc: true`"],
    ["host_key: no", web1("host_key: no"), 3, "the check cannot be switched off"],
    ["timeouts as a number", web1("timeouts: 30"), 3, "write `timeouts: {connect: 15s, command: 30s}`"],
    ["a terminal in one word", web1("terminal: 80x24"), 3, "write `terminal: {cols: 160, rows: 50}`"],
  ])("%s", async (_what, text, line, meant) => {
    const message = await said(text);
    expect(message).toContain(`hosts.yaml:${line}:`);
    expect(message).toContain(meant);
  });

  test("every mistake of a host is told, the last as fully as the first", async () => {
    const message = await said(
      web1("ip: 10.0.0.1", "frobnicate: 1", "username: jo", "port: '22'", "tags: prod"),
    );
    for (const line of [3, 4, 5, 6, 7]) expect(message).toContain(`hosts.yaml:${line}:`);
    expect(message).toContain("known: host, groups, user");
    expect(message).toContain("write a list: `tags: [prod]`");
    expect(message).not.toContain("more");
  });

  test("every line that is no YAML is told, and beside a secret in the file what else is wrong", async () => {
    const lines = await said("hosts:\n  web1:\n    description: @x\n  web2:\n    description: %y\n");
    expect(lines).toMatch(/:3: .*\n.*:5: /);
    const both = await said("setings: {}\ndefaults: {password: hunter2}\nhosts: {a: {port: 0}}\n");
    expect(both).toMatch(/:1: setings/);
    expect(both).toMatch(/:2: defaults\.password: a secret must not/);
    expect(both).toMatch(/:3: hosts\.a\.port/);
    expect(both).not.toContain("hunter2");
  });

  test.each([
    "hosts: {a: {password:hunter2}}",
    "hosts:\n  a:\n    password:hunter2\n    user: x\n",
    "hosts:\n  a: password:hunter2\n",
    "hosts:\n  a:\n    auth: {method: password, password_env: hunter2!}\n",
    "hosts:\n  a:\n    key: hunter2\n",
    'hosts:\n  a:\n    enable_env: "\\hunter2"\n',
  ])("a secret in the wrong place is not repeated: %j", async (text) => {
    const message = await said(text);
    expect(message).toMatch(/hosts\.yaml:\d/);
    expect(message).not.toContain("hunter2");
  });
});

describe("a file of another program is named for what it is, and how its first host is written here", () => {
  test.each<[what: string, text: string, named: string, next: string]>([
    [
      "Nornir",
      "rtr1:\n  hostname: 10.0.0.9\n  platform: ios\n  groups: [core]\n",
      "an inventory of Nornir",
      "`hosts: {rtr1: {host: 10.0.0.9}}`",
    ],
    [
      "Nornir with data only",
      "rtr1: {hostname: 10.0.0.9, data: {site: x}}\nrtr2: {hostname: b, username: jo}\n",
      "an inventory of Nornir",
      "rtr1",
    ],
    [
      "Ansible",
      "all:\n  hosts:\n    web1: {ansible_host: 10.0.0.9, ansible_user: jo}\n  vars: {x: 1}\n",
      "an inventory of Ansible",
      "`hosts: {web1: {host: 10.0.0.9, user: jo}}`",
    ],
    [
      "Ansible with children",
      "all:\n  children:\n    web:\n      hosts:\n        web1:\n",
      "an inventory of Ansible",
      "web1",
    ],
    [
      "Ansible by groups",
      "web:\n  hosts:\n    web1:\ndb:\n  hosts:\n    db1:\n",
      "an inventory of Ansible",
      "web1",
    ],
    ["Ansible INI", "[web]\nweb1 ansible_host=10.0.0.9\n", "an inventory of Ansible (INI)", "hosts:"],
    ["a table", "name,ip\nsw1,10.0.0.1\n", "a table (CSV)", "ssh-mcp hosts import FILE"],
    ["an Ansible playbook", "- hosts: all\n  tasks: []\n", "a playbook of Ansible", "hosts:"],
    [
      "netmiko",
      "rtr1: {device_type: cisco_ios, host: 10.0.0.9, username: jo}\n",
      "netmiko",
      "`hosts: {rtr1: {host: 10.0.0.9, user: jo}}`",
    ],
    ["a list for netmiko", "- device_type: cisco_ios\n  host: 10.0.0.9\n", "netmiko", "hosts:"],
    ["ssh_config", "Host web1\n  HostName 10.0.0.9\n", "a configuration of ssh", "ssh_config: FILE"],
    ["CSV", "name,ip,user\nweb1,10.0.0.9,jo\n", "a table (CSV)", "hosts:"],
    ["/etc/hosts", "127.0.0.1 localhost\n10.0.0.9 web1\n", "/etc/hosts", "hosts:"],
    ["pyATS", "testbed: {name: x}\ndevices: {r1: {os: ios}}\n", "a testbed of pyATS", "hosts:"],
    ["NetBox", '{"count": 1, "results": [{"name": "r1"}]}', "an export of NetBox", "hosts:"],
  ])("%s", async (_what, text, named, next) => {
    const message = await said(text);
    expect(message).toContain("hosts.yaml:1: this is ");
    expect(message).toContain(named);
    expect(message).toContain("no inventory of ssh-mcp");
    expect(message).toContain(next);
  });

  test.each(["hosts: {all: {host: a}}", "hosts: {}\nall: {hosts: {a: {}}}", "settings: {}", "{}", ""])(
    "what may be meant as an inventory is none of them: %j",
    async (text) => {
      expect(await said(text)).not.toContain("no inventory of ssh-mcp");
    },
  );
});
