/** Keys that leave a program which has the whole screen, by its name. */
const LEAVE: readonly (readonly [names: RegExp, keys: string])[] = [
  [/^(?:n?vim?|view|vimdiff|ex)$/, "<Esc>:q<Enter> leaves it, <Esc>:q!<Enter> without saving"],
  [
    /^(?:less|more|most|man|top|htop|btop|atop|journalctl|systemctl|git|tig|ranger|nnn|glances|iftop|ncdu)$/,
    "q leaves it",
  ],
  [/^watch$/, "<C-c> leaves it"],
  [/^(?:r?nano|pico)$/, "<C-x> leaves it and asks about changes"],
  [/^emacs$/, "<C-x><C-c> leaves it"],
  [/^(?:mc|mcedit)$/, "<F10> leaves it"],
  [/^tmux$/, "<C-b>d leaves it, and what runs in it goes on"],
  [/^screen$/, "<C-a>d leaves it, and what runs in it goes on"],
];
const OTHERS = "its own key leaves it (q, <C-x>, <Esc>:q<Enter>, <F10>)";

/** Words before the program's own name. */
const BEFORE = /^(?:sudo|doas|env|nice|nohup|time|exec|command|-\S*|\w+=\S*)$/;

/** A sentence on how the program of this command line is left. */
export function leavingKeys(command: string): string {
  const last = command.split(/\|\|?|&&|;|\n/).pop() ?? "";
  const word = last.split(/\s+/).find((one) => one !== "" && !BEFORE.test(one)) ?? "";
  const name = word.slice(word.lastIndexOf("/") + 1);
  return LEAVE.find(([names]) => names.test(name))?.[1] ?? OTHERS;
}
