import { z } from "zod";
import { defineRecipe } from "../define.ts";
import { sizeOf, table } from "../table.ts";
import { type Process, processesIn, processesStep, sortedBy } from "./processes.ts";

export const ps = defineRecipe({
  name: "ps",
  toolset: "monitor",
  title: "Processes",
  description: "The processes that take most CPU (over their life) or memory.",
  inputs: {
    sort_by: z.enum(["cpu", "mem"]).optional().describe("Default cpu."),
    limit: z.number().int().min(1).max(500).optional().describe("Default 10."),
    match: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("Only those whose command line or user holds this text."),
  },
  steps: (_, nature) => ({ ps: processesStep(nature) }),
  read(ran, { sort_by: by = "cpu", limit = 10, match }, nature) {
    const all = processesIn(ran.get("ps"), nature);
    const wanted =
      match === undefined
        ? all
        : all.filter(({ command, user }) => command.includes(match) || user === match);
    const shown = sortedBy(wanted, by === "cpu" ? "cpu" : "memory").slice(0, limit);
    return {
      facts: { processes: shown, of: wanted.length },
      lines: processRows(shown),
      words: [`${shown.length} of ${wanted.length} processes`],
      notes: all.length === 0 ? ["ps printed nothing that could be read"] : [],
    };
  },
});

export function processRows(processes: readonly Process[]): string[] {
  return table(
    ["pid", "user", "cpu%", "mem%", "rss", "state", "elapsed", "command"],
    processes.map(({ pid, user, cpu, memory, resident, state, elapsed, command }) => [
      String(pid),
      user,
      cpu === undefined ? "-" : cpu.toFixed(1),
      memory === undefined ? "-" : memory.toFixed(1),
      resident === undefined ? "-" : sizeOf(resident),
      state,
      elapsed ?? "-",
      command.length > 160 ? `${command.slice(0, 159)}…` : command,
    ]),
  );
}
