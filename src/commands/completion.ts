import type { Subcommand } from "./subcommand.ts";

const SHELLS = ["bash", "zsh", "fish"];

/** `ssh-mcp completion SHELL`; `root`: the program whose words are completed. */
export function completionOf(root: () => Subcommand): Subcommand {
  return {
    name: "completion",
    summary: "print the completion for bash, zsh or fish",
    arguments: [{ name: "<shell>", help: SHELLS.join(", "), choices: SHELLS }],
    options: [],
    examples: [
      ['eval "$(ssh-mcp completion bash)"', "in ~/.bashrc"],
      ['eval "$(ssh-mcp completion zsh)"', "in ~/.zshrc, behind compinit"],
      ["ssh-mcp completion fish > ~/.config/fish/completions/ssh-mcp.fish", "once"],
    ],
    async run(given) {
      const { completionScript } = await import("./completion/scripts.ts");
      process.stdout.write(completionScript(given.required("shell"), root()));
      return 0;
    },
  };
}
