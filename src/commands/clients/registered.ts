import { accessSync, constants, existsSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import type { Place } from "../../app/surroundings.ts";
import { parseJsonc } from "./jsonc.ts";

/** A server as a client starts it. */
export interface Registration {
  readonly name: string;
  readonly words: readonly string[];
}

/** The servers of this program in a client's file, also those of single projects; `under`: only those listed there. @throws SyntaxError */
export function registrations(text: string, toml: boolean, under?: string): Registration[] {
  return allServers(text, toml, under).filter(({ words }) => words.some(isOurs));
}

function allServers(text: string, toml: boolean, under: string | undefined): Registration[] {
  if (toml) return tomlServers(text);
  if (text.trim() === "") return [];
  const { value } = parseJsonc(text);
  if (under === undefined) return serversIn(value);
  return serversIn(value instanceof Map ? value.get(under) : undefined);
}

/** A word that names this package, or a file of it wherever that is. */
export function isOurs(word: string): boolean {
  if (/(?:^|[/\\])ssh-mcp(?:$|[/\\@])/.test(word)) return true;
  return isAbsolute(word) && existsSync(word) && versionOf(realpathSync(word)) !== undefined;
}

/** Every entry that has a command, however deep: the clients nest them by project. */
function serversIn(value: unknown, name = ""): Registration[] {
  if (!(value instanceof Map)) return [];
  const words = [value.get("command"), value.get("args")].flat().filter((word) => typeof word === "string");
  if (value.has("command") && words.length > 0) return [{ name, words }];
  return [...value].flatMap(([key, child]) => serversIn(child, String(key)));
}

function tomlServers(text: string): Registration[] {
  return text
    .split(/^\s*\[mcp_servers\./m)
    .slice(1)
    .map((part) => {
      const own = part.split(/^\s*\[/m)[0] ?? "";
      const lines = [
        /^\s*command\s*=\s*(.+)$/m.exec(own)?.[1],
        /^\s*args\s*=\s*(\[[^\]]*\])/m.exec(own)?.[1],
      ];
      const words = lines.flatMap((line) => [...(line ?? "").matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)]);
      return { name: /^[^\]]*/.exec(part)?.[0] ?? "", words: words.map(([, a, b]) => a ?? b ?? "") };
    });
}

/** The program that a word without a path starts. */
export function inPath(word: string, { env }: Place): string | undefined {
  return (env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, word))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The version of the package whose program this file is; undefined: it is none of ours. */
export function versionOf(file: string): string | undefined {
  for (const folder of [dirname(file), dirname(dirname(file))]) {
    try {
      const { name, version }: { name?: unknown; version?: unknown } = JSON.parse(
        readFileSync(join(folder, "package.json"), "utf8"),
      );
      if (name === "ssh-mcp" && typeof version === "string") return version;
    } catch {}
  }
  return undefined;
}
