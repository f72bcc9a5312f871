import { z } from "zod";
import { defineRecipe } from "../define.ts";
import type { Nature } from "../nature.ts";
import type { RanSteps } from "../ran.ts";
import { sh } from "../sh.ts";
import { table } from "../table.ts";
import {
  answerIn,
  type Container,
  container,
  containersIn,
  ENGINES,
  engineNotes,
  inspected,
  NO_ENGINE,
  objectsIn,
  onEngine,
} from "./engine.ts";

/** The containers of the step of that name, the engine's name, and what a reader has to know. */
function askedOf(ran: RanSteps, nature: Nature) {
  const answer = answerIn(ran, "containers");
  const { objects, said } = objectsIn(answer);
  return {
    engine: answer.engine,
    containers: containersIn(objects),
    notes: engineNotes(answer, said, nature),
  };
}

export const dockerPs = defineRecipe({
  name: "docker_ps",
  toolset: "docker",
  title: "Containers",
  description: "The containers that run, of docker or podman, with image, state, health, ports, networks.",
  programs: ENGINES,
  inputs: {
    all: z.boolean().optional().describe("Also those that do not run."),
    match: z.string().min(1).max(200).optional().describe("Only those whose name or image holds this text."),
  },
  steps({ all = false }, nature) {
    const containers = onEngine(nature, (engine) => inspected(engine, all ? "all" : "running"));
    return containers === undefined ? NO_ENGINE : { containers };
  },
  read(ran, { match }, nature) {
    const { engine, containers, notes } = askedOf(ran, nature);
    const shown =
      match === undefined
        ? containers
        : containers.filter(({ name, image }) => name.includes(match) || image.includes(match));
    return {
      facts: { engine, containers: shown, of: containers.length },
      lines:
        shown.length === 0
          ? []
          : table(
              ["name", "state", "image", "id", "ports", "networks"],
              shown.map((one) => [
                one.name,
                stateOf(one),
                one.image,
                one.id,
                one.ports.join(" ") || "-",
                one.networks.map(({ name }) => name).join(" "),
              ]),
            ),
      words: [`engine=${engine}`, `${shown.length} of ${containers.length} containers`],
      notes,
    };
  },
});

export function stateOf({ state, exit, health }: Container): string {
  if (state === "exited") return `exited (${exit})`;
  return health === undefined ? state : `${state} (${health})`;
}

export const dockerIp = defineRecipe({
  name: "docker_ip",
  toolset: "docker",
  title: "Addresses of a container",
  description: "A container's addresses by network.",
  programs: ENGINES,
  inputs: { container },
  steps({ container: name }, nature) {
    const containers = onEngine(nature, (engine) => inspected(engine, [name]));
    return containers === undefined ? NO_ENGINE : { containers };
  },
  read(ran, { container: wanted }, nature) {
    const { engine, containers, notes } = askedOf(ran, nature);
    const [found] = containers;
    const networks = (found?.networks ?? []).filter(({ addresses }) => addresses.length > 0);
    const without =
      found === undefined || networks.length > 0
        ? []
        : [
            `${wanted} has no address of its own: it is ${stateOf(found)}, its network mode is ${found.mode || "not known"}`,
          ];
    return {
      facts: { engine, container: found?.name, networks },
      lines:
        networks.length === 0
          ? []
          : table(
              ["network", "address"],
              networks.map(({ name, addresses }) => [name, addresses.join(" ")]),
            ),
      words: [`engine=${engine}`, found === undefined ? "not found" : found.name],
      notes: [...notes, ...without],
    };
  },
});

export const dockerFindByIp = defineRecipe({
  name: "docker_find_by_ip",
  toolset: "docker",
  title: "Container of an address",
  description: "Which running containers have exactly this address.",
  programs: ENGINES,
  inputs: { ip: z.union([z.ipv4(), z.ipv6()]).describe("IPv4 or IPv6.") },
  steps(_, nature) {
    const containers = onEngine(nature, (engine) => inspected(engine, "running"));
    return containers === undefined ? NO_ENGINE : { containers };
  },
  read(ran, { ip }, nature) {
    const { engine, containers, notes } = askedOf(ran, nature);
    const wanted = canonical(ip);
    const found = containers.flatMap(({ name, id, networks }) =>
      networks
        .filter(({ addresses }) => addresses.some((address) => canonical(address) === wanted))
        .map((network) => ({ name, id, network: network.name })),
    );
    return {
      facts: { engine, ip, containers: found },
      lines:
        found.length === 0
          ? []
          : table(
              ["container", "id", "network"],
              found.map(({ name, id, network }) => [name, id, network]),
            ),
      words: [`engine=${engine}`, `${found.length} found`],
      notes: [
        ...notes,
        ...(found.length === 0 && notes.length === 0
          ? [`none of ${containers.length} running containers has ${ip}`]
          : []),
      ],
    };
  },
});

/** IPv6 has many ways to write one address. */
function canonical(address: string): string {
  if (!address.includes(":")) return address;
  try {
    return new URL(`http://[${address}]/`).hostname;
  } catch {
    return address.toLowerCase();
  }
}

const network = z.object({
  name: z.string(),
  driver: z.string().catch(""),
  internal: z.boolean().catch(false),
  subnets: z
    .array(z.object({ subnet: z.string() }))
    .nullish()
    .catch(undefined),
  ipam: z
    .object({ Config: z.array(z.object({ Subnet: z.string() })).nullish() })
    .nullish()
    .catch(undefined),
});

export const dockerNetworks = defineRecipe({
  name: "docker_networks",
  toolset: "docker",
  title: "Container networks",
  description: "The networks with driver, subnets, and the containers in each.",
  programs: ENGINES,
  inputs: {},
  steps(_, nature) {
    const networks = onEngine(nature, (engine) => {
      const words = [engine];
      return sh`c=$(${words} network ls -q) || { printf '%s\n' "$c"; exit 1; }; [ -z "$c" ] || ${words} network inspect --format '{{json .}}' $c`;
    });
    const containers = onEngine(nature, (engine) => inspected(engine, "all"));
    return networks === undefined || containers === undefined ? NO_ENGINE : { networks, containers };
  },
  read(ran, _, nature) {
    const { engine, containers, notes } = askedOf(ran, nature);
    const { objects, said } = objectsIn(answerIn(ran, "networks"));
    // docker writes Name, podman name.
    const networks = objects.flatMap((object) => {
      const known = Object.fromEntries(
        Object.entries(object).map(([key, value]) => [key.toLowerCase(), value]),
      );
      const { data } = network.safeParse(known);
      if (data === undefined) return [];
      const subnets =
        data.subnets?.map(({ subnet }) => subnet) ?? data.ipam?.Config?.map(({ Subnet }) => Subnet) ?? [];
      const members = containers.flatMap((one) =>
        one.networks.flatMap(({ name, addresses }) =>
          name === data.name ? [{ name: one.name, addresses }] : [],
        ),
      );
      return [
        { name: data.name, driver: data.driver, internal: data.internal, subnets, containers: members },
      ];
    });
    return {
      facts: { engine, networks },
      lines:
        networks.length === 0
          ? []
          : table(
              ["network", "driver", "subnets", "containers"],
              networks.map((one) => [
                one.name,
                `${one.driver}${one.internal ? " (internal)" : ""}`,
                one.subnets.join(" ") || "-",
                one.containers.map(({ name, addresses }) => [name, ...addresses].join(" ")).join(", ") || "-",
              ]),
            ),
      words: [`engine=${engine}`, `${networks.length} networks`],
      notes: [...notes, ...(said.length > 0 ? [`${engine} says: ${said.slice(0, 3).join("; ")}`] : [])],
    };
  },
});
