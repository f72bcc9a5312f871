// Loaded into the server with --expose-gc: at SIGUSR2 it collects what is garbage and writes down what is left.
import { renameSync, writeFileSync } from "node:fs";

process.on("SIGUSR2", () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const resources = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  const heapMb = process.memoryUsage().heapUsed / 1_048_576;
  const file = process.env.SOAK_REPORT ?? "";
  writeFileSync(`${file}.new`, JSON.stringify({ heapMb, listeners, resources }));
  renameSync(`${file}.new`, file);
});
