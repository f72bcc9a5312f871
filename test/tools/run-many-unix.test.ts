import { afterEach, describe, expect, it } from "vitest";
import { type ScriptedServer, startScripted } from "../ssh/scripted.ts";
import { type DeskOver, deskOver } from "./desk-over.ts";

let server: ScriptedServer;
let desk: DeskOver;
const given: string[] = [];
afterEach(async () => {
  given.splice(0);
  await desk.dispose();
  await server.stop();
});

/** Unix hosts by these names; `answer`: what each command in turn prints, and its exit code. */
async function start(
  names: readonly string[],
  answer: (command: string, number: number) => [string, number],
): Promise<void> {
  server = await startScripted({
    exec: (channel, command) => {
      given.push(command);
      const [text, code] = answer(command, given.length);
      channel.write(text);
      channel.exit(code);
      channel.end();
    },
  });
  desk = deskOver(
    names.map((name) => ({ ...server.host, name, platform: "posix", user: name })),
    { toolsets: ["config"] },
  );
}

const run = (args: object) => desk.call("ssh_run", { timeout_s: 50, first: false, stop_on: [], ...args });
const WEB = ["web-1", "web-2", "web-3", "web-4"];

describe("ssh_run on Unix hosts", () => {
  it("runs several commands in one shell, each behind one that worked, or all with keep_going", async () => {
    await start(WEB, () => ["ok\n", 0]);
    expect(await run({ hosts: WEB, commands: ["cd /srv", "ls # all"] })).toMatch(
      /^web-\[1-4\] #2-5 \(4 hosts\): exit=0\n {2}ok\n\[run #1 done ok=4 of 4 outcomes=1 /,
    );
    expect(new Set(given)).toEqual(new Set(["{ cd /srv\n} &&\n{ ls # all\n}"]));
    const some = await run({ hosts: "web-[1,3],web-4", commands: ["a", "b"], keep_going: true });
    expect(some).toMatch(/^web-\[1,3-4\] #7-9: exit=0/);
    expect(given.at(-1)).toBe("{ a\n}\n{ b\n}");
    expect(await run({ hosts: "web-1", command: "ls", mode: "enable" })).toMatch(
      /^web-1 #\d+: invalid_argument\n {2}.*"mode" is for network devices; nothing was sent/,
    );
  });

  it("shows the same as alike though each prints its own name, and an outlier by the rows it differs in", async () => {
    const rows = Array.from({ length: 12 }, (_, at) => `row ${at}`).join("\n");
    await start(WEB, (_command, number) => [
      `${WEB[number - 1]} up 3 days\n${rows}\nkernel ${number === 3 ? "6.2" : "6.1"}\n`,
      0,
    ]);
    const text = await run({ hosts: WEB, command: "uname -a", at_once: 1 });
    expect(text).toMatch(
      /^web-3 #4: exit=0, differs from most in\n {2}- kernel 6\.1\n {2}\+ kernel 6\.2\nweb-\[1-2,4\] #2-3,5: exit=0 \(alike but for names\)\n {2}web-1 up 3 days\n/,
    );
    expect(text).toMatch(/ ok=4 of 4 outcomes=2 /);
  });
});
