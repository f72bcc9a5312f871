import { userInfo } from "node:os";
import { isAbsolute } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { messageOf } from "../base/errors.ts";
import type { Place } from "./surroundings.ts";

/** Where this process runs. @throws Error, as a sentence, where the system does not say. */
export function ownPlace(env: NodeJS.ProcessEnv): Place {
  return { env, cwd: workingDirectory(), home: homeFolder(env) };
}

/** A sentence where this program cannot run on the Node that runs it. */
export function unfitNode(running: string): string | undefined {
  const needed = packageJson.engines.node.replace(/^\D*/, "");
  const [major = 0, minor = 0] = running.split(".").map(Number);
  const [least = 0, leastMinor = 0] = needed.split(".").map(Number);
  if (major > least || (major === least && minor >= leastMinor)) return undefined;
  return `ssh-mcp needs Node ${needed} or later; this is Node ${running} (${process.execPath})`;
}

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new Error(`the working directory cannot be used, it may have been deleted: ${messageOf(error)}`);
  }
}

/** Relative or empty, HOME would lay files of the user's wherever the program was started. */
function homeFolder({ HOME }: NodeJS.ProcessEnv): string {
  if (HOME !== undefined && isAbsolute(HOME)) return HOME;
  try {
    return userInfo().homedir;
  } catch {
    throw new Error("HOME names no folder, and this user has none in the system's list of users; set HOME");
  }
}
