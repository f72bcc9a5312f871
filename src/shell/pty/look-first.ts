import type { Order } from "./framing.ts";
import { changedMeanwhile } from "./refusal.ts";
import type { PtySinks } from "./sinks.ts";
import type { PtyState } from "./state.ts";

/** A question is known after a second of quiet, or sooner. */
const LOOK_MS = 1_500;

/**
 * Where nobody has waited, nobody has looked: what runs may have begun to ask, which a refusal has to say. @throws SshMcpError
 * `busy` where it ended meanwhile, or opened a shell: the command was not given for that.
 */
export async function lookFirst(
  { here }: Order,
  { log, transcript, waits }: Pick<PtySinks, "log" | "transcript" | "waits">,
  terminal: { readonly state: PtyState; attend(): void },
): Promise<void> {
  const at = () => terminal.state.at;
  if (at() !== "running" || waits.size > 0) return;
  const before = log.running;
  const command = before?.id ?? 0;
  const news = {
    about: "news",
    command,
    anyAfter: undefined,
    since: transcript.end,
    watch: undefined,
  } as const;
  const seen = waits.start(news, LOOK_MS, undefined);
  terminal.attend();
  await seen;
  if (before !== undefined && here !== "prompt" && at() === "prompt") throw changedMeanwhile(before);
}
