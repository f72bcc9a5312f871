import { z } from "zod";
import { defineRecipe } from "../define.ts";
import type { RanSteps } from "../ran.ts";
import type { Shown } from "../recipe.ts";
import { sh } from "../sh.ts";
import { stateOf } from "./containers.ts";
import {
  answerIn,
  container,
  containersIn,
  ENGINES,
  inspected,
  NO_ENGINE,
  objectsIn,
  onEngine,
} from "./engine.ts";

export const dockerChange = defineRecipe({
  name: "docker_change",
  toolset: "docker",
  title: "Start, stop or restart a container",
  description: "Starts, stops or restarts one container; its state before and after.",
  changes: true,
  seconds: 50,
  programs: ENGINES,
  inputs: { container, action: z.enum(["start", "stop", "restart"]).describe("What to do.") },
  steps({ container: name, action }, nature) {
    const state = onEngine(nature, (engine) => inspected(engine, [name]));
    const change = onEngine(nature, (engine) => sh`${[engine, action, name]}`);
    return state === undefined || change === undefined ? NO_ENGINE : { before: state, change, after: state };
  },
  read(ran, { container: name, action }): Shown<unknown> {
    const { engine, lines, exit } = answerIn(ran, "change");
    const [before, after] = [stateIn(ran, "before"), stateIn(ran, "after")];
    const running = after?.startsWith("running") === true;
    return {
      facts: { engine, container: name, action, exit, before, after },
      lines: [`${name}: ${before ?? "not found"} -> ${after ?? "not found"}`],
      words: [`engine=${engine}`, `exit=${exit}`],
      notes: [
        ...(exit === 0 ? [] : [`${engine} says: ${lines.join("; ") || "nothing"}`]),
        ...(exit === 0 && running === (action === "stop")
          ? ["the command succeeded, but the container's state is not what was asked for"]
          : []),
      ],
    };
  },
});

function stateIn(ran: RanSteps, step: string): string | undefined {
  const [found] = containersIn(objectsIn(answerIn(ran, step)).objects);
  return found === undefined ? undefined : stateOf(found);
}

/** Nothing else is a path to docker cp and to podman cp alike: `-` is a stream, and a colon ends a container's name. */
const absolute = z.string().regex(/^\//, "an absolute path");

export const dockerCp = defineRecipe({
  name: "docker_cp",
  toolset: "docker",
  title: "Copy from or to a container",
  description: "Copies a file or folder between a container and the host's own file system.",
  changes: true,
  seconds: 50,
  programs: ENGINES,
  inputs: {
    container,
    direction: z.enum(["from", "to"]).describe("Out of the container, or into it."),
    container_path: absolute.describe("Absolute."),
    host_path: absolute.describe("Absolute, on the host."),
    overwrite: z.boolean().optional().describe("Also onto what is there."),
  },
  steps({ container: name, direction, container_path: inner, host_path: outer, overwrite = false }, nature) {
    const copy = onEngine(nature, (engine) => {
      const inside = `${name}:${inner}`;
      const [from, to] = direction === "from" ? [inside, outer] : [outer, inside];
      const base = (direction === "from" ? inner : outer).replace(/\/+$/, "").replace(/^.*\//, "");
      // Into a folder it goes below its own name. Of what is in a container the first block of its archive tells the kind.
      const there =
        direction === "from"
          ? sh`t=${outer}; [ ! -d "$t" ] || t=\${t%/}/${base}; if [ -e "$t" ] || [ -h "$t" ]; then x=1; else x=; fi`
          : sh`kind() { ${[engine]} cp "$1" - 2>/dev/null | head -c 157 | tail -c 1; }; t=${inside}; x=$(kind "$t"); [ "$x" != 5 ] || { t=\${t%/}/${base}; x=$(kind "$t"); }`;
      const refused = overwrite ? sh`` : sh`if [ -n "$x" ]; then echo "exists: $t"; exit 17; fi; `;
      return sh`${there}; ${refused}${[engine, "cp", from, to]} && echo "copied: $t"`;
    });
    return copy === undefined ? NO_ENGINE : { copy };
  },
  read(ran, { container: name, direction }): Shown<unknown> {
    const { engine, lines, exit } = answerIn(ran, "copy");
    const at = lines.find((line) => line.startsWith("copied: "))?.slice("copied: ".length);
    const there = exit === 17 ? lines.find((line) => line.startsWith("exists: ")) : undefined;
    return {
      facts: { engine, container: name, direction, exit, copied: at },
      lines: at === undefined ? [] : [`copied ${direction === "from" ? "to" : "into"} ${at}`],
      words: [`engine=${engine}`, at === undefined ? "nothing copied" : `exit=${exit}`],
      notes:
        there !== undefined
          ? [`${there.slice("exists: ".length)} exists, so nothing was copied; overwrite: true replaces it`]
          : exit === 0
            ? []
            : [
                `${engine} says: ${lines.join("; ") || `exit code ${exit}`}; whether a part was copied is not known`,
              ],
    };
  },
});
