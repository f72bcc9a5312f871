import { z } from "zod";
import type { Nature } from "../nature.ts";
import type { Ran, RanSteps } from "../ran.ts";
import { type Sh, sh } from "../sh.ts";

export type Engine = "docker" | "podman";

export const ENGINES = ["docker", "podman"] as const;
export const NO_ENGINE = "there is neither docker nor podman";

export const container = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,254}$/, "a container's name or id")
  .describe("Name or id.");

/**
 * The same for docker, or for podman where there is only that, or where docker's engine does not answer. The first row names
 * it. Undefined: there is neither.
 */
export function onEngine({ has }: Nature, script: (engine: Engine) => Sh): Sh | undefined {
  const [first, second] = ENGINES.filter((name) => has.has(name));
  const one = (engine: Engine) => sh`echo ${engine}; { ${script(engine)}; } 2>&1`;
  if (first === undefined) return undefined;
  if (second === undefined) return one(first);
  return sh`if docker version --format '{{.Server.Version}}' </dev/null >/dev/null 2>&1; then ${one(first)}; else ${one(second)}; fi`;
}

export interface Answer {
  readonly engine: string;
  readonly lines: readonly string[];
  readonly exit: number;
}

export function answerIn(ran: RanSteps, step: string): Answer {
  const found: Ran = ran.get(step) ?? { lines: [], exit: 1 };
  const [engine = "", ...lines] = found.lines;
  return { engine, lines: lines.filter((line) => line !== ""), exit: found.exit };
}

/** Rows that are JSON objects, and what else was printed: complaints. */
export function objectsIn({ lines }: Answer): {
  readonly objects: readonly object[];
  readonly said: readonly string[];
} {
  const objects: object[] = [];
  const said: string[] = [];
  for (const line of lines) {
    const value = objectOf(line);
    if (value === undefined) said.push(line);
    else objects.push(value);
  }
  return { objects, said };
}

function objectOf(line: string): object | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What an engine complained of; who asks podman sees own containers alone. */
export function engineNotes({ engine, exit }: Answer, said: readonly string[], nature: Nature): string[] {
  return [
    ...(said.length > 0 ? [`${engine} says: ${said.slice(0, 3).join("; ")}`] : []),
    ...(said.length === 0 && exit !== 0
      ? [`${engine} ended with exit code ${exit}: this may not be all`]
      : []),
    ...(engine === "podman" && !nature.root ? ["podman shows the containers of this user alone"] : []),
  ];
}

/** What is asked of each container: no environment and no labels, which may hold secrets. */
const ASKED =
  '{"id":{{json .Id}},"name":{{json .Name}},"image":{{json .Config.Image}},"state":{{json .State}},"mode":{{json .HostConfig.NetworkMode}},"networks":{{json .NetworkSettings.Networks}},"ports":{{json .NetworkSettings.Ports}}}';

/** One row of JSON each, of these, of all that run, or of all there are. */
export function inspected(engine: Engine, which: readonly string[] | "running" | "all"): Sh {
  const words = [engine];
  if (typeof which !== "string") return sh`${words} inspect --type container --format ${ASKED} ${which}`;
  const list = which === "all" ? ["ps", "-a", "-q", "--no-trunc"] : ["ps", "-q", "--no-trunc"];
  return sh`c=$(${words} ${list}) || { printf '%s\n' "$c"; exit 1; }; [ -z "$c" ] || ${words} inspect --type container --format ${ASKED} $c`;
}

const text = z.string().catch("");
const link = z
  .object({ IPAddress: text, GlobalIPv6Address: text })
  .catch({ IPAddress: "", GlobalIPv6Address: "" });
const row = z.object({
  id: z.string(),
  name: text,
  image: text,
  mode: text,
  state: z
    .object({
      Status: text,
      ExitCode: z.number().catch(0),
      StartedAt: text,
      Health: z.object({ Status: text }).nullish().catch(undefined),
    })
    .catch({ Status: "", ExitCode: 0, StartedAt: "" }),
  networks: z.record(z.string(), link).nullish().catch(undefined),
  ports: z
    .record(z.string(), z.array(z.object({ HostIp: text, HostPort: text })).nullish())
    .nullish()
    .catch(undefined),
});

export interface Container {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  /** `running`, `exited`, as the engine says it. */
  readonly state: string;
  readonly exit: number;
  readonly started: string;
  readonly health?: string;
  readonly mode: string;
  readonly networks: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  /** `127.0.0.1:8080->80/tcp`. */
  readonly ports: readonly string[];
}

export function containersIn(objects: readonly object[]): Container[] {
  return objects.flatMap((object) => {
    const { data } = row.safeParse(object);
    if (data === undefined) return [];
    const health = data.state.Health?.Status;
    return [
      {
        id: data.id.slice(0, 12),
        name: data.name.replace(/^\//, ""),
        image: data.image,
        state: data.state.Status,
        exit: data.state.ExitCode,
        started: data.state.StartedAt,
        ...(health ? { health } : {}),
        mode: data.mode,
        networks: Object.entries(data.networks ?? {}).map(([name, { IPAddress, GlobalIPv6Address }]) => ({
          name,
          addresses: [IPAddress, GlobalIPv6Address].filter((address) => address !== ""),
        })),
        ports: Object.entries(data.ports ?? {}).flatMap(([inner, outer]) =>
          (outer ?? []).map(
            ({ HostIp, HostPort }) =>
              `${HostIp.includes(":") ? `[${HostIp}]` : HostIp || "*"}:${HostPort}->${inner}`,
          ),
        ),
      },
    ];
  });
}
