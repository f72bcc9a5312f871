import { errorCode, messageOf, SshMcpError } from "../../base/errors.ts";
import { shellQuote } from "../../base/shell-quote.ts";
import { visibleLine } from "../../base/text.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import { hopName } from "../protocol/sentences.ts";

/** A connection the server dropped before it identified itself: sshd's MaxStartups does that, so trying again helps. */
export class DroppedEarly extends SshMcpError {}

/** What went wrong below SSH, as one sentence with a next step. */
export function networkError(host: ResolvedHost, error: unknown): SshMcpError {
  const code = errorCode(error) ?? "";
  const [what, next] = explain(host, code) ?? [
    `failed: ${visibleLine(messageOf(error)) || code || "no reason given"}`,
    "Check the address and the network, then connect again.",
  ];
  return new SshMcpError("connect_failed", `${hopName(host)} ${what}.`, next);
}

function explain(host: ResolvedHost, code: string): readonly [string, string] | undefined {
  const check = `Check address and port${host.jump.length > 0 ? " as seen from the jump host" : ""}`;
  switch (code) {
    case "ECONNREFUSED":
      return ["refused the connection: nothing listens on that port", `${check}, and that sshd runs there.`];
    case "ETIMEDOUT":
      return ["did not answer", `${check}, routing and firewalls (a firewall that drops looks like this).`];
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return ["cannot be reached: there is no route to it", "Check the network or VPN, or set a jump host."];
    case "ENOTFOUND":
      return [
        `has an address that does not resolve: ${shellQuote(visibleLine(host.address, 100))}`,
        "Correct the host's address, or reach it through a jump host that knows the name.",
      ];
    case "EAI_AGAIN":
      return ["could not be looked up: the name server did not answer", "Check DNS, then connect again."];
    case "ECONNRESET":
    case "EPIPE":
      return ["reset the connection", "Connect again; if it repeats, look into the host's sshd log."];
    default:
      return undefined;
  }
}
