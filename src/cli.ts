import { homedir } from "node:os";
import { parseArgs } from "node:util";
import { messageOf } from "./base/errors.ts";
import { nearest } from "./base/text.ts";
import { atTerminal, help } from "./commands/help.ts";
import { VERSION } from "./mcp/server.ts";
import { serveOverStdio } from "./mcp/stdio.ts";

const OPTIONS = {
  config: { type: "string" },
  lab: { type: "boolean" },
  yes: { type: "boolean" },
  text: { type: "string" },
  devices: { type: "string" },
  json: { type: "boolean" },
  version: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;
const COMMANDS = ["trust", "doctor", "devices", "demo", "schema"] as const;

/** A mistake in the arguments: said in one line, exit 2. */
class UsageError extends Error {}

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parse(argv);
  const [command, ...rest] = positionals;
  const around = {
    ...(values.config === undefined ? {} : { configPath: values.config }),
    lab: values.lab ?? false,
    env: process.env,
    cwd: process.cwd(),
    home: process.env.HOME ?? homedir(),
  };
  if (values.help === true) return say(help);
  if (values.version === true) return say(`${VERSION}\n`);
  switch (command) {
    case undefined:
      return serve(around);
    case "trust": {
      const [host] = rest;
      if (host === undefined || rest.length > 1) throw new UsageError("trust takes one host");
      const { trustHost } = await import("./commands/trust.ts");
      return trustHost(host, around, values.yes ?? false);
    }
    case "doctor": {
      const [host] = rest;
      if (host === undefined || rest.length > 1) throw new UsageError("doctor takes one host");
      const { examineHost } = await import("./commands/doctor.ts");
      return examineHost(host, around);
    }
    case "devices": {
      const [verb, platform, more] = rest;
      if (more !== undefined) throw new UsageError(`devices ${verb} takes one platform`);
      const { devicesCommand } = await import("./commands/devices.ts");
      const { text, devices, json = false } = values;
      return devicesCommand({ verb, platform, text, devices, json }, around);
    }
    case "demo":
      expectNothing(command, rest);
      return demo();
    case "schema": {
      const [what = "hosts", more] = rest;
      if (more !== undefined || (what !== "hosts" && what !== "device"))
        throw new UsageError("schema takes hosts (the default) or device");
      if (what === "device") {
        const { profileJsonSchema } = await import("./devices/json-schema.ts");
        return say(`${JSON.stringify(profileJsonSchema(), undefined, 2)}\n`);
      }
      const { inventoryJsonSchema } = await import("./inventory/json-schema.ts");
      return say(`${JSON.stringify(inventoryJsonSchema(), undefined, 2)}\n`);
    }
    default:
      throw new UsageError(
        `unknown command "${command}"; there are ${nearest(command, COMMANDS).join(", ")}`,
      );
  }
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const flag = /'(-[^' ]*)/.exec(messageOf(error))?.[1];
    const known = Object.keys(OPTIONS).map((name) => `--${name}`);
    if (flag === undefined || known.includes(flag)) throw new UsageError(messageOf(error));
    throw new UsageError(`unknown option ${flag}; there are ${nearest(flag, known).join(", ")}`);
  }
}

function expectNothing(command: string, rest: readonly string[]): void {
  if (rest.length > 0) throw new UsageError(`${command} takes no argument, not "${rest.join(" ")}"`);
}

async function serve(
  around: Parameters<typeof import("./app/workspace.ts").openWorkspace>[0],
): Promise<number> {
  // A client that closed our stderr must not turn every report into the next one.
  process.stderr.on("error", () => {});
  const report = (error: unknown) =>
    process.stderr.write(`ssh-mcp: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  // One session's failure must not end the others: what nobody caught is told, and the server goes on.
  process.on("uncaughtException", report).on("unhandledRejection", report);
  if (process.stdin.isTTY) process.stderr.write(atTerminal);
  await serveOverStdio({
    report,
    workspace: async () => (await import("./app/workspace.ts")).openWorkspace(around),
  });
  return 0;
}

async function demo(): Promise<number> {
  const { runDemo } = await import("./mcp/demo.ts");
  const problems = await runDemo({
    command: process.execPath,
    args: [...process.execArgv, import.meta.filename, "--lab"],
    env: process.env,
    print: (line) => process.stdout.write(`${line}\n`),
  });
  if (problems.length === 0) return say("\nThe demo is over; everything was as it should be.\n");
  process.stderr.write(`\nThe demo found problems:\n${problems.map((problem) => `- ${problem}\n`).join("")}`);
  return 1;
}

/** Ours say more than their message; by shape, because the bundle's lazy part has its own copy of the class. */
function textOf(error: unknown): string {
  if (error instanceof Error && "toText" in error && typeof error.toText === "function")
    return String(error.toText());
  return messageOf(error);
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`ssh-mcp: ${textOf(error)}\n`);
    if (error instanceof UsageError) process.stderr.write("ssh-mcp --help lists everything.\n");
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
