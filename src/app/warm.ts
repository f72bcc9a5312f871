import { loadSsh2 } from "../ssh/protocol/ssh2.ts";

/** Loads the code of the first call and of the first connection; opens nothing. */
export async function warm(): Promise<void> {
  await Promise.all([import("./workspace.ts"), import("../desk/dispatch.ts")]);
  await loadSsh2();
}
