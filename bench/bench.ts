import type { TestServer } from "../test/real/kit/server.ts";
import type { Row } from "./table.ts";

/** What a part of the benchmark works with. */
export interface Bench {
  readonly server: TestServer;
  /** Shorter rows while developing; RESULTS.md never comes from such a run. */
  readonly quick: boolean;
  /** A folder every account may read. */
  readonly shared: string;
}

/** One part: measures and gives its rows. */
export type Part = (bench: Bench) => Promise<readonly Row[]>;
