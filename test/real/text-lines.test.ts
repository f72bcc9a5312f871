import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DeskOver, deskOver } from "../tools/desk-over.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";

let sshd: TestServer;
let desk: DeskOver;

beforeAll(async () => {
  sshd = await startSshd();
  desk = deskOver([hostFor(sshd, "bash"), hostFor(sshd, "zsh"), hostFor(sshd, "dash")]);
});
afterAll(async () => {
  await desk?.dispose();
  await sshd?.stop();
});

describe.each(["bash", "zsh", "dash"])("several lines of text given to python in %s", (host) => {
  const send = (session: string, text: string, more: object = {}) =>
    desk.call("ssh_send", { session, text, enter: true, timeout_s: 30, ...more });

  it("are statements and blocks that run one by one", async () => {
    const session = `${host}-lines`;
    await desk.call("ssh_connect", { host, session });
    expect(await desk.call("ssh_shell", { session, command: "python3 -q" })).toContain(" asking repl ");
    const text = await send(
      session,
      "total = 0\nfor n in range(4):\n    total += n\n\nprint('sum', total * 7)",
    );
    expect(text).toMatch(/^sum 42$/m);
    expect(text).toMatch(/\[\S+ #1 asking repl [^\n]*\]$/);
    expect(text).not.toContain("NOT sent");
  });

  it("end where a line asks something else", async () => {
    const session = `${host}-asked`;
    await desk.call("ssh_connect", { host, session });
    await desk.call("ssh_shell", { session, command: "python3 -q" });
    const text = await send(session, "import getpass\nx = getpass.getpass()\nprint('never typed')");
    expect(text).toContain("line 3 of 3 NOT sent: the program asks something else (password)");
    expect(await send(session, "willow")).toContain(" asking repl ");
    expect(await send(session, "len(x)")).toMatch(/^6$/m);
  });

  it("end the wait with what the caller waits for behind the last line", async () => {
    const session = `${host}-waits`;
    await desk.call("ssh_connect", { host, session });
    await desk.call("ssh_shell", { session, command: "python3 -q" });
    const text = await send(
      session,
      "import time\nword = 'wil' + 'low'\nprint(word, flush=True); time.sleep(300)",
      { wait_for: "^willow" },
    );
    expect(text).toMatch(/^willow\n/m);
    expect(text).toMatch(/\[\S+ #1 running matched [^\n]*\]$/);
    expect(text).not.toContain("NOT sent");
    await desk.call("ssh_send", { session, keys: "<C-c>" });
  });

  it("end where the program does", async () => {
    const session = `${host}-ended`;
    await desk.call("ssh_connect", { host, session });
    await desk.call("ssh_shell", { session, command: "python3 -q" });
    const text = await send(session, "x = 1\nexit()\necho never-run");
    expect(text).toContain("line 3 of 3 NOT sent: the program does not read lines any more (done)");
    expect(text).toMatch(/ done exit=0 /);
  });
});
