import { visibleLine } from "../base/text.ts";
import { redactFor } from "../desk/masking.ts";
import type { CommandRecord, SessionView } from "../multiplexer/types.ts";
import type { Redact } from "../secrets/redactor.ts";
import type { Place } from "./guest.ts";
import type { Card, Ran } from "./words.ts";

/** Of a command's text. */
const SHOWN_CHARS = 400;
/** Commands of the timeline. */
const LISTED = 200;
/** Closed sessions stay readable for long; the page shows those that ended last. */
const MOST_CLOSED = 20;

/** What the cards show of one set of sessions; `sees`: the hosts that may be shown. */
export async function cardsOf(place: Place, sees: (host: string) => boolean): Promise<readonly Card[]> {
  const { multiplexer } = place.workspace;
  const seen = multiplexer.sessions().filter((view) => sees(view.host));
  const open = seen.filter(({ state }) => state !== "closed");
  const closed = seen
    .filter(({ state }) => state === "closed")
    .sort((one, other) => one.closedMs - other.closedMs);
  return Promise.all([...open, ...closed.slice(0, MOST_CLOSED)].map((view) => cardOf(place, view)));
}

async function cardOf(place: Place, view: SessionView): Promise<Card> {
  const { workspace, viewers, id, owner } = place;
  const redact = await redactIn(place, view);
  const shown = (text: string, limit = 200) => visibleLine(redact(text), limit);
  const last = view.commands().at(-1);
  // One that is being opened has no terminal yet.
  const opened = workspace.multiplexer.find(view.name) !== undefined;
  const holder = opened ? workspace.multiplexer.attach?.(view.name).holder : undefined;
  return {
    place: id,
    session: view.name,
    ...(owner === undefined ? {} : { owner }),
    host: shown(view.host),
    target: shown(view.target),
    state: view.state,
    ...(view.closedBecause === undefined ? {} : { closed: shown(view.closedBecause) }),
    ...(view.cwd === undefined ? {} : { cwd: shown(view.cwd) }),
    ...(view.place === undefined ? {} : { mode: shown(view.place.mode, 60) }),
    idle: Math.round((view.closedMs || view.idleMs) / 1000),
    ...(last === undefined ? {} : { last: ranOf(last, redact) }),
    ...(holder === undefined ? {} : { keyboard: shown(holder.name, 80) }),
    here: viewers.of(view.name).map(({ name }) => shown(name, 80)),
  };
}

/** The commands of a session, the newest last. */
export async function ranIn(place: Place, session: string): Promise<readonly Ran[]> {
  const view = place.workspace.multiplexer.find(session);
  if (view === undefined) return [];
  const redact = await redactIn(place, view);
  return view
    .commands()
    .slice(-LISTED)
    .map((command) => ranOf(command, redact));
}

/** Takes out the secrets in use, and those that the host shows by itself where its operator wants that. */
export async function redactIn(
  { workspace }: Place,
  { hostFacts }: Pick<SessionView, "hostFacts">,
): Promise<Redact> {
  return (await redactFor([hostFacts.name], workspace.redact, workspace.maskingOf)) ?? ((text) => text);
}

function ranOf(command: CommandRecord, redact: Redact): Ran {
  const { id, text, state, exit, durationMs, cwd, remarks } = command;
  return {
    id,
    text: visibleLine(redact(text), SHOWN_CHARS),
    state,
    ...(exit === undefined ? {} : { exit }),
    // Of one that runs the page counts on by itself, in whole seconds.
    ms: command.to === undefined ? Math.floor(durationMs / 1000) * 1000 : Math.round(durationMs),
    ...(cwd === undefined ? {} : { cwd: visibleLine(redact(cwd), SHOWN_CHARS) }),
    remarks: remarks.map((remark) => visibleLine(redact(remark), SHOWN_CHARS)),
  };
}
