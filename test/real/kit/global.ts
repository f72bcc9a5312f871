import { acquireTestUsers } from "./users.ts";

/** vitest's globalSetup of the project `real`: the accounts exist while a test of it runs. */
export default async function setup(): Promise<() => Promise<void>> {
  const users = await acquireTestUsers();
  return () => users.release();
}
