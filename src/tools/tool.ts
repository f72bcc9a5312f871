import type { z } from "zod";
import type { Answer } from "../results/result.ts";
import type { ToolContext } from "./acts/context.ts";
import { argumentReader } from "./arguments.ts";

export type { ToolContext };

/** All four are set on every tool: clients differ in what they assume of a missing one. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** One entry of `tools/list`. */
export interface ToolDefinition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: "object"; readonly [key: string]: unknown };
  readonly annotations: ToolAnnotations;
}

export interface Tool {
  readonly name: string;
  readonly definition: ToolDefinition;
  /** @throws SshMcpError; `invalid_argument` naming the field, or the known arguments for an unknown one. */
  call(args: unknown, context: ToolContext): Promise<Answer>;
}

/** A tool as its file writes it; `defineTool` closes over the schema so that tools of different shapes fit into one list. */
export interface ToolSource<Schema extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly schema: Schema;
  handler(params: z.output<Schema>, context: ToolContext): Promise<Answer>;
}

export function defineTool<Schema extends z.ZodObject>(source: ToolSource<Schema>): Tool {
  const reader = argumentReader(source.name, source.schema);
  return Object.freeze({
    name: source.name,
    definition: Object.freeze({
      name: source.name,
      title: source.title,
      description: source.description,
      inputSchema: reader.jsonSchema,
      annotations: source.annotations,
    }),
    async call(args: unknown, context: ToolContext) {
      return source.handler(reader.read(args), context);
    },
  });
}
