import { startDaemon } from "./daemon.ts";
import { mustRun } from "./process.ts";

/** BIRD without a kernel protocol: it knows static routes and tells nobody. */
export interface Birdc {
  /** The command that opens birdc on it. */
  readonly command: string;
  /** What birdc prints for a command, without a terminal and without its greeting. */
  show(command: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export async function startBirdc(routes: number): Promise<Birdc> {
  const statics = Array.from(
    { length: routes },
    (_unused, index) => `  route 10.${Math.floor(index / 250)}.${index % 250}.0/24 blackhole;`,
  );
  const conf = [
    "router id 127.0.0.1;",
    "protocol device {}",
    "protocol static many {",
    "  ipv4;",
    ...statics,
    "}",
    "",
  ];
  const daemon = await startDaemon({
    name: "bird",
    program: "/usr/sbin/bird",
    files: { "bird.conf": conf.join("\n") },
    args: (dir) => ["-f", "-c", `${dir}/bird.conf`, "-s", `${dir}/bird.ctl`, "-P", `${dir}/pid`],
    socket: "bird.ctl",
  });
  const socket = `${daemon.dir}/bird.ctl`;
  return {
    command: `/usr/sbin/birdc -s ${socket}`,
    async show(command) {
      const text = await mustRun("/usr/sbin/birdc", ["-s", socket, ...command.split(" ")]);
      return text
        .trimEnd()
        .split("\n")
        .slice(1)
        .map((row) => row.trimEnd());
    },
    stop: () => daemon.stop(),
  };
}
