/** What a description of media offers or answers (RFC 8866). */
export interface Sdp {
  readonly connection: string;
  readonly media: readonly Media[];
}

export interface Media {
  readonly kind: string;
  readonly address: string;
  readonly port: number;
  readonly transport: string;
  /** `PCMA/8000`, or the bare number of a payload type. */
  readonly codecs: readonly string[];
  readonly direction: string;
  /** Keys are in it (RFC 4568), which are not shown. */
  readonly keys: boolean;
}

const MOST_MEDIA = 16;
const MOST_CODECS = 32;

/** RFC 3551 6 */
export const STATIC: Readonly<Record<number, readonly [name: string, rate: number]>> = {
  0: ["PCMU", 8000],
  3: ["GSM", 8000],
  4: ["G723", 8000],
  8: ["PCMA", 8000],
  9: ["G722", 8000],
  10: ["L16", 44_100],
  11: ["L16", 44_100],
  13: ["CN", 8000],
  14: ["MPA", 90_000],
  15: ["G728", 8000],
  18: ["G729", 8000],
  26: ["JPEG", 90_000],
  31: ["H261", 90_000],
  32: ["MPV", 90_000],
  34: ["H263", 90_000],
};

/** Undefined: the body is none, or has no media. */
export function sdpIn(body: string): Sdp | undefined {
  if (!/^v=0\r?$/m.test(body)) return undefined;
  const parts = body.slice(body.search(/^v=0\r?$/m)).split(/^(?=m=)/m);
  const [session = "", ...media] = parts;
  const connection = addressIn(session);
  const direction = directionIn(session);
  const found = media.slice(0, MOST_MEDIA).flatMap((part) => mediaIn(part, connection, direction));
  return found.length === 0 ? undefined : { connection, media: found };
}

function mediaIn(part: string, connection: string, direction: string | undefined): Media[] {
  const [, kind = "", port, transport = "", formats = ""] =
    /^m=(\S{1,20}) (\d{1,5})(?:\/\d+)? (\S{1,40})([^\r\n]{0,400})/.exec(part) ?? [];
  if (port === undefined) return [];
  const names = new Map(
    [...part.matchAll(/^a=rtpmap:(\d{1,3}) ([^\s]{1,60})/gm)].map(([, type = "", name = ""]) => [type, name]),
  );
  return [
    {
      kind,
      port: Number(port),
      transport,
      address: addressIn(part) || connection,
      codecs: formats
        .trim()
        .split(/\s+/)
        .slice(0, MOST_CODECS)
        .map((type) => names.get(type) ?? staticName(type)),
      direction: directionIn(part) ?? direction ?? "sendrecv",
      keys: /^a=(?:crypto|key-mgmt):|^k=/m.test(part),
    },
  ];
}

function staticName(type: string): string {
  const known = STATIC[Number(type)];
  return known === undefined ? type : `${known[0]}/${known[1]}`;
}

function addressIn(part: string): string {
  return /^c=IN IP[46] ([^\s]{1,80})/m.exec(part)?.[1] ?? "";
}

function directionIn(part: string): string | undefined {
  return /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(part)?.[1];
}
