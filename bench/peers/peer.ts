/** A PTY with a login shell, opened by one of the contestants. */
export interface PtyPeer {
  write(text: string): void;
  /** One listener at a time. */
  listen(listener: (chunk: Buffer) => void): void;
  close(): Promise<void>;
}

const PROMPT = /[$#%>] $/;

/** Waits until what the PTY printed ends in a prompt. */
export function prompt(peer: PtyPeer): Promise<void> {
  return tail(peer, (text) => PROMPT.test(visible(text)));
}

/** Waits until `wanted` accepts the last few hundred characters of what the PTY printed since the call. */
export function tail(peer: PtyPeer, wanted: (text: string) => boolean): Promise<void> {
  return new Promise((resolve) => {
    let text = "";
    peer.listen((chunk) => {
      // Only the end of a chunk matters: a flood must not be slowed down by looking at it.
      text = (text + chunk.toString("latin1", Math.max(0, chunk.length - 512))).slice(-512);
      if (!wanted(text)) return;
      peer.listen(() => {});
      resolve();
    });
  });
}

/** One key, and the time until its echo is back. The PTY must run something that lets the kernel echo. */
export function echo(peer: PtyPeer): Promise<number> {
  return new Promise((resolve) => {
    const start = performance.now();
    peer.listen(() => {
      peer.listen(() => {});
      resolve(performance.now() - start);
    });
    peer.write("x");
  });
}

/** Starts a program under which the kernel echoes each key and nobody answers. */
export async function startEcho(peer: PtyPeer): Promise<void> {
  const started = tail(peer, (text) => text.includes("ready-42\r\n"));
  peer.write(`${ECHO_COMMAND}\r`);
  await started;
}

export const ECHO_COMMAND = "stty -icanon echo; echo ready-$((40+2)); cat >/dev/null";

/** The text without escape sequences. */
function visible(text: string): string {
  return text.replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007]*\u0007|[=>])/g, "").replace(/\r/g, "");
}
