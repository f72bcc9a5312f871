import { beforeAll, describe, expect, it } from "vitest";
import { fleet, warmUp } from "../../multiplexer/fake-fleet.ts";

beforeAll(warmUp);

/** Longer than the set-up of a shell may take: 8 s for its line, 4 s for taking a hook back. */
const BOUND_MS = 13_000;

describe("a shell that took our hooks and shows no prompt of its own", () => {
  it("is ready in bounded time, though it never goes quiet", async () => {
    const { mux, drive, clock, shells } = fleet({ shell: { hooked: false } });
    const opening = mux.connect({ host: "fake", timeoutMs: 2 * BOUND_MS });
    for (let ms = 100; ms < 3 * BOUND_MS; ms += 100)
      clock.after(ms, () => shells[0]?.print(`\r\nrow ${ms}\r\n${shells[0].prompt}`));
    const { outcome } = await drive(opening);
    expect(outcome).toMatchObject({ state: "done", evidence: "sentinel" });
    expect(outcome.durationMs).toBeLessThan(BOUND_MS);
  });

  it("inside a command is left to the caller in bounded time, and what runs is the command again", async () => {
    const { mux, drive, clock, shells } = fleet();
    await drive(mux.connect({ host: "fake" }));
    const [shell] = shells;
    const taken: string[] = [];
    let leave = () => {};
    shell?.scripts.set("su -", (running) => {
      leave = () => running.end(0);
      running.print("root@fake:~# ");
      running.input.push = (...lines) => {
        const label = /7717;([0-9a-f]{12}L2);I;\$__/.exec(lines.join())?.[1];
        if (label === undefined) return taken.push(...lines);
        running.print(`\u001b]7717;${label};I;///dash\u0007`);
        // The hook code follows, without an Enter.
        clock.after(50, () => {
          const key = /;R;([0-9a-f]{8});/.exec(shell.writes.at(-1) ?? "")?.[1];
          running.print(`\u001b]7717;${label};R;${key};4720;/dev/pts/9;root;fake\u0007`);
        });
        return 0;
      };
    });
    const joined = await drive(mux.shell({ session: "fake", command: "su -", timeoutMs: 2 * BOUND_MS }));
    expect(joined.outcome).toMatchObject({ command: 1, level: 1 });
    expect(joined.outcome.notes.join()).toContain("did not run the set-up line; work in it with ssh_send");
    await drive(mux.send({ session: "fake", text: "whoami", enter: true, timeoutMs: 100 }));
    expect(taken.at(-1)).toContain("whoami");
    leave();
    const { outcome } = await drive(mux.wait({ session: "fake", timeoutMs: 3000 }));
    expect(outcome).toMatchObject({ state: "done", exit: 0, command: 1, level: 1 });
    const next = await drive(mux.shell({ session: "fake", command: "echo alone" }));
    expect(next.outcome).toMatchObject({ state: "done", exit: 0 });
  });
});
