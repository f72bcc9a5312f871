import type { Place } from "../../access/arrivals.ts";
import type { Entered, TextPart } from "../../base/contract/action.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { Reply, SessionView, WaitOptions } from "../../multiplexer/types.ts";
import type { TypedInput } from "../../shell/session/types.ts";
import { parseKeys } from "../../terminal/keys.ts";
import type { ToolContext } from "./context.ts";
import { inPlace } from "./in-place.ts";
import { interrupt, interrupts } from "./interrupt.ts";
import { readOn } from "./read.ts";
import { linesFor, type Part, type TextLine, typeLines } from "./type-lines.ts";

export interface TypeOrder {
  readonly session: string;
  /** Literal text mixed with `<Key>` names. */
  readonly keys?: string | undefined;
  readonly text?: string | undefined;
  /** Enter at the end. */
  readonly enter?: boolean | undefined;
  /** Several lines of text go as one paste, also to a program that reads line by line. */
  readonly paste?: boolean | undefined;
  /** What the caller sees in front. */
  readonly here?: "prompt" | "input" | undefined;
  /** Id of the command whose question it answers; refused where another one asks, or none. */
  readonly answerTo?: number | undefined;
  /** Id of the permit of what it is a part of. */
  readonly under?: number | undefined;
  readonly cols?: number | undefined;
  readonly rows?: number | undefined;
}

/** Resizes the terminal where a size is given, types, then waits for what comes of it. @throws SshMcpError. */
export async function typeInto(context: ToolContext, order: TypeOrder, wait: WaitOptions): Promise<Reply> {
  const { multiplexer, access, caller } = context;
  const { session } = order;
  const input = inputOf(order);
  const size = sizeIn(order);
  const resizes = Object.keys(size).length > 0;
  if (input === undefined && !resizes)
    throw new SshMcpError(
      "invalid_argument",
      "nothing to send: keys and text are both missing",
      'For example keys: "<C-c>", or text: "yes" with enter: true.',
    );
  if (input !== undefined && !resizes && interrupts(context, session, input))
    return interrupt(context, session, input, wait);
  multiplexer.view(session);
  const draft = input === undefined ? ({ verb: "resize" } as const) : typing(input, NOTHING);
  const facts = () => multiplexer.find(session)?.facts();
  const place = access.arrive({ caller, session, draft, facts });
  return inPlace(place, () => inTurn(context, { session, input, size, wait }, place));
}

interface Typing {
  readonly session: string;
  readonly input: Input | undefined;
  readonly size: { readonly cols?: number; readonly rows?: number };
  readonly wait: WaitOptions;
}

async function inTurn(
  context: ToolContext,
  { session, input, size, wait }: Typing,
  place: Place,
): Promise<Reply> {
  const { multiplexer, access, caller, clock } = context;
  const startedAt = clock.now();
  const view = multiplexer.view(session);
  const whole = wait.timeoutMs ?? view.commandTimeoutMs;
  const waited = await place.turn({ timeoutMs: whole, clock });
  if (Object.keys(size).length > 0)
    await access.pass(
      caller,
      { verb: "resize" },
      multiplexer.target(session),
      async (permit) => multiplexer.resize(session, size, permit),
      place,
    );
  const rest = waited ? { ...wait, timeoutMs: Math.max(0, whole - (clock.now() - startedAt)) } : wait;
  if (input === undefined) {
    place.leave();
    return readOn(context, session, undefined, { timeoutMs: whole, ...rest });
  }
  const type = ({ typed, ...one }: Input, at: Place, bound: WaitOptions) => {
    const bytes = view.encode(typed);
    return access.pass(
      caller,
      { ...typing({ typed, ...one }, bytes), ...entersOf(view, bytes) },
      multiplexer.target(session),
      (permit) => multiplexer.send(session, bytes, permit, caller, bound),
      at,
    );
  };
  const lines = linesOf(input, multiplexer.target(session).session?.asked);
  if (lines === undefined) return type(input, place, rest);
  return typeLines(lines, {
    place,
    wait: rest,
    left: () => Math.max(0, whole - (clock.now() - startedAt)),
    type: ({ text, enter }, part, at, bound) =>
      type({ ...input, ...shownPart(part), typed: { kind: "text", text, enter } }, at, bound),
    rest: (part) => typing({ ...input, ...shownPart(part) }, NOTHING),
  });
}

function linesOf({ typed, paste }: Input, asked: string | undefined): readonly TextLine[] | undefined {
  return typed.kind === "text" ? linesFor({ ...typed, paste: paste === true }, asked) : undefined;
}

function shownPart({ text, ...part }: Part) {
  return { shown: text, part };
}

/** What is typed, and how it was given. */
interface Input {
  readonly how: "text" | "keys";
  readonly shown: string;
  readonly typed: TypedInput;
  readonly paste?: boolean;
  readonly here?: "prompt" | "input";
  readonly answerTo?: number;
  readonly under?: number;
  /** Which lines of the caller's text it is, where that goes line by line. */
  readonly part?: TextPart;
}

function typing({ typed: _, paste: __, ...input }: Input, bytes: Buffer) {
  return { verb: "type", ...input, bytes } as const;
}

function entersOf(view: SessionView, bytes: Buffer): { readonly enters?: Entered } {
  const enters = view.entered?.(bytes);
  return enters === undefined ? {} : { enters };
}

const NOTHING = Buffer.alloc(0);

function sizeIn({ cols, rows }: TypeOrder): { cols?: number; rows?: number } {
  return { ...(cols === undefined ? {} : { cols }), ...(rows === undefined ? {} : { rows }) };
}

/** @throws SshMcpError `invalid_argument`. Undefined: nothing is typed. */
function inputOf({
  keys,
  text,
  enter = false,
  here,
  answerTo,
  paste = false,
  under,
}: TypeOrder): Input | undefined {
  const claims = {
    ...(here === undefined ? {} : { here }),
    ...(answerTo === undefined ? {} : { answerTo }),
    ...(under === undefined ? {} : { under }),
  };
  if (keys !== undefined && text !== undefined)
    throw new SshMcpError(
      "invalid_argument",
      "give either keys or text, not both",
      "keys understands names such as <Enter> and <C-c>; text is sent literally.",
    );
  if (text === "" && !enter)
    throw new SshMcpError(
      "invalid_argument",
      "the text is empty, and Enter is not to be pressed: there is nothing to send",
      "enter: true sends an empty line.",
    );
  if (text !== undefined)
    return { ...claims, paste, how: "text", shown: text, typed: { kind: "text", text, enter } };
  if (keys === undefined && !enter) return undefined;
  const parsed = parseKeys(`${keys ?? ""}${enter ? "<Enter>" : ""}`);
  return {
    ...claims,
    how: "keys",
    shown: shownKeys(keys ?? "<Enter>"),
    typed: { kind: "keys", keys: parsed },
  };
}

/** What `keys` types, for people and patterns: blanks and `<` as themselves, other keys as they are named. */
function shownKeys(keys: string): string {
  return keys.replace(/<space>/gi, " ").replace(/<lt>/gi, "<");
}
