/** What is said of a command that became a job of its shell, for certain and perhaps. */
export const STOPPED =
  "it is a job of the shell now: `fg` goes on with it and `bg` in the background, `kill %1` ends it (`jobs` has its number: `fg %1`)";
export const MAYBE_STOPPED = "it was stopped rather than ended if `jobs` lists it as such; `fg` continues it";

/** Told of a list, and of what leaves jobs in the background. */
export const JOB_STOPPED = "a job that it began has stopped: `jobs` lists it, `fg` goes on with it";

/** 128 (384 in yash) and SIGSTOP, SIGTSTP, SIGTTIN or SIGTTOU. Some shells give a stopped job the status 0. */
export function isStopped(exit: number | undefined): boolean {
  return exit !== undefined && ((exit >= 147 && exit <= 150) || (exit >= 403 && exit <= 406));
}
