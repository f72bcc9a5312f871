import { tools } from "./index.ts";

/**
 * The answer to `tools/list`. The build evaluates this module and puts its value in its place: a client that starts the
 * server only to learn its tools does not wait for the tools' own code.
 */
export const definitions = tools.map(({ definition }) => definition);
