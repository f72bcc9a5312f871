import { z } from "zod";
import { visibleLine } from "../../base/text.ts";
import { defineRecipe } from "../define.ts";
import type { RanSteps } from "../ran.ts";
import { table } from "../table.ts";
import { type Call, callFacts, callsIn, registrationsIn, seconds, type Wanted } from "./calls.ts";
import { captured, PROGRAMS, programsFor, readIn, type Source, source } from "./capture.ts";
import { type Filter, filtered, filterOf } from "./filter.ts";
import { ladder } from "./ladder.ts";
import { sdpIn } from "./sdp.ts";
import { type Message, messagesIn, methodOf, nameOf } from "./sip.ts";

const MOST_SHOWN = 200;
/** Characters of a text that somebody else wrote. */
const CELL = 60;

const limit = z.number().int().min(1).max(1_000).optional().describe("Rows; default 100.");
const wanted = {
  call_id: z.string().min(1).max(300).optional().describe("Only this Call-ID."),
  phone_number: z.string().min(2).max(40).optional().describe("Only calls with this in a user part."),
};

function sipIn(ran: RanSteps, from: Source) {
  const read = readIn(ran, "capture", from);
  const { messages, more } = messagesIn(read.segments);
  const partial = messages.filter((one) => one.partial).length;
  const notes = [
    ...read.notes,
    ...(more ? ["there are more messages than are read (5,000)"] : []),
    ...(partial > 0 ? [`${partial} messages are not whole in the capture`] : []),
    ...(messages.length === 0 && read.packets > 0
      ? [`${read.packets} packets, and no message of SIP in them (TLS cannot be read)`]
      : []),
    ...(messages.length === 0 && read.packets === 0 && read.bytes > 0 && read.fault === undefined
      ? ["no packet came by"]
      : []),
  ];
  return { messages, notes, packets: read.packets };
}

const place = (one: Message, side: "from" | "to") => nameOf(one[side]);
const cell = (text: string) => visibleLine(text, CELL) || "-";
const orDash = (value: number | undefined) => (value === undefined ? "-" : String(value));

const steps = (from: Source & Filter, nature: Parameters<typeof captured>[2]) => {
  const capture = captured(from, filterOf(from, true), nature);
  return typeof capture === "string" ? capture : { capture };
};

export const voipCallFlow = defineRecipe({
  name: "voip_call_flow",
  toolset: "voip",
  title: "Call flow",
  description:
    "Calls as a ladder of their messages, with state and times of each, from a capture or listening now.",
  seconds: 50,
  programs: PROGRAMS,
  asks: programsFor,
  inputs: {
    ...source,
    ...filtered,
    ...wanted,
    summary_only: z.boolean().optional().describe("No ladders."),
    limit,
  },
  steps,
  read(ran, { summary_only: summary = false, limit: most = 100, ...given }) {
    const { messages, notes } = sipIn(ran, given);
    const calls = chosen(messages, given).filter((call) => callFacts(call) !== undefined);
    const facts = calls.flatMap((call) => callFacts(call) ?? []);
    const shown = facts.slice(0, most);
    let left = MOST_SHOWN;
    const ladders = summary
      ? []
      : calls.slice(0, most).flatMap((call) => {
          const own = call.messages.slice(0, left);
          left -= own.length;
          return own.length === 0 ? [] : ["", `Call-ID ${cell(call.id)}`, ...ladder(own)];
        });
    const all = calls.slice(0, most).reduce((sum, call) => sum + call.messages.length, 0);
    return {
      facts: { calls: shown, of: calls.length, messages: messages.length },
      lines: shown.length === 0 ? [] : [...callRows(shown), ...ladders],
      words: [`${calls.length} calls`, `${messages.length} messages`],
      notes: [
        ...notes,
        ...missing(messages, calls, given),
        ...(calls.length > most ? [`${calls.length - most} further calls are not shown`] : []),
        ...(!summary && all > MOST_SHOWN ? [`ladders end after ${MOST_SHOWN} messages: name a call_id`] : []),
      ],
    };
  },
});

function chosen(messages: readonly Message[], { call_id, phone_number }: Wanted): Call[] {
  return callsIn(messages, { call_id, phone_number });
}

function missing(
  messages: readonly Message[],
  calls: readonly Call[],
  { call_id, phone_number }: Wanted,
): string[] {
  if (messages.length === 0 || calls.length > 0) return [];
  return [
    call_id === undefined && phone_number === undefined
      ? "there is no call among them"
      : "no call is like that",
  ];
}

function callRows(calls: readonly NonNullable<ReturnType<typeof callFacts>>[]): string[] {
  return table(
    ["state", "status", "ringing", "answer", "talk", "messages", "from", "to", "call-id"],
    calls.map((call) => [
      call.state,
      orDash(call.status),
      orDash(call.ringingS),
      orDash(call.answerS),
      orDash(call.talkS),
      String(call.messages),
      cell(call.from),
      cell(call.to),
      cell(call.callId),
    ]),
  );
}

export const voipRegistrations = defineRecipe({
  name: "voip_registrations",
  toolset: "voip",
  title: "Registrations",
  description: "Who registers where, and with what answer, from a capture or listening now.",
  seconds: 50,
  programs: PROGRAMS,
  asks: programsFor,
  inputs: { ...source, ...filtered, limit },
  steps,
  read(ran, { limit: most = 100, ...given }) {
    const { messages, notes } = sipIn(ran, given);
    const found = registrationsIn(callsIn(messages), place);
    const shown = found.slice(0, most);
    return {
      facts: { registrations: shown, of: found.length },
      lines:
        shown.length === 0
          ? []
          : table(
              ["state", "status", "expires", "user", "contact", "from", "registrar", "agent"],
              shown.map((one) => [
                one.state,
                orDash(one.status),
                orDash(one.expires),
                cell(one.user),
                cell(one.contact),
                one.from,
                one.registrar,
                cell(one.agent),
              ]),
            ),
      words: [`${found.length} registrations`, `${messages.length} messages`],
      notes: [
        ...notes,
        ...(messages.length > 0 && found.length === 0 ? ["there is no REGISTER among them"] : []),
        ...(found.length > most ? [`${found.length - most} more are not shown`] : []),
      ],
    };
  },
});

export const voipCallStats = defineRecipe({
  name: "voip_call_stats",
  toolset: "voip",
  title: "Call statistics",
  description: "Counts of methods, answers and calls, and times to ring and to answer.",
  seconds: 50,
  programs: PROGRAMS,
  asks: programsFor,
  inputs: { ...source, ...filtered },
  steps,
  read(ran, given) {
    const { messages, notes, packets } = sipIn(ran, given);
    const calls = callsIn(messages).flatMap((call) => callFacts(call) ?? []);
    const mean = (values: readonly (number | undefined)[]) => {
      const known = values.flatMap((value) => value ?? []);
      return known.length === 0
        ? undefined
        : seconds(known.reduce((sum, value) => sum + value, 0) / known.length);
    };
    const methods = counted(messages.flatMap(({ method }) => method ?? []));
    const answers = counted(messages.flatMap(({ status }) => (status === undefined ? [] : String(status))));
    const states = counted(calls.map(({ state }) => state));
    const facts = {
      messages: messages.length,
      sentAgain: messages.filter(({ again }) => again).length,
      methods,
      answers,
      calls: calls.length,
      states,
      ringingS: mean(calls.map(({ ringingS }) => ringingS)),
      answerS: mean(calls.map(({ answerS }) => answerS)),
      talkS: mean(calls.map(({ talkS }) => talkS)),
    };
    const row = (name: string, counts: Readonly<Record<string, number>>) => [
      name,
      Object.entries(counts)
        .map(([what, count]) => `${cell(what)} ${count}`)
        .join(", ") || "none",
    ];
    return {
      facts,
      lines:
        messages.length === 0
          ? []
          : table(
              ["what", "count"],
              [
                row("requests", methods),
                row("answers", answers),
                row("calls", states),
                ["sent again", String(facts.sentAgain)],
                [
                  "mean seconds",
                  `to ring ${orDash(facts.ringingS)}, to answer ${orDash(facts.answerS)}, talking ${orDash(facts.talkS)}`,
                ],
              ],
            ),
      words: [`${calls.length} calls`, `${messages.length} messages`, `${packets} packets`],
      notes,
    };
  },
});

/** Kinds that are counted; what else there is, is one of them. */
const MOST_KINDS = 40;

function counted(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) {
    const key = counts.has(name) || counts.size < MOST_KINDS ? visibleLine(name, 32) : "other";
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const voipSdp = defineRecipe({
  name: "voip_sdp",
  toolset: "voip",
  title: "Media offered and answered",
  description: "Addresses, ports and codecs of the SDP in each message; keys are not shown.",
  seconds: 50,
  programs: PROGRAMS,
  asks: programsFor,
  inputs: { ...source, ...filtered, ...wanted, limit },
  steps,
  read(ran, { limit: most = 100, ...given }) {
    const { messages, notes } = sipIn(ran, given);
    const found = chosen(messages, given).flatMap(({ id, messages: own }) =>
      own.flatMap((message) => {
        const sdp = message.again ? undefined : sdpIn(message.body);
        const what =
          message.status === undefined ? methodOf(message) : `${message.status} ${methodOf(message)}`;
        return (sdp?.media ?? []).map((media) => ({
          callId: id,
          message: what,
          from: nameOf(message.from),
          ...media,
        }));
      }),
    );
    const shown = found.slice(0, most);
    return {
      facts: { media: shown, of: found.length },
      lines:
        shown.length === 0
          ? []
          : table(
              ["message", "from", "media", "address", "port", "transport", "direction", "codecs", "call-id"],
              shown.map((one) => [
                cell(one.message),
                one.from,
                cell(one.kind),
                cell(one.address),
                String(one.port),
                `${cell(one.transport)}${one.keys ? " (keys not shown)" : ""}`,
                one.direction,
                visibleLine(one.codecs.join(" "), 120),
                cell(one.callId),
              ]),
            ),
      words: [`${found.length} media`, `${messages.length} messages`],
      notes: [
        ...notes,
        ...(messages.length > 0 && found.length === 0 ? ["no message that is wanted has an SDP"] : []),
        ...(found.length > most ? [`${found.length - most} more are not shown`] : []),
      ],
    };
  },
});
