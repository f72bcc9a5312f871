import { beforeAll, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { runCommand } from "../../src/tools/acts/run.ts";
import { typeInto } from "../../src/tools/acts/type.ts";
import { fleet, warmUp } from "../multiplexer/fake-fleet.ts";
import { callerNamed } from "../multiplexer/permitted.ts";
import { hostWith } from "../tools/fake.ts";

beforeAll(warmUp);

/** A shell at its prompt behind a gate with these patterns; each call in turn. */
async function denying(...patterns: string[]) {
  const rig = fleet();
  const { multiplexer, clock } = rig;
  const access = createAccess({ directory: { resolve: async () => hostWith(patterns) }, clock });
  const context = { multiplexer, access, clock, caller: callerNamed("a") };
  const type = async (...keys: string[]) => {
    const came: string[] = [];
    for (const one of keys)
      came.push(
        await rig
          .drive(typeInto(context, { session: "fake", keys: one, here: "prompt" }, { timeoutMs: 300 }))
          .then(({ outcome }) => outcome.state)
          .catch((error: Error) => error.message),
      );
    return came;
  };
  await rig.drive(runCommand(context, { session: "fake", command: "true" }, { timeoutMs: 1000 }));
  const shell = rig.shells[0];
  if (!shell) throw new Error("no shell was opened");
  const run = (command: string) =>
    rig.drive(runCommand(context, { session: "fake", command }, { timeoutMs: 300 }));
  return { ...rig, type, run, shell };
}

const DENIED = /deny pattern/;
const UNKNOWN = /cannot be known/;

describe("deny patterns over a line that several calls make", () => {
  it.each<[string, string[]]>([
    ["its pieces", ["touch /et", "c/x<Enter>"]],
    ["three pieces and an Enter alone", ["touch", " /e", "tc/x", "<Enter>"]],
    ["an Enter that comes as a line feed", ["touch /et", "c/x<C-j>"]],
    ["Ctrl-O, which enters it as well", ["touch /et", "c/x<C-o>"]],
    ["a corrected letter", ["touch /etx", "<BSpace>c/x<Enter>"]],
    ["a correction in a call of its own", ["touch /etx", "<BSpace>", "c/x<Enter>"]],
    ["a beginning that was thrown away", ["echo no", "<C-u>touch /etc/x<Enter>"]],
    ["a second line", ["echo a<Enter>touch /et", "c/x<Enter>"]],
  ])("judge the whole of it at its Enter: %s", async (_how, keys) => {
    const { type, shell } = await denying("touch\\s+/etc");
    const came = await type(...keys);
    expect(came.at(-1)).toMatch(DENIED);
    expect(shell.ran.filter((line) => line.includes("/etc"))).toEqual([]);
  });

  it("are anchored at the line, not at the prompt before it", async () => {
    const { type, shell } = await denying("^reboot$");
    expect((await type("reb", "oot", "<Enter>")).at(-1)).toMatch(DENIED);
    expect(shell.ran).toEqual(["true"]);
  });

  it("let a line pass that was denied only with what is not on it any more", async () => {
    const { type, shell, run } = await denying("touch\\s+/etc");
    await type("touch /et", "<C-c>");
    expect((await type("c/x", "<Enter>")).join()).not.toMatch(DENIED);
    await type("touch /et");
    await run("echo between");
    expect((await type("c/y", "<Enter>")).join()).not.toMatch(DENIED);
    expect(shell.ran).toContain("c/x");
    expect(shell.ran).toContain("c/y");
  });

  it("judge what a program is given in pieces as well", async () => {
    const { type, run, shell } = await denying("drop\\s+table");
    shell.scripts.set("sql", () => {});
    await run("sql");
    expect((await type("drop ta", "ble x<Enter>")).at(-1)).toMatch(DENIED);
  });
});

describe("deny patterns over a line that only the screen knows", () => {
  it.each(["<Up><Enter>", "<C-r>touch<Enter>", "tou<Tab><Enter>", "<C-y><C-o>", "a<Left>b<Enter>"])(
    "refuse an Enter in the same call as the keys that make it: %s",
    async (keys) => {
      const { type, shell } = await denying("touch\\s+/etc");
      expect((await type(keys)).at(-1)).toMatch(UNKNOWN);
      expect(shell.ran).toEqual(["true"]);
    },
  );

  it("are no matter in a full-screen program, nor where there are none", async () => {
    const { type, run, shell } = await denying("touch");
    shell.scripts.set("vi", (running) => running.print("\u001b[?1049h\u001b[H~"));
    await run("vi");
    expect((await type("<Up><Enter>")).join()).not.toMatch(UNKNOWN);
    const free = await denying();
    expect((await free.type("<Up><Enter>")).join()).not.toMatch(UNKNOWN);
  });
});
