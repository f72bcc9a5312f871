import { sh } from "../sh.ts";
import type { Dialect, Order } from "./order.ts";

/** Commands that read. What is given is data, never a script: mongosh evaluates nothing of it. */
const READS: ReadonlySet<string> = new Set([
  ...["find", "aggregate", "count", "distinct", "listCollections", "listDatabases", "listIndexes"],
  ...["collStats", "dbStats", "hello", "ping", "buildInfo", "serverStatus", "connectionStatus", "currentOp"],
]);
/** Stages that write, or run what is written in them. */
const WRITING = /"\$(?:out|merge|function|accumulator|where)"/;

/** What mongosh evaluates; all that is the caller's is in its environment. */
const SCRIPT = `const e = process.env;
const as = e.SSH_MCP_USER ? encodeURIComponent(e.SSH_MCP_USER) + ":" + encodeURIComponent(e.SSH_MCP_PASSWORD || "") + "@" : "";
const at = e.SSH_MCP_SOCKET ? encodeURIComponent(e.SSH_MCP_SOCKET) : "127.0.0.1:" + e.SSH_MCP_PORT;
const d = connect("mongodb://" + as + at + "/?directConnection=true&readPreference=secondaryPreferred&serverSelectionTimeoutMS=10000" + (as ? "&authSource=admin" : "")).getSiblingDB(e.SSH_MCP_DATABASE);
const r = d.runCommand(EJSON.parse(e.SSH_MCP_COMMAND));
for (const x of r.cursor ? r.cursor.firstBatch : r.values || r.databases || [r]) print(EJSON.stringify(x));
`;

export const mongodb: Dialect = {
  clients: ["mongosh"],
  variable: "SSH_MCP_PASSWORD",
  refuses(order) {
    const command = commandOf(order.text);
    if (command === undefined)
      return 'a command of MongoDB is a JSON object, as in {"find": "orders", "filter": {"status": "open"}}';
    const [first = ""] = Object.keys(command);
    if (order.write) return undefined;
    if (!READS.has(first))
      return `${first || "an empty command"} is not among the commands that read: ${[...READS].join(", ")}`;
    if (WRITING.test(JSON.stringify(command))) return "a stage or an operator in it writes, or runs a script";
    return undefined;
  },
  client(order) {
    const { place } = order;
    const { user = "", port = 27_017, socket = "", database = "test" } = place;
    const values = [
      sh`SSH_MCP_USER=${user} SSH_MCP_PORT=${port} SSH_MCP_SOCKET=${socket} SSH_MCP_DATABASE=${database}`,
      sh`SSH_MCP_COMMAND=${JSON.stringify(limited(order))}`,
    ];
    const [where = sh``, what = sh``] = values;
    return sh`${where} ${what} "$c" --quiet --norc --nodb --eval ${SCRIPT}`;
  },
  printed(text, { rows }) {
    const documents = text === "" ? [] : text.split("\n");
    return {
      tables: [{ columns: ["document"], rows: documents.slice(0, rows + 1).map((line) => [line]) }],
      lines: [],
    };
  },
  list: '{"listDatabases": 1}',
  listIn: "admin",
  schema: (table) =>
    table === undefined
      ? '{"listCollections": 1, "nameOnly": false}'
      : JSON.stringify({ listIndexes: table }),
};

function commandOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return { ...value };
  } catch {
    return undefined;
  }
}

/** With the rows and the time that the server itself keeps to. */
function limited({ text, rows, seconds, write }: Order): Record<string, unknown> {
  const command = { ...commandOf(text), maxTimeMS: seconds * 1000 };
  if (write) return command;
  const most = rows + 1;
  if ("find" in command) {
    const own =
      "limit" in command && typeof command.limit === "number" && command.limit > 0 ? command.limit : most;
    return { ...command, limit: Math.min(own, most), batchSize: most, singleBatch: true };
  }
  if ("aggregate" in command) {
    const pipeline = "pipeline" in command && Array.isArray(command.pipeline) ? command.pipeline : [];
    const plain = { ...command, pipeline: [...pipeline, { $limit: most }], cursor: { batchSize: most } };
    return "explain" in command ? { ...command, pipeline } : plain;
  }
  if ("listCollections" in command || "listIndexes" in command)
    return { ...command, cursor: { batchSize: most } };
  return command;
}
