import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";

/** A shell expands what it is offered: a name with anything else in it is typed by hand. */
const PLAIN = /^[\w.@+-]+$/;

/** The names of all hosts, one a row; contacts none and runs nothing. @throws SshMcpError of an inventory that cannot be read. */
export function completedHosts(around: Surroundings): Promise<string> {
  return withParts(around, async ({ directory }) => {
    const { hosts } = await (await directory()).list();
    return hosts
      .filter(({ name }) => PLAIN.test(name))
      .map(({ name }) => `${name}\n`)
      .join("");
  });
}
