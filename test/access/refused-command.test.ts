import { beforeAll, describe, expect, it } from "vitest";
import { leavingKeys } from "../../src/shell/pty/leaving-keys.ts";
import { fleet, warmUp } from "../multiplexer/fake-fleet.ts";

beforeAll(warmUp);

/** A command whose wait was over before it printed this. */
async function later(text: string) {
  const rig = fleet();
  const run = (command: string, timeoutMs = 1000) =>
    rig.drive(rig.mux.shell({ session: "fake", command, timeoutMs }));
  await run("true");
  rig.shells[0]?.scripts.set("job", (running) => void rig.clock.after(2000, () => running.print(text)));
  await run("job", 500);
  await rig.clock.pass(3000);
  const refused = run("echo next").catch((error: { toText(): string }) => error.toText());
  return { ...rig, refused: await refused };
}

describe("a command that is refused because another has the terminal", () => {
  it("is told the question of that one, also where nobody was waiting when it came", async () => {
    const { refused, shells } = await later("Overwrite? [y/N] ");
    expect(refused).toMatch(
      /^busy: #2 `job` asks \(\w+\): Overwrite\? \[y\/N\]\. Your command was not run\nNext: Answer with ssh_send/,
    );
    expect(shells[0]?.ran).toEqual(["true", "job"]);
  });

  it("is told the row at which that one stands, where it is not known to ask", async () => {
    const { refused } = await later("Which disk do you mean ");
    expect(refused).toMatch(
      /^busy: #2 `job` is still running; the cursor's row is: Which disk do you mean\. Your command/,
    );
  });

  it("is told the keys that leave a full-screen program", async () => {
    const { refused } = await later("\u001b[?1049h\u001b[Hhello");
    expect(refused).toMatch(/^busy: #2 `job` runs full-screen.*\nNext: .* its own key leaves it \(q, <C-x>/);
  });
});

describe("the keys that leave a full-screen program", () => {
  it.each([
    ["sudo vim /etc/hosts", "<Esc>:q<Enter> leaves it"],
    ["/usr/bin/htop", "q leaves it"],
    ["cd /tmp && nano x", "<C-x> leaves it"],
    ["LANG=C man ls", "q leaves it"],
    ["dmesg | less -R", "q leaves it"],
    ["tmux attach", "<C-b>d leaves it"],
    ["my-tool", "its own key leaves it"],
  ])("are those of its name: %s", (command, said) => expect(leavingKeys(command)).toContain(said));
});
