import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuthMethod } from "../../src/inventory/host.ts";
import { createTransport } from "../../src/ssh/transport.ts";
import { failureOf, hostOf, run, secretsOf } from "../ssh/hosts.ts";
import { startSshd, type TestServer } from "../ssh/sshd.ts";

const USER = `sshmcp-pam${process.pid % 10_000}`;
const PASSWORD = "Tr0ub4dor and three";
const auth: readonly AuthMethod[] = [{ method: "password", secret: { from: "env", name: "PW" } }];

/** What PAM asks through a real sshd, whose remarks and questions come in one prompt. */
describe("keyboard-interactive with PAM", () => {
  let server: TestServer;
  beforeAll(async () => {
    execFileSync("useradd", ["--no-create-home", "--home-dir", "/tmp", "--shell", "/bin/sh", USER]);
    execFileSync("chpasswd", { input: `${USER}:${PASSWORD}\n` });
    server = await startSshd({
      config: ["UsePAM yes", "KbdInteractiveAuthentication yes", "LogLevel DEBUG1"],
    });
  });
  afterAll(async () => {
    await server?.stop();
    execFileSync("userdel", [USER]);
  });

  const login = (password = PASSWORD) => {
    const transport = createTransport({
      env: {},
      secrets: secretsOf(async () => ({ reveal: () => password })),
    });
    return run(transport, hostOf(server, { user: USER, auth }), "id -un").finally(() => transport.dispose());
  };

  it("logs in with the password that PAM asks for", async () => {
    const { stdout } = await login();
    expect(stdout.toString()).toBe(`${USER}\n`);
  });

  it("gives a wrong password once, though sshd would take three", async () => {
    const before = server.log().length;
    const error = await failureOf(login("not it"));
    expect(error.code).toBe("auth_failed");
    expect(
      server
        .log()
        .slice(before)
        .match(/PAM: Authentication failure/g),
    ).toHaveLength(1);
  });

  it("answers nothing when the password has expired, and says how it is changed", async () => {
    execFileSync("chage", ["-d", "0", USER]);
    const error = await failureOf(login());
    expect(error.message).toMatch(
      new RegExp(`password of "${USER}" has expired .* asked "Current password:"`),
    );
    expect(error.next).toContain(`ssh -p ${server.port} ${USER}@127.0.0.1`);
    execFileSync("chage", ["-d", "-1", USER]);
    expect((await login()).end).toMatchObject({ code: 0 });
  });
});
