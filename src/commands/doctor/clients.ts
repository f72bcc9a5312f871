import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import type { Place } from "../../app/surroundings.ts";
import { visibleLine } from "../../base/text.ts";
import { CLIENTS } from "../clients/known.ts";
import { inPath, isOurs, type Registration, registrations, versionOf } from "../clients/registered.ts";
import { type Finding, finding } from "./finding.ts";

/** What each client's files say of this program: which one it starts, and of which version. Files are read, nothing is started. */
export function clientFindings(place: Place): Finding[] {
  const files = CLIENTS.flatMap((client) => [
    ...client.files(place).map((path) => ({ name: client.name, path })),
    ...(client.here === undefined ? [] : [{ name: client.name, path: join(place.cwd, client.here) }]),
  ]);
  const findings = files.flatMap(({ name, path }) => {
    if (!existsSync(path)) return [];
    let servers: readonly Registration[];
    try {
      servers = registrations(readFileSync(path, "utf8"), path.endsWith(".toml"));
    } catch {
      return [finding("warn", "client", `${name}: ${path} cannot be read`)];
    }
    return servers.map((server) => startedBy(server, `${name} (${path})`, place));
  });
  if (findings.length > 0) return findings;
  return [finding("ok", "client", "no client's file names this program; ssh-mcp init registers it")];
}
function startedBy({ name, words }: Registration, who: string, place: Place): Finding {
  const [command = "", ...args] = words;
  const shown = `${who}: ${name} starts ${visibleLine(words.join(" "), 160)}`;
  if (/^npx?$/.test(basename(command)))
    return finding("warn", "client", shown, {
      details: [
        "npx runs what is installed under the name ssh-mcp, and otherwise another project's package of that name",
        "name the file instead: node /path/to/dist/cli.js",
      ],
    });
  const word = [command, ...args].find(isOurs) ?? command;
  const file = isAbsolute(word) ? word : inPath(word, place);
  if (file === undefined || !existsSync(file))
    return finding("fail", "client", shown, {
      details: [`there is no ${word}${isAbsolute(word) ? "" : " in PATH"}`],
    });
  const version = versionOf(realpathSync(file));
  const details =
    version === undefined
      ? ["it is no file of this package, so its version is not known"]
      : [`version ${version}`];
  return finding(version === undefined ? "warn" : "ok", "client", shown, { details });
}
