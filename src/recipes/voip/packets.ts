import { z } from "zod";
import { visibleLine } from "../../base/text.ts";
import { defineRecipe } from "../define.ts";
import { table } from "../table.ts";
import { captured, PROGRAMS, programsFor, readIn, source, where } from "./capture.ts";
import { filtered, filterOf, range } from "./filter.ts";
import { streamsIn } from "./rtp.ts";
import { nameOf } from "./sip.ts";

const SHOWN = 20;
const STREAMS = 100;
/** Headers of RTP, whatever is around them; what is said is not captured. */
const RTP_SNAP = 120;
const RTP_PORTS = "10000-60000";

export const voipPacketCheck = defineRecipe({
  name: "voip_packet_check",
  toolset: "voip",
  title: "Whether SIP arrives",
  description: "Listens for a few seconds: whether SIP comes by at all, and the first packets.",
  seconds: 50,
  programs: PROGRAMS,
  asks: programsFor,
  inputs: {
    duration_s: z.number().int().min(1).max(40).optional().describe("Default 5."),
    ...filtered,
    ...where,
  },
  steps({ duration_s = 5, ...given }, nature) {
    const capture = captured({ duration_s, ...given }, filterOf(given, true), nature);
    return typeof capture === "string" ? capture : { capture };
  },
  read(ran) {
    const { segments, packets, notes, bytes } = readIn(ran, "capture", {});
    const [first] = segments;
    const rows = segments.slice(0, SHOWN).map(({ at, protocol, from, to, payload }) => ({
      seconds: Math.round((at - (first?.at ?? at)) * 1000) / 1000,
      protocol,
      from: nameOf(from),
      to: nameOf(to),
      bytes: payload.length,
      begins: visibleLine(
        /^[\t\x20-\x7e]{1,80}/.exec(payload.subarray(0, 80).toString("latin1"))?.[0] ?? "",
        70,
      ),
    }));
    return {
      facts: { seen: bytes === 0 ? undefined : packets > 0, packets, first: rows },
      lines:
        rows.length === 0
          ? []
          : table(
              ["seconds", "protocol", "from", "to", "bytes", "begins"],
              rows.map((row) => [
                row.seconds.toFixed(3),
                row.protocol,
                row.from,
                row.to,
                String(row.bytes),
                row.begins || "-",
              ]),
            ),
      words: [bytes === 0 ? "not known" : packets > 0 ? "yes" : "no", `${packets} packets`],
      notes: [...notes, ...(segments.length > SHOWN ? [`the first ${SHOWN} are shown`] : [])],
    };
  },
});

export const voipRtpCapture = defineRecipe({
  name: "voip_rtp_capture",
  toolset: "voip",
  title: "Media streams",
  description:
    "RTP streams with packets, losses and jitter, from a capture or listening now; only headers are captured.",
  seconds: 50,
  programs: PROGRAMS,
  asks: programsFor,
  inputs: {
    ...source,
    port_range: range.optional().describe(`UDP ports; default ${RTP_PORTS}.`),
    address: filtered.address,
  },
  steps({ port_range: ports = RTP_PORTS, address, ...given }, nature) {
    const capture = captured(given, filterOf({ ports, address }, false), nature, RTP_SNAP);
    return typeof capture === "string" ? capture : { capture };
  },
  read(ran, given) {
    const { segments, packets, notes, bytes } = readIn(ran, "capture", given);
    const streams = streamsIn(segments);
    const shown = streams.slice(0, STREAMS);
    return {
      facts: {
        seen: bytes === 0 ? undefined : streams.length > 0,
        streams: shown,
        of: streams.length,
        packets,
      },
      lines:
        shown.length === 0
          ? []
          : table(
              ["from", "to", "ssrc", "type", "codec", "packets", "lost", "late", "seconds", "jitter ms"],
              shown.map((one) => [
                one.from,
                one.to,
                one.ssrc,
                String(one.payloadType),
                one.codec ?? "-",
                String(one.packets),
                String(one.lost),
                String(one.outOfOrder),
                one.seconds.toFixed(2),
                one.jitterMs?.toFixed(2) ?? "-",
              ]),
            ),
      words: [
        bytes === 0 ? "not known" : streams.length > 0 ? "yes" : "no",
        `${streams.length} streams`,
        `${packets} packets`,
      ],
      notes: [
        ...notes,
        ...(packets > 0 && streams.length === 0 ? ["packets came by, and none looks like RTP"] : []),
        ...(streams.length > STREAMS ? [`${streams.length - STREAMS} more are not shown`] : []),
      ],
    };
  },
});
