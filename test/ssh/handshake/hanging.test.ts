import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuthContext, Connection } from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import type { SshMcpError } from "../../../src/base/errors.ts";
import type { AuthMethod, ResolvedHost } from "../../../src/inventory/host.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { FakeClock } from "../../fake-clock.ts";
import { failureOf, PTY, secretsOf, testHost } from "../hosts.ts";
import { keyPair, type Script, startScripted, startTcp, until } from "../scripted.ts";

/** What the host's timeouts.connect allows, on a clock that the test moves. */
const BOUND_MS = 30_000;
const PASSWORD: AuthMethod = { method: "password", secret: { from: "env", name: "PW" } };

/** Servers that fall silent at one step of a login; what an ssh-agent of ours does not do counts as a step. */
describe("a login that hangs", () => {
  const ending: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  /** The failure of a login that has reached `hung` and has its whole time over; it must not fail before. */
  const failing = async (host: ResolvedHost, hung: () => boolean, env = {}): Promise<SshMcpError> => {
    const clock = new FakeClock();
    const secrets = secretsOf(async () => ({ reveal: () => "open sesame" }));
    const transport = createTransport({ secrets, clock, env });
    ending.push(() => transport.dispose());
    let over = false;
    const failure = failureOf(
      transport
        .link({ ...host, timing: { ...host.timing, connectTimeoutMs: BOUND_MS } })
        .openPty(PTY)
        .finally(() => {
          over = true;
        }),
    );
    await until(() => hung() || over, "the login hangs");
    await clock.pass(BOUND_MS - 1);
    expect(over).toBe(false);
    clock.advance(1);
    return failure;
  };
  const tcp = async (talk: Parameters<typeof startTcp>[0]) => {
    const server = await startTcp(talk);
    ending.push(() => server.stop());
    return server;
  };
  const scripted = async (script: Script) => {
    const server = await startScripted(script);
    ending.push(() => server.stop());
    return server;
  };
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), "ssh-mcp-hanging-"));
    ending.push(() => rmSync(made, { recursive: true, force: true }));
    return made;
  };

  it("before the identification names it", async () => {
    const server = await tcp((socket) => socket.resume());
    const error = await failing(testHost(server.port), () => server.accepted() === 1);
    expect(error.toText()).toMatch(
      /^connect_failed: .*no SSH identification within 30 s\.\nNext: .*address and port.*timeouts\.connect/,
    );
    await until(() => server.open() === 0, "the socket is closed");
  });

  it("in the key exchange names it, and large packets that are lost", async () => {
    let heard = 0;
    const server = await tcp((socket) => {
      socket.write("SSH-2.0-odd\r\n");
      socket.on("data", ({ length }) => {
        heard += length;
      });
    });
    const error = await failing(testHost(server.port), () => heard > 200);
    expect(error.toText()).toMatch(
      /^connect_failed: .*did not finish the key exchange within 30 s\.\nNext: .*MTU/,
    );
    await until(() => server.open() === 0, "the socket is closed");
  });

  it("between the keys and the login names that", async () => {
    let asked = false;
    const server = await scripted({
      connected: (connection) => {
        const protocol: unknown = Reflect.get(connection, "_protocol");
        if (!(protocol instanceof Object)) throw new Error("ssh2 has changed");
        Reflect.set(protocol, "serviceAccept", () => {
          asked = true;
        });
      },
    });
    const error = await failing(server.host, () => asked);
    expect(error.toText()).toMatch(
      /^connect_failed: .*exchanged keys but did not answer the request to log in within 30 s/,
    );
    await until(() => server.open() === 0, "the connection is closed");
  });

  const keyFile = () => {
    const path = join(folder(), "key");
    writeFileSync(path, keyPair().private, { mode: 0o600 });
    return path;
  };
  it.each([
    ["the first question of all", "none", [], /did not say within 30 s how user "root" may log in/],
    [
      "a key",
      "publickey",
      [{ method: "key", path: "" }],
      /did not answer the login of user "root" by key \/.*key within 30 s; whether it takes it is unknown/,
    ],
    [
      "a password",
      "password",
      [PASSWORD],
      /login of user "root" by password within 30 s after the password had been sent; whether/,
    ],
    [
      "keyboard-interactive, before its questions",
      "keyboard-interactive",
      [PASSWORD],
      /login of user "root" by keyboard-interactive within 30 s; whether/,
    ],
    [
      "keyboard-interactive, behind the answer",
      "answered",
      [PASSWORD],
      /by keyboard-interactive within 30 s after the password had been sent; whether/,
    ],
  ] as const)("at %s names the method and what may be down behind it", async (_what, method, auth, says) => {
    let reached = false;
    const wire = method === "answered" ? "keyboard-interactive" : method;
    const server = await scripted({
      login: (context: AuthContext) => {
        if (context.method !== wire) return context.reject([wire]);
        if (method === "answered" && context.method === "keyboard-interactive")
          context.prompt([{ prompt: "Password: ", echo: false }], () => {
            reached = true;
          });
        else reached = true;
      },
    });
    const own = auth.map((one) => (one.method === "key" ? { ...one, path: keyFile() } : one));
    const error = await failing({ ...server.host, auth: own }, () => reached);
    expect([error.code, error.message]).toEqual(["connect_failed", expect.stringMatching(says)]);
    expect(error.next).toMatch(/LDAP, RADIUS, TACACS\+.*timeouts\.connect/);
    await until(() => server.open() === 0, "the connection is closed");
  });

  it.each([
    ["list its keys", 11],
    [`sign with agent key SHA256:\\S+`, 13],
  ])("at an ssh-agent that does not %s names the agent, not the host", async (what, request) => {
    const socket = join(folder(), "agent");
    const blob = Buffer.from(keyPair().public.split(" ")[1] ?? "", "base64");
    let asked = false;
    // draft-ietf-sshm-ssh-agent: 11 asks for the keys, 12 lists them, 13 asks for a signature.
    const agent = createServer((stream) => {
      ending.push(() => stream.destroy());
      stream.on("data", (message) => {
        asked = message[4] === request;
        if (!asked)
          stream.write(
            framed(Buffer.concat([Buffer.from([12, 0, 0, 0, 1]), framed(blob), framed(Buffer.alloc(0))])),
          );
      });
    }).listen(socket);
    ending.push(() => new Promise((resolve) => agent.close(resolve)));
    const server = await scripted({
      login: (context) => {
        if (context.method === "publickey" && context.signature === undefined) context.accept();
        else context.reject(["publickey"]);
      },
    });
    const env = { SSH_AUTH_SOCK: socket };
    const error = await failing({ ...server.host, auth: [{ method: "agent" }] }, () => asked, env);
    expect(error.toText()).toMatch(
      new RegExp(`^connect_failed: .*the ssh-agent did not ${what} within 30 s\\.\nNext: Unlock the agent`),
    );
  });

  it.each([
    ["channel", /request for a terminal \(channel\) within 30 s\.\nNext: .*too many sessions/],
    ["pty-req", /request for a terminal \(channel opened, pty-req\) within 30 s\.\nNext: .*PAM/],
    ["shell", /request for the shell of a terminal \(channel opened, shell\) within 30 s\.\nNext: .*PAM/],
  ] as const)("at the request %s names it", async (request, says) => {
    let reached = false;
    let connection: Connection | undefined;
    const server = await scripted({
      connected: (accepted) => {
        connection = accepted;
      },
      ignores: (made) => {
        if (made !== request) return false;
        // The refusal of a forwarding that nobody asked for says that our client has read whatever came before it.
        connection?.forwardOut("127.0.0.1", 1, "127.0.0.1", 1, () => {
          reached = true;
        });
        return true;
      },
    });
    const error = await failing(server.host, () => reached);
    expect(error.toText()).toMatch(/^channel_refused: .*logged us in but did not answer the /);
    expect(error.toText()).toMatch(says);
  });
});

/** With its length in front (RFC 4251 5). */
function framed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
