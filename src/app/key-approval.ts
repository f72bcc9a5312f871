import { createHash } from "node:crypto";
import { Board } from "../approval/board.ts";
import { notifier } from "../approval/hook.ts";
import type { Order } from "../approval/order.ts";
import type { Clock } from "../base/clock.ts";
import { stateFolder } from "../base/state-folder.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import { formatTarget } from "../inventory/names.ts";
import type { ApproveKey, NewKey } from "../ssh/host-keys/approved-key.ts";
import { orderOwner } from "./inventory-id.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * Asks for a host key that is not known yet as for everything a human decides: `ssh-mcp approve` shows the fingerprint, and the
 * next connection takes the answer, once. No form of a client counts: nobody compares a fingerprint there.
 */
export function keyApproval(
  around: Pick<Surroundings, "configPath" | "cwd" | "env" | "home" | "lab" | "serves">,
  clock: Clock,
  hook: () => Promise<string | undefined>,
): ApproveKey {
  const board = new Board(stateFolder(around), () => clock.wallTime(), orderOwner(around));
  return async (host, key) => {
    const order = orderFor(host, key);
    const said = await board.take(order.key);
    if (said !== undefined)
      return said.yes
        ? { is: "yes", by: `ssh-mcp approve ${said.id}, by ${said.by}` }
        : { is: "no", by: said.by };
    const known = (await board.waiting()).some((one) => one.key === order.key);
    const waiting = await board.post(order);
    const command = known ? undefined : await hook();
    if (command !== undefined) notifier(command, around.env)(waiting);
    return { is: "waits", id: waiting.id };
  };
}

function orderFor(host: ResolvedHost, { shown, name, blob }: NewKey): Order {
  const [file = "known_hosts"] = host.hostKey.files;
  const bound = ["host_key", host.name, name, blob.toString("base64")];
  return {
    key: createHash("sha256").update(JSON.stringify(bound)).digest("hex"),
    host: host.name,
    address: formatTarget(host),
    what: "host_key",
    text: `${shown}\nto be recorded for ${name} in ${file}`,
    risk: "opaque",
    reasons: [
      "nobody knows this key yet: compare it with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub on it); a wrong one is somebody in between",
    ],
  };
}
