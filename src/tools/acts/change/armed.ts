import { leftOf, type SavedChange } from "../../../changes/states.ts";
import type { ToolContext } from "../context.ts";
import { bookOf } from "./book.ts";

/** Sentences on changes that another process armed, and perhaps left so, on hosts that this caller may see. */
export async function armedElsewhere(context: ToolContext): Promise<readonly string[]> {
  const { clock } = context;
  return (await armedLeft(context)).map(
    ({ id, host, until }) =>
      `${id} on ${host}, by a process that is gone or another one${leftOf(until, clock.wallTime())}: ssh_change(change: "${id}") of the toolset config looks at the device`,
  );
}

async function armedLeft({ multiplexer, changing }: ToolContext): Promise<readonly SavedChange[]> {
  const book = bookOf(multiplexer);
  const armed = (changing?.states.all() ?? []).filter(
    ({ id, stage }) => stage === "armed" && book.find(id) === undefined,
  );
  if (armed.length === 0) return [];
  const { hosts } = await multiplexer.hosts();
  const seen = new Set(hosts.map(({ name }) => name));
  return armed.filter(({ host }) => seen.has(host)).slice(0, MOST);
}

const MOST = 10;
