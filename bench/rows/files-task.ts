import { keepNurserySmall } from "../../src/base/nursery.ts";
import { deskOver } from "../../test/tools/desk-over.ts";
import { asChild, collectGarbage } from "../child.ts";
import { hostOf } from "../target.ts";
import type { FilesTask, FilesUse } from "./files.ts";

/** One call of a tool for files, whole: through the desk, the gate and the engine, its checksums left out unless wanted. */
asChild<FilesTask, FilesUse>(async ({ target, root, tool, args, verified, warm }) => {
  keepNurserySmall();
  const own = hostOf(target);
  const host = verified ? own : { ...own, policy: { ...own.policy, denyPatterns: ["sha256"] } };
  const desk = deskOver([host], { places: { roots: [root], cwd: root, home: "/nonexistent", withheld: [] } });
  const call = (name: string, more: object) => desk.call(name, { host: host.name, ...more });
  await call("ssh_list_dir", { path: warm });
  collectGarbage();
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  const start = performance.now();
  let text = await call(tool, args);
  for (let id = runningIn(text); id !== undefined; id = runningIn(text))
    text = await desk.call(tool, { transfer: id, timeout_s: 50 });
  const ms = performance.now() - start;
  clearInterval(watch);
  await desk.dispose();
  return { ms, grown: most - before, text };
});

function runningIn(text: string): string | undefined {
  return /load running (T\d+) /.exec(text)?.[1];
}
