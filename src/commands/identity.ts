import type { Subcommand } from "./subcommand.ts";

/** `ssh-mcp identity`: this server's own public key. */
export const identity: Subcommand = {
  name: "identity",
  summary: "this server's own public key; it is made where there is none",
  examples: [["ssh-mcp identity >> authorized_keys", "the line that lets it in"]],
  notes: `The private half stays in the state folder (XDG_STATE_HOME, default ~/.local/state/ssh-mcp), readable by its owner alone; a key
/data/id_ed25519 that is there is used instead. It is offered where the inventory says auth: {method: identity}.`,
  async run(_given, setting) {
    const { env, home } = setting.place();
    const [{ identityFile }, { identityAt }] = await Promise.all([
      import("../secrets/identity.ts"),
      import("../ssh/identity.ts"),
    ]);
    const { line, fingerprint, path, made } = await identityAt(identityFile({ env, home }));
    process.stdout.write(`${line}\n`);
    process.stderr.write(`${made ? "made just now: " : ""}${path} ${fingerprint}\n`);
    return 0;
  },
};
