import type { Script } from "../../ssh/scripted.ts";

/** A device with a prompt that echoes what is typed and takes every line but those it refuses. */
export function startDevice(options: {
  readonly prompt: string;
  readonly refuses?: readonly string[] | "all";
}): {
  readonly script: Script;
  /** Lines that were entered. */
  lines(): readonly string[];
} {
  const { prompt, refuses = [] } = options;
  const entered: string[] = [];
  const script: Script = {
    shell(channel) {
      let line = "";
      channel.write(`\r\n${prompt}`);
      channel.on("data", (bytes: Buffer) => {
        for (const key of bytes.toString("latin1")) {
          if (key !== "\r") {
            line += key;
            channel.write(key);
            continue;
          }
          entered.push(line);
          const answer =
            refuses === "all" || refuses.includes(line)
              ? "% Invalid input detected at '^' marker.\r\n\r\n"
              : "";
          channel.write(`\r\n${answer}${prompt}`);
          line = "";
        }
      });
    },
  };
  return { script, lines: () => entered };
}
