import type { Flow } from "./flow.ts";
import type { FramingPort } from "./framing.ts";
import type { PtySinks } from "./sinks.ts";

type FlowPort = Pick<
  FramingPort,
  "sinks" | "show" | "draw" | "aside" | "applyModes" | "tidy" | "muteReplies"
>;

/** What a framing has shown on the screen and written to the transcript; `onShown` is called for output. */
export function flowPort(flow: Flow, sinks: PtySinks, onShown: () => void): FlowPort {
  return {
    sinks,
    show(bytes) {
      onShown();
      flow.show(bytes);
    },
    draw: (text) => flow.showCommand(text),
    aside(rows) {
      onShown();
      flow.freshRow();
      const from = sinks.transcript.end;
      for (const row of rows) flow.show(row);
      sinks.log.strays.came(sinks.transcript, from, rows);
    },
    applyModes: (bytes) => flow.applyModes(bytes),
    tidy() {
      const command = sinks.log.running;
      command?.range.close();
      if (flow.tidy().leftFullScreen)
        command?.notes.push("the program left the full-screen mode on; the screen was reset");
    },
    muteReplies(muted) {
      sinks.screen.repliesMuted = muted;
    },
  };
}
