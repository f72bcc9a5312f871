import { CONFIG, surroundings } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

const SHELLS = ["bash", "zsh", "fish"];

/** `ssh-mcp completion SHELL`; `root`: the program whose words are completed. */
export function completionOf(root: () => Subcommand): Subcommand {
  return {
    name: "completion",
    summary: "print the completion for bash, zsh or fish",
    arguments: [
      {
        name: "<shell>",
        help: `${SHELLS.join(", ")}; hosts: the names that are completed, which the scripts ask for`,
        choices: [...SHELLS, "hosts"],
      },
    ],
    options: [CONFIG],
    examples: [
      ['eval "$(ssh-mcp completion bash)"', "in ~/.bashrc"],
      ['eval "$(ssh-mcp completion zsh)"', "in ~/.zshrc, behind compinit"],
      ["ssh-mcp completion fish > ~/.config/fish/completions/ssh-mcp.fish", "once"],
    ],
    async run(given, setting) {
      const what = given.required("shell");
      if (what === "hosts") {
        const { completedHosts } = await import("./completion/hosts.ts");
        process.stdout.write(await completedHosts(surroundings(given, setting)));
        return 0;
      }
      const { completionScript } = await import("./completion/scripts.ts");
      process.stdout.write(completionScript(what, root()));
      return 0;
    },
  };
}
