import { z } from "zod";
import { timeWasUp, within } from "../bounds.ts";
import { defineRecipe } from "../define.ts";
import { patternNotes, patternStep } from "../pattern.ts";
import { sh } from "../sh.ts";
import { answerIn, container, ENGINES, NO_ENGINE, onEngine } from "./engine.ts";

const LOG_S = 20;

export const dockerLogs = defineRecipe({
  name: "docker_logs",
  toolset: "docker",
  title: "Log of a container",
  description: "The last rows a container wrote, or the last that match.",
  programs: ENGINES,
  inputs: {
    container,
    lines: z.number().int().min(1).max(5_000).optional().describe("Default 50."),
    since: z.string().min(1).max(60).optional().describe('"42m", or "2026-11-30T08:00:00Z".'),
    stream: z.enum(["stdout", "stderr"]).optional().describe("Only this; default both."),
    grep: z
      .string()
      .min(1)
      .max(300)
      .optional()
      .describe("Only rows that match this extended regular expression."),
    timestamps: z.boolean().optional().describe("When each was written."),
  },
  steps({ container: name, lines: count = 50, since, stream, grep: pattern, timestamps = false }, nature) {
    const there = onEngine(
      nature,
      (engine) => sh`${[engine]} inspect --type container --format '{{.State.Status}}' ${name}`,
    );
    const options = [
      ...(since === undefined ? [] : [`--since=${since}`]),
      ...(timestamps ? ["--timestamps"] : []),
      // Rows of one stream, or that match, may lie further back.
      ...(pattern === undefined && stream === undefined ? [`--tail=${count}`] : []),
    ];
    const side = { stdout: sh`2>/dev/null`, stderr: sh`2>&1 >/dev/null`, both: sh`2>&1` }[stream ?? "both"];
    const kept = pattern === undefined ? sh`` : sh`| grep -E -e ${pattern} 2>/dev/null`;
    const log = onEngine(nature, (engine) => {
      const source = within(nature, LOG_S, sh`${[engine, "logs", ...options]} ${name}`);
      // The exit code comes first: tail has nothing to show before the other end is closed.
      return sh`{ { { ${source}; } ${side}; echo "exit $?" >&3; } ${kept} | tail -n ${count}; } 3>&1`;
    });
    return there === undefined || log === undefined ? NO_ENGINE : { there, ...patternStep(pattern), log };
  },
  read(ran, { container: name }) {
    const { engine, lines: state, exit } = answerIn(ran, "there");
    const found = exit === 0;
    const refused = patternNotes(ran);
    const [, code = "", ...rows] = ran.get("log")?.lines ?? [];
    const ended = Number(/^exit (\d+)$/.exec(code)?.[1] ?? 1);
    const lines = found ? rows : [];
    return {
      facts: { engine, container: name, state: found ? state.at(-1) : undefined, lines },
      lines,
      words: [`engine=${engine}`, found ? `state=${state.at(-1)}` : undefined, `${lines.length} lines`],
      notes: [
        ...(found
          ? []
          : [`nothing was read: ${state.join("; ") || `${engine} ended with exit code ${exit}`}`]),
        ...(found && timeWasUp(ended)
          ? [`it was ended after ${LOG_S} s: give since, newer rows are missing`]
          : []),
        ...(found && ended !== 0 && !timeWasUp(ended) && refused.length === 0
          ? [`${engine} logs ended with exit code ${ended}`]
          : []),
        ...refused,
      ],
    };
  },
});
