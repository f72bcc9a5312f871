import { visibleLine } from "../../base/text.ts";
import { compileDevice } from "../../devices/device.ts";
import { isOwnRow } from "../../devices/lexicon.ts";
import { profileSchema } from "../../devices/profile.ts";
import { hostIn } from "../../shell/evidence/prompt-shape.ts";
import type { Seen } from "./look.ts";

/** Rows that name a product. */
const PRODUCT =
  /\b(?:version|software|firmware|copyright|\(c\)|series|operating system|switch|router|firewall|gateway|controller)\b/i;
const ERROR =
  /^\s*(?:%|\^$|error\b|invalid\b|unknown\b|unrecogni[sz]ed\b|incomplete\b|ambiguous\b|syntax error)/i;
const HOST = "(?P<host>[\\w.\\-]{1,63})";

interface DraftPrompt {
  readonly mode: string;
  readonly match: string;
}

/**
 * A profile that knows what was seen, as YAML for `devices/ID.yaml`, and what of the seen rows it does not recognise. `ident`: the
 * server's identification line.
 */
export async function draftOf(
  id: string,
  seen: Seen,
  ident: string | undefined,
): Promise<{ readonly yaml: string; readonly faults: readonly string[] }> {
  const prompts = [...new Map(seen.prompts.map(promptOf).map((one) => [one.match, one])).values()];
  const pagers = [...new Set(seen.pagers.map((row) => `^\\s*${loose(row)}\\s*$`))];
  const errors = [
    ...new Set(seen.typed.flatMap(({ rows }) => rows.slice(0, 6).filter((row) => ERROR.test(row)))),
  ]
    .slice(0, 8)
    .map((row) => `^${loose(row.slice(0, 60))}`);
  const software = /^SSH-[\d.]+-([^\s_]+)/.exec(ident ?? "")?.[1];
  const banner = seen.banner.filter((row) => PRODUCT.test(row) && !isOwnRow(row)).slice(0, 2);
  const lines = [
    `id: ${id}`,
    `name: ${quoted(id)}`,
    "framing: prompt",
    "detect:",
    ...(software === undefined || /^(?:OpenSSH|dropbear)/i.test(software)
      ? []
      : [`  ssh_ident: [${quoted(`^SSH-2\\.0-${escaped(software)}`)}]`]),
    ...(banner.length === 0
      ? []
      : [`  banner: [${banner.map((row) => quoted(`^\\s*${loose(row.trim().slice(0, 60))}`)).join(", ")}]`]),
    "input: { echo: fuzzy }",
    "settle_ms: 250",
    "# A mode by its words; by the mark alone it is a guess.",
    "prompts:",
    ...prompts.map(({ mode, match }) => `  - { mode: ${mode}, match: ${quoted(match)} }`),
    ...(pagers.length === 0
      ? []
      : ["pagers:", ...pagers.map((match) => `  - { match: ${quoted(match)}, key: " ", max: 500 }`)]),
    ...(seen.questions.length === 0
      ? []
      : [
          "# What kind of question this is, and whether it acts on one key, is yours to say.",
          "questions:",
          ...seen.questions.map(
            (row) =>
              `  - { match: ${quoted(`${loose(row.slice(-60).trimStart())}\\s*$`)}, kind: value, submit: line, risk: high }`,
          ),
        ]),
    ...(errors.length === 0
      ? []
      : ["errors:", ...errors.map((match) => `  - { match: ${quoted(match)}, class: other }`)]),
    "evidence:",
    `  - { kind: unconfirmed, source: ssh-mcp devices learn, note: ${quoted(`${seen.typed.length} lines were typed; modes, keys and errors are to be checked`)} }`,
  ].filter((line, index, all) => line !== "detect:" || all[index + 1]?.startsWith("  ") === true);
  const profile = profileSchema.parse({
    id,
    name: id,
    framing: "prompt",
    prompts,
    pagers: pagers.map((match) => ({ match, key: " " })),
  });
  const device = await compileDevice(profile);
  const unknown = seen.prompts.filter((row) => device.prompt(row) === undefined);
  const faults = unknown.map(
    (row) => `the draft does not know the prompt ${JSON.stringify(visibleLine(row, 80))}`,
  );
  return { yaml: `${lines.join("\n")}\n`, faults };
}

/** The hostname gives way to any other; what else is in the row stays. */
function promptOf(row: string): DraftPrompt {
  const host = hostIn(row) ?? "";
  const at = host === "" ? -1 : row.indexOf(host);
  const match =
    at < 0 ? escaped(row) : `${loose(row.slice(0, at))}${HOST}${loose(row.slice(at + host.length))}`;
  return { mode: modeOf(row), match: `^${match.replace(/^((?:\\.|[^\w\\])*)[\w.-]+@/, "$1[\\w.\\-]+@")}$` };
}

function modeOf(row: string): string {
  if (/\((?:conf|cfg|edit)|\bconfig/i.test(row)) return "config";
  return row.endsWith("#") ? "enable" : "exec";
}

/** Text with any figure in place of each. */
function loose(text: string): string {
  return escaped(text.slice(0, 200)).replace(/\d+/g, "\\d+");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
