import type { Surroundings } from "../app/surroundings.ts";
import { shellQuote } from "../base/shell-quote.ts";

/** A next step in which our own commands are started with the inventory that this one was started with. */
export function withConfig(next: string, { configPath }: Pick<Surroundings, "configPath">): string {
  if (configPath === undefined) return next;
  return next.replace(
    /\bssh-mcp (trust|doctor|hosts [a-z]+) /g,
    (command) => `${command}--config ${shellQuote(configPath)} `,
  );
}
