import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuthContext } from "ssh2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AuthMethod, ResolvedHost } from "../../../src/inventory/host.ts";
import { createSecrets } from "../../../src/secrets/secrets.ts";
import type { Transport } from "../../../src/ssh/contract.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { FakeClock } from "../../fake-clock.ts";
import { failureOf, PTY } from "../hosts.ts";
import { keyPair, type ScriptedServer, startScripted } from "../scripted.ts";

const RIGHT = "the right password";
const WRONG = "not the right one";

describe("a login that was refused", () => {
  let server: ScriptedServer;
  let transport: Transport;
  let clock: FakeClock;
  let folder: string;
  let file: string;
  /** Passwords the server saw. */
  let passwords: string[] = [];
  let accepts: (context: AuthContext) => boolean;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "ssh-mcp-refused-"));
    file = join(folder, "password");
    writeFileSync(file, WRONG, { mode: 0o600 });
    passwords = [];
    accepts = (context) => context.method === "password" && context.password === RIGHT;
    server = await startScripted({
      login: (context) => {
        if (context.method === "password") passwords.push(context.password);
        if (accepts(context)) context.accept();
        else context.reject(["password", "publickey"]);
      },
    });
    clock = new FakeClock();
    transport = createTransport({ secrets: createSecrets({ env: { WRONG } }), env: {}, clock });
  });
  afterEach(async () => {
    await transport.dispose();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const host = (auth: readonly AuthMethod[], change: Partial<ResolvedHost> = {}): ResolvedHost => ({
    ...server.host,
    user: "jo",
    auth,
    ...change,
  });
  const byFile = (): ResolvedHost => host([{ method: "password", secret: { from: "file", path: file } }]);
  const open = (at: ResolvedHost) => transport.link(at).openPty(PTY);
  const refused = async (at: ResolvedHost) => (await failureOf(open(at))).message;

  it("is not tried again for five seconds; the error says so, and repeats what the refusal was", async () => {
    expect(await refused(byFile())).toMatch(/refused the login of user "jo": tried password/);
    clock.advance(2_000);
    const error = await failureOf(open(byFile()));
    expect(error.code).toBe("auth_failed");
    expect(error.message).toMatch(
      /was refused and is not tried again for 3 s, .* nothing was sent\. The last refusal: /,
    );
    expect(error.next).toMatch(/ssh-mcp doctor odd tries at once/);
    expect(server.connections()).toBe(1);
    clock.advance(3_000);
    await refused(byFile());
    expect(passwords).toEqual([WRONG, WRONG]);
  });

  it("waits twice as long after each refusal, up to five minutes", async () => {
    const waits: number[] = [];
    for (let times = 0; times < 9; times++) {
      await refused(byFile());
      const seconds = /not tried again for (\d+) s/.exec(await refused(byFile()))?.[1];
      waits.push(Number(seconds));
      clock.advance(Number(seconds) * 1_000);
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
    expect(passwords).toHaveLength(9);
  });

  it("begins anew after a login that was accepted", async () => {
    await refused(byFile());
    clock.advance(5_000);
    await refused(byFile());
    clock.advance(10_000);
    writeFileSync(file, RIGHT);
    const { channel } = await open(byFile());
    channel.close();
    writeFileSync(file, WRONG);
    // Another channel limit makes it another connection, with the same account.
    const again = { ...byFile(), limits: { ...byFile().limits, channelsPerConnection: 1 } };
    await refused(again);
    expect(await refused(again)).toMatch(/not tried again for 5 s/);
  });

  it("is tried at once when the secret has changed", async () => {
    await refused(byFile());
    writeFileSync(file, RIGHT);
    await open(byFile());
    expect(passwords).toEqual([WRONG, RIGHT]);
  });

  it("is tried at once when a command prints another secret, and the last one that failed counts as the first", async () => {
    const at = host([{ method: "password", secret: { from: "command", command: `cat '${file}'` } }]);
    await refused(at);
    expect(await refused(at)).toMatch(/not tried again for 5 s/);
    writeFileSync(file, "another wrong one");
    expect(await refused(at)).toMatch(/refused the login/);
    expect(await refused(at)).toMatch(/not tried again for 5 s/);
    expect(passwords).toEqual([WRONG, "another wrong one"]);
  });

  it("is tried at once when the entry names another user, another secret or another way", async () => {
    const env: AuthMethod = { method: "password", secret: { from: "env", name: "WRONG" } };
    await refused(host([env]));
    await refused(host([env], { user: "joe" }));
    await refused(byFile());
    expect(passwords).toHaveLength(3);
    expect(await refused(host([env]))).toMatch(/not tried again/);
  });

  it("is the same login under every name of the host", async () => {
    await refused(byFile());
    expect(await refused({ ...byFile(), name: "jo@127.0.0.1" })).toMatch(/not tried again/);
    expect(passwords).toHaveLength(1);
  });

  it("is tried at once when a key file has changed", async () => {
    const path = join(folder, "key");
    writeFileSync(path, keyPair().private, { mode: 0o600 });
    const at = host([{ method: "key", path }]);
    await refused(at);
    expect(await refused(at)).toMatch(/not tried again/);
    accepts = (context) => context.method === "publickey";
    writeFileSync(path, keyPair().private);
    utimesSync(path, 1, 1);
    await open(at);
  });

  it("says nothing of a host that cannot be reached, however often", async () => {
    const gone = { ...byFile(), port: 1 };
    for (let times = 0; times < 3; times++) expect(await refused(gone)).toMatch(/refused the connection/);
  });

  it("does not count a login that offered nothing", async () => {
    for (let times = 0; times < 3; times++)
      expect(await refused(host([]))).toMatch(/nothing configured could be tried/);
    expect(server.connections()).toBe(3);
  });

  it("is tried at once by what a person runs", async () => {
    const byHand = createTransport({
      secrets: createSecrets({ env: { WRONG } }),
      env: {},
      clock,
      repeatRefused: true,
    });
    for (let times = 0; times < 3; times++) {
      const error = await failureOf(byHand.link(byFile()).openPty(PTY));
      expect(error.message).toMatch(/refused the login/);
    }
    await byHand.dispose();
    expect(passwords).toHaveLength(3);
  });

  it("keeps the value of the secret out of what it remembers and says", async () => {
    await refused(byFile());
    const error = await failureOf(open(byFile()));
    expect(error.toText()).not.toContain(WRONG);
  });
});
