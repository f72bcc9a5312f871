import { messageOf, SshMcpError } from "../base/errors.ts";
import { allow } from "./allow.ts";
import { approve } from "./approve.ts";
import { attach, kick, lock, sessions, watch } from "./attach.ts";
import { audit } from "./audit.ts";
import { check } from "./check.ts";
import { completionOf } from "./completion.ts";
import { daemon } from "./daemon.ts";
import { demo } from "./demo.ts";
import { devices } from "./devices.ts";
import { doctor } from "./doctor.ts";
import { hosts } from "./hosts.ts";
import { HTTP } from "./http.ts";
import { identity } from "./identity.ts";
import { init } from "./init.ts";
import { CONFIG, LAB, TOOLSETS_OPTION } from "./options.ts";
import { runSubcommand, UsageError } from "./parser.ts";
import { recipes } from "./recipes.ts";
import { recordings } from "./recordings.ts";
import { schema } from "./schema.ts";
import { serve } from "./serve.ts";
import { OutputLost, withOutput } from "./stdout.ts";
import type { Setting, Subcommand } from "./subcommand.ts";
import { token } from "./token.ts";
import { trust } from "./trust.ts";
import { web } from "./web.ts";

/** `ssh-mcp`: without a command it serves. */
export const program: Subcommand = {
  ...serve,
  name: "ssh-mcp",
  // The rest of them is explained by ssh-mcp serve --help.
  options: [CONFIG, LAB, TOOLSETS_OPTION, { ...HTTP, help: "serve over HTTP; ssh-mcp serve --help" }],
  summary:
    "Persistent SSH shell sessions for AI agents: an MCP server over stdio, and commands to set it up.",
  examples: [],
  notes: "ssh-mcp help COMMAND explains a command and its options.",
  subcommands: [
    init,
    serve,
    hosts,
    trust,
    doctor,
    daemon,
    attach,
    watch,
    web,
    sessions,
    kick,
    lock,
    devices,
    check,
    approve,
    recipes,
    identity,
    audit,
    recordings,
    token,
    allow,
    demo,
    schema,
    completionOf(() => program),
  ],
};

/** Runs the command that the arguments name; resolves to the exit code. Errors are printed here, on stderr. */
export async function run(argv: readonly string[], setting: Setting): Promise<number> {
  let served = false;
  let code = 1;
  const serve: Setting["serve"] = (around) => {
    served = true;
    return setting.serve(around);
  };
  const shown = await withOutput(async () => {
    code = await attempt(argv, { ...setting, serve });
    return code;
  });
  // A server's stdout is the protocol's, and a client that has gone is its ordinary end.
  return served ? code : shown;
}

async function attempt(argv: readonly string[], setting: Setting): Promise<number> {
  try {
    return await runSubcommand(program, argv, setting);
  } catch (error) {
    if (error instanceof OutputLost) return 1;
    process.stderr.write(`ssh-mcp: ${error instanceof SshMcpError ? error.toText() : messageOf(error)}\n`);
    if (!(error instanceof UsageError)) return 1;
    process.stderr.write(`${error.command} --help lists everything.\n`);
    return 2;
  }
}
