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
  sudo: z.boolean().optional().describe("As root, by sudo."),
  validate: z.boolean().optional().describe("false: also if its syntax is wrong."),
} as const;

/** Of an order: with the rights of root. */
export function asRoot({ sudo }: { readonly sudo?: boolean | undefined }): { readonly sudo?: true } {
  return sudo === true ? { sudo } : {};
}
