import { fileURLToPath } from "node:url";

export const RESULTS = fileURLToPath(new URL("./RESULTS.md", import.meta.url));
/** Below it is what bench/agent writes. */
export const AGENT_HEADING = "## What an agent pays";
