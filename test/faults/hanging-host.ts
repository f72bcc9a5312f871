import { readFileSync } from "node:fs";
import { Socket } from "node:net";
import { startScripted } from "../ssh/scripted.ts";

/** Where a login stops. `identification` is the link's part: it has to swallow what the server says. */
export const LOGIN_STEPS = [
  "identification",
  "key exchange",
  "service",
  "none",
  "publickey",
  "channel",
  "pty-req",
  "shell",
  "prompt",
] as const;
export type LoginStep = (typeof LOGIN_STEPS)[number];

/** What an agent reads of each, and where it is sent next. */
export const SAYS: Readonly<Record<LoginStep, RegExp>> = {
  identification: /^connect_failed: .*no SSH identification within 2 s\.\nNext: .*address and port/,
  "key exchange":
    /^connect_failed: .*did not finish the key exchange within 2 s\.\nNext: .*timeouts\.connect/,
  service: /^connect_failed: .*did not answer the request to log in within 2 s\.\nNext: Connect again/,
  none: /^connect_failed: .*did not say within 2 s how user "root" may log in\.\nNext: .*LDAP/,
  publickey: /^connect_failed: .*login of user "root" by key .* within 2 s; whether .*\nNext: .*LDAP/,
  channel: /^channel_refused: .*did not answer .* \(channel\) within 2 s\.\nNext: /,
  "pty-req": /^channel_refused: .*did not answer .*pty-req\) within 2 s\.\nNext: .*PAM/,
  shell: /^channel_refused: .*did not answer .*shell\) within 2 s\.\nNext: .*PAM/,
  prompt: /logged in and given a terminal, but nothing has come.*ssh_read waits on[\s\S]* running timeout/,
};

export interface HangingHost {
  readonly port: number;
  readonly knownHosts: readonly string[];
  /** From now on each login stops there. */
  hangAt(step: LoginStep): void;
  stop(): Promise<void>;
}

/** An SSH server that lets everybody in, up to the step at which it is to stop. */
export async function hangingHost(): Promise<HangingHost> {
  let at: LoginStep = "prompt";
  /** What reads nothing does not notice its end. */
  const deaf = new Set<Socket>();
  const end = () => {
    for (const socket of deaf) socket.destroy();
    deaf.clear();
  };
  const server = await startScripted({
    connected: (connection) => {
      const socket: unknown = Reflect.get(connection, "_sock");
      const protocol: unknown = Reflect.get(connection, "_protocol");
      if (!(socket instanceof Socket && protocol instanceof Object)) throw new Error("ssh2 has changed");
      if (at === "key exchange") {
        socket.pause();
        deaf.add(socket);
      }
      if (at === "service") Reflect.set(protocol, "serviceAccept", () => {});
    },
    login: (context) => {
      if (context.method === at) return;
      if (context.method === "publickey") context.accept();
      else context.reject(["publickey"]);
    },
    ignores: (request) => request === at,
  });
  const [file = ""] = server.host.hostKey.files;
  return {
    port: server.host.port,
    knownHosts: readFileSync(file, "utf8").trim().split("\n"),
    hangAt(step) {
      end();
      at = step;
    },
    async stop() {
      end();
      await server.stop();
    },
  };
}
