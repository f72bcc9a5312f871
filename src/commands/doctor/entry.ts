import { visibleLine } from "../../base/text.ts";
import type { AuthMethod, ResolvedHost } from "../../inventory/host.ts";
import type { SecretRef } from "../../secrets/reference.ts";

/** A host's entry in one line: where it comes from, whom it reaches, how it logs in. Names references, never secrets. */
export function describeEntry(host: ResolvedHost, inventoryPath: string | undefined): string {
  const address = host.address.includes(":") ? `[${host.address}]` : host.address;
  const via = host.jump.length === 0 ? "" : ` through ${host.jump.map(({ name }) => name).join(", ")}`;
  const parts = [
    `${visibleLine(host.user, 64)}@${visibleLine(address, 100)}:${host.port}${via}`,
    sourceOf(host, inventoryPath),
    `platform ${host.platform}`,
    host.auth.length === 0 ? "no login configured" : `login by ${host.auth.map(describeAuth).join(", ")}`,
  ];
  return parts.join("; ");
}

function sourceOf({ source }: ResolvedHost, inventoryPath: string | undefined): string {
  switch (source) {
    case "inventory":
      return `from ${inventoryPath ?? "the inventory"}`;
    case "ssh_config":
      return "from ~/.ssh/config";
    case "adhoc":
      return "from no file: it was named as user@host";
    case "lab":
      return "of the embedded lab";
  }
}

function describeAuth(method: AuthMethod): string {
  switch (method.method) {
    case "agent":
      return method.socket === undefined ? "ssh-agent" : `ssh-agent at ${method.socket}`;
    case "key":
      return `key ${method.path}`;
    case "password":
      return [
        ...(method.secret === undefined ? [] : [`password from ${describeRef(method.secret)}`]),
        ...(method.otp === undefined ? [] : [`one-time code from ${describeRef(method.otp)}`]),
      ].join(" and ");
  }
}

/** A command may carry a secret in its arguments, so it is not shown. */
function describeRef(ref: SecretRef): string {
  switch (ref.from) {
    case "env":
      return `$${ref.name}`;
    case "file":
      return ref.path;
    case "command":
      return "a command";
  }
}
