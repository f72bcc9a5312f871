import type { Subcommand } from "./subcommand.ts";

/** `ssh-mcp approve [ID]`. */
export const approve: Subcommand = {
  name: "approve",
  summary: "list what agents wait for a human to approve, and approve or deny it",
  arguments: [{ name: "[id]", help: "as the agent was given it, such as A7K3X; without it: a list" }],
  options: [
    { flags: "--deny", help: "say no" },
    { flags: "--json", help: "the list as JSON" },
  ],
  examples: [
    ["ssh-mcp approve", "what waits?"],
    ["ssh-mcp approve A7K3X", "look at it, and type the code to approve it"],
    ["ssh-mcp approve A7K3X --deny", "say no"],
  ],
  notes: `An approval is for exactly the text shown, on that host and in that session as it is now, once, and within five
minutes. It has to be typed at a terminal. Whoever runs programs as you can do the same as this command: what an
agent must not be able to approve must not be possible for the account on the host.
Exit code 0: answered, or listed; 1: not approved.`,
  async run(given, setting) {
    const { answerOrder, listOrders } = await import("./approve/answer.ts");
    const id = given.text("id");
    const place = setting.place();
    if (id === undefined) return listOrders(place, given.flag("json"));
    return answerOrder(place, id.replace(/^#/, "").toUpperCase(), given.flag("deny"));
  },
};
