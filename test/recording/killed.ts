// Records rows for ever, until it is killed. Arguments: the folder.
import { systemClock } from "../../src/base/clock.ts";
import { Recordings } from "../../src/recording/recordings.ts";

const [, , folder = ""] = process.argv;
const recordings = new Recordings({
  folder,
  clock: {
    ...systemClock,
    after: (ms, action) => ({ dispose: clearTimeout.bind(undefined, setTimeout(action, ms)) }),
  },
  retention: () => ({}),
  audit: () => undefined,
  values: { places: () => [], begun: () => ({ chars: 0, half: false }) },
  masks: { places: () => [] },
  redact: (text) => text,
});
const sink = await recordings.record({
  ...{ name: "web1", host: "web1", term: "xterm", cols: 80, rows: 24, masks: false },
  log: { last: undefined, get: () => undefined },
  note: (text) => process.stderr.write(`${text}\n`),
});
let row = 0;
setInterval(() => {
  for (let count = 0; count < 200; count++) sink?.output(Buffer.from(`row ${row++}\r\n`));
}, 1);
