import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { settled } from "./kit/cli-text.ts";
import { hostFor } from "./kit/host.ts";
import { type LldpAgent, startLldp } from "./kit/lldp.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { type Opened, type Rig, rigFor } from "./rig.ts";

/** lldpcli behind sshd: no profile knows it, its prompt has to be learned. */

const DONE = { state: "done", evidence: "prompt" };

let agent: LldpAgent;
let server: TestServer;
let rig: Rig;
const opened: Opened[] = [];

beforeAll(async () => {
  agent = await startLldp();
  server = await startSshd({ config: [`ForceCommand ${agent.lldpcli}`] });
  rig = rigFor([
    hostFor(server, "zsh", { name: "given", platform: "generic_cli" }),
    hostFor(server, "zsh", { name: "unknown", platform: "auto" }),
  ]);
});
afterEach(async () => {
  for (const session of opened.splice(0)) await session.close();
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
  await agent?.stop();
});

async function open(host: string): Promise<Opened> {
  const one = await rig.open(host);
  opened.push(one);
  return one;
}

describe.each(["given", "unknown"])("a session on lldpcli, platform %s", (host) => {
  it("learns the prompt in brackets and gives outputs exactly", async () => {
    const session = await open(host);
    expect(session.first.outcome).toMatchObject({ ...DONE, mode: "exec" });
    expect(session.view().framing).toContain('prompt "[lldpcli] #"');
    for (const command of ["show chassis", "show configuration", "show statistics", "show neighbors"]) {
      const { outcome, text } = await session.run(command);
      expect(outcome).toMatchObject(DONE);
      expect(settled(text)).toBe(settled(await agent.ask(command)));
    }
  });

  it("shows coloured warnings as plain text", async () => {
    const session = await open(host);
    const { outcome, text } = await session.run("nonsense");
    expect(outcome).toMatchObject(DONE);
    expect(text).toMatch(/^\S+ \[WARN\/lldpctl\] unknown command from argument 1: `nonsense`$/);
  });

  it("shows the help of a question mark, coloured in the terminal, and leaves no line behind", async () => {
    const session = await open(host);
    const { outcome, text } = await session.run("show ?");
    expect(outcome).toMatchObject(DONE);
    expect(text).toMatch(/^ +chassis {2}Show local chassis data$/m);
    const next = await session.run("show chassis");
    expect(settled(next.text)).toBe(settled(await agent.ask("show chassis")));
  });
});

describe("a platform that is not given", () => {
  it("is said to be learned, and why", async () => {
    const session = await open("unknown");
    expect(session.view().framing).toContain(
      'platform generic_cli: no profile knows a prompt such as "[lldpcli] #", so this very row is taken as its prompt',
    );
  });
});
