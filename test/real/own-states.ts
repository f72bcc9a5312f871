export const BOURNE = ["bash", "zsh", "dash", "ash", "ksh", "mksh"] as const;

/** States that a user's shell may be in: what it is, the shells that know it, and the line that makes it. None changes a command. */
export const OWN_STATES: readonly (readonly [what: string, shells: readonly string[], state: string])[] = [
  ["a RETURN trap that functions inherit", ["bash"], "set -T; trap 'echo RET' RETURN"],
  ["extdebug", ["bash"], "shopt -s extdebug"],
  ["a trace to standard output that is off again", ["bash"], "BASH_XTRACEFD=1; set -x; set +x"],
  ["POSIX mode", ["bash"], "set -o posix"],
  ["nullglob and failglob", ["bash"], "shopt -s nullglob failglob"],
  ["a printf that is switched off", ["bash"], "enable -n printf"],
  ["an eval that does nothing", ["bash", "zsh"], "eval() { :; }"],
  ["a command that does nothing", BOURNE, "command() { :; }"],
  ["a command that prints", BOURNE, "command() { echo CMD; }"],
  ["a printf that does nothing", BOURNE, "printf() { :; }"],
  ["a printf that prints", BOURNE, "printf() { echo FAKE; }"],
  ["a test that fails", BOURNE, "test() { echo TEST; false; }"],
  ["a set that does nothing", ["bash", "zsh"], "set() { :; }"],
  ["a return that does nothing", ["bash", "zsh"], "return() { :; }"],
  [
    "aliases of builtins",
    BOURNE,
    "alias command='echo no' builtin='echo no' eval='echo no' printf='echo no' set='echo no'",
  ],
  ["no PATH", BOURNE, "PATH=/opt/none"],
  ["no path in zsh's own way", ["zsh"], "path=(/opt/none)"],
  ["four descriptors", BOURNE, "ulimit -n 4"],
  // mksh tries for half a minute at each process that it cannot start.
  ["one process", ["bash", "zsh", "dash", "ash", "ksh"], "ulimit -u 1 2>/dev/null || ulimit -p 1"],
  ["a digit to split words at", BOURNE, "IFS=0123456789"],
  ["nothing to split words at", BOURNE, "IFS="],
  ["letters to split words at", BOURNE, "IFS=abcdefghijklmnopqrstuvwxyz"],
  ["unset variables as errors, no globbing, all exported", BOURNE, "set -u; set -f; set -a"],
  ["arrays as in ksh", ["zsh"], "setopt KSH_ARRAYS NO_UNSET SH_WORD_SPLIT GLOB_SUBST"],
  ["functions for traps", ["zsh"], "TRAPDEBUG() { :; }; TRAPEXIT() { :; }"],
  ["a prompt of its own", BOURNE, "PS1='> '; PS2='? '; PS4='$ '"],
];
