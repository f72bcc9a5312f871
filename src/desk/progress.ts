import type { Clock, Disposable } from "../base/clock.ts";
import type { Caller } from "../base/contract/caller.ts";
import { visibleLine } from "../base/text.ts";
import type { Multiplexer, SessionView } from "../multiplexer/types.ts";
import { sizeText } from "../results/excerpt.ts";
import type { Redact } from "../secrets/redactor.ts";

/** Between two reports of one call. */
const EVERY_MS = 5_000;
/** Of the last row. */
const ROW_CHARS = 120;

interface Around {
  readonly multiplexer: Pick<Multiplexer, "find" | "sessions">;
  readonly clock: Clock;
  readonly redact?: Redact | undefined;
  readonly doing?: { says?: () => string };
}

/** Does the work of a call and tells its caller, where that asked for it, how long it takes and what has come since. */
export async function reporting<T>(
  { progress }: Caller,
  args: unknown,
  { multiplexer, clock, redact, doing }: Around,
  work: () => Promise<T>,
): Promise<T> {
  if (progress === undefined) return work();
  const began = clock.now();
  const view = () => sessionOf(args, multiplexer);
  const from = view()?.end ?? 0;
  let timer: Disposable | undefined;
  const report = () => {
    const elapsedMs = clock.now() - began;
    const says = doing?.says?.();
    const message =
      says === undefined
        ? said(elapsedMs, view(), from, redact)
        : `${Math.round(elapsedMs / 1000)} s, ${says}`;
    progress({ elapsedMs, message: redact?.(message) ?? message });
    timer = clock.after(EVERY_MS, report);
  };
  timer = clock.after(EVERY_MS, report);
  try {
    return await work();
  } finally {
    timer.dispose();
  }
}

function said(elapsedMs: number, view: SessionView | undefined, from: number, redact?: Redact): string {
  const elapsed = `${Math.round(elapsedMs / 1000)} s`;
  if (view === undefined) return elapsed;
  const row = lastRow(view, redact);
  const bytes = sizeText(Math.max(0, view.end - from));
  return `${elapsed}, ${bytes}${row === "" ? "" : `, last row: ${visibleLine(row, ROW_CHARS)}`}`;
}

/** The row with the cursor, or the last one above it with text; what is a secret may show from the rows around it alone. */
function lastRow(view: SessionView, redact: Redact = (text) => text): string {
  const { rows, cursor, size } = view.screen();
  const above = rows.slice(0, cursor.row + 1).join("\n");
  return (
    redact(above, { after: `\n${rows.slice(cursor.row + 1).join("\n")}`, rows: true, cols: size.cols })
      .split("\n")
      .findLast((row) => row.trim() !== "")
      ?.trimEnd() ?? ""
  );
}

/** The session a call is about: the one it names, or without a host or an exec the only one that is open. */
function sessionOf(args: unknown, multiplexer: Around["multiplexer"]): SessionView | undefined {
  const given = new Map(typeof args === "object" && args !== null ? Object.entries(args) : []);
  const name = given.get("session");
  if (typeof name === "string") return multiplexer.find(name);
  if (given.has("host") || given.has("exec")) return undefined;
  const open = multiplexer.sessions().filter(({ state }) => state !== "closed");
  return open.length === 1 ? open[0] : undefined;
}
