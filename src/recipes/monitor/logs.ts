import { z } from "zod";
import { outputOf, withComplaints } from "../complaints.ts";
import { defineRecipe } from "../define.ts";
import type { Nature } from "../nature.ts";
import { patternNotes, patternStep } from "../pattern.ts";
import type { RanSteps } from "../ran.ts";
import { type Sh, sh } from "../sh.ts";

const lines = z.number().int().min(1).max(5_000).optional();
const grep = z
  .string()
  .min(1)
  .max(300)
  .optional()
  .describe("Only lines that match this extended regular expression (grep -E).");

/** The last rows that match: the filter comes before the limit. */
function filtered(source: Sh, pattern: string | undefined, count: number): Sh {
  return pattern === undefined
    ? sh`${source} | tail -n ${count}`
    : sh`${source} | grep -E -e ${pattern} | tail -n ${count}`;
}

function countWord(rows: readonly string[]): string {
  return `${rows.length} ${rows.length === 1 ? "line" : "lines"}`;
}

export const logs = defineRecipe({
  name: "logs",
  toolset: "monitor",
  title: "End of a log file",
  description: "The last lines of a file, or the last that match.",
  inputs: {
    path: z.string().min(1).describe("File on the host."),
    lines: lines.describe("Default 50."),
    grep,
  },
  steps: ({ path, lines: count = 50, grep: pattern }) => ({
    there: sh`[ -d ${path} ] && echo folder; [ -e ${path} ] || echo missing; [ -r ${path} ] || echo unreadable; [ -f ${path} ] || echo special`,
    ...patternStep(pattern),
    log:
      pattern === undefined
        ? sh`[ -f ${path} ] && tail -n ${count} ${dashed(path)}`
        : sh`[ -f ${path} ] && grep -E -e ${pattern} ${dashed(path)} | tail -n ${count}`,
  }),
  read(ran, { path }) {
    const state = new Set(ran.get("there")?.lines ?? []);
    const rows = ran.get("log")?.lines ?? [];
    const why = state.has("folder")
      ? "it is a folder"
      : state.has("missing")
        ? "there is no such file, or a folder on the way may not be entered"
        : state.has("special")
          ? "it is no regular file"
          : state.has("unreadable")
            ? "this user may not read it"
            : undefined;
    return {
      facts: { path, lines: rows, ...(why === undefined ? {} : { unread: why }) },
      lines: rows,
      words: [countWord(rows)],
      notes: [...(why === undefined ? [] : [`${path} was not read: ${why}`]), ...patternNotes(ran)],
    };
  },
});

/** A path that begins with a dash is no option. */
function dashed(path: string): string {
  return path.startsWith("-") ? `./${path}` : path;
}

const PRIORITIES = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"] as const;
const FALLBACKS = ["/var/log/syslog", "/var/log/messages", "/var/log/system.log", "/var/log/daemon.log"];

export const journal = defineRecipe({
  name: "journal",
  toolset: "monitor",
  title: "System journal",
  description: "journalctl, newest last; where there is none, the system's log file.",
  inputs: {
    service: z.string().min(1).max(200).optional().describe("Only of this unit."),
    since: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('As journalctl takes it: "1 hour ago", "2026-11-30 08:00".'),
    priority: z.enum(PRIORITIES).optional().describe("This and worse."),
    lines: lines.describe("Default 100."),
    grep,
  },
  steps({ service, since, priority, lines: count = 100, grep: pattern }, nature) {
    if (nature.journal) {
      const options = [
        ...(service === undefined ? [] : [`--unit=${service}`]),
        ...(since === undefined ? [] : [`--since=${since}`]),
        ...(priority === undefined ? [] : [`--priority=${priority}`]),
        ...(pattern === undefined ? [`--lines=${count}`] : []),
      ];
      const source = sh`journalctl --no-pager --quiet --output=short-iso ${options}`;
      return {
        log: withComplaints(pattern === undefined ? source : filtered(source, pattern, count)),
        ...patternStep(pattern),
        may: sh`id -nG`,
      };
    }
    return { ...patternStep(pattern), ...withoutJournal({ service, pattern, count }, nature) };
  },
  read(ran, { since, priority }, nature) {
    const { rows, complaints } = outputOf(ran.get("log"));
    const refused = patternNotes(ran);
    // Of a pattern that was refused the filter complains, too.
    const said = refused.length === 0 ? complaints : [];
    const source = nature.journal ? "journalctl" : (ran.get("source")?.lines[0] ?? "");
    const left = [since && "since", priority && "priority"].filter(Boolean).join(" and ");
    return {
      facts: { source, lines: rows },
      lines: rows,
      words: [source === "" ? undefined : `source=${source}`, countWord(rows)],
      notes: [
        ...journalNotes(ran, nature, source),
        ...refused,
        ...said.map((one) => `${source} says: ${one}`),
        ...(source !== "" && rows.length === 0 && said.length + refused.length === 0
          ? ["there is no such message"]
          : []),
        ...(source !== "journalctl" && left !== ""
          ? [`${left} NOT applied: a log file has no such field`]
          : []),
      ],
    };
  },
});

function withoutJournal(
  { service, pattern, count }: { service: string | undefined; pattern: string | undefined; count: number },
  nature: Nature,
): Readonly<Record<string, Sh>> {
  const word = service === undefined ? sh`cat` : sh`grep -F -e ${service.replace(/\.service$/, "")}`;
  if (nature.has.has("logread"))
    return { source: sh`echo logread`, log: withComplaints(filtered(sh`logread | ${word}`, pattern, count)) };
  const file = sh`for f in ${FALLBACKS}; do [ -r "$f" ] && { echo "$f"; break; }; done`;
  return {
    source: file,
    log: filtered(sh`f=$(${file}); [ -n "$f" ] && ${word} < "$f"`, pattern, count),
    unreadable: sh`for f in ${FALLBACKS}; do [ -e "$f" ] && [ ! -r "$f" ] && echo "$f"; done; :`,
  };
}

function journalNotes(ran: RanSteps, nature: Nature, source: string): string[] {
  const unreadable = ran.get("unreadable")?.lines.filter((line) => line !== "") ?? [];
  if (source === "")
    return [
      unreadable.length > 0
        ? `there is no journal, and this user may not read ${unreadable.join(", ")}`
        : `there is no journal, and none of ${FALLBACKS.join(", ")}`,
    ];
  const groups = new Set((ran.get("may")?.lines[0] ?? "").split(" "));
  const sees = nature.root || ["systemd-journal", "adm", "wheel", "root"].some((group) => groups.has(group));
  return source === "journalctl" && !sees
    ? ["this user is in none of the groups systemd-journal, adm, wheel: it may see only its own messages"]
    : [];
}

export const dmesg = defineRecipe({
  name: "dmesg",
  toolset: "monitor",
  title: "Kernel messages",
  description: "The kernel's last messages, or the last that match.",
  inputs: { lines: lines.describe("Default 100."), grep },
  steps({ lines: count = 100, grep: pattern }, nature) {
    const stamped = nature.family === "linux" && !nature.busybox.has("dmesg");
    // With -T a message has the time of day; older versions know no -T.
    const source = stamped ? sh`{ dmesg -T 2>/dev/null || dmesg 2>/dev/null; }` : sh`dmesg 2>/dev/null`;
    const other = nature.journal
      ? sh`journalctl -k --no-pager --quiet --output=short-iso -n 5000 2>/dev/null`
      : sh`:`;
    return {
      ...patternStep(pattern),
      may: sh`dmesg >/dev/null 2>&1; echo $?`,
      log: filtered(source, pattern, count),
      journal: filtered(sh`if dmesg >/dev/null 2>&1; then :; else ${other}; fi`, pattern, count),
      error: sh`dmesg 2>&1 >/dev/null | head -n 1`,
    };
  },
  read(ran) {
    const refused = ran.get("may")?.lines[0] !== "0";
    const rows = refused ? (ran.get("journal")?.lines ?? []) : (ran.get("log")?.lines ?? []);
    const why = ran.get("error")?.lines[0] ?? "";
    return {
      facts: { lines: rows, source: refused ? "journal" : "dmesg" },
      lines: rows,
      words: [refused ? "source=journalctl" : undefined, countWord(rows)],
      notes: [...(refused ? [refusedNote(why, rows)] : []), ...patternNotes(ran)],
    };
  },
});

function refusedNote(why: string, rows: readonly string[]): string {
  const instead =
    rows.length > 0 ? "these are the journal's kernel messages" : "the journal has none for this user";
  return `dmesg was refused (${why}); ${instead}`;
}
