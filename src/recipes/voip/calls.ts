import { header, type Message, methodOf, uriOf, userOf } from "./sip.ts";

/** What belongs to one Call-ID. */
export interface Call {
  readonly id: string;
  readonly messages: readonly Message[];
}

export interface Wanted {
  readonly call_id?: string | undefined;
  readonly phone_number?: string | undefined;
}

/** By Call-ID, in the order in which they began; only what is wanted. */
export function callsIn(messages: readonly Message[], wanted: Wanted = {}): Call[] {
  const calls = new Map<string, Message[]>();
  for (const message of messages) {
    const id = header(message, "call-id");
    const known = calls.get(id);
    if (known === undefined) calls.set(id, [message]);
    else known.push(message);
  }
  return [...calls].map(([id, own]) => ({ id, messages: own })).filter((call) => isWanted(call, wanted));
}

function isWanted({ id, messages }: Call, { call_id: callId, phone_number: number }: Wanted): boolean {
  if (callId !== undefined && id !== callId) return false;
  if (number === undefined) return true;
  return messages.some((message) =>
    [header(message, "from"), header(message, "to"), message.uri ?? ""].some((value) =>
      userOf(uriOf(value)).includes(number),
    ),
  );
}

export type CallState = "answered" | "ended" | "failed" | "cancelled" | "ringing" | "trying" | "begun before";

/** What became of an INVITE. */
export interface CallFacts {
  readonly callId: string;
  readonly from: string;
  readonly to: string;
  readonly state: CallState;
  /** The last final answer to its first INVITE. */
  readonly status?: number;
  /** Seconds from its first INVITE to ringing, and to the answer; how long it was up. */
  readonly ringingS?: number;
  readonly answerS?: number;
  readonly talkS?: number;
  readonly messages: number;
  readonly sentAgain: number;
}

export function callFacts({ id, messages }: Call): CallFacts | undefined {
  const own = messages.filter((one) =>
    ["INVITE", "BYE", "CANCEL", "ACK", "PRACK", "UPDATE"].includes(methodOf(one)),
  );
  const [first] = own;
  if (first === undefined) return undefined;
  const invite = own.find(({ method }) => method === "INVITE");
  const sequence = invite === undefined ? undefined : header(invite, "cseq");
  const answers = own.filter((one) => one.status !== undefined && methodOf(one) === "INVITE");
  // A challenge is no end: the same call goes on with the next INVITE.
  const finals = answers.filter(({ status = 0 }) => status >= 200 && status !== 401 && status !== 407);
  const ringing = answers.find(({ status = 0 }) => status === 180 || status === 183);
  const answered = finals.find(({ status = 0 }) => status < 300);
  const failed = finals.find(({ status = 0 }) => status >= 300);
  const bye = own.find(({ method }) => method === "BYE");
  const after = (one: Message | undefined) =>
    one === undefined || invite === undefined ? undefined : seconds(one.at - invite.at);
  const ringingS = after(ringing);
  const answerS = after(answered);
  const final = answered ?? failed;
  const talkS = answered === undefined || bye === undefined ? undefined : seconds(bye.at - answered.at);
  return {
    callId: id,
    from: uriOf(header(first, "from")),
    to: uriOf(header(first, "to")),
    state: stateOf({
      sequence,
      answered,
      failed,
      bye,
      ringing,
      cancelled: own.some(({ method }) => method === "CANCEL"),
    }),
    ...(final?.status === undefined ? {} : { status: final.status }),
    ...(ringingS === undefined ? {} : { ringingS }),
    ...(answerS === undefined ? {} : { answerS }),
    ...(talkS === undefined ? {} : { talkS }),
    messages: messages.length,
    sentAgain: messages.filter(({ again }) => again).length,
  };
}

interface Seen {
  readonly sequence: string | undefined;
  readonly answered: Message | undefined;
  readonly failed: Message | undefined;
  readonly bye: Message | undefined;
  readonly ringing: Message | undefined;
  readonly cancelled: boolean;
}

function stateOf({ sequence, answered, failed, bye, ringing, cancelled }: Seen): CallState {
  if (bye !== undefined) return "ended";
  if (answered !== undefined) return "answered";
  if (failed !== undefined) return cancelled || failed.status === 487 ? "cancelled" : "failed";
  if (sequence === undefined) return "begun before";
  return ringing === undefined ? "trying" : "ringing";
}

/** One attempt to register. */
export interface Registration {
  readonly user: string;
  readonly contact: string;
  readonly from: string;
  readonly registrar: string;
  readonly expires?: number;
  readonly status?: number;
  readonly state: "registered" | "removed" | "refused" | "challenged" | "no answer";
  readonly agent: string;
  readonly callId: string;
}

/** REGISTER by Call-ID and sender, as far as the last of them came. */
export function registrationsIn(
  calls: readonly Call[],
  place: (one: Message, side: "from" | "to") => string,
): Registration[] {
  return calls.flatMap(({ id, messages }) => {
    const asked = messages.filter(({ method }) => method === "REGISTER").at(-1);
    if (asked === undefined) return [];
    const answer = messages
      .filter((one) => (one.status ?? 0) >= 200 && header(one, "cseq") === header(asked, "cseq"))
      .at(-1);
    const contact = header(asked, "contact");
    const expires = /;\s*expires=(\d+)/i.exec(contact)?.[1] ?? (header(asked, "expires") || undefined);
    const status = answer?.status;
    return [
      {
        user: uriOf(header(asked, "to")),
        contact: uriOf(contact),
        from: place(asked, "from"),
        registrar: place(asked, "to"),
        ...(expires !== undefined && /^\d+$/.test(expires) ? { expires: Number(expires) } : {}),
        ...(status === undefined ? {} : { status }),
        state: registered(status, expires),
        agent: header(asked, "user-agent"),
        callId: id,
      },
    ];
  });
}

function registered(status: number | undefined, expires: string | undefined): Registration["state"] {
  if (status === undefined) return "no answer";
  if (status === 401 || status === 407) return "challenged";
  if (status >= 300) return "refused";
  return expires === "0" ? "removed" : "registered";
}

export function seconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}
