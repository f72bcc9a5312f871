import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import { hopName, listed } from "../protocol/sentences.ts";

/** Where a login stood when its time was over. `service`: keys are exchanged, and the login has not begun. */
export type LoginStep = "identification" | "key exchange" | "service" | "login";

/** What was last sent to the server at the login, and which secrets went out. */
export interface Offered {
  readonly method: string;
  readonly given: readonly string[];
  /** What the ssh-agent was asked to do and has not done: then it is that which is silent. */
  readonly agent?: string;
}

/** The error of a server that fell silent, by the step it did not answer. `connect_failed`: it refused nothing. */
export function hung(host: ResolvedHost, step: LoginStep, offered: Offered | undefined): SshMcpError {
  const seconds = Math.round(host.timing.connectTimeoutMs / 100) / 10;
  if (step === "login" && offered?.agent !== undefined)
    return new SshMcpError(
      "connect_failed",
      `${hopName(host)} waits for the login of user "${visibleLine(host.user, 64)}": the ssh-agent did not ${offered.agent} within ${seconds} s.`,
      "Unlock the agent or confirm the use of the key where it asks for that, then connect again; or name a key file in the host's auth.",
    );
  const [what, next] = explain(host, step, offered);
  return new SshMcpError(
    "connect_failed",
    `${hopName(host)} ${what.replace("%", `${seconds} s`)}.`,
    `${next}${onTheWay(host)}`,
  );
}

function explain(
  host: ResolvedHost,
  step: LoginStep,
  offered: Offered | undefined,
): readonly [what: string, next: string] {
  switch (step) {
    case "identification":
      return [
        "accepted the connection but sent no SSH identification within %",
        "Check that address and port lead to an SSH server; a busy one may need a longer timeouts.connect.",
      ];
    case "key exchange":
      return [
        "did not finish the key exchange within %",
        "A slow device may need a longer timeouts.connect; a path that loses large packets (MTU) looks like this too.",
      ];
    case "service":
      return [
        "exchanged keys but did not answer the request to log in within %",
        "Connect again; if it repeats, look into the host's own log, or give it a longer timeouts.connect.",
      ];
    case "login":
      return atMethod(host, offered ?? { method: "none", given: [] });
  }
}

function atMethod({ user }: ResolvedHost, { method, given }: Offered): readonly [string, string] {
  const name = visibleLine(user, 64);
  if (method === "none")
    return [
      `did not say within % how user "${name}" may log in`,
      "What it asks about users (DNS, LDAP, RADIUS, TACACS+) may be down: see the host's own log, or give it a longer timeouts.connect.",
    ];
  const sent = given.length === 0 ? "" : ` after ${listed(given)} had been sent`;
  return [
    `did not answer the login of user "${name}" by ${method} within %${sent}; whether it takes it is unknown`,
    "What it asks about logins (PAM, LDAP, RADIUS, TACACS+) may be slow or down: see the host's own log, or give it a longer timeouts.connect. Each try may count as a failed login there.",
  ];
}

function onTheWay({ jump }: ResolvedHost): string {
  return jump.length === 0
    ? ""
    : " A jump host on the way may also have stopped carrying anything: ssh-mcp doctor tries each hop.";
}
