import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { VERSION } from "./server.ts";

export interface DemoOptions {
  /** How the server is started: this program itself, with --lab. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Where it is started. */
  readonly cwd: string;
  readonly print: (line: string) => void;
}

interface Step {
  readonly say: string;
  readonly tool: string;
  readonly args: Record<string, unknown>;
  /** What must stand in the result for the demo to be in order. */
  readonly expect: RegExp;
}

/** Output rows shown per result; the rest is only counted. */
const ROWS_SHOWN = 14;

/** Starts the server with the lab and talks to it as an agent's client does. Resolves to what was not as it should be. */
export async function runDemo({ command, args, env, cwd, print }: DemoOptions): Promise<string[]> {
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    cwd,
    env: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    stderr: "inherit",
  });
  const client = new Client(
    { name: "ssh-mcp-demo", version: VERSION },
    { versionNegotiation: { mode: "auto" } },
  );
  const problems: string[] = [];
  const call = async ({ say, tool, args, expect }: Step): Promise<string> => {
    print(`\n# ${say}`);
    print(`→ ${tool} ${JSON.stringify(args)}`);
    const result = await client.callTool({ name: tool, arguments: args });
    const text = result.content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
    const rows = text.split("\n");
    const hidden = rows.length - ROWS_SHOWN;
    const shown =
      hidden > 1
        ? [...rows.slice(0, 4), `(${hidden} rows not shown here)`, ...rows.slice(4 - ROWS_SHOWN)]
        : rows;
    for (const row of shown) print(`← ${row}`);
    if (!expect.test(text)) {
      problems.push(`${tool} ${JSON.stringify(args)}: expected ${expect}`);
      print(`! expected ${expect}`);
    }
    return text;
  };

  try {
    await client.connect(transport);
    const { tools } = await client.listTools();
    print(`Connected over stdio; protocol ${client.getNegotiatedProtocolVersion() ?? "unknown"}.`);
    print(`Tools: ${tools.map((tool) => tool.name).join(", ")}`);
    await converse(call);
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  } finally {
    await client.close();
  }
  return problems;
}

async function converse(call: (step: Step) => Promise<string>): Promise<void> {
  const session = "lab-sh";
  const shell = (say: string, command: string, expect: RegExp, more: Record<string, unknown> = {}) =>
    call({ say, tool: "ssh_shell", args: { session, command, ...more }, expect });
  const send = (say: string, args: Record<string, unknown>, expect: RegExp) =>
    call({ say, tool: "ssh_send", args: { session, ...args }, expect });

  await call({ say: "Which hosts are there?", tool: "ssh_hosts", args: {}, expect: /^lab-sh /m });
  await call({
    say: "A session on the embedded host",
    tool: "ssh_connect",
    args: { host: "lab-sh" },
    expect: /\[lab-sh #0 ready .*\]$/,
  });
  await shell("The directory persists", "cd / && ls", /#1 done exit=0 cwd=\/ .*\]$/);
  await shell("Exit codes are known", "ls /no/such/directory", /#2 done exit=[1-9].*\]$/);

  const ticking = await shell(
    "A command that does not end: the wait does, the command goes on",
    `sh -c 'i=0; while :; do i=$((i+1)); echo "tick $i"; sleep 0.2; done'`,
    /tick 2[\s\S]*#3 running timeout .*cursor=\d+\]$/,
    { timeout_s: 1.5 },
  );
  await call({
    say: "Output since then",
    tool: "ssh_read",
    args: { session, wait_for: "tick 1[05]", timeout_s: 10 },
    expect: /tick \d+[\s\S]*#3 running matched/,
  });
  await send("Interrupted", { keys: "<C-c>" }, /#3 done exit=130 .*\]$/);

  await shell("A question", "printf 'Your name? '; read name; echo \"Hello $name\"", /#4 asking .*\]$/);
  await send("Answered", { text: "Ada", enter: true }, /Hello Ada[\s\S]*#4 done exit=0 .*\]$/);

  const less = await shell("Is there a pager?", "command -v less", /#5 done exit=\d+/);
  if (/exit=0/.test(less)) {
    await shell("A full-screen program", "seq 1 300 | LESS= less", /#6 screen .*version=\d+/);
    await send("Its end, as a person would go there", { keys: "G" }, /^300$[\s\S]*#6 screen /m);
    await send("And out", { keys: "q" }, /#6 done exit=0 .*\]$/);
  }
  const id = /#(\d+) running/.exec(ticking)?.[1];
  await call({
    say: "Searching the output of an earlier command",
    tool: "ssh_read",
    args: { session, command: Number(id ?? 3), grep: "tick [12]$", context: 1 },
    expect: /tick 2[\s\S]*matches=2/,
  });
  await onDevices(call);
  await call({ say: "What is open?", tool: "ssh_sessions", args: {}, expect: /^lab-sh {2}ready/m });
  await call({
    say: "The end",
    tool: "ssh_disconnect",
    args: { session },
    expect: /\[lab-sh #\d+ closed .*\]$/,
  });
}

/** A switch and a router: prompts, modes, errors, questions. */
async function onDevices(call: (step: Step) => Promise<string>): Promise<void> {
  const shell = (
    say: string,
    session: string,
    command: string,
    expect: RegExp,
    more: Record<string, unknown> = {},
  ) => call({ say, tool: "ssh_shell", args: { session, command, ...more }, expect });
  const ios = "lab-ios";
  await shell(
    "A switch: its table, and where we are",
    ios,
    "show ip interface brief",
    /\[lab-ios #1 done mode=exec host=lab-ios .*\]$/,
  );
  await shell("A mistyped command is no success", ios, "sho versoin", /#2 done .*error=syntax .*\]$/);
  await shell(
    "The enable secret is filled in, every page is there",
    ios,
    "show running-config",
    /^end$[\s\S]*#3 done mode=enable .*\]$/m,
    { mode: "enable" },
  );
  await shell(
    "Line by line, up to the first error",
    ios,
    "interface Gi1/0/5\ndescription to the roof\nbogus\nshutdown",
    /line 4 was NOT typed[\s\S]*#4 done mode=config .*error=syntax .*\]$/,
    { mode: "config" },
  );
  await shell("A question is reported, not answered", ios, "reload", /#5 asking /, { mode: "enable" });
  await call({
    say: "No, not now",
    tool: "ssh_send",
    args: { session: ios, keys: "<C-c>" },
    expect: /#5 done .*\]$/,
  });
  const mikrotik = "lab-routeros";
  await shell(
    "A router of another kind",
    mikrotik,
    "/ip/address/print",
    /192\.168\.88\.1\/24[\s\S]*\[lab-routeros #1 done mode=exec host=MikroTik .*\]$/,
  );
  await shell(
    "A live view goes on, and the key that leaves it is named",
    mikrotik,
    "/interface/monitor-traffic ether1",
    /live view[\s\S]*#2 running timeout/,
    { timeout_s: 2 },
  );
  await call({
    say: "It is left",
    tool: "ssh_send",
    args: { session: mikrotik, keys: "q" },
    expect: /#2 done/,
  });
}
