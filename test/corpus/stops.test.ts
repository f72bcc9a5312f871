import { afterAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import { withLearnedPrompt } from "../../src/shell/cli/learn-prompt.ts";
import { promptOf, recordings } from "./recording.ts";
import { platformOf } from "./replayed-host.ts";
import { walk } from "./stops.ts";

/** Questions the recorded person answered in the middle of a step. */
const ASKED: Readonly<Record<string, readonly string[]>> = { asa: ["Password:"] };

const catalog = openCatalog();
const interactive = recordings()
  .filter((one) => one.interactive)
  .map((one) => [one.name, one] as const);
let looked = 0;

afterAll(() => void process.stdout.write(`corpus: looked at ${looked} places inside outputs\n`));

describe("A recorded device that pauses for good, wherever it does", () => {
  it.each(interactive)("%s is taken for waiting only where it waits", async (_name, recording) => {
    const device = await catalog.device(platformOf(recording));
    const { falseStops, unseenEnds, looks } = await walk(recording, device);
    looked += looks;
    const asked = ASKED[recording.model] ?? [];
    expect(looks).toBeGreaterThan(100);
    expect({ falseStops: falseStops.filter(({ row }) => !asked.includes(row.trim())), unseenEnds }).toEqual({
      falseStops: [],
      unseenEnds: [],
    });
  });

  it.each(interactive)(
    "%s ends at no wrong place where its prompt had to be learned",
    async (_name, recording) => {
      const device = withLearnedPrompt(
        await catalog.device("generic_cli"),
        promptOf(recording.init).trimEnd(),
      );
      const { falseStops, looks } = await walk(recording, device);
      looked += looks;
      const asked = ASKED[recording.model] ?? [];
      expect(falseStops.filter(({ row }) => !asked.includes(row.trim()))).toEqual([]);
    },
  );
});
