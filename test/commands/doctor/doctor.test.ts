import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuthContext } from "ssh2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHostDirectory } from "../../../src/inventory/directory.ts";
import type { AuthMethod, ResolvedHost } from "../../../src/inventory/host.ts";
import { readSecret } from "../../../src/secrets/read.ts";
import type { ReadSecret } from "../../../src/secrets/reference.ts";
import { fingerprint } from "../../../src/ssh/protocol/key-blob.ts";
import { hostOf, knownHosts, testHost } from "../../ssh/hosts.ts";
import { keyPair, type Script, startScripted, startTcp } from "../../ssh/scripted.ts";
import { canRunSshd, freePort, startSshd, type TestServer } from "../../ssh/sshd.ts";
import { build } from "../built.ts";
import { startDevice } from "./device.ts";
import { examine } from "./rig.ts";

const PASSWORD = "hunter2 & more";
const BY_PASSWORD: readonly AuthMethod[] = [{ method: "password", secret: { from: "env", name: "BOX_PW" } }];
const SESSION = ["ok platform", "ok prompt", "ok round trip"];
const LOGIN = ["ok inventory", "ok tcp", "ok identification", "ok algorithms", "ok host key", "ok login"];

/** Timing that keeps a test short where something is waited for in vain. */
function impatient(host: ResolvedHost): ResolvedHost {
  return { ...host, timing: { ...host.timing, connectTimeoutMs: 800, commandTimeoutMs: 1_500 } };
}

async function against<T>(script: Script, run: (host: ResolvedHost) => Promise<T>): Promise<T> {
  const server = await startScripted(script);
  try {
    return await run({ ...server.host, user: "noc" });
  } finally {
    await server.stop();
  }
}

describe.skipIf(!canRunSshd)("the doctor, on a host with sshd", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startSshd();
  });
  afterAll(() => server.stop());

  it("finds a healthy host well, with every step and its time", async () => {
    const { diagnosis, steps, text } = await examine(hostOf(server));
    expect(steps).toEqual([...LOGIN, "ok terminal", ...SESSION]);
    const times = diagnosis.sections.flatMap(({ findings }) => findings).filter(({ ms }) => ms !== undefined);
    expect(times.length).toBeGreaterThanOrEqual(9);
    expect(times.every(({ ms = -1 }) => ms >= 0)).toBe(true);
    expect(text).toMatch(/identification +SSH-2\.0-OpenSSH/);
    expect(text).toMatch(/key .*client: accepted/);
    expect(text).toMatch(/All is well with box\.\n$/);
    expect(diagnosis.inventory).toBeUndefined();
  });

  it("warns of a secret that is too short to be masked in what a device prints", async () => {
    const host = hostOf(server);
    const enable = { from: "env", name: "ENABLE" } as const;
    expect((await examine({ ...host, enable }, "cisco")).text).toMatch(
      /secrets +the enable secret has fewer than 8 characters/,
    );
    expect((await examine({ ...host, enable }, "cisco-cisco")).text).not.toMatch(/fewer than/);
  });

  it("tells what a name stands for", async () => {
    const host = hostOf(server, { address: "localhost" });
    const files = [
      knownHosts(server, [`[localhost]:${server.port} ${server.hostKeys.get("ssh-ed25519")}`], "named"),
    ];
    const { steps, text } = await examine({ ...host, hostKey: { mode: "strict", files } });
    expect(steps.slice(0, 3)).toEqual(["ok inventory", "ok name", "ok tcp"]);
    expect(text).toMatch(/name +localhost is (?:::1|127\.0\.0\.1)/);
  });

  it("goes through a chain of jump hosts hop by hop", async () => {
    const inner = await startSshd();
    try {
      const jump = hostOf(server, { name: "gate" });
      const { diagnosis, steps, text } = await examine(hostOf(inner, { name: "core", jump: [jump] }));
      expect(diagnosis.sections.map(({ title }) => title)).toEqual([
        "Hop 1 of 2, jump host gate",
        "Hop 2 of 2, the host core",
      ]);
      expect(text).toMatch(/^Hop 1 of 2, jump host gate:\n/);
      expect(steps).toEqual([...LOGIN, "ok tunnel", ...LOGIN.slice(2), "ok terminal", ...SESSION]);
    } finally {
      await inner.stop();
    }
  });

  it("names the jump host at which the way ends", async () => {
    const jump = hostOf(server, { name: "gate", hostKey: { mode: "strict", files: [] } });
    const { diagnosis, failed, text } = await examine(testHost(server.port, { name: "core", jump: [jump] }));
    expect(text).toMatch(/^Hop 1 of 2, jump host gate:\n/);
    expect(diagnosis.sections).toHaveLength(1);
    expect(failed).toMatchObject({ what: "host key" });
    expect(diagnosis.next).toContain("ssh-mcp trust gate");
  });

  it("gives the exact command for a host key that is not known", async () => {
    const { diagnosis, failed, text } = await examine(
      hostOf(server, { hostKey: { mode: "strict", files: [] } }),
    );
    const [, blob = ""] = (server.hostKeys.get("ssh-ed25519") ?? "").split(" ");
    expect(failed).toMatchObject({ what: "host key" });
    expect(text).toContain(fingerprint(Buffer.from(blob, "base64")));
    expect(diagnosis.next).toMatch(/then run: ssh-mcp trust box$/);
  });

  it("shows both fingerprints of a host key that has changed", async () => {
    const other = keyPair().public.split(" ").slice(0, 2).join(" ");
    const files = [knownHosts(server, [`[127.0.0.1]:${server.port} ${other}`], "changed")];
    const { failed, text } = await examine(hostOf(server, { hostKey: { mode: "strict", files } }));
    const [, blob = ""] = (server.hostKeys.get("ssh-ed25519") ?? "").split(" ");
    expect(failed).toMatchObject({ what: "host key" });
    expect(text).toContain(fingerprint(Buffer.from(blob, "base64")));
    expect(text).toContain(fingerprint(Buffer.from(other.split(" ")[1] ?? "", "base64")));
  });

  it("lists what a host with old algorithms offers, and prints lines that make it work", async () => {
    const config = ["HostKeyAlgorithms ssh-rsa", "Ciphers 3des-cbc,aes128-cbc", "MACs hmac-md5,hmac-sha1"];
    const kex = "KexAlgorithms diffie-hellman-group1-sha1,diffie-hellman-group14-sha1";
    const old = await startSshd({ config: [kex, ...config], hostKeys: [["-t", "rsa", "-b", "2048"]] });
    try {
      const path = join(old.folder, "hosts.yaml");
      const entry = (lines: readonly string[]) =>
        ["hosts:", "  old:", ...lines.map((line) => `    ${line}`), ""].join("\n");
      const lines = [
        "host: 127.0.0.1",
        `port: ${old.port}`,
        "user: root",
        `auth: {method: key, key_path: ${old.clientKey}}`,
        `host_key: {known_hosts: ${knownHosts(old)}}`,
        "legacy: {mac: [hmac-md5]}",
      ];
      const seek = async (text: string) => {
        writeFileSync(path, text, { mode: 0o600 });
        const around = { configPath: path, env: {}, cwd: old.folder, home: old.folder };
        return examine({ directory: await createHostDirectory(around), name: "old" });
      };
      const { diagnosis, failed, text } = await seek(entry(lines));
      expect(failed).toMatchObject({ what: "algorithms" });
      expect(text).toContain("nothing in common for: key exchange, host key and cipher");
      expect(text).toMatch(/MAC +weak, allowed by legacy: hmac-md5; weak, not allowed: hmac-sha1/);
      // The stronger ones of those offered, and what was allowed before; said once.
      expect(diagnosis.next).toBeUndefined();
      expect(diagnosis.inventory?.lines).toEqual([
        "legacy: {kex: [diffie-hellman-group14-sha1], host_key: [ssh-rsa], cipher: [aes128-cbc], mac: [hmac-md5]}",
      ]);

      const mended = [...lines.slice(0, -1), ...(diagnosis.inventory?.lines ?? [])];
      const after = await seek(entry(mended));
      expect(after.diagnosis.healthy).toBe(true);
      expect(after.steps).toContain("warn algorithms");
      expect(after.text).toContain("legacy key exchange algorithm in use: diffie-hellman-group14-sha1");
    } finally {
      await old.stop();
    }
  });

  it("prints the line that a host key of 1,024 bits needs", async () => {
    const old = await startSshd({
      config: ["RequiredRSASize 1024"],
      hostKeys: [["-t", "rsa", "-b", "1024"]],
    });
    try {
      const { diagnosis, failed } = await examine(hostOf(old));
      expect(failed).toMatchObject({ what: "host key" });
      expect(diagnosis.inventory?.lines).toEqual(["legacy: {host_key: [ssh-rsa]}"]);
    } finally {
      await old.stop();
    }
  });

  it("leaves with 0 when all is well and with 1 when not", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-doctor-"));
    try {
      const path = join(folder, "hosts.yaml");
      const of = (port: number) =>
        `{host: 127.0.0.1, port: ${port}, user: root, auth: {method: key, key_path: ${server.clientKey}}, ` +
        `host_key: {known_hosts: ${knownHosts(server)}}}`;
      writeFileSync(path, `hosts:\n  well: ${of(server.port)}\n  ill: ${of(await freePort())}\n`, {
        mode: 0o600,
      });
      const cli = await build();
      const run = (host: string, ...flags: readonly string[]) =>
        new Promise<{ readonly code: number | string | null; readonly out: string }>((resolve) => {
          const args = [cli, "--config", path, "doctor", host, ...flags];
          execFile(process.execPath, args, { env: { ...process.env, HOME: folder } }, (error, out) =>
            resolve({ code: error === null ? 0 : (error.code ?? null), out }),
          );
        });
      const [well, ill] = [await run("well"), await run("ill")];
      expect([well.code, ill.code]).toEqual([0, 1]);
      expect(well.out.replace(/\s+/g, " ")).toContain(`from ${path}`);
      expect(ill.out).toMatch(/FAIL .* tcp /);
      const json: object = JSON.parse((await run("ill", "--json")).out);
      expect(json).toMatchObject({
        host: "ill",
        healthy: false,
        sections: [{ findings: [{}, { what: "tcp" }] }],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the doctor, on a host that does not work", () => {
  const onlyPassword = (context: AuthContext) =>
    context.method === "password" && context.password === "right"
      ? context.accept()
      : context.reject(["password"]);

  it("tells what was tried and what the server accepts, and never the password", async () => {
    const { failed, text } = await against({ login: onlyPassword }, (host) =>
      examine({ ...host, auth: BY_PASSWORD }, PASSWORD),
    );
    expect(failed?.what).toBe("login");
    expect(text).toMatch(/none: the server accepts password \(\d+ ms\)\n +password: refused/);
    expect(text).toContain("login by password from $BOX_PW");
    expect(text).not.toContain(PASSWORD);
  });

  const keyOrPassword = (context: AuthContext) => context.reject(["publickey", "password"]);

  it("advises no password where a key that the entry names cannot be offered: that is the cause", async () => {
    const auth = [{ method: "key", path: "/nonexistent/id_ed25519" }] as const;
    const { diagnosis, failed, text } = await against({ login: keyOrPassword }, (host) =>
      examine({ ...host, auth }),
    );
    expect(diagnosis.inventory).toBeUndefined();
    expect(failed?.what).toBe("login");
    expect(text).toMatch(/\/nonexistent\/id_ed25519.*there is no such file/);
    expect(text).not.toContain("method: password");
  });

  it("prints the line that a host without a password needs where only that is accepted", async () => {
    const { diagnosis } = await against({ login: keyOrPassword }, (host) => examine(host));
    expect(diagnosis.inventory).toMatchObject({
      host: "odd",
      lines: ["auth: {method: password, password_env: ODD_PASSWORD}"],
    });
  });

  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ssh-mcp-doctor-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const byKey = (): AuthMethod => {
    const path = join(folder, "key");
    writeFileSync(path, keyPair().private, { mode: 0o600 });
    return { method: "key", path };
  };
  const unreadable: ReadSecret = (ref) => readSecret(ref, { env: {} });
  const acceptsBoth: Script["login"] = (context) => context.reject(["publickey", "password"]);

  it("says which variable to set where a secret is missing, and prints no lines of another login", async () => {
    for (const login of [onlyPassword, acceptsBoth]) {
      const { diagnosis, failed, text } = await against({ login }, (host) =>
        examine({ ...host, auth: BY_PASSWORD }, unreadable),
      );
      expect(failed).toMatchObject({ what: "login", text: expect.stringContaining("BOX_PW is not set") });
      expect(diagnosis.inventory).toBeUndefined();
      expect(text).toMatch(/^Next: Set the variable BOX_PW in the environment/m);
    }
  });

  it("says so also where another login was tried first and refused", async () => {
    const { diagnosis, failed } = await against({ login: acceptsBoth }, (host) =>
      examine({ ...host, auth: [byKey(), ...BY_PASSWORD] }, unreadable),
    );
    expect(failed?.text).toMatch(/refused the login .*tried key .*BOX_PW is not set/);
    expect(diagnosis.inventory).toBeUndefined();
    expect(diagnosis.next).toContain("Set the variable BOX_PW");
  });

  it("prints no lines where what the entry names was tried and refused", async () => {
    for (const auth of [[byKey()], BY_PASSWORD]) {
      const { diagnosis } = await against({ login: acceptsBoth }, (host) =>
        examine({ ...host, auth }, PASSWORD),
      );
      expect(diagnosis.inventory).toBeUndefined();
      expect(diagnosis.next).toMatch(/^Check the user name and what auth names/);
    }
  });

  it("prints no lines for a hop that no entry describes", async () => {
    const { diagnosis } = await against({ login: onlyPassword }, (host) =>
      examine({ ...host, name: "jo@192.0.2.1", source: "adhoc" }),
    );
    expect(diagnosis.inventory).toBeUndefined();
    expect(diagnosis.next).toMatch(/^Give the host a key, an agent or a password/);
  });

  it("waits for a connection longer than for a command, and names what ended it", async () => {
    const silent = await startTcp(() => {});
    try {
      const host = testHost(silent.port);
      const timing = { ...host.timing, connectTimeoutMs: 900, commandTimeoutMs: 100 };
      const { failed } = await examine({ ...host, timing });
      expect(failed?.text).toContain("sent no SSH identification within 0.9 s");
    } finally {
      await silent.stop();
    }
  });

  it("finds nobody at a closed port", async () => {
    const { diagnosis, failed, steps } = await examine(testHost(await freePort()));
    expect(steps).toEqual(["ok inventory", "fail tcp"]);
    expect(failed?.text).toContain("refused the connection");
    expect(diagnosis.next).toContain("Check address and port");
  });

  it("waits for a silent server as long as the host's timeout, and says what it waited for", async () => {
    const silent = await startTcp(() => {});
    try {
      const { failed, steps } = await examine(impatient(testHost(silent.port)));
      expect(steps).toEqual(["ok inventory", "ok tcp", "fail identification"]);
      expect(failed?.text).toContain("sent no SSH identification within 0.8 s");
      expect(failed?.ms).toBeGreaterThanOrEqual(700);
    } finally {
      await silent.stop();
    }
  });

  it("reports each step when it is done, not at the end", async () => {
    let told = () => {};
    const tcp = new Promise<void>((resolve) => {
      told = resolve;
    });
    // It says nothing before the step in front of that was reported.
    const waiting = await startTcp((socket) => void tcp.then(() => socket.end("not SSH at all\r\n")));
    try {
      const { failed, steps } = await examine(impatient(testHost(waiting.port)), "", (sections) => {
        if (sections.some(({ findings }) => findings.some(({ what }) => what === "tcp"))) told();
      });
      expect(steps).toEqual(["ok inventory", "ok tcp", "fail identification"]);
      expect(failed?.text).toContain("not SSH at all");
    } finally {
      await waiting.stop();
    }
  });

  it("counts the connections a server dropped before it spoke", async () => {
    const rude = await startTcp((socket) => socket.end("Too many connections\r\n"));
    try {
      const { failed } = await examine(impatient(testHost(rude.port)));
      expect(failed).toMatchObject({ what: "identification" });
      expect(failed?.text).toContain("Too many connections");
      expect(failed?.details.join()).toMatch(/it dropped [1-9]\d* connections? before/);
    } finally {
      await rude.stop();
    }
  });

  it("says what stands where the prompt should be, and the line that takes it for one", async () => {
    const shell: Script["shell"] = (channel) => void channel.write("Welcome\r\n=edge1=[5]%");
    const { diagnosis, failed } = await against({ shell }, (host) =>
      examine(impatient({ ...host, platform: "cisco_ios" })),
    );
    expect(failed).toMatchObject({ what: "prompt" });
    expect(failed?.details[0]).toContain("=edge1=[5]%");
    expect(diagnosis.inventory?.lines).toEqual(["prompt_regex: '^=edge1=\\[5\\]%$'"]);
  });

  it("says so when the terminal stays empty", async () => {
    const { failed } = await against({ shell: () => {} }, (host) =>
      examine(impatient({ ...host, platform: "cisco_ios" })),
    );
    expect(failed?.text).toMatch(/sent nothing in 1\.\d s/);
  });

  it("says what the host asks instead of showing a prompt, and answers nothing", async () => {
    const typed: string[] = [];
    const shell: Script["shell"] = (channel) => {
      channel.on("data", (bytes: Buffer) => typed.push(bytes.toString()));
      channel.write("Your password has expired.\r\nSave? [yes/no]: ");
    };
    const { failed } = await against({ shell }, (host) =>
      examine(impatient({ ...host, platform: "cisco_ios" })),
    );
    expect(failed?.text).toMatch(/the host asks \(yesno\): Save\? \[yes\/no\]:/);
    expect(typed).toEqual([]);
  });

  it("tells of a platform that does not exist", async () => {
    const { diagnosis, failed } = await examine(testHost(1, { platform: "cisco_isO" }));
    expect(failed?.text).toContain('there is no platform "cisco_isO"');
    expect(diagnosis.healthy).toBe(false);
  });
});

describe("the doctor, on a network device", () => {
  it("tells platform, mode, and what was typed to switch paging off; and types nothing else", async () => {
    const device = startDevice({ prompt: "edge1#" });
    const { diagnosis, steps, text } = await against(device.script, (host) =>
      examine({ ...host, platform: "cisco_ios" }),
    );
    expect(steps).toEqual([
      ...LOGIN,
      "ok terminal",
      "ok platform",
      "ok prompt",
      "ok paging",
      "ok round trip",
    ]);
    expect(text).toMatch(/platform +given as cisco_ios: Cisco IOS and IOS-XE \(cisco_ios\)/);
    expect(text).toContain("found (prompt), mode enable, host edge1");
    expect(text).toContain("switched off; typed: `terminal length 0`, `terminal width 0`");
    expect(device.lines()).toEqual(["terminal length 0", "terminal width 0"]);
    expect(diagnosis.healthy).toBe(true);
  });

  it("warns of a profile whose preparation the device takes nothing of, and of another's identification", async () => {
    const device = startDevice({ prompt: "edge1>", refuses: "all" });
    const { text } = await against({ ...device.script, ident: "Cisco-1.25" }, (host) =>
      examine({ ...host, platform: "juniper_junos" }),
    );
    expect(text).toMatch(/warn +platform +given as juniper_junos/);
    expect(text).toMatch(/calls itself SSH-2.0-Cisco-1.25, as cisco_asa, cisco_ios, .* do/);
    expect(text).toContain("the device refused every line of the session preparation of juniper_junos");
    expect(text).toMatch(/warn +paging +the device refused some of it/);
  });

  it("says that a device nobody knows the profile of was opened by its prompt alone", async () => {
    const device = startDevice({ prompt: "box-7 :: main >>" });
    const { diagnosis, steps, text } = await against(device.script, (host) =>
      examine({ ...host, platform: "auto" }),
    );
    expect(steps).toContain("warn platform");
    expect(text).toMatch(/platform +found: .*\(generic_cli\)/);
    expect(diagnosis.inventory).toBeUndefined();
  });

  it("reports a terminal that is refused as such", async () => {
    const { failed, steps } = await against({ refusesShell: true }, (host) => examine(host));
    expect(steps.slice(0, LOGIN.length)).toEqual(LOGIN);
    expect(failed).toMatchObject({ what: "terminal" });
  });

  it("repeats what the device said to a preparation it did not take", async () => {
    const device = startDevice({ prompt: "edge1>", refuses: ["terminal width 0"] });
    const { diagnosis, text } = await against(device.script, (host) =>
      examine({ ...host, platform: "cisco_ios" }),
    );
    expect(text).toMatch(/warn +paging +the device refused some of it/);
    expect(text).toContain("the device said: % Invalid input detected at '^' marker.");
    expect(diagnosis.healthy).toBe(true);
  });
});
