import { readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import ssh2, { type ClientChannel } from "ssh2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, type LabHost, startLab } from "../../src/lab/lab.ts";

let lab: Lab;
let host: LabHost;

beforeAll(async () => {
  lab = await startLab({ ...process.env, SHELL: "/bin/sh" });
  const [first] = lab.hosts;
  if (first === undefined) throw new Error("the lab has no host");
  host = first;
});
afterAll(() => lab.dispose());

function connect(
  options: { user?: string; key?: string; to?: LabHost | undefined } = {},
): Promise<ssh2.Client> {
  const { to = host } = options;
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.once("ready", () => resolve(client)).once("error", reject);
    readFile(to.keyPath, "utf8").then(
      (key) =>
        client.connect({
          host: to.address,
          port: to.port,
          username: options.user ?? to.user,
          privateKey: options.key ?? key,
          hostVerifier: () => true,
        }),
      reject,
    );
  });
}

interface Ended {
  readonly output: string;
  readonly code: number | null;
  readonly signal: string | undefined;
}

interface Followed {
  readonly channel: ClientChannel;
  until(pattern: RegExp): Promise<string>;
  readonly ended: Promise<Ended>;
}

/** Listens from the callback on: peer and client share this process, so everything may come in one turn. */
function followed(channel: ClientChannel): Followed {
  let output = "";
  let changed = () => {};
  channel.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
    changed();
  });
  let exit: { code: number | null; signal: string | undefined } = { code: null, signal: undefined };
  channel.on("exit", (code: number | null, signal?: string) => {
    exit = { code, signal };
  });
  return {
    channel,
    until: (pattern) =>
      new Promise((resolve) => {
        changed = () => {
          if (pattern.test(output)) resolve(output);
        };
        changed();
      }),
    ended: new Promise((resolve) => channel.once("close", () => resolve({ output, ...exit }))),
  };
}

function shell(client: ssh2.Client, cols = 100, rows = 30): Promise<Followed> {
  return new Promise((resolve, reject) =>
    client.shell({ term: "xterm-256color", cols, rows }, (error, channel) =>
      error === undefined ? resolve(followed(channel)) : reject(error),
    ),
  );
}

function exec(client: ssh2.Client, command: string): Promise<Followed> {
  return new Promise((resolve, reject) =>
    client.exec(command, (error, channel) =>
      error === undefined ? resolve(followed(channel)) : reject(error),
    ),
  );
}

describe("the embedded host", () => {
  it("listens on loopback and keeps its keys to itself", async () => {
    expect(host.address).toBe("127.0.0.1");
    expect((await stat(host.keyPath)).mode & 0o777).toBe(0o600);
    expect(await readFile(host.knownHostsPath, "utf8")).toMatch(/^\[127\.0\.0\.1\]:\d+ ssh-ed25519 \S+/);
  });

  it("lets in nobody with another key", async () => {
    const other = ssh2.utils.generateKeyPairSync("ed25519");
    await expect(connect({ key: other.private })).rejects.toThrow(/authentication/i);
  });

  it("lets in nobody under another name", async () => {
    await expect(connect({ user: "somebody-else" })).rejects.toThrow(/authentication/i);
  });

  it("is the account's shell where the environment names none, as sshd gives it", async () => {
    const { SHELL: _shell, ...env } = process.env;
    const without = await startLab(env);
    try {
      const [to] = without.hosts;
      const { ended } = await exec(await connect({ to }), "echo $SHELL");
      expect((await ended).output).toBe(`${userInfo().shell}\n`);
    } finally {
      await without.dispose();
    }
  });

  it("gives a real terminal of the size asked for, and tells the program when it changes", async () => {
    const client = await connect();
    const seen = await shell(client, 111, 33);
    const { channel } = seen;
    channel.write("stty size; tty; echo term=$TERM\n");
    await seen.until(/33 111[\s\S]*\/dev\/pts\/[\s\S]*term=xterm-256color/);
    channel.write(
      `sh -c 'trap "echo told-2" WINCH; echo armed-$((1+1)); until stty size | grep "20 90"; do :; done; echo over'\n`,
    );
    await seen.until(/armed-2/);
    channel.setWindow(20, 90, 0, 0);
    expect(await seen.until(/over\r\n/)).toMatch(/told-2\r\n/);
    client.end();
  });

  it("passes back the exit status of the shell", async () => {
    const client = await connect();
    const seen = await shell(client);
    const { channel } = seen;
    channel.write("exit 3\n");
    expect((await seen.ended).code).toBe(3);
    client.end();
  });

  it("runs a command without a terminal, with its own status", async () => {
    const client = await connect();
    const { output, code } = await (await exec(client, "echo out; test -t 0 || echo no-tty; exit 4")).ended;
    expect({ output, code }).toEqual({ output: "out\nno-tty\n", code: 4 });
    const killed = await (await exec(client, "kill -TERM $$")).ended;
    expect(killed.signal).toMatch(/TERM/);
    client.end();
  });

  it("hangs up on what runs in a channel that closes", async () => {
    const client = await connect();
    const seen = await shell(client);
    const { channel } = seen;
    channel.write("sh -c 'echo pid=$$; exec sleep 1000'\n");
    const pid = /pid=(\d+)/.exec(await seen.until(/pid=\d+\s/))?.[1] ?? "";
    channel.close();
    await seen.ended;
    const wait = `i=0; while kill -0 ${pid} && [ $i -lt 100 ]; do i=$((i+1)); sleep 0.05; done; kill -0 ${pid}`;
    expect((await (await exec(client, wait)).ended).code).not.toBe(0);
    client.end();
  });
});

it("says how to get script(1) where it is missing", async () => {
  await expect(startLab({ ...process.env, PATH: "/nonexistent" })).rejects.toThrow(
    /util-linux.*apt-get install/,
  );
});
