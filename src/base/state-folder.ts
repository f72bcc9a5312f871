import { join } from "node:path";

/** Where this user's state is kept: `$XDG_STATE_HOME/ssh-mcp`, else `~/.local/state/ssh-mcp` (XDG base directories). */
export function stateFolder({
  env,
  home,
}: {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}): string {
  const given = env.XDG_STATE_HOME;
  return join(given?.startsWith("/") ? given : join(home, ".local/state"), "ssh-mcp");
}
