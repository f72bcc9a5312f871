import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { completedHosts } from "../../src/commands/completion/hosts.ts";
import { completionScript } from "../../src/commands/completion/scripts.ts";
import { program } from "../../src/commands/index.ts";
import { runSubcommand } from "../../src/commands/parser.ts";
import type { Setting, Subcommand } from "../../src/commands/subcommand.ts";

const SETTING: Setting = {
  place: () => ({ env: {}, cwd: "/", home: "/" }),
  version: "0",
  self: [],
  serve: async () => 0,
};

/** The same words, of which none does anything but note that it was reached. */
function idle(command: Subcommand, reached: string[], path = command.name): Subcommand {
  return {
    ...command,
    subcommands: (command.subcommands ?? []).map((one) => idle(one, reached, `${path} ${one.name}`)),
    run: async () => {
      reached.push(path);
      return 0;
    },
  };
}

function examplesOf(command: Subcommand, path = command.name): [path: string, line: string][] {
  const own = (command.examples ?? []).map(([line]): [string, string] => [path, line]);
  return [...own, ...(command.subcommands ?? []).flatMap((one) => examplesOf(one, `${path} ${one.name}`))];
}

describe("the examples in the help of a command", () => {
  test("are there for every command, at every depth", () => {
    const all = (command: Subcommand): Subcommand[] => [
      command,
      ...(command.subcommands ?? []).flatMap((one) => all(one)),
    ];
    // Behind `hosts` itself there are only commands.
    const without = (program.subcommands ?? [])
      .flatMap(all)
      .filter(({ name, examples = [] }) => name !== "hosts" && examples.length === 0);
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  test.each(examplesOf(program))("%s: %s is understood", async (_path, line) => {
    const [typed = ""] = /ssh-mcp [^>)"]*/.exec(line) ?? [];
    const reached: string[] = [];
    const words = typed.trim().split(" ").slice(1);
    expect(await runSubcommand(idle(program, reached), words, SETTING)).toBe(0);
    expect(reached).toHaveLength(1);
  });
});

describe("completion", () => {
  const folder = mkdtempSync(join(tmpdir(), "completion-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What is offered behind the words, as the shell itself says. */
  async function offered(shell: "bash" | "zsh" | "fish", words: readonly string[]): Promise<string[]> {
    const script = join(folder, `script.${shell}`);
    writeFileSync(script, completionScript(shell, program));
    const args = {
      bash: [
        "--norc",
        "-c",
        `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ssh_mcp; printf '%s\\n' "\${COMPREPLY[@]}"`,
      ],
      // compadd and _files are the line editor's: here they print what they are given.
      zsh: [
        "-f",
        "-c",
        `compdef() { : }; compadd() { shift; print -l -- "$@" }; _files() { print files }; source "$1"; shift; words=("$@"); CURRENT=$#; _ssh_mcp`,
      ],
      fish: ["--no-config", "-c", `source $argv[1]; complete -C "$argv[2..]"`],
    }[shell];
    const first = shell === "fish" ? [] : [shell];
    const { stdout } = await promisify(execFile)(shell, [...args, ...first, script, ...words], {
      env: { PATH: `${folder}:${process.env.PATH ?? ""}`, HOME: folder, LC_ALL: "C.UTF-8" },
    });
    return stdout
      .split("\n")
      .map((row) => row.split("\t")[0] ?? "")
      .filter((row) => row !== "");
  }

  test.each(["bash", "zsh", "fish"] as const)(
    "%s offers commands, their commands, choices and options",
    async (shell) => {
      expect(await offered(shell, ["ssh-mcp", ""])).toEqual(
        expect.arrayContaining(["trust", "doctor", "devices"]),
      );
      expect(await offered(shell, ["ssh-mcp", "devices", ""])).toEqual(
        expect.arrayContaining(["list", "learn"]),
      );
      expect(await offered(shell, ["ssh-mcp", "devices", ""])).not.toContain("trust");
      expect(await offered(shell, ["ssh-mcp", "schema", ""])).toEqual(
        expect.arrayContaining(["hosts", "device"]),
      );
      expect(await offered(shell, ["ssh-mcp", "--config", "x", "doctor", "--"])).toEqual(
        expect.arrayContaining(["--json", "--verbose", "--help"]),
      );
    },
  );

  test.each(["bash", "zsh", "fish"] as const)(
    "%s offers the names of hosts where a host is meant, those of the inventory that is named",
    async (shell) => {
      const program = join(folder, "ssh-mcp");
      writeFileSync(program, `#!/bin/sh\necho web1\necho "asked-with-$#-$4"\n`, { mode: 0o755 });
      for (const place of [["trust"], ["doctor"], ["hosts", "set"]])
        expect(await offered(shell, ["ssh-mcp", ...place, ""])).toEqual(
          expect.arrayContaining(
            ["web1", "asked-with-2-", "--help"].filter((word) => shell !== "fish" || word !== "--help"),
          ),
        );
      expect(await offered(shell, ["ssh-mcp", "doctor", "--config", "own.yaml", ""])).toContain(
        "asked-with-4-own.yaml",
      );
      expect(await offered(shell, ["ssh-mcp", "audit", ""])).not.toContain("web1");
    },
  );

  test("a name that a shell would expand is not offered", async () => {
    const config = join(folder, "hosts.yaml");
    writeFileSync(
      config,
      "settings: {ssh_config: false}\nhosts: {web1: {}, 'a$(id)': {}, 'b c': {}, 'x;y': {}}\n",
      {
        mode: 0o600,
      },
    );
    const around = { env: {}, cwd: folder, home: folder, configPath: config, lab: false };
    expect(await completedHosts(around)).toBe("web1\n");
  });

  test("behind an option that wants a value files are offered", async () => {
    expect(await offered("bash", ["ssh-mcp", "--config", ""])).toEqual([]);
    expect(await offered("zsh", ["ssh-mcp", "--config", ""])).toEqual(["files"]);
  });
});
