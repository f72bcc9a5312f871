import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Nature } from "../../src/recipes/nature.ts";
import { filterOf } from "../../src/recipes/voip/filter.ts";
import { planned, ranHere, said } from "./local.ts";
import { COOKED, COOKED2, captureOf, ETHERNET, framed, ipOf, pcapOf, RAW, type Sent, v4 } from "./packets.ts";

const NATURE: Nature = {
  ...{
    family: "linux",
    kernel: "Linux",
    release: "6",
    machine: "x86_64",
    init: "systemd",
    root: true,
    journal: false,
  },
  ...{
    has: new Set(["tcpdump", "timeout", "nsenter", "docker", "sudo", "ss", "ping", "bash"]),
    busybox: new Set(),
  },
};
const [A, B] = ["10.0.0.1:5060", "10.0.0.2:5060"];

/** What a recipe makes of a capture. */
function read(name: string, bytes: Buffer, inputs: object = {}, complained = "exit 0") {
  const plan = planned(name, { path: "/srv/it's.pcap", ...inputs }, NATURE);
  return plan.read(said({ capture: `${bytes.toString("base64")}\nsaid:\n${complained}` }));
}

function sip(start: string, headers: Readonly<Record<string, string>>, body = ""): string {
  const lines = Object.entries({ ...headers, "Content-Length": String(Buffer.byteLength(body)) });
  return `${start}\r\n${lines.map(([name, value]) => `${name}: ${value}`).join("\r\n")}\r\n\r\n${body}`;
}
const OF = { From: "<sip:100@a>;tag=1", To: "<sip:200@b>", "Call-ID": "c1" };
const SDP =
  "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRETKEY\r\n";
const there = (at: number, payload: string): Sent => ({ at, from: A, to: B, payload });
const back = (at: number, payload: string): Sent => ({ at, from: B, to: A, payload });
const CALL: readonly Sent[] = [
  there(1000, sip("INVITE sip:200@b SIP/2.0", { ...OF, CSeq: "1 INVITE" }, SDP)),
  there(1000.5, sip("INVITE sip:200@b SIP/2.0", { ...OF, CSeq: "1 INVITE" }, SDP)),
  back(1000.6, sip("SIP/2.0 100 Trying", { ...OF, CSeq: "1 INVITE" })),
  back(1001, sip("SIP/2.0 180 Ringing", { ...OF, CSeq: "1 INVITE" })),
  back(1003, sip("SIP/2.0 200 OK", { ...OF, CSeq: "1 INVITE" }, SDP.replace("8 101", "0"))),
  there(1003.1, sip("ACK sip:200@b SIP/2.0", { ...OF, CSeq: "1 ACK" })),
  there(1013, sip("BYE sip:200@b SIP/2.0", { ...OF, CSeq: "2 BYE" })),
  back(1013.1, sip("SIP/2.0 200 OK", { ...OF, CSeq: "2 BYE" })),
];

describe("a call", () => {
  it("is drawn as a ladder, with its times, what was sent again, and whether media is in it", () => {
    const { facts, lines, words, notes } = read("voip_call_flow", captureOf(CALL));
    expect(facts).toMatchObject({
      calls: [
        {
          callId: "c1",
          state: "ended",
          status: 200,
          ringingS: 1,
          answerS: 3,
          talkS: 10,
          messages: 8,
          sentAgain: 1,
        },
      ],
    });
    expect(lines.slice(2)).toEqual([
      "",
      "Call-ID c1",
      "              10.0.0.1:5060                 10.0.0.2:5060",
      "    0.000           |- INVITE (sdp) ------------->|",
      "    0.500           |- INVITE (sdp) again ------->|",
      "    0.600           |<- 100 Trying ---------------|",
      "    1.000           |<- 180 Ringing --------------|",
      "    3.000           |<- 200 OK (sdp) -------------|",
      "    3.100           |- ACK ---------------------->|",
      "   13.000           |- BYE ---------------------->|",
      "   13.100           |<- 200 OK -------------------|",
    ]);
    expect(words).toEqual(["1 calls", "8 messages"]);
    expect(notes).toEqual([]);
    expect(read("voip_call_flow", captureOf(CALL), { summary_only: true }).lines).toHaveLength(2);
  });

  it.each([
    ["SLL", COOKED],
    ["SLL2", COOKED2],
    ["raw IP", RAW],
    ["Ethernet", ETHERNET],
  ])("is read from a capture of %s", (_, link) => {
    expect(read("voip_call_flow", captureOf(CALL, link)).facts).toMatchObject({ messages: 8 });
  });

  it("is chosen by its Call-ID exactly, or by a number in a user part", () => {
    const other = CALL.map((one) => ({
      ...one,
      payload: String(one.payload).replaceAll("c1", "c10").replaceAll("100@", "300@"),
    }));
    const both = captureOf([...CALL, ...other]);
    const ids = (inputs: object) =>
      Object(read("voip_call_flow", both, inputs).facts).calls.map(
        ({ callId }: { callId: string }) => callId,
      );
    expect(ids({})).toEqual(["c1", "c10"]);
    expect(ids({ call_id: "c1" })).toEqual(["c1"]);
    expect(ids({ phone_number: "300" })).toEqual(["c10"]);
    expect(read("voip_call_flow", both, { phone_number: "999" }).notes).toEqual(["no call is like that"]);
  });

  it.each([
    ["486 Busy Here", "failed", 486],
    ["487 Request Terminated", "cancelled", 487],
    ["183 Session Progress", "ringing", undefined],
    ["407 Proxy Authentication Required", "trying", undefined],
  ])("that came to %s is %s", (answer, state, status) => {
    const sent = [CALL[0] ?? there(0, ""), back(1001, sip(`SIP/2.0 ${answer}`, { ...OF, CSeq: "1 INVITE" }))];
    const [call] = Object(read("voip_call_flow", captureOf(sent)).facts).calls;
    expect(call).toMatchObject({ state, ...(status === undefined ? {} : { status }) });
  });

  it("is the same where a packet was seen on two interfaces, in pieces, tagged, over IPv6 or TCP", () => {
    const [invite = there(0, "")] = CALL;
    expect(read("voip_call_flow", captureOf([invite, { ...invite, at: 1000.001 }])).facts).toMatchObject({
      messages: 1,
    });
    const whole = ipOf(invite).subarray(20);
    const piece = (from: number, to: number) =>
      framed(
        v4("10.0.0.1", "10.0.0.2", "udp", whole.subarray(from, to), {
          id: 7,
          offset: from,
          more: to < whole.length,
        }),
        ETHERNET,
      );
    const pieces = [piece(240, whole.length), piece(0, 80), piece(80, 240)];
    expect(read("voip_call_flow", pcapOf(pieces)).facts).toMatchObject({
      messages: 1,
      calls: [{ callId: "c1" }],
    });
    expect(read("voip_call_flow", pcapOf(pieces.slice(0, 2))).facts).toMatchObject({ messages: 0 });
    const tagged = Buffer.concat([Buffer.alloc(12), Buffer.from([0x81, 0, 0, 5, 8, 0]), ipOf(invite)]);
    expect(read("voip_call_flow", pcapOf([tagged])).facts).toMatchObject({ messages: 1 });
    const six = captureOf([{ ...invite, from: "[2001:db8::1]:5060", to: "[2001:db8::2]:5060" }]);
    expect(read("voip_call_flow", six).lines.join("\n")).toContain("[2001:db8::1]:5060");
    const text = String(invite.payload);
    const parts = [
      text.slice(0, 50),
      text.slice(50, 300),
      `${text.slice(300)}\r\n\r\n${text.replaceAll("c1", "c2")}`,
    ];
    let sequence = 4_294_967_200;
    const stream = parts.flatMap((payload, at) => {
      const one: Sent = { at: 1000 + at, from: A, to: B, protocol: "tcp", sequence, payload };
      sequence = (sequence + payload.length) % 2 ** 32;
      return at === 1 ? [one, { ...one, at: 1001.5 }] : [one];
    });
    expect(read("voip_call_flow", captureOf(stream)).facts).toMatchObject({
      messages: 2,
      calls: [{ callId: "c1" }, { callId: "c2" }],
    });
  });
});

describe("hostile messages", () => {
  const ESCAPE = "\u001b]0;owned\u0007\u001b[2J\u202e";

  it("come back visible, on one row, and bounded", () => {
    const headers = {
      ...OF,
      From: `"${ESCAPE}" <sip:${ESCAPE}@a>`,
      "Call-ID": `${ESCAPE}x\rNOTE: done`,
      CSeq: "1 INVITE",
    };
    const sent = [
      there(1000, sip(`INVITE sip:${ESCAPE.replace(/\s/g, "")}@b SIP/2.0`, headers)),
      back(1001, sip(`SIP/2.0 200 ${ESCAPE}${"x".repeat(50_000)}`, headers)),
      there(
        1002,
        sip("REGISTER sip:b SIP/2.0", {
          ...headers,
          "User-Agent": `${ESCAPE}${"y".repeat(9_000)}`,
          Contact: `<sip:${ESCAPE}>`,
          "Call-ID": "r",
        }),
      ),
    ];
    for (const name of ["voip_call_flow", "voip_registrations", "voip_call_stats", "voip_sdp"]) {
      const { lines, notes = [] } = read(name, captureOf(sent));
      expect(
        [...lines, ...notes].filter((line) => /[\u0000-\u001f\u007f-\u009f\u202e]/.test(line)),
        name,
      ).toEqual([]);
      expect(Math.max(...lines.map((line) => line.length)), name).toBeLessThan(600);
    }
    expect(read("voip_call_flow", captureOf(sent)).lines.join("\n")).toContain("<U+001B>");
  });

  it("are read within bounds: ten thousand headers, no end, lengths that lie, a body of a megabyte", () => {
    const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`X-${at}`, "v".repeat(20)]));
    const sent = [
      there(1000, sip("INVITE sip:200@b SIP/2.0", { ...OF, CSeq: "1 INVITE", ...many })),
      there(1001, "INVITE sip:200@b SIP/2.0\r\nCall-ID: open"),
      there(
        1002,
        sip("INVITE sip:200@b SIP/2.0", { ...OF, "Call-ID": "lies", CSeq: "1 INVITE" }).replace(
          /Content-Length: 0/,
          "Content-Length: 999999999",
        ),
      ),
      {
        ...there(1003, "INVITE sip:200@b SIP/2.0\r\nContent-Length: 999999999\r\nCall-ID: tcp\r\n\r\n"),
        protocol: "tcp" as const,
      },
      there(1004, `${"A".repeat(40_000)} sip:x SIP/2.0\r\n\r\n`),
      there(1005, "\r\n\r\n"),
      there(1006, ""),
    ];
    expect(read("voip_call_flow", captureOf(sent)).facts).toMatchObject({
      calls: [{ callId: "c1" }, { callId: "open" }, { callId: "lies" }, { callId: "tcp" }],
    });
  });

  it("in a capture that is cut, empty, none, or random are no fault of ours", () => {
    const whole = captureOf(CALL);
    for (let length = 0; length < whole.length; length += 37)
      read("voip_call_flow", whole.subarray(0, length));
    for (let seed = 1; seed < 60; seed++) {
      const broken = Buffer.from(whole);
      for (let at = 24; at < broken.length; at += (seed % 13) + 3) broken[at] = (seed * at) & 0xff;
      read("voip_call_flow", broken);
      read("voip_rtp_capture", broken);
    }
    expect(read("voip_call_flow", Buffer.from("no capture at all, but text")).notes).toEqual([
      "it is no capture of tcpdump's",
    ]);
    expect(
      read("voip_call_flow", Buffer.alloc(0), {}, "tcpdump: /x: No such file or directory\nexit 1").notes,
    ).toEqual(["nothing was read: tcpdump: /x: No such file or directory"]);
  });
});

describe("beside calls", () => {
  it("registrations are shown with what became of them", () => {
    const of = { From: "<sip:100@a>;tag=1", To: "<sip:100@a>", "Call-ID": "r1", "User-Agent": "Phone/1" };
    const contact = { Contact: "<sip:100@10.0.0.1>;expires=60" };
    const sent = [
      there(1, sip("REGISTER sip:b SIP/2.0", { ...of, ...contact, CSeq: "1 REGISTER" })),
      back(2, sip("SIP/2.0 401 Unauthorized", { ...of, CSeq: "1 REGISTER" })),
      there(
        3,
        sip("REGISTER sip:b SIP/2.0", { ...of, m: "<sip:100@10.0.0.1>;expires=60", CSeq: "2 REGISTER" }),
      ),
      back(4, sip("SIP/2.0 200 OK", { ...of, ...contact, CSeq: "2 REGISTER" })),
      there(
        5,
        sip("REGISTER sip:b SIP/2.0", {
          ...of,
          "Call-ID": "r2",
          Contact: "*",
          Expires: "0",
          CSeq: "1 REGISTER",
        }),
      ),
    ];
    expect(read("voip_registrations", captureOf(sent)).facts).toMatchObject({
      registrations: [
        {
          state: "registered",
          status: 200,
          expires: 60,
          user: "sip:100@a",
          contact: "sip:100@10.0.0.1",
          agent: "Phone/1",
        },
        { state: "no answer", callId: "r2", expires: 0 },
      ],
    });
  });

  it("statistics count what was sent, answered, and how long it took", () => {
    expect(read("voip_call_stats", captureOf(CALL)).facts).toMatchObject({
      ...{
        messages: 8,
        sentAgain: 1,
        methods: { ACK: 1, BYE: 1, INVITE: 2 },
        answers: { 100: 1, 180: 1, 200: 2 },
      },
      ...{ calls: 1, states: { ended: 1 }, ringingS: 1, answerS: 3, talkS: 10 },
    });
  });

  it("media is shown by message, its keys are not", () => {
    const { facts, lines } = read("voip_sdp", captureOf(CALL));
    expect(facts).toMatchObject({
      media: [
        {
          message: "INVITE",
          kind: "audio",
          address: "10.0.0.1",
          port: 40_000,
          codecs: ["PCMA/8000", "telephone-event/8000"],
          direction: "sendonly",
          keys: true,
        },
        { message: "200 INVITE", codecs: ["PCMU/8000"] },
      ],
    });
    expect(JSON.stringify([facts, lines])).not.toContain("SECRETKEY");
  });

  it("RTP streams are counted with what is lost and late, over the wrap of their numbers", () => {
    const rtp = (sequence: number, at: number): Sent => {
      const payload = Buffer.alloc(172);
      payload.writeUInt8(0x80, 0);
      payload.writeUInt8(8, 1);
      payload.writeUInt16BE(sequence & 0xffff, 2);
      payload.writeUInt32BE((sequence * 160) >>> 0, 4);
      payload.writeUInt32BE(0xabc, 8);
      return { at, from: "10.0.0.1:40000", to: "10.0.0.2:40002", payload };
    };
    const numbers = [65_533, 65_534, 65_535, 65_537, 65_536, 65_540];
    const sent = numbers.map((number) => rtp(number, 1000 + (number - 65_533) * 0.02));
    expect(read("voip_rtp_capture", captureOf(sent)).facts).toMatchObject({
      streams: [{ ssrc: "00000abc", codec: "PCMA/8000", packets: 6, lost: 2, outOfOrder: 1, jitterMs: 0 }],
    });
    expect(read("voip_rtp_capture", captureOf(CALL)).notes).toEqual([
      "packets came by, and none looks like RTP",
    ]);
  });

  it("whether SIP arrives is yes, no, or not known", () => {
    const check = (bytes: Buffer, complained: string) =>
      planned("voip_packet_check", {}, NATURE).read(
        said({ capture: `${bytes.toString("base64")}\nsaid:\n${complained}` }),
      );
    expect(check(captureOf(CALL), "exit 124")).toMatchObject({
      facts: { seen: true },
      words: ["yes", "8 packets"],
    });
    expect(check(pcapOf([]), "exit 124").words).toEqual(["no", "0 packets"]);
    expect(check(Buffer.alloc(0), "sudo: a password is required\nexit 1")).toMatchObject({
      words: ["not known", "0 packets"],
      notes: ["nothing was captured: sudo: a password is required"],
    });
  });
});

describe("what is sent to the host", () => {
  it("is a filter of numbers, addresses and words of ours alone", () => {
    expect(filterOf({}, true)).toBe(
      "((port 5060 or tcp port 5061) or (ip[6:2] & 0x1fff != 0) or (ip6[6] = 44))",
    );
    expect(filterOf({ protocol: "tls", address: "2001:db8::1" }, true)).toBe(
      "(tcp and (port 5061)) and host 2001:db8::1",
    );
    expect(filterOf({ ports: "10000-20000" }, false)).toBe(
      "((udp portrange 10000-20000) or (ip[6:2] & 0x1fff != 0) or (ip6[6] = 44))",
    );
    expect(filterOf({}, false)).toBe("");
    for (const inputs of [
      { port: "5060; id" },
      { address: "10.0.0.1 or 1=1" },
      { address: "$(id)" },
      { interface: "eth0; id" },
      { interface: "-w" },
      { protocol: "sctp" },
      { duration_s: 1000 },
      { path: "relative" },
      { container: "-x" },
      { call_id: "" },
    ])
      expect(() => planned("voip_call_flow", inputs, NATURE), JSON.stringify(inputs)).toThrow();
    for (const port_range of ["1-2; id", "20000-10000", "0-5", "1-70000"])
      expect(() => planned("voip_rtp_capture", { port_range }, NATURE), port_range).toThrow();
    for (const path of [
      "/etc/passwd",
      "/tmp/ssh-mcp-capture.abcdefgh/../x/capture.pcap",
      "/tmp/ssh-mcp-capture.x/capture.pcap",
    ])
      expect(() => planned("voip_remove_capture", { path }, NATURE), path).toThrow();
  });

  it("says why such a host has no means for it", () => {
    const without = (...names: string[]) => ({
      ...NATURE,
      root: false,
      has: new Set([...NATURE.has].filter((name) => !names.includes(name))),
    });
    expect(() => planned("voip_packet_check", {}, without("tcpdump"))).toThrow("there is no tcpdump");
    expect(() => planned("voip_packet_check", {}, without("sudo"))).toThrow(
      /needs root, and there is no sudo/,
    );
    expect(() => planned("voip_packet_check", { container: "x" }, without("docker"))).toThrow(
      /neither docker nor podman/,
    );
  });
});

describe("with doubles of the programs", () => {
  let folder: string;
  let out: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ssh-mcp-voip-"));
    out = mkdtempSync(join(tmpdir(), "ssh-mcp-voip-out-"));
    const programs = [
      "sh",
      "cat",
      "uname",
      "id",
      "readlink",
      "tail",
      "grep",
      "head",
      "base64",
      "mktemp",
      "rm",
      "rmdir",
      "wc",
      "sleep",
      "mkdir",
    ];
    for (const name of programs)
      symlinkSync(spawnSync("which", [name], { encoding: "utf8" }).stdout.trim(), join(folder, name));
  });
  afterEach(() => {
    for (const path of [folder, out]) rmSync(path, { recursive: true });
  });
  const double = (name: string, body: string) => {
    // Never through a link to a program of the system.
    rmSync(join(folder, name), { force: true });
    writeFileSync(
      join(folder, name),
      `#!/bin/sh\n{ printf '%s' ${name}; printf ' [%s]' "$@"; echo; } >>'${out}/log'\n${body}\n`,
    );
    chmodSync(join(folder, name), 0o755);
  };
  const run = (name: string, inputs: object, more: Partial<Nature> = {}) => {
    const plan = planned(name, inputs, { ...NATURE, ...more });
    return plan.read(ranHere(plan.steps, folder));
  };

  it("a container's network is listened to by the host's own tcpdump, as root, for its time", () => {
    writeFileSync(join(out, "pcap"), captureOf(CALL));
    double(
      "docker",
      `case $1 in version) exit 0;; inspect) case "$*" in *" sbc") echo 4711;; *) echo "No such container" >&2; exit 1;; esac;; esac`,
    );
    double("sudo", `shift; exec "$@"`);
    double("timeout", `shift 3; exec "$@"`);
    double("nsenter", `shift 4; exec "$@"`);
    double("tcpdump", `cat '${out}/pcap'; echo "8 packets captured" >&2`);
    expect(
      run("voip_call_flow", { container: "sbc", duration_s: 7, port: 5070 }, { root: false }).facts,
    ).toMatchObject({ messages: 8 });
    const log = readFileSync(join(out, "log"), "utf8");
    expect(log).toContain(
      "sudo [-n] [timeout] [-s] [INT] [7] [nsenter] [-t] [4711] [-n] [--] [tcpdump] [-i] [any] [-n] [-U] [--immediate-mode] [-s] [0] [-w] [-] [((port 5070) or",
    );
    expect(run("voip_call_flow", { container: "gone" }, { root: false }).notes).toEqual([
      "nothing was captured: the container does not run: No such container",
    ]);
  });

  it("a path is one word, whatever is in it", () => {
    const path = `/x' "$(touch ${out}/pwned)" \`touch ${out}/pwned\`\n; touch ${out}/pwned #`;
    double("tcpdump", `cat '${out}/none' 2>/dev/null; echo "No such file" >&2; exit 1`);
    double("timeout", `shift; exec "$@"`);
    run("voip_call_stats", { path });
    expect(readFileSync(join(out, "log"), "utf8")).toContain(`tcpdump [-n] [-r] [${path}] [-w] [-] [`);
    expect(existsSync(join(out, "pwned"))).toBe(false);
  });

  it("a capture is a private file, whose path and size are said, and is removed on request", () => {
    writeFileSync(join(out, "pcap"), captureOf(CALL));
    double("timeout", `shift 3; exec "$@"`);
    double(
      "tcpdump",
      `cat '${out}/pcap'; echo "8 packets captured" >&2; echo "3 packets dropped by kernel" >&2`,
    );
    const made = run("voip_net_capture", { duration_s: 2 }, { root: true });
    const { path } = Object(made.facts);
    expect(path).toMatch(/^\/tmp\/ssh-mcp-capture\.\w+\/capture\.pcap$/);
    expect(made).toMatchObject({ facts: { bytes: captureOf(CALL).length, packets: 8, running: false } });
    expect(made.notes?.[0]).toBe("3 packets were dropped by the kernel: this is not all");
    expect(spawnSync("stat", ["-c", "%a", path], { encoding: "utf8" }).stdout).toBe("600\n");
    expect(run("voip_remove_capture", { path }).words).toEqual(["removed"]);
    expect(run("voip_remove_capture", { path }).notes).toEqual(["there is no such capture"]);
    double("tcpdump", `echo "tcpdump: nope: No such device exists" >&2; exit 1`);
    expect(run("voip_sip_capture", { duration_s: 2 }, { root: true })).toMatchObject({
      facts: { path: undefined },
      notes: ["no capture was made: tcpdump: nope: No such device exists"],
    });
  });
});
