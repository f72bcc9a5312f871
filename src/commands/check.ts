import { CONFIG, surroundings } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

/** `ssh-mcp check HOST COMMAND`. */
export const check: Subcommand = {
  name: "check",
  summary: "say whether the policy lets a command pass on a host, and why; nothing is sent",
  arguments: [
    { name: "<host>", help: "name of a host", completes: "hosts" },
    { name: "<command...>", help: "the command, as an agent would give it (quote it)" },
  ],
  options: [{ flags: "--mode <mode>", help: "network device: the mode it would be run in" }, CONFIG],
  examples: [
    ["ssh-mcp check web1 'systemctl restart nginx'", "would it pass?"],
    ["ssh-mcp check core-sw1 'no shutdown' --mode config", "in a mode of a device"],
  ],
  notes: `No connection is made. It is judged as at a login shell, or at a device's privileged prompt.
Exit code 0: it passes; 3: a human has to approve it; 4: it is refused.`,
  async run(given, setting) {
    const around = surroundings(given, setting);
    const { checkOnHost } = await import("./check/verdict.ts");
    return checkOnHost(given.required("host"), given.words("command").join(" "), given.text("mode"), around);
  },
};
