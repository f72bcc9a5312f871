import { z } from "zod";

/** Parameters that the tools for files share. */
export const fileParameters = {
  of: {
    host: z.string().min(1).optional().describe("Host name."),
    session: z.string().min(1).optional().describe("Instead: a session, for its host and its directory."),
  },
  path: z
    .string()
    .min(1)
    .describe("Absolute, ~/…, or relative to the session's directory, else the login's."),
  expect: z
    .string()
    .optional()
    .describe("mtime or sha256 as results show it, or absent: refused if it differs."),
  validate: z.boolean().optional().describe("false: also if its syntax is wrong."),
} as const;
