import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { commandClock } from "../../base/clock.ts";
import { withConfig } from "../next-command.ts";
import { columns } from "../wrapped.ts";
import { diagnose } from "./diagnose.ts";
import { ending, FindingPrinter } from "./report.ts";
import { Timeline } from "./timeline.ts";

/** `json`: everything at the end, as one object. */
export interface ExamineOptions {
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** Explains step by step how a session on the host comes about, as it does. Returns the exit code. */
export function examineHost(
  name: string,
  around: Surroundings,
  { verbose = false, json = false }: ExamineOptions = {},
): Promise<number> {
  const form = { width: columns(), verbose };
  const printer = new FindingPrinter((text) => process.stdout.write(text), form);
  const clock = commandClock;
  const timeline = new Timeline(clock);
  return withParts(
    around,
    async (parts) => {
      const inventoryPath = await parts.inventoryPath();
      const found = await diagnose({
        name,
        directory: await parts.directory(),
        multiplexer: await parts.multiplexer(),
        access: await parts.access(),
        catalog: await parts.catalog(),
        timeline,
        clock,
        readSecret: parts.secrets.read,
        ...(json ? {} : { found: (sections) => printer.show(sections) }),
        ...(inventoryPath === undefined ? {} : { inventoryPath }),
      });
      const { next } = found;
      const advised = next === undefined ? found : { ...found, next: withConfig(next, around) };
      if (json) process.stdout.write(`${JSON.stringify({ host: name, ...advised }, undefined, 2)}\n`);
      else {
        printer.show(advised.sections);
        process.stdout.write(ending(name, advised, form));
      }
      return found.healthy ? 0 : 1;
    },
    { trace: timeline.trace, clock, byHand: true },
  );
}
