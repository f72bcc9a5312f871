/** The kit of tests on real servers: one import for accounts, servers, links and waiting. */
export { startDropbear } from "./dropbear.ts";
export { hostFor } from "./host.ts";
export { mustRun, run } from "./process.ts";
export { type DelayProxy, delayProxy } from "./proxy.ts";
export type { TestServer } from "./server.ts";
export { startSshd } from "./sshd.ts";
export { expectEvent, until } from "./until.ts";
export { addTestUser, type TestUser, type TestUsers, testUser, testUsers } from "./users.ts";
