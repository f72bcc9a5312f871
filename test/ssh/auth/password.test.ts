import { inspect } from "node:util";
import type { AuthContext } from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import { SshMcpError } from "../../../src/base/errors.ts";
import type { ResolvedHost } from "../../../src/inventory/host.ts";
import { createSecrets } from "../../../src/secrets/secrets.ts";
import type { Transport } from "../../../src/ssh/contract.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { EXEC, failureOf, PTY, run, secretsOf } from "../hosts.ts";
import { type ScriptedServer, startScripted } from "../scripted.ts";

const PASSWORD = "hunter2 & more";

/** What a password login does with servers of every temper; simulated, since PAM cannot be told what to ask. */
describe("a login with a password", () => {
  let server: ScriptedServer;
  let transport: Transport | undefined;
  /** Every place the password arrived at, in order. */
  let received: string[] = [];
  afterEach(async () => {
    await transport?.dispose();
    await server.stop();
    received = [];
  });

  const start = async (login: (context: AuthContext) => void): Promise<ResolvedHost> => {
    server = await startScripted({
      login,
      exec: (channel) => {
        channel.exit(0);
        channel.end();
      },
    });
    return { ...server.host, auth: [{ method: "password", secret: { from: "env", name: "X" } }] };
  };
  const exec = (host: ResolvedHost, secret: string | SshMcpError = PASSWORD) => {
    transport = createTransport({
      secrets: secretsOf(async () => {
        if (secret instanceof SshMcpError) throw secret;
        return { reveal: () => secret };
      }),
      env: {},
    });
    return run(transport, host, "true", EXEC);
  };

  it("uses the password method where the server knows no other", async () => {
    const host = await start((context) => {
      if (context.method !== "password") return context.reject(["password"]);
      received.push(context.password);
      context.accept();
    });
    expect((await exec(host)).end).toEqual({ reason: "exit", code: 0 });
    expect(received).toEqual([PASSWORD]);
  });

  it("leaves no trace of the secret in anything that could be logged", async () => {
    const host = await start((context) => {
      if (context.method !== "password") return context.reject(["password"]);
      context.accept();
    });
    await exec(host);
    const pty = await transport?.link(host).openPty(PTY);
    const shown = inspect({ transport, pty }, { depth: 12, showHidden: true, getters: true });
    expect(shown).toContain("SshPtyChannel");
    expect(shown).not.toContain(PASSWORD);
    expect(JSON.stringify({ transport, pty })).not.toContain(PASSWORD);
  });

  it("keeps the secret out of its errors, although the server quotes it whole and in part", async () => {
    let given = "";
    const host = await start((context) => {
      if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
      const hidden = { prompt: "Password: ", echo: false };
      const quoted = () => [
        { prompt: `So it is ${given}? `, echo: true },
        { prompt: `${"o".repeat(70)} ${given}`, echo: true },
      ];
      context.prompt([hidden], ([answer = ""]) => {
        given = answer;
        context.prompt(quoted(), () => context.reject(["keyboard-interactive"]));
      });
    });
    transport = createTransport({ secrets: createSecrets({ env: { X: PASSWORD } }), env: {} });
    const error = await failureOf(run(transport, host, "true"));
    expect(given).toBe(PASSWORD);
    expect(error.message).toContain('asked "So it is [secret]?"');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/hunter2/);
  });

  it("answers the hidden prompt of keyboard-interactive", async () => {
    const host = await start((context) => {
      if (context.method !== "keyboard-interactive")
        return context.reject(["keyboard-interactive", "password"]);
      context.prompt([{ prompt: "Password: ", echo: false }], (answers) => {
        received.push(...answers);
        context.accept();
      });
    });
    expect((await exec(host)).end).toMatchObject({ code: 0 });
    expect(received).toEqual([PASSWORD]);
  });

  it("sends the secret at most once, although the server asks by both methods and again", async () => {
    const asked: string[] = [];
    const host = await start((context) => {
      asked.push(context.method);
      if (context.method === "password") received.push(context.password);
      if (context.method !== "keyboard-interactive")
        return context.reject(["keyboard-interactive", "password"]);
      context.prompt([{ prompt: "Password: ", echo: false }], (first) => {
        received.push(...first);
        context.prompt([{ prompt: "Password: ", echo: false }], (second) => {
          received.push(...second);
          context.reject(["keyboard-interactive", "password"]);
        });
      });
    });
    const error = await failureOf(exec(host));
    expect(error.code).toBe("auth_failed");
    expect(error.toText()).not.toContain(PASSWORD);
    expect(error.message).toContain('It asked "Password:" again');
    expect(received).toEqual([PASSWORD]);
    expect(asked).toEqual(["none", "keyboard-interactive"]);
  });

  it("falls back to the password method when keyboard-interactive asked for nothing", async () => {
    const host = await start((context) => {
      if (context.method !== "password") return context.reject(["keyboard-interactive", "password"]);
      received.push(context.password);
      context.accept();
    });
    expect((await exec(host)).end).toMatchObject({ code: 0 });
    expect(received).toEqual([PASSWORD]);
  });

  it("gives the secret neither to visible prompts nor to prompts for a one-time code, and names them", async () => {
    const host = await start((context) => {
      if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
      const prompts = [
        { prompt: "Your name: ", echo: true },
        { prompt: "Verification code: ", echo: false },
      ];
      context.prompt(prompts, (answers) => {
        received.push(...answers);
        context.reject(["keyboard-interactive"]);
      });
    });
    const error = await failureOf(exec(host));
    expect(received).toEqual([]);
    expect(error.message).toMatch(
      /asked "Your name:" \(together with "Verification code:"\) .*, which nothing here answers/,
    );
  });

  it.each([
    ["the same again and again", 1],
    ["five hundred prompts", 500],
  ])("drops a server that asks %s", async (_what, count) => {
    let rounds = 0;
    const host = await start((context) => {
      if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
      const ask = () => {
        rounds++;
        const prompts = Array.from({ length: count }, () => ({ prompt: "Password: ", echo: false }));
        context.prompt(prompts, (answers) => {
          received.push(...answers.filter((answer) => answer !== ""));
          ask();
        });
      };
      ask();
    });
    const error = await failureOf(exec(host));
    expect(error.code).toBe("auth_failed");
    expect(error.message).toMatch(count === 1 ? /asked "Password:" again/ : /500 questions at once/);
    expect(rounds).toBeLessThanOrEqual(4);
    expect(received.length).toBeLessThanOrEqual(1);
  });

  it("completes a login of two factors, password and then a question that the inventory answers", async () => {
    let first = false;
    const host = await start((context) => {
      if (context.method === "password") {
        received.push(context.password);
        first = true;
        return context.reject(["keyboard-interactive"], true);
      }
      if (context.method !== "keyboard-interactive" || !first) return context.reject(["password"]);
      context.prompt([{ prompt: "Press return to go on", echo: true }], () => context.accept());
    });
    const loginAnswers = [{ match: "^press return", answer: "" }];
    expect((await exec({ ...host, loginAnswers })).end).toMatchObject({ code: 0 });
    expect(received).toEqual([PASSWORD]);
  });

  it("says that the password has expired instead of waiting", async () => {
    const host = await start((context) => {
      if (context.method !== "password") return context.reject(["password"]);
      context.requestChange("Change it", () => context.reject());
    });
    const error = await failureOf(exec(host));
    expect(error.message).toMatch(/password of "root" has expired/);
    expect(error.next).toMatch(/ssh -p \d+ root@127\.0\.0\.1, which asks for the old password/);
    expect(error.next).toContain("environment variable X");
  });

  it("reports an unavailable secret as such when nothing else was tried", async () => {
    const host = await start((context) => context.reject(["password"]));
    const cause = new SshMcpError("secret_unavailable", "Environment variable X is not set.", "Set it.");
    const error = await failureOf(exec(host, cause));
    expect([error.code, error.next]).toEqual(["secret_unavailable", "Set it."]);
  });

  it("asks nobody for a secret before the host key is accepted", async () => {
    const host = await start((context) => context.accept());
    const error = await failureOf(
      exec(
        { ...host, hostKey: { mode: "strict", files: [] } },
        new SshMcpError("secret_unavailable", "read"),
      ),
    );
    expect(error.code).toBe("host_key_unknown");
  });
});
