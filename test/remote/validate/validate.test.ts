import { describe, expect, test } from "vitest";
import type { Kind } from "../../../src/remote/validate/kinds.ts";
import { validate } from "../../../src/remote/validate/validate.ts";

/** `valid json`, `invalid json 3:5 why`, `unchecked`. */
async function verdict(path: string, text: string, kind?: Kind): Promise<string> {
  const said = await validate(path, text, kind);
  if (said.is === "unchecked") return "unchecked";
  if (said.is === "valid") return `valid ${said.kind}`;
  const [first] = said.faults;
  return `invalid ${said.kind} ${first?.line}:${first?.column} ${first?.message}`;
}

describe("what is right passes", () => {
  test.each<[string, string, string, Kind]>([
    ["JSON", "/a.json", '{"a": [1, 2.5e3, null, "\\u00e9"]}\n', "json"],
    [
      "JSON with comments where the reader takes them",
      "/x/tsconfig.json",
      '{ // why\n "a": [1,], /* */ }',
      "jsonc",
    ],
    ["JSON lines", "/x.ndjson", '{"a":1}\n\n[2]\n', "jsonl"],
    ["YAML of several documents", "/x.yml", "---\na: 1\n...\n---\nb: 2\n", "yaml"],
    [
      "YAML with tags of applications",
      "/x.yaml",
      "a: !Ref B\nb: !vault |\n  $ANSIBLE_VAULT;1.1\n  6162\nc: !Sub '${A}'\nd: !GetAtt [x, y]\n",
      "yaml",
    ],
    ["YAML with two merges", "/x.yaml", "a: &a {x: 1}\nb: &b {y: 1}\nc:\n  <<: *a\n  <<: *b\n", "yaml"],
    ["TOML", "/x.toml", 'a = 9223372036854775807\n[b.c]\nd = 1979-05-27\n[[e]]\nf = """\nx\n"""\n', "toml"],
    [
      "XML with namespaces and a document type",
      "/x.xml",
      '<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY me "x">]>\n<r xmlns:a="urn:a"><a:b c="1">&me;&amp;</a:b><![CDATA[<]]></r>\n',
      "xml",
    ],
    [
      "XHTML, whose entities are declared elsewhere",
      "/x.xhtml",
      '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/x.dtd">\n<html>&nbsp;</html>',
      "xml",
    ],
    [
      "XML by its first line, whatever its name is",
      "/etc/avahi/services/ssh.service",
      '<?xml version="1.0" standalone="no"?>\n<a/>',
      "xml",
    ],
    ["INI", "/etc/php/php.ini", '; c\nengine = On\n[PHP]\na=b\nx = "y;z" ; why\n', "ini"],
    [
      "INI as MySQL has it",
      "/etc/my.ini",
      "[mysqld]\nskip-networking\n!includedir /etc/mysql/conf.d/\nport=3306\n",
      "ini",
    ],
    [
      "INI as setuptools has it",
      "/p/setup.cfg",
      "[options]\ninstall_requires =\n    requests >=2\n    six\n",
      "ini",
    ],
    ["INI as git has it", "/h/.gitconfig", '[remote "origin"]\n\turl = x\n', "ini"],
    [
      "a .conf that looks like INI",
      "/etc/supervisor/supervisord.conf",
      "[supervisord]\nnodaemon=true\n",
      "ini",
    ],
    [
      "dotenv with values of several lines",
      "/app/.env",
      'A=1\nexport B="x\n# no comment\ny" # why\nC=\'{"a":\n1}\'\nD=it\'s\nKEY=`a "b"\n\'c\'`\nE=\nF\nG="a\\"b"\n',
      "dotenv",
    ],
    ["dotenv of a stage", "/app/.env.production", "A=$B\n", "dotenv"],
    [
      "Dockerfile with here-documents and lines that go on",
      "/Dockerfile",
      'FROM a AS b\nRUN <<EOF\nset -e\nFORM x\nEOF\nCOPY <<-"X" /etc/x\n\tanything goes\n\tX\nRUN a \\\n  # a comment\n\n  && b\nRUN --mount=type=cache,target=/x y\n',
      "dockerfile",
    ],
    [
      "Dockerfile with another escape",
      "/x/Dockerfile.windows",
      "# escape=`\nFROM a\nRUN dir `\n  c:\\\n",
      "dockerfile",
    ],
    [
      "nginx",
      "/etc/nginx/nginx.conf",
      'user www-data; # x\nhttp {\n  log_format a \'$remote_addr "$request" {;}\';\n  server { listen 80; server_name ~^(?<x>\\w+)\\.a$; location ~ "\\.\\d{2}$" { return 200 "a;b"; } set $y "${x}z"; }\n}\n',
      "nginx",
    ],
    [
      "nginx with Lua",
      "/etc/nginx/sites-available/x",
      'location / {\n content_by_lua_block {\n  -- don\'t }\n  ngx.say("}")\n  local t = { a = [[ } ]] }\n }\n}\n',
      "nginx",
    ],
    [
      "systemd with keys that repeat and lines that go on",
      "/etc/systemd/system/x.service",
      "[Unit]\nDescription=a \\\n# between\n  b [x]\n\n[Service]\nExecStartPre=a\nExecStartPre=b\nEnvironment=\nExecStart=/bin/sh -c 'a \\\n  b'\n",
      "systemd",
    ],
    ["a drop-in", "/etc/systemd/system/x.service.d/override.conf", "[Service]\nLimitNOFILE=1\n", "systemd"],
  ])("%s", async (_, path, text, kind) => {
    expect(await verdict(path, text)).toBe(`valid ${kind}`);
  });
});

describe("what nobody can know is not checked, and nothing is refused for it", () => {
  test.each([
    ["a resolver's file", "/etc/resolv.conf", "nameserver 192.0.2.1\nsearch example.com\noptions edns0\n"],
    ["haproxy", "/etc/haproxy/haproxy.cfg", "global\n    log /dev/log local0\nfrontend x\n    bind *:80\n"],
    ["sshd", "/etc/ssh/sshd_config", "Port 22\nMatch User x\n  X11Forwarding no\n"],
    ["Apache", "/etc/apache2/sites-enabled/x.conf", "<VirtualHost *:80>\n  ServerName x\n</VirtualHost>\n"],
    ["keepalived", "/etc/keepalived/keepalived.conf", "vrrp_instance x {\n  state MASTER\n  priority 1\n}\n"],
    ["a template", "/x/config.yml.j2", "{% if a %}\nx: {{ y\n"],
    ["a chart's template", "/chart/templates/x.yaml", "{{- if .Values.a }}\na: {{ .b }}\n{{- end }}\n"],
    ["a script", "/usr/bin/x", "#!/bin/sh\nif [ a ]; then b; fi\n"],
    ["plain text", "/x/notes.txt", "[not a section\n"],
    ["a unit's name on something else", "/x/video.target", "hello\n"],
    [
      "telegraf's TOML",
      "/etc/telegraf/telegraf.conf",
      '[agent]\n  a = "b"\n[[outputs.x]]\n  urls = [\n "a",\n ]\n',
    ],
    ["a shell's rc", "/h/.bashrc", "export A=1\nalias x='y'\n"],
  ])("%s", async (_, path, text) => {
    expect(await verdict(path, text)).toBe("unchecked");
  });
});

describe("what is wrong is told with its place", () => {
  test.each<[string, string, string, RegExp]>([
    ["JSON: a comma too many", "/a.json", '{\n  "a": 1,\n}\n', /^invalid json 3:1 /],
    ["JSON: a comment", "/a.json", '{\n  // x\n  "a": 1\n}', /^invalid json 2:3 a comment/],
    ["JSON: single quotes", "/a.json", "{'a': 1}", /^invalid json 1:2 /],
    ["JSON: nothing", "/a.json", "", /^invalid json 1:1 /],
    ["JSON: two values", "/a.json", "{}\n{}", /^invalid json 2:1 something behind the end/],
    [
      "JSON: a line break in a string",
      "/a.json",
      '{"a": "x\ny"}',
      /^invalid json 1:7 a string that does not end/,
    ],
    ["JSON lines", "/a.jsonl", '{"a":1}\n{"a":}\n', /^invalid jsonl 2:/],
    ["YAML: indentation", "/a.yml", "a:\n  - b\n c: d\n", /^invalid yaml 3:/],
    ["YAML: a tab", "/a.yml", "a:\n\tb: 1\n", /^invalid yaml 2:1 /],
    ["YAML: a key twice", "/a.yml", "a: 1\nb: 2\na: 3\n", /^invalid yaml 3:1 .*unique/],
    ["YAML: in the second document", "/a.yml", "a: 1\n---\nb: [1\n", /^invalid yaml [34]:/],
    ["YAML: an alias of nothing", "/a.yml", "a: *x\n", /^invalid yaml 1:4 /],
    ["TOML: a key twice", "/a.toml", "a = 1\na = 2\n", /^invalid toml 2:/],
    ["TOML: no quotes", "/a.toml", "a = b c\n", /^invalid toml 1:5/],
    ["XML: a tag that is not closed", "/a.xml", "<a>\n  <b>\n</a>\n", /^invalid xml 3:/],
    ["XML: an ampersand", "/a.xml", "<a>x & y</a>", /^invalid xml 1:/],
    ["XML: a prefix that is not bound", "/a.xml", "<x:a/>", /^invalid xml 1:.*unbound/],
    ["XML: an entity of nobody", "/a.xml", "<a>&nbsp;</a>", /^invalid xml 1:.*undefined entity/],
    ["INI: a section", "/a.ini", "a=1\n[x\nb=2\n", /^invalid ini 2:1 a section without a closing/],
    ["INI: prose", "/a.ini", "[a]\nthis is no key\n", /^invalid ini 2:1 neither/],
    ["dotenv: a quote", "/.env", 'A=1\nB="x\nC=2\n', /^invalid dotenv 2:3 .*does not end/],
    ["dotenv: a name", "/.env", "A=1\nmy key=2\n", /^invalid dotenv 2:1 "my key" is no name/],
    ["dotenv: prose", "/.env", "hello world\n", /^invalid dotenv 1:1 neither/],
    [
      "Dockerfile: an instruction",
      "/Dockerfile",
      "FROM a\nRUM b\n",
      /^invalid dockerfile 2:1 Unknown instruction: RUM/,
    ],
    ["Dockerfile: an argument", "/Dockerfile", "FROM a\nCOPY x\n", /^invalid dockerfile 2:6 /],
    [
      "nginx: a semicolon",
      "/etc/nginx/nginx.conf",
      "http {\n  listen 80\n}\n",
      /^invalid nginx 2:3 listen does not end with ;/,
    ],
    [
      "nginx: a brace",
      "/etc/nginx/nginx.conf",
      "http {\n  server {\n  }\n",
      /^invalid nginx 1:1 the block http is not closed/,
    ],
    [
      "nginx: a brace too many",
      "/etc/nginx/nginx.conf",
      "a b;\n}\n",
      /^invalid nginx 2:1 a } that closes nothing/,
    ],
    ["nginx: a quote", "/etc/nginx/conf.d/x.conf", 'a "b;\nc d;\n', /^invalid nginx 1:3 a quote/],
    [
      "systemd: before a section",
      "/etc/systemd/system/x.timer",
      "A=1\n[Timer]\n",
      /^invalid systemd 1:1 an assignment before/,
    ],
    [
      "systemd: no assignment",
      "/etc/systemd/system/x.service",
      "[Service]\nExecStart /bin/x\n",
      /^invalid systemd 2:1 no =/,
    ],
  ])("%s", async (_, path, text, expected) => {
    expect(await verdict(path, text)).toMatch(expected);
  });

  test("only the first faults, and that there are more", async () => {
    const said = await validate("/x.ini", "[a]\n".concat("no key at all\n".repeat(50)));
    expect(said).toMatchObject({ is: "invalid", more: true, by: "name" });
    if (said.is === "invalid") expect(said.faults).toHaveLength(5);
  });

  test("who says what it is: its content is only a guess, the caller's word is none", async () => {
    const text = "[a]\nprose here is\n";
    expect(await validate("/etc/x.conf", text)).toMatchObject({ is: "invalid", by: "content" });
    expect(await validate("/etc/x.conf", text, "ini")).toMatchObject({ is: "invalid", by: "caller" });
    expect(await verdict("/etc/x.conf", "a: 1\n", "yaml")).toBe("valid yaml");
  });
});

test.each(["/x.json", "/x.jsonc", "/x.yaml", "/x.toml", "/Dockerfile"])(
  "what is nested a hundred thousand deep ends with a word, not with the program: %s",
  async (path) => {
    for (const text of [
      "[".repeat(100_000),
      `a = ${"[".repeat(100_000)}`,
      `${"- ".repeat(100_000)}a`,
      "{a: ".repeat(50_000),
    ])
      expect(await verdict(path, text)).toMatch(/^unchecked/);
  },
);

test("the name of a stage costs no time exponential in its length", async () => {
  expect(await verdict("/Dockerfile", `FROM x AS ${"a".repeat(60)}!\n`)).toBe(
    "invalid dockerfile 1:11 no name for a stage",
  );
});

test("large files are checked, or it is said that they are not", async () => {
  const rows = Array.from({ length: 100_000 }, (_, at) => `"k${at}": [1, {"a": "b"}]`);
  expect(await verdict("/x.json", `{${rows.join(",\n")}}`)).toBe("valid json");
  expect(await verdict("/x.json", `{${rows.join(",\n")}`)).toMatch(/^invalid json 100000:/);
  expect(await verdict("/x.xml", `<r>${"<a>b</a>\n".repeat(100_000)}</r>`)).toBe("valid xml");
  expect(await verdict("/x.ini", `[a]\n${"a=b\n".repeat(200_000)}`)).toBe("valid ini");
  expect(await verdict("/etc/nginx/nginx.conf", "a b;\n".repeat(200_000))).toBe("valid nginx");
  expect(await verdict("/x.yaml", `${"- a: b\n".repeat(20_000)} c`)).toMatch(/^invalid yaml 20001:/);
  expect(await verdict("/x.ini", "a=b\n".repeat(3_000_000))).toBe("unchecked");
});
