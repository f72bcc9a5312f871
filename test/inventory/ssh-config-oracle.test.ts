import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SshMcpError } from "../../src/base/errors.ts";
import { evaluate } from "../../src/inventory/ssh-config/evaluate.ts";
import { readSshConfig, resolveSshHost } from "../../src/inventory/ssh-config.ts";

/** OpenSSH itself is the judge: `ssh -G` prints what it would do and connects nowhere. */
const RUNS = 150;
const hasSsh = spawnSync("ssh", ["-V"]).status === 0;
const me = userInfo();
// ssh takes the home folder from the password database, not from HOME.
const around = { home: me.homedir, localUser: me.username, env: { PLACE: "here", EMPTY: "" } };

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ssh-config-"));
  mkdirSync(join(folder, "conf.d"), { mode: 0o700 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));

const names = ["web1", "web2", "WEB1", "db1.example.com", "db2.example.com", "10.1.2.3", "x"];
const patterns = [
  ...["web1", "web2", "web*", "?eb1", "*.example.com", "db?.*", "*", "10.*", "x", "WEB1"],
  ...["!web2", "!*.example.com", "!x", "web1*1", "*b*"],
];
const files = [
  "~/.ssh/%h-%r",
  "/k/%n.%p",
  "/k/a",
  "/k/b",
  '"/k/%%c"',
  "/k/${PLACE}/%u",
  "none",
  "/k/%k%l",
  "~/%d",
];

const pick = (...values: string[]) => fc.constantFrom(...values);
const line = (keyword: string, value: fc.Arbitrary<string>) =>
  fc
    .tuple(
      pick(keyword, keyword.toLowerCase(), keyword.toUpperCase()),
      pick(" ", "  ", "=", " = ", "\t"),
      value,
      pick("", "", "", " ", "\t", " # why", "\r"),
    )
    .map((parts) => parts.join(""));

const hop = fc
  .tuple(
    pick("", "", "u@", "a.b@"),
    pick("bastion", "j.example.com", "[::1]", "192.0.2.1"),
    pick("", "", ":2222"),
  )
  .map((parts) => parts.join(""));
const known = fc.uniqueArray(pick("/kh/%h", "~/kh", "/kh/b", "/kh/${PLACE}", "/kh/%C", '"/kh/q"'), {
  minLength: 1,
  maxLength: 3,
});
const setting = fc.oneof(
  line(
    "HostName",
    pick("%h", "%h.example.com", "H.Example.org", "10.9.8.7", "%%x", '"q.example.com"', "fe80::1"),
  ),
  line("User", pick("alice", "bob", '"carol"', "a\\b", "'d e'", "u#1")),
  line("Port", pick("22", "2222", "65535", '"80"')),
  line("IdentityFile", pick(...files)),
  line("IdentityFile", pick(...files)),
  line("CertificateFile", pick("/c/a", "/c/%h")),
  line("IdentitiesOnly", pick("yes", "no", "YES", "true", "False")),
  line("IdentityAgent", pick("none", "SSH_AUTH_SOCK", "~/agent", "/run/%u/%h.sock", "$PLACE", "/a/${PLACE}")),
  line(
    "ProxyJump",
    fc.oneof(
      hop,
      fc.array(hop, { minLength: 2, maxLength: 4 }).map((hops) => hops.join(",")),
    ),
  ),
  // Never with a comment behind it: ssh 9.2 then takes "none" for a host's name.
  pick("ProxyJump none", "proxyjump=none"),
  line("ProxyCommand", pick("none", "nc %h %p")),
  line(
    "UserKnownHostsFile",
    fc.oneof(
      known.map((list) => list.join(" ")),
      pick("none", "/dev/null"),
    ),
  ),
  line("GlobalKnownHostsFile", pick("/g/a", "/g/a /g/b", "none")),
  line("StrictHostKeyChecking", pick("yes", "no", "off", "ask", "accept-new", "ACCEPT-NEW", "true", "false")),
  line("HostKeyAlias", pick("alias", "Alias.Upper")),
  line("ConnectTimeout", pick("5", "1m", "1M30", "2h5s", "none", "0")),
  line("ServerAliveInterval", pick("0", "15", "2m", "none")),
  line("ServerAliveCountMax", pick("1", "10")),
);
const broken = fc.oneof(
  line("Port", pick("0", "22x", "70000", "22 23")),
  line("IdentitiesOnly", pick("maybe", "yes no")),
  line("User", pick('"open', '""', "a b")),
  line("ConnectTimeout", pick("1x", "-1", "5 6")),
  line("ProxyJump", pick("a:0", "a,,b", "@a", "a@", "::1", "a,b:x", "a, b")),
  line("UserKnownHostsFile", pick('""', "a none")),
  line("StrictHostKeyChecking", pick("perhaps")),
  line("Match", pick("host", "all host web1", "host web1 user alice all")),
  line("ServerAliveCountMax", pick("0x10", "ten")),
  pick("HostName", "Host", "Match", 'Host "'),
);
const condition = fc.oneof(
  fc
    .tuple(
      pick("", "!"),
      pick("host", "originalhost", "Host"),
      pick(" ", "="),
      fc.array(pick(...patterns), { minLength: 1, maxLength: 3 }),
    )
    .map(([not, kind, gap, list]) => `${not}${kind}${gap}${list.join(",")}`),
  fc
    .tuple(pick("", "!"), pick("alice", "bob,carol", "!bob,*", me.username))
    .map(([not, list]) => `${not}user ${list}`),
);
const header = fc.oneof(
  line(
    "Host",
    fc.array(pick(...patterns), { minLength: 1, maxLength: 3 }).map((list) => list.join(" ")),
  ),
  line(
    "Host",
    fc.array(pick(...patterns), { minLength: 1, maxLength: 3 }).map((list) => list.join(" ")),
  ),
  fc.array(condition, { minLength: 1, maxLength: 3 }).map((list) => `Match ${list.join(" ")}`),
  pick("Match all", "Match !all", "match ALL # always"),
);
const noise = pick("", "# comment", "   # indented", "ForwardAgent no", "LogLevel ERROR");
const block = (body: fc.Arbitrary<string>) =>
  fc
    .tuple(
      header,
      fc.array(
        fc.tuple(pick("", "  ", "\t"), body).map((parts) => parts.join("")),
        { maxLength: 5 },
      ),
    )
    .map(([head, lines]) => [head, ...lines].join("\n"));
const body = fc.oneof({ weight: 30, arbitrary: setting }, { weight: 3, arbitrary: noise });
const included = fc
  .tuple(fc.array(setting, { maxLength: 2 }), fc.array(block(body), { maxLength: 2 }))
  .map(([free, blocks]) => [...free, ...blocks].join("\n"));
const scenario = fc.record({
  main: fc
    .tuple(
      fc.array(body, { maxLength: 2 }),
      fc.array(
        block(
          fc.oneof(
            { weight: 60, arbitrary: body },
            {
              weight: 5,
              arbitrary: pick(
                "Include @/a.conf",
                "Include @/conf.d/*.conf",
                "Include @/none.conf @/[a-b].conf",
              ),
            },
            { weight: 1, arbitrary: broken },
          ),
        ),
        { minLength: 1, maxLength: 6 },
      ),
    )
    .map(([free, blocks]) => [...free, ...blocks].join("\n")),
  a: included,
  c: included,
  host: pick(...names),
  user: fc.option(pick("alice", "bob"), { nil: undefined }),
  port: fc.option(pick("2200"), { nil: undefined }),
});

/** Keyword → values, in order. Undefined: ssh refuses. */
function askSsh(
  config: string,
  host: string,
  user?: string,
  port?: string,
): Map<string, string[]> | undefined {
  const args = ["-G", "-F", config, ...(user ? ["-l", user] : []), ...(port ? ["-p", port] : []), host];
  const { status, stdout } = spawnSync("ssh", args, {
    encoding: "utf8",
    env: { ...process.env, ...around.env },
  });
  if (status !== 0) return undefined;
  const answer = new Map<string, string[]>();
  for (const text of stdout.split("\n")) {
    const [, keyword = "", value = ""] = /^(\S+) ?(.*)$/.exec(text) ?? [];
    answer.set(keyword, [...(answer.get(keyword) ?? []), value]);
  }
  return answer;
}

/** Our answer in the words of `ssh -G`. Undefined: we refuse. */
async function askUs(path: string, host: string, user?: string, port?: string) {
  const config = await readSshConfig(path, around.home);
  const question = {
    host,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
  try {
    const found = resolveSshHost(config, question, around);
    const raw = evaluate(config, { ...question, localUser: around.localUser }).options;
    return { found, raw };
  } catch (error) {
    if (error instanceof SshMcpError) return error;
    throw error;
  }
}

describe.skipIf(!hasSsh)("the ssh_config subset", () => {
  test(`equals ssh -G on every keyword it takes, over ${RUNS} generated configurations`, async () => {
    const main = join(folder, "config");
    const seen = { same: 0, refused: 0, proxy: 0 };
    await fc.assert(
      fc.asyncProperty(scenario, async ({ main: text, a, c, host, user, port }) => {
        writeFileSync(
          main,
          text.replaceAll("@", (at, offset: number) => (text.startsWith("@/", offset) ? folder : at)),
          { mode: 0o600 },
        );
        writeFileSync(join(folder, "a.conf"), a, { mode: 0o600 });
        writeFileSync(join(folder, "conf.d", "c.conf"), c, { mode: 0o600 });
        const theirs = askSsh(main, host, user, port);
        const ours = await askUs(main, host, user, port);
        if (theirs === undefined) {
          expect(ours).toBeInstanceOf(SshMcpError);
          seen.refused++;
          return;
        }
        const command = theirs.get("proxycommand")?.[0];
        if (command !== undefined && command !== "none") {
          expect(ours instanceof SshMcpError && ours.message).toContain("ProxyCommand");
          seen.proxy++;
          return;
        }
        if (ours instanceof SshMcpError) throw ours;
        seen.same++;
        expect(inWordsOfSsh(ours)).toEqual(claimed(theirs));
      }),
      { numRuns: RUNS, seed: 20_240_611, endOnFailure: false },
    );
    // The generator must not drift into comparing refusals with refusals.
    expect(seen.same).toBeGreaterThan(RUNS * 0.6);
    expect(seen.refused).toBeGreaterThan(10);
    expect(seen.proxy).toBeGreaterThan(10);
  });
});

const SINGLE = [
  "hostname",
  "user",
  "port",
  "identitiesonly",
  "identityagent",
  "proxyjump",
  "stricthostkeychecking",
  "hostkeyalias",
  "connecttimeout",
  "serveraliveinterval",
  "serveralivecountmax",
  "userknownhostsfile",
  "globalknownhostsfile",
];

function claimed(answer: Map<string, string[]>): Record<string, unknown> {
  const isDefault = (file: string) => /^~\/\.ssh\/id_/.test(file);
  return {
    ...Object.fromEntries(SINGLE.map((keyword) => [keyword, answer.get(keyword)?.[0]])),
    // ssh puts brackets around the last hop also when it is an IPv4 address.
    proxyjump: answer.get("proxyjump")?.[0]?.replace(/\[([\d.]+)\]/g, "$1"),
    identityfile: (answer.get("identityfile") ?? []).filter((file) => !isDefault(file)),
    certificatefile: answer.get("certificatefile") ?? [],
  };
}

function inWordsOfSsh({ found, raw }: Exclude<Awaited<ReturnType<typeof askUs>>, SshMcpError>) {
  const strict = raw.stricthostkeychecking ?? "ask";
  const [user, system] = [raw.userknownhostsfile, raw.globalknownhostsfile];
  const agent = found.agent;
  return {
    hostname: found.address,
    user: found.user ?? around.localUser,
    port: String(found.port ?? 22),
    identitiesonly: found.identitiesOnly ? "yes" : "no",
    identityagent:
      raw.identityagent === "$PLACE" || raw.identityagent === "SSH_AUTH_SOCK"
        ? raw.identityagent
        : typeof agent === "object"
          ? agent.socket
          : agent,
    proxyjump: Array.isArray(found.jump)
      ? found.jump
          .map(
            (one) =>
              `${one.user ? `${one.user}@` : ""}${one.host.includes(":") ? `[${one.host}]` : one.host}${one.port ? `:${one.port}` : ""}`,
          )
          .join(",")
      : undefined,
    stricthostkeychecking: { yes: "true", no: "false", ask: "ask", "accept-new": "accept-new" }[strict],
    hostkeyalias: found.hostKeyAlias,
    connecttimeout: String(raw.connecttimeout ?? "none"),
    serveraliveinterval: String((found.keepaliveIntervalMs ?? 0) / 1000),
    serveralivecountmax: String(found.keepaliveCount ?? 3),
    userknownhostsfile:
      user?.[0] === "none"
        ? "none"
        : user === undefined
          ? ["known_hosts", "known_hosts2"].map((name) => join(around.home, ".ssh", name)).join(" ")
          : found.knownHosts?.slice(0, user.length).join(" "),
    globalknownhostsfile: (system ?? ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"]).join(" "),
    identityfile: raw.identityfile ?? [],
    certificatefile: raw.certificatefile ?? [],
  };
}
