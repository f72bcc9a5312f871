import { spawn } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathWithSbin } from "./process.ts";
import { until } from "./until.ts";

/** Traffic of sipp's on loopback, recorded by tcpdump from before its first packet to behind its last. */
export interface Recorded {
  readonly path: string;
}

const HEAD = (method: string, more: string) => `${method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Alice" <sip:4711@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>${more}
Call-ID: [call_id]
Contact: <sip:4711@[local_ip]:[local_port]>;expires=300
User-Agent: sipp
Max-Forwards: 70`;
const send = (text: string) => `<send retrans="500"><![CDATA[\n\n${text}\n\n]]></send>`;
const scenario = (name: string, body: readonly string[]) =>
  `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="${name}">\n${body.join("\n")}\n</scenario>\n`;

/** A call with media of half a second in both directions (the other end echoes it). */
const CALL = scenario("call", [
  send(`${HEAD("INVITE", "")}
CSeq: 1 INVITE
Content-Type: application/sdp
Content-Length: [len]

v=0
o=alice 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000`),
  `<recv response="100" optional="true"/><recv response="180" optional="true"/><recv response="200" rrs="true"/>`,
  `<send><![CDATA[\n\n${HEAD("ACK", "[peer_tag_param]")}\nCSeq: 1 ACK\nContent-Length: 0\n\n]]></send>`,
  `<nop><action><exec play_pcap_audio="/usr/share/sip-tester/g711a.pcap"/></action></nop><pause milliseconds="500"/>`,
  send(`${HEAD("BYE", "[peer_tag_param]")}\nCSeq: 2 BYE\nContent-Length: 0`),
  `<recv response="200"/>`,
]);

const REGISTER = scenario("register", [
  send(`${HEAD("REGISTER", "")}\nCSeq: 1 REGISTER\nContent-Length: 0`),
  `<recv response="401" auth="true"/>`,
  send(
    `${HEAD("REGISTER", "")}\nCSeq: 2 REGISTER\n[authentication username=4711 password=sipp]\nContent-Length: 0`,
  ),
  `<recv response="200"/>`,
]);

const answer = (status: string, more: string) =>
  `<send><![CDATA[\n\nSIP/2.0 ${status}\n[last_Via:]\n[last_From:]\n[last_To:];tag=[call_number]\n[last_Call-ID:]\n[last_CSeq:]\n${more}Content-Length: 0\n\n]]></send>`;
const REGISTRAR = scenario("registrar", [
  `<recv request="REGISTER"/>`,
  answer("401 Unauthorized", `WWW-Authenticate: Digest realm="test", nonce="1234"\n`),
  `<recv request="REGISTER"/>`,
  answer("200 OK", "[last_Contact:]\n"),
]);

/** Ports of SIP and of media on either side. */
export const PORTS = { caller: 25_070, called: 25_060, callerMedia: 26_100, calledMedia: 26_000 } as const;

/** One registration and one call, in a capture in the folder. @throws with what sipp said. */
export async function recordCall(dir: string): Promise<Recorded> {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, "call.pcap");
  const ports = [PORTS.caller, PORTS.called, PORTS.callerMedia, PORTS.calledMedia].map(
    (port) => `udp port ${port}`,
  );
  const tcpdump = started(
    "tcpdump",
    ["-i", "lo", "-n", "-U", "--immediate-mode", "-Z", "root", "-w", path, ports.join(" or ")],
    dir,
  );
  try {
    // Its file begins once it listens.
    await until(() => sizeOf(path) >= 24 && /listening on/.test(tcpdump.said()), {
      describe: () => `tcpdump at work; it said: ${tcpdump.said()}`,
    });
    await conversation(dir, ["register", REGISTER], ["-sf", file(dir, "registrar", REGISTRAR)]);
    await conversation(dir, ["call", CALL], ["-sn", "uas", "-rtp_echo"]);
  } finally {
    tcpdump.child.kill("SIGINT");
    await tcpdump.ended;
  }
  return { path };
}

function file(dir: string, name: string, text: string): string {
  const path = join(dir, `${name}.xml`);
  writeFileSync(path, text);
  return path;
}

async function conversation(
  dir: string,
  [name, text]: readonly [string, string],
  other: readonly string[],
): Promise<void> {
  const own = ["-i", "127.0.0.1", "-mi", "127.0.0.1", "-m", "1", "-timeout", "30s", "-nostdin"];
  const called = started(
    "sipp",
    [...other, ...own, "-p", String(PORTS.called), "-mp", String(PORTS.calledMedia)],
    dir,
  );
  try {
    // Requests that come too early are sent again by sipp itself.
    const caller = started(
      "sipp",
      [
        ...["-sf", file(dir, name, text), `127.0.0.1:${PORTS.called}`, "-s", "4712", ...own],
        ...["-p", String(PORTS.caller), "-mp", String(PORTS.callerMedia)],
      ],
      dir,
    );
    const code = await caller.ended;
    if (code !== 0) throw new Error(`sipp (${name}) ended with ${code}:\n${caller.said()}\n${called.said()}`);
  } finally {
    called.child.kill("SIGKILL");
    await called.ended;
  }
}

function started(program: string, words: readonly string[], cwd: string) {
  const child = spawn("setpriv", ["--pdeathsig", "KILL", program, ...words], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: pathWithSbin(), TERM: "dumb" },
  });
  let text = "";
  for (const output of [child.stdout, child.stderr])
    output.on("data", (chunk: Buffer) => {
      text = (text + chunk.toString("utf8")).slice(-20_000);
    });
  child.on("error", (error) => {
    text += `${error.message}. Run as root: scripts/setup-debian.sh`;
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, ended, said: () => text };
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
