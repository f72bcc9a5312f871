import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNTS } from "./kit/accounts.ts";
import { addTestUser, hostFor, startSshd, type TestServer } from "./kit/kit.ts";
import { rigFor } from "./rig.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startSshd();
});
afterAll(async () => {
  await server?.stop();
});

const COMMANDS = ["echo first", "true", "echo 'third one'"];
/** Where shells keep what was typed, below the home directory. */
const PLACES = [
  ".bash_history",
  ".zsh_history",
  ".history",
  ".sh_history",
  ".ash_history",
  ".mksh_history",
  ".local/share/fish/fish_history",
];

/** What shells write whatever was typed: mksh's and ksh93's first two bytes, yash's heading and process ids. */
const FURNITURE = /^(?:\u00ab\u00cd|\u0081\u0001)|^#\$# yash history.*\n|^p-?\d+\n/gm;
const BOOTSTRAP = /^ \\stty cbreak -echo min 0 time \d+;.*head -c\d+\|source;\\stty icanon echo min 1$/;

/** Three commands and `exit` by a fresh user of that shell; then whatever history files the home directory has. */
async function historyAfter(
  shell: string,
  files: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const user = await addTestUser({ shell, files });
  try {
    const rig = rigFor([hostFor(server, user)]);
    try {
      const session = await rig.open(user.login);
      for (const command of COMMANDS) await session.run(command);
      expect((await session.run("exit 0")).outcome.state).toBe("closed");
    } finally {
      await rig.close();
    }
    const found: Record<string, string> = {};
    for (const name of await readdir(user.home, { recursive: true })) {
      if (!PLACES.includes(name) && !/hist/i.test(name)) continue;
      const text = (await readFile(join(user.home, name), "latin1").catch(() => "")).replace(FURNITURE, "");
      if (text !== "") found[name] = text;
    }
    return found;
  } finally {
    await user.remove();
  }
}

const rcOf = (name: string) => ACCOUNTS.find((account) => account.name === name)?.files ?? {};

/** What a user has typed before, and wants to keep. */
const OWN = "echo mine\necho mine too\n";

describe("nothing of ours is left in the history of", () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ["bash as Debian sets it up", "/bin/bash", {}],
    ["bash that appends after each command", "/bin/bash", rcOf("fancy")],
    ["zsh", "/usr/bin/zsh", rcOf("zsh")],
    ["zsh that shares its history", "/usr/bin/zsh", rcOf("omz")],
    ["dash", "/bin/dash", {}],
    ["BusyBox ash", "@bin/ash", {}],
    ["mksh", "/bin/mksh", {}],
    ["mksh with a history file", "/bin/mksh", { ".profile": "export HISTFILE=~/.mksh_history\n" }],
    ["fish", "/usr/bin/fish", {}],
    ["yash", "/usr/bin/yash", {}],
    ["posh", "/bin/posh", {}],
  ])("%s", async (_, shell, files) => {
    expect(await historyAfter(shell, files)).toEqual({});
  });

  it("bash that keeps lines with a leading blank, where the user's own lines stay", async () => {
    const files = { ".bashrc": "HISTCONTROL=\n", ".bash_history": OWN };
    expect(await historyAfter("/bin/bash", files)).toEqual({ ".bash_history": OWN });
  });

  it("zsh, where the user's own lines stay", async () => {
    const files = { ...rcOf("zsh"), ".zsh_history": OWN };
    expect(await historyAfter("/usr/bin/zsh", files)).toEqual({ ".zsh_history": OWN });
  });
});

describe("what cannot be kept out of a history file", () => {
  it("ksh93 knows no way to leave a line out: the set-up line and every framed line stay", async () => {
    const { ".sh_history": text = "", ...others } = await historyAfter("/usr/bin/ksh93", {});
    const lines = text.split(/[\n\0]+/).filter((line) => line.startsWith(" "));
    expect(lines[0]).toMatch(BOOTSTRAP);
    expect(lines.slice(1).map((line) => /__m -x (\d+) /.exec(line)?.[1])).toEqual(["1", "2", "3", "4"]);
    expect(others).toEqual({});
  });
});
