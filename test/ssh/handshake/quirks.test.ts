import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuthContext } from "ssh2";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { LoginQuirks, ResolvedHost } from "../../../src/inventory/host.ts";
import type { Transport } from "../../../src/ssh/contract.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { EXEC, failureOf, hostOf, noSecrets, PTY, received, run, secretsOf } from "../hosts.ts";
import { type Script, type ScriptedServer, startScripted, until } from "../scripted.ts";
import { canRunSshd, keygen, startSshd } from "../sshd.ts";

const PASSWORD = "hunter2 & more";
const BY_PASSWORD = [{ method: "password", secret: { from: "env", name: "X" } }] as const;
const ACKNOWLEDGE = "Do you accept and acknowledge the statement above ? (yes/no) : ";
const PAN_OS: LoginQuirks = {
  interactive: [{ match: "^Do you accept and acknowledge", answer: { text: "yes" } }],
};

describe("the login of a device", () => {
  let servers: ScriptedServer[] = [];
  let transport: Transport | undefined;
  let folder = "";
  let key = "";
  /** `user method` of every attempt, and every answer, in order. */
  let seen: string[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ssh-mcp-quirks-"));
    key = join(folder, "key");
    keygen(key, ["-t", "ed25519"]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    await transport?.dispose();
    transport = undefined;
    await Promise.all(servers.map((server) => server.stop()));
    servers = [];
    seen = [];
  });

  const start = async (script: Script, overrides: Partial<ResolvedHost>): Promise<ResolvedHost> => {
    const server = await startScripted({
      ...script,
      login: (context, connection) => {
        seen.push(`${context.username} ${context.method}`);
        if (script.login) script.login(context, connection);
        else context.accept();
      },
    });
    servers.push(server);
    return { ...server.host, user: "noc", ...overrides };
  };
  const open = (host: ResolvedHost, secrets = secretsOf(async () => ({ reveal: () => PASSWORD }))) => {
    transport ??= createTransport({ secrets, env: {} });
    return transport.link(host).openPty(PTY);
  };
  const onlyPassword = (context: AuthContext) => {
    if (context.method !== "password") return context.reject(["password"]);
    seen.push(context.password);
    context.accept();
  };
  const rounds = (...prompts: readonly { prompt: string; echo: boolean }[]) => {
    return (context: AuthContext) => {
      if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
      const ask = (index: number) => {
        const prompt = prompts[index];
        if (prompt === undefined) return context.accept();
        context.prompt([prompt], ([answer = ""]) => {
          seen.push(answer);
          ask(index + 1);
        });
      };
      ask(0);
    };
  };

  it("appends what the platform wants to the user name", async () => {
    const host = await start({ login: onlyPassword }, { auth: BY_PASSWORD });
    await open({ ...host, login: { usernameSuffix: "+ct200w50h" } });
    expect(seen).toEqual(["noc+ct200w50h none", "noc+ct200w50h password", PASSWORD]);
  });

  it.each([
    ["ROSSSH", "noc+ct200w50h none"],
    ["OpenSSH_9.9", "noc none"],
  ])(
    "appends it only to the server it belongs to, while the platform is not known: %s",
    async (ident, first) => {
      const login = { usernameSuffix: "+ct200w50h", suffixIdent: "^SSH-2\\.0-ROSSSH" };
      await open(await start({ ident }, { login }));
      expect(seen).toEqual([first]);
    },
  );

  it("acknowledges the statement that the platform asks about, and then gives the password", async () => {
    const login = rounds({ prompt: ACKNOWLEDGE, echo: true }, { prompt: "Password: ", echo: false });
    await open(await start({ login }, { auth: BY_PASSWORD, login: PAN_OS }));
    expect(seen).toEqual(["noc none", "noc keyboard-interactive", "yes", PASSWORD]);
  });

  it("acknowledges it for a host without a password, too, and reads no secret for it", async () => {
    const login = rounds({ prompt: ACKNOWLEDGE, echo: false });
    await open(await start({ login }, { login: PAN_OS }), noSecrets);
    expect(seen).toEqual(["noc none", "noc keyboard-interactive", "yes"]);
  });

  it("gives the user name to the prompt that the platform asks it by", async () => {
    const login = rounds({ prompt: "User Name:", echo: true }, { prompt: "Password:", echo: false });
    const quirks: LoginQuirks = { interactive: [{ match: "(?i)^user ?name:", answer: "username" }] };
    await open(await start({ login }, { auth: BY_PASSWORD, login: quirks }));
    expect(seen.slice(2)).toEqual(["noc", PASSWORD]);
  });

  it.each([
    ["in the open", { prompt: "Password: ", echo: true }],
    ["for a one-time code", { prompt: "Verification code: ", echo: false }],
  ])(
    "never gives the password away %s, even where a profile takes the prompt for the password's",
    async (_, prompt) => {
      const quirks: LoginQuirks = { interactive: [{ match: ".*", answer: "password" }] };
      const host = await start({ login: rounds(prompt) }, { auth: BY_PASSWORD, login: quirks });
      expect((await failureOf(open(host))).message).toContain(`asked "${prompt.prompt.trim()}"`);
      expect(seen.slice(2)).toEqual([]);
    },
  );

  it("gives the password once, however often the prompt comes", async () => {
    const quirks: LoginQuirks = { interactive: [{ match: "^Password", answer: "password" }] };
    const again = { prompt: "Password: ", echo: false };
    const host = await start({ login: rounds(again, again) }, { auth: BY_PASSWORD, login: quirks });
    expect((await failureOf(open(host))).message).toContain('It asked "Password:" again');
    expect(seen.slice(2)).toEqual([PASSWORD]);
  });

  it("drops a server that asks for the same acknowledgement without end", async () => {
    const endless = Array.from({ length: 50 }, () => ({ prompt: ACKNOWLEDGE, echo: false }));
    const error = await failureOf(open(await start({ login: rounds(...endless) }, { login: PAN_OS })));
    expect(error.toText()).toMatch(/auth_failed: .*asked the same questions again and again/);
    expect(seen.filter((answer) => answer === "yes")).toHaveLength(5);
  });

  it("tries only the methods of the platform's order: one that hangs up at a public key is never shown one", async () => {
    const auth = [{ method: "key", path: key }, ...BY_PASSWORD] as const;
    const hangsUp: Script = {
      login: (context, connection) => {
        if (context.method === "publickey") return void connection.end();
        if (context.method === "none") return context.reject(["publickey", "password"]);
        onlyPassword(context);
      },
    };
    const host = await start(hangsUp, { auth });
    expect((await failureOf(open(host))).code).toBe("auth_failed");
    seen = [];
    await open({ ...host, login: { order: ["none", "password"] } });
    expect(seen).toEqual(["noc none", "noc password", PASSWORD]);
  });

  it("does not even ask what the server accepts when the platform's order leaves that out", async () => {
    const host = await start({ login: onlyPassword }, { auth: BY_PASSWORD });
    await open({ ...host, login: { order: ["password"] } });
    expect(seen).toEqual(["noc password", PASSWORD]);
  });

  it("says which of the configured methods the platform's order left out", async () => {
    const login = (context: AuthContext) => context.reject(["publickey"]);
    const host = await start({ login }, { auth: [{ method: "key", path: key }] });
    const error = await failureOf(open({ ...host, login: { order: ["none", "password"] } }));
    expect(error.message).toMatch(/tried with none and password only, not with publickey/);
  });

  it("is over at once where no login is asked for, and no secret is read for it", async () => {
    const host = await start({ shell: (channel) => channel.write("User Name:") }, { auth: BY_PASSWORD });
    const pty = await open({ ...host, login: { order: ["none"] } }, noSecrets);
    expect(pty.info.auth).toBe("none");
    expect(await received(pty, /User Name:/)).toBe("User Name:");
    expect(seen).toEqual(["noc none"]);
  });

  it("names a pattern of the profile that is none", async () => {
    const host = await start({}, { login: { interactive: [{ match: "(", answer: "username" }] } });
    const error = await failureOf(open(host));
    expect(error.code).toBe("inventory_invalid");
    expect(error.message).toContain('"("');
  });
});

describe.skipIf(!canRunSshd)("a device that cannot stand being asked for a sign of life", () => {
  it("is not asked, while another connection to the same server is", async () => {
    const server = await startSshd({ config: ["LogLevel DEBUG1"] });
    const transport = createTransport({ secrets: noSecrets });
    try {
      const host = hostOf(server);
      const eager = { ...host, timing: { ...host.timing, keepaliveIntervalMs: 10, keepaliveCount: 100 } };
      const asked = () => server.log().match(/rtype keepalive@openssh\.com/g)?.length ?? 0;
      await transport.link({ ...eager, login: { keepalive: "off" } }).openPty(PTY);
      // Twenty intervals long on the same connection.
      const quiet = await run(transport, { ...eager, login: { keepalive: "off" } }, "sleep 0.2", EXEC);
      expect(quiet.end).toEqual({ reason: "exit", code: 0 });
      expect(asked()).toBe(0);
      await transport.link(eager).openPty(PTY);
      await until(() => asked() >= 5, "the other connection was asked five times");
    } finally {
      await transport.dispose();
      await server.stop();
    }
  });
});
