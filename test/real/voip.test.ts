import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostOf } from "../ssh/hosts.ts";
import { type TestServer as RootServer, startSshd as startRootSshd } from "../ssh/sshd.ts";
import { type DeskOver, deskOver } from "../tools/desk-over.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { PORTS, recordCall } from "./kit/sip.ts";
import { startSshd } from "./kit/sshd.ts";
import { until } from "./kit/until.ts";

let rooted: RootServer;
let plain: TestServer;
let desk: DeskOver;
let folder: string;
let path: string;
const made: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-sip-"));
  [rooted, plain] = await Promise.all([startRootSshd(), startSshd()]);
  ({ path } = await recordCall(join(folder, "it's a call")));
  desk = deskOver([hostOf(rooted, { name: "pbx1" }), hostFor(plain, "bash", { name: "user1" })], {
    toolsets: ["voip"],
  });
});
afterAll(async () => {
  await desk?.dispose();
  await Promise.all([rooted?.stop(), plain?.stop()]);
  for (const one of [folder, ...made.map((file) => file.replace(/\/capture\.pcap$/, ""))])
    rmSync(one, { recursive: true, force: true });
});

const voip = (tool: string, given: object = {}, host = "pbx1") =>
  desk.call(`ssh_voip_${tool}`, { host, ...given });
const recorded = (tool: string, given: object = {}) => voip(tool, { path, port: PORTS.called, ...given });

describe("a registration and a call of sipp's, recorded by tcpdump", () => {
  it("are read: the call as a ladder with its state and times", async () => {
    const text = await recorded("call_flow");
    expect(text).toMatch(/^ended +200 .* sip:4711@127\.0\.0\.1:25070 +sip:4712@127\.0\.0\.1:25060 /m);
    expect(text).toMatch(/^ +0\.000 +\|- INVITE \(sdp\) -+>\|$/m);
    expect(text).toMatch(
      /\|<- 180 Ringing -+\|\n.*\|<- 200 OK \(sdp\) -+\|\n.*\|- ACK -+>\|\n.*\|- BYE -+>\|\n.*\|<- 200 OK -+\|\n/,
    );
    expect(text).toMatch(/\[pbx1 voip_call_flow done 1 calls \d+ messages/);
    expect(await recorded("call_flow", { phone_number: "4712", summary_only: true })).not.toContain("INVITE");
    expect(await recorded("call_flow", { call_id: "none" })).toContain("note: no call is like that");
  });

  it("are read: who registered, with what answer", async () => {
    expect(await recorded("registrations")).toMatch(
      /^registered +200 +300 +sip:4712@\S+ +sip:4711@127\.0\.0\.1:25070 +127\.0\.0\.1:25070 +127\.0\.0\.1:25060 +sipp$/m,
    );
  });

  it("are read: counts and times", async () => {
    const text = await recorded("call_stats");
    expect(text).toMatch(/^requests +ACK 1, BYE 1, INVITE 1, REGISTER 2$/m);
    expect(text).toMatch(/^answers +180 1, 200 3, 401 1$/m);
    expect(text).toMatch(/^calls +ended 1$/m);
  });

  it("are read: the media that is offered, and the streams there were", async () => {
    expect(await recorded("sdp")).toMatch(
      /^INVITE +127\.0\.0\.1:25070 +audio +127\.0\.0\.1 +\d+ +RTP\/AVP +sendrecv +PCMA\/8000 /m,
    );
    const text = await voip("rtp_capture", { path, port_range: "26000-26200" });
    expect(text).toMatch(/^127\.0\.0\.1:26100 +127\.0\.0\.1:26000 +\w{8} +8 +PCMA\/8000 +\d+ +0 +0 /m);
    expect(text).toMatch(/\[pbx1 voip_rtp_capture done yes 2 streams/);
  });

  it("that are not there, or are no capture, are said to be so", async () => {
    expect(await voip("call_flow", { path: "/nowhere/it's.pcap" })).toMatch(
      /nothing was read: tcpdump: .*No such file/,
    );
    expect(await voip("call_flow", { path: "/etc/hostname" })).toMatch(
      /nothing was read: tcpdump: .*(?:unknown file format|truncated)/,
    );
  });
});

describe("listening", () => {
  /** Sends the same message over and over until the work is done; nobody answers. */
  async function whileSent<T>(work: () => Promise<T>): Promise<T> {
    const socket = createSocket("udp4");
    const text =
      "OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nCall-ID: o1\r\nCSeq: 1 OPTIONS\r\nFrom: <sip:a@b>\r\nTo: <sip:x@c>\r\nContent-Length: 0\r\n\r\n";
    socket.on("error", () => {});
    const timer = setInterval(() => socket.send(text, PORTS.called, "127.0.0.1"), 20);
    try {
      return await work();
    } finally {
      clearInterval(timer);
      socket.close();
    }
  }
  const here = { interface: "lo", port: PORTS.called };

  it("says whether SIP arrives, and what", async () => {
    await whileSent(async () => {
      // A machine with much else to do may take longer to begin than to listen.
      const text = await until(
        async () => {
          const said = await voip("packet_check", { ...here, duration_s: 2 });
          return /done yes/.test(said) && said;
        },
        { timeoutMs: 40_000, describe: "a packet" },
      );
      expect(text).toMatch(
        /^ +0\.000 +udp +127\.0\.0\.1:\d+ +127\.0\.0\.1:25060 +\d+ +OPTIONS sip:x@127\.0\.0\.1 SIP\/2\.0$/m,
      );
    });
    await until(
      async () =>
        /done no 0 packets/.test(
          await voip("packet_check", { interface: "lo", port: 25_099, duration_s: 1 }),
        ),
      { timeoutMs: 40_000, describe: "a look at a port that nobody uses" },
    );
    expect(await voip("packet_check", { interface: "nope0", duration_s: 20 })).toMatch(
      /nothing was captured: tcpdump: nope0: No such device exists[\s\S]*done not known/,
    );
  });

  it("into a file that only its login reads, which goes on behind the call where it is long, and is removed on request", async () => {
    const text = await whileSent(() => voip("sip_capture", { ...here, duration_s: 60, max_mb: 1 }));
    const file = /^(\/tmp\/ssh-mcp-capture\.\w+\/capture\.pcap) /m.exec(text)?.[1] ?? "";
    made.push(file);
    expect(text).toMatch(/\[pbx1 voip_sip_capture done running/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await whileSent(() =>
      until(async () => /OPTIONS \d/.test(await voip("call_stats", { path: file, port: PORTS.called })), {
        timeoutMs: 30_000,
        describe: "messages in the capture",
      }),
    );
    expect(await voip("remove_capture", { path: file })).toMatch(/^removed /);
    expect(existsSync(file)).toBe(false);
    expect(await voip("remove_capture", { path: "/etc/passwd" })).toMatch(/^invalid_argument: /);
  });

  it("without the rights for it is said to be so", async () => {
    expect(await voip("packet_check", { ...here, duration_s: 1 }, "user1")).toMatch(
      /nothing was captured: sudo: .*password[\s\S]*done not known/,
    );
    expect(await voip("net_capture", { ...here, duration_s: 1 }, "user1")).toMatch(
      /no capture was made: sudo: /,
    );
  });
});

describe("around it", () => {
  it("finds programs and ports of VoIP, by its own words or others", async () => {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    try {
      const { port } = socket.address();
      expect(await voip("discover", { keywords: ["node", "vitest", "no-such-thing"] })).toMatch(
        new RegExp(`^port +127\\.0\\.0\\.1:${port}/udp +`, "m"),
      );
    } finally {
      socket.close();
    }
    expect(await voip("discover", { keywords: ["no-such-thing"] })).toMatch(
      /done 0 containers \d+ ports 0 processes/,
    );
  });

  it("looks at the way to a peer: ping and ports, an argument being no script", async () => {
    const text = await voip("diagnose", { to: "127.0.0.1", ports: [rooted.port, 1], ping_count: 1 });
    expect(text).toMatch(/^ping:\n/);
    expect(text).toMatch(
      new RegExp(`^ports:\\n *port +answer\\n *${rooted.port} +open\\n *1 +refused$`, "m"),
    );
    expect(await voip("diagnose", { to: "x'; touch /tmp/ssh-mcp-pwned; '" })).toMatch(/^invalid_argument: /);
  });
});
