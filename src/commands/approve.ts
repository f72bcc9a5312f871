import { SshMcpError } from "../base/errors.ts";
import { CONFIG, surroundings } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

/** `ssh-mcp approve [ID]`. */
export const approve: Subcommand = {
  name: "approve",
  summary: "list what agents wait for a human to approve, and approve or deny it",
  arguments: [{ name: "[id]", help: "as the agent was given it, such as A7K3X; without it: a list" }],
  options: [
    { flags: "--deny", help: "say no" },
    { flags: "--for <time>", help: "approve its kind as well, for 30m, 8h or today (24h at most)" },
    {
      flags: "--like <words>",
      help: "that kind: * is a word, ** the rest, /path/** a path below; several with ;",
    },
    { flags: "--hosts <patterns>", help: "that kind on these hosts: 'web*,group:access,tag:lab'" },
    { flags: "--irreversible", help: "that kind although it cannot be undone" },
    { flags: "--grants", help: "list what is approved beyond single commands" },
    { flags: "--revoke <id>", help: "take such a grant back, at once" },
    { flags: "--json", help: "the list as JSON" },
    CONFIG,
  ],
  examples: [
    ["ssh-mcp approve", "what waits?"],
    ["ssh-mcp approve A7K3X", "look at it, and type the code to approve it"],
    ["ssh-mcp approve A7K3X --deny", "say no"],
    ["ssh-mcp approve A7K3X --for 30m --hosts web*", "and the same on all of them for half an hour"],
    ["ssh-mcp approve --revoke G7K3X", "no longer"],
  ],
  notes: `An approval is for exactly the text shown, on that host and in that session as it is now, once, and within five
minutes. It has to be typed at a terminal. Whoever runs programs as you can do the same as this command: what an
agent must not be able to approve must not be possible for the account on the host.
With --for the same findings pass without being asked: the words of the command as they were understood, not its text.
Exit code 0: answered, or listed; 1: not approved.`,
  async run(given, setting) {
    const { answerOrder, listOrders } = await import("./approve/answer.ts");
    const { listGrants, revokeGrant } = await import("./approve/grant.ts");
    const around = surroundings(given, setting);
    const id = given.text("id");
    const revoked = given.text("revoke");
    if (revoked !== undefined) return revokeGrant(around, revoked.toUpperCase());
    if (given.flag("grants")) return listGrants(around, given.flag("json"));
    if (id === undefined) return listOrders(around, given.flag("json"));
    const lasts = given.text("for");
    const more = ["like", "hosts"].find((name) => given.text(name) !== undefined);
    const idle = more ?? (given.flag("irreversible") ? "irreversible" : undefined);
    if (lasts === undefined && idle !== undefined)
      throw new SshMcpError("invalid_argument", `--${idle} goes with --for; nothing was approved`);
    const wanted = {
      like: given.text("like"),
      hosts: given.text("hosts"),
      irreversible: given.flag("irreversible"),
    };
    return answerOrder(around, id.replace(/^#/, "").toUpperCase(), {
      deny: given.flag("deny"),
      ...(lasts === undefined ? {} : { grant: { lasts, ...wanted } }),
    });
  },
};
