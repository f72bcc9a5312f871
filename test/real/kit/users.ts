import { randomBytes } from "node:crypto";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ACCOUNTS, type Account, NOEDITING_SHELL, USER_PREFIX } from "./accounts.ts";
import { type HeldLock, holdLock } from "./lock.ts";
import { endProcesses, mustRun, processesOf } from "./process.ts";

/** One fixed place: the accounts are the machine's, so all runs on it share them. Absent while no run is alive. */
export const STATE = "/tmp/ssh-mcp-test";
/** A file of 400 numbered rows that every account can read, longer than any terminal. */
export const LONG_TEXT = join(STATE, "rows");
const SUDOERS = "/etc/sudoers.d/ssh-mcp-test";
/** Held for the moment accounts are made or removed. */
const CHANGE_LOCK = "/run/ssh-mcp-test.change.lock";
/** Held, shared, by every living run; the one that gets it alone is the last. */
const ALIVE_LOCK = "/run/ssh-mcp-test.alive.lock";

export interface TestUser {
  /** `sshmcp-bash`. */
  readonly login: string;
  readonly uid: number;
  readonly home: string;
  readonly shell: string;
}

export interface TestUsers {
  /** By account name: `bash`, `zsh`, `fancy`, … */
  readonly users: Readonly<Record<string, TestUser>>;
  /** The password of every account, for su, sudo and password logins. */
  readonly password: string;
  /** A private key that opens every account; unencrypted, ed25519. */
  readonly keyPath: string;
}

/** The accounts of this run. @throws when no global setup made them. */
export function testUsers(): TestUsers {
  let text: string;
  try {
    text = readFileSync(join(STATE, "state.json"), "utf8");
  } catch {
    throw new Error(
      "No test accounts: run through vitest's project `real`, or call acquireTestUsers() first",
    );
  }
  const state: TestUsers = JSON.parse(text);
  return state;
}

/** @throws when the account does not exist. */
export function testUser(name: string): TestUser {
  const user = testUsers().users[name];
  if (user === undefined)
    throw new Error(`No test account ${name}; there are: ${Object.keys(testUsers().users).join(", ")}`);
  return user;
}

/**
 * Makes the accounts unless another run on this machine has; `release` removes them when it was the last.
 * @throws when not root, or when a program is missing, with the command that helps.
 */
export async function acquireTestUsers(): Promise<{ release(): Promise<void> }> {
  if (process.getuid?.() !== 0)
    throw new Error("The tests on real servers make throw-away accounts and need root. Run: sudo npm test");
  return withLock(CHANGE_LOCK, async () => {
    const alone = await holdLock(ALIVE_LOCK, { shared: false, ifFree: true });
    if (alone !== undefined) {
      await removeAll(); // what a run that was killed left behind
      await makeAll();
      await alone.release();
    }
    const alive = await holdLock(ALIVE_LOCK, { shared: true });
    return { release: () => release(alive) };
  });
}

async function release(alive: HeldLock | undefined): Promise<void> {
  await withLock(CHANGE_LOCK, async () => {
    await alive?.release();
    const last = await holdLock(ALIVE_LOCK, { shared: false, ifFree: true });
    if (last === undefined) return;
    await removeAll();
    await last.release();
  });
}

/** A further account that nobody else uses, for tests that change what is in a home directory. */
export async function addTestUser(
  account: Omit<Account, "name">,
): Promise<TestUser & { remove(): Promise<void> }> {
  const shared = testUsers();
  const name = `x${randomBytes(4).toString("hex")}`;
  const user = await withLock(CHANGE_LOCK, async () => {
    const made = await makeUser({ ...account, name }, shared.keyPath);
    await setPasswords([made], shared.password);
    return made;
  });
  return { ...user, remove: () => withLock(CHANGE_LOCK, () => removeUsers([user])) };
}

async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = await holdLock(file, { shared: false });
  try {
    return await work();
  } finally {
    await lock?.release();
  }
}

async function makeAll(): Promise<void> {
  await mkdir(STATE, { mode: 0o755 });
  await chmod(STATE, 0o755);
  await mkdir(join(STATE, "bin"));
  await mkdir(join(STATE, "home"));
  await symlink("/bin/busybox", join(STATE, "bin", "ash"));
  await writeFile(join(STATE, "bin", "noediting"), NOEDITING_SHELL, { mode: 0o755 });
  const rows = Array.from({ length: 400 }, (_, at) => `row ${at + 1} of a long text\n`);
  await writeFile(LONG_TEXT, rows.join(""), { mode: 0o644 });
  const keyPath = join(STATE, "id_ed25519");
  await mustRun("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "ssh-mcp-test", "-f", keyPath]);
  const password = randomBytes(12).toString("hex");
  const users: Record<string, TestUser> = {};
  for (const account of ACCOUNTS) users[account.name] = await makeUser(account, keyPath);
  await setPasswords(Object.values(users), password);
  await allowSudo(users);
  const state: TestUsers = { users, password, keyPath };
  await writeFile(join(STATE, "state.json"), JSON.stringify(state), { mode: 0o600 });
}

async function makeUser(account: Account, keyPath: string): Promise<TestUser> {
  const login = `${USER_PREFIX}${account.name}`;
  const home = join(STATE, "home", account.name);
  const shell = account.shell.replace(/^@/, `${STATE}/`);
  if (!existsSync(shell)) throw new Error(`${shell} is not installed. Run as root: scripts/setup-debian.sh`);
  await mustRun("useradd", ["--no-create-home", "--home-dir", home, "--shell", shell, "--user-group", login]);
  const uid = Number(await mustRun("id", ["-u", login]));
  const gid = Number(await mustRun("id", ["-g", login]));
  await cp("/etc/skel", home, { recursive: true });
  for (const [path, text] of Object.entries(account.files)) {
    await mkdir(join(home, path, ".."), { recursive: true });
    await writeFile(join(home, path), text);
  }
  await mkdir(join(home, ".ssh"), { mode: 0o700 });
  await cp(keyPath, join(home, ".ssh", "id_ed25519"));
  await cp(`${keyPath}.pub`, join(home, ".ssh", "authorized_keys"));
  await chmod(home, 0o700);
  for (const path of ["", ...(await readdir(home, { recursive: true }))])
    await chown(join(home, path), uid, gid);
  return { login, uid, home, shell };
}

async function setPasswords(users: readonly TestUser[], password: string): Promise<void> {
  await mustRun("chpasswd", [], { input: users.map(({ login }) => `${login}:${password}\n`).join("") });
}

/** `bash` may do all with its password, asked each time; `zsh` all without. */
async function allowSudo(users: Readonly<Record<string, TestUser>>): Promise<void> {
  const bash = users.bash?.login ?? "";
  const zsh = users.zsh?.login ?? "";
  const rules = [
    `Defaults:${bash},${zsh} lecture=never, timestamp_timeout=0`,
    `${bash} ALL=(ALL:ALL) ALL`,
    `${zsh} ALL=(ALL:ALL) NOPASSWD: ALL`,
    "",
  ].join("\n");
  // Checked in a place sudo does not read: a broken file would lock out everybody.
  const draft = await mkdtemp(join(STATE, "sudoers-"));
  await writeFile(join(draft, "rules"), rules, { mode: 0o440 });
  await mustRun("visudo", ["-c", "-q", "-f", join(draft, "rules")]);
  await rm(draft, { recursive: true });
  await writeFile(SUDOERS, rules, { mode: 0o440 });
}

async function removeAll(): Promise<void> {
  const passwd = await readPasswd();
  await rm(SUDOERS, { force: true });
  await removeUsers(passwd);
  if (!existsSync(STATE)) return;
  const stat = lstatSync(STATE);
  if (!stat.isDirectory() || stat.uid !== 0)
    throw new Error(`${STATE} is not ours; remove it and run the tests again`);
  await rm(STATE, { recursive: true });
}

async function readPasswd(): Promise<{ login: string; uid: number; home: string }[]> {
  return (await mustRun("getent", ["passwd"]))
    .split("\n")
    .filter((line) => line.startsWith(USER_PREFIX))
    .map((line) => {
      const [login = "", , uid = "", , , home = ""] = line.split(":");
      return { login, uid: Number(uid), home };
    });
}

async function removeUsers(users: readonly { login: string; uid: number; home: string }[]): Promise<void> {
  await endProcesses(processesOf(new Set(users.map(({ uid }) => uid))));
  for (const { login, home } of users) {
    await mustRun("userdel", ["--force", login]);
    if (home.startsWith(`${STATE}/home/`)) await rm(home, { recursive: true, force: true });
  }
}
