import { print } from "./stdout.ts";
import type { Subcommand } from "./subcommand.ts";

/** `ssh-mcp demo`. */
export const demo: Subcommand = {
  name: "demo",
  summary: "drive the embedded lab and print the conversation",
  examples: [["ssh-mcp demo", "everything at once, with nothing to set up"]],
  notes: `Needs no SSH server. No inventory, no ~/.ssh/config and no audit log of yours is read or written; the demo has a
folder of its own, which is also the home of its shell and is removed at the end.
Exit code 0: every answer was the expected one.`,
  async run(_given, { self, place }) {
    const [command = process.execPath, ...args] = self;
    const { runDemo } = await import("../mcp/demo.ts");
    const { withOwnHome } = await import("./demo/own-home.ts");
    const problems = await withOwnHome(place().env, (home) =>
      runDemo({
        command,
        args: [...args, "--lab", "--config", home.inventory],
        env: home.env,
        cwd: home.folder,
        print: (line) => print(`${line}\n`),
      }),
    );
    print("\n");
    if (problems.length === 0) {
      print("The demo is over; everything was as it should be.\n");
      return 0;
    }
    const list = problems.map((problem) => `- ${problem}\n`).join("");
    process.stderr.write(`The demo found problems:\n${list}`);
    return 1;
  },
};
