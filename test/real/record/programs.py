"""What record.py runs: for each recording the program and the keys, one entry per time it is waited for."""

ESC = "\x1b"
# Cursor keys in application mode (DECCKM), as most of these programs set it.
ADOWN, ARIGHT = "\x1bOB", "\x1bOC"
F3, F7, F9, F10 = "\x1bOR", "\x1b[18~", "\x1b[20~", "\x1b[21~"

TEXT = "".join(
    f"{n:3} The quick brown fox jumps over the lazy dog" + (", and " + "on " * (n % 40) if n % 7 == 0 else "") + "\n"
    for n in range(1, 121)
)

WIDE = r"""
key() { read -r -s -n 1; }
printf 'ascii and \u4e2d\u6587 and \ud55c\uae00 and \u65e5\u672c\u8a9e\n'
printf 'combining e\u0301 a\u0308 n\u0303 z\u0324 end\n'
printf 'box \u250c\u2500\u2510 \u2588\u2593\u2592\u2591 \u2713 \u00e9\u00fc\u00df \u20ac end\n'
printf 'other scripts \u0440\u0443\u0441 \u03b5\u03bb \u05e9\u05dc\u05d5\u05dd \u0633\u0644\u0627\u0645 \u0e44\u0e17\u0e22 end'; key; echo
printf 'emoji \U1F600 \U1F680 \u2705 \u2b50 end'; key; echo
printf '%79s\u4e2d wraps as a whole\n' x
printf '%78s\u4e2d fits\n' x
printf '%80se\u0301 mark after the margin\n' x; key
printf '\u4e2d%.0s' $(seq 50); key; echo
printf '\U1F600%.0s' $(seq 50); key; echo
printf 'text presentation \u26A0 \u2764 end'; key; echo
printf 'flags \U1F1EB\U1F1F7 \U1F1E9\U1F1EA end'; key; echo
printf 'emoji presentation \u26A0\uFE0F \u2764\uFE0F end'; key; echo
printf 'skin tone \U1F44D\U1F3FD end'; key; echo
printf 'family \U1F468\u200D\U1F469\u200D\U1F467 end'; key; echo
printf 'ambiguous \u00b1 \u03a9 \u2460 \u2026 \u201c\u201d end'; key; echo
printf 'newer emoji \U1FAE0 \U1F9CC \U1FA77 end'; key; echo
"""

PROGRESS = """for i in $(seq 0 5 100); do printf '\\rDownloading %3d%% [%-20s]' $i "$(printf '#%.0s' $(seq 0 $((i/5))))"; done; echo
read -r -s -n 1
printf '\\n\\n\\n\\n'
for i in 10 40 70 100; do printf '\\033[4A'; for j in 1 2 3 4; do printf '\\033[2K\\rbar %d: %3d%%\\n' $j $i; done; done
read -r -s -n 1
for c in '|' / - '\\\\' '|' / -; do printf '%s\\b' "$c"; done; echo done
printf 'overwrite me\\rOVER\\nabc\\b\\bX\\ttab\\033[Kend\\n'
"""

# One sequence family each; a key leads on.
SEQUENCES = r"""
key() { read -r -s -n 1; }
page() { printf '\033[H\033[2J'; for i in $(seq 1 23); do printf 'line %02d abcdefghijklmnopqrstuvwxyz\r\n' $i; done; printf 'line 24'; }
page; printf '\033[5;15r\033[15;1H\n\n\nscrolled in the region\033[5;1H\033M\033Mback in the region'; key
printf '\033[r'; page; printf '\033[5;15r\033[10;1H\033[3Linserted\033[12;1H\033[2M'; key
printf '\033[5;15r\033[2S'; key
printf '\033[3T\033[r'; key
page; printf '\033[3;5H\033[4@four\033[4;5H\033[6P\033[5;5H\033[8X\033[6;10H\033[K\033[7;10H\033[1K\033[8;10H\033[2K'; key
printf '\033[12;10H\033[J'; key
printf '\033[5;10H\033[1J'; key
page; printf '\033[10;70Habcdefghijklmnopqrstuvwxyz'; printf '\033[?7l\033[12;70Habcdefghijklmnopqrstuvwxyz\033[?7h'; key
page; printf '\033[4;3H\0337\033[20;40Hthere\0338here\033[s\033[22;1Hbottom\033[uagain'; key
page; printf '\033[4h\033[6;6HINSERTED\033[4l\033[7;6HREPLACED'; key
page; printf '\033[?6h\033[5;15r\033[1;1Horigin\033[99;1Hlast of the region\033[?6l\033[1;1Htop\033[r'; key
printf '\033[2J\033[H\033[3g\033[1;10H\033H\033[1;30H\033H\033[1;50H\033H\r1\t2\t3\t4\033[2Zback\033[0m'; key
printf '\033[2J\033[Ha\033[9bb\r\n'; key
printf '\344\270\255\033[3b\r\n'; key
printf '\033[2J\033[H\033[3;10r\033[3;1Habove\033M\033[10;1Hbelow\033D\033E next\033[r'; key
page; printf '\033[?1049h\033[2J\033[5;5Hon the alternate screen'; key
printf '\033[?1049lback on the main one'; key
page; printf '\033[?47h\033[3;3Hforty-seven'; key
printf '\033[?47l'; key
page; printf '\033[?1047h\033[3;3Hten forty-seven'; key
printf '\033[?1047l'; key
page; printf '\033[8;8H\033[1;4;7;31mstyles\033[0m \033[38;5;208mcolours\033[48;2;10;20;30m true\033[m plain\033[10;10H\033[41m\033[K\033[m'; key
printf '\033[2J\033[H\033(0lqqqwqqqk\r\nx   x   x\r\ntqqqnqqqu\r\nmqqqvqqqj\033(B ascii\r\n\033)0\016aflmt\017 ascii'; key
printf '\033[2J\033[5;1H\344\270\255\344\270\255\344\270\255\344\270\255\033[5;2HX\033[6;1H\344\270\255\344\270\255\344\270\255\033[6;3H\033[P\033[7;1H\344\270\255\344\270\255\033[7;2H\033[@\033[8;1H\344\270\255\344\270\255\033[8;2H\033[X\033[9;80H\344\270\255'; key
printf '\033[2J\033[3J\033[H\033[20B\033[200Ccorner\033[500A\033[500Dtop\033[12G\033[5dat\033[2Enext\033[3Fup\033[5`c'; key
printf '\033[2J\033[Hright\033[3a>\033[2e.'; key
printf '\033#8\033[10;10H\033[1K'; key
printf '\033c'; printf 'after a full reset'; key
printf '\r\n\033[5mblink\033[m \a bell \033]0;title\007no title here \033]8;;http://example.com\033\\link\033]8;;\033\\ \033Pq#0\033\\dcs \033_apc\033\\ \033^pm\033\\'; key
"""

SHELL = ["env", "-i", "TERM=xterm-256color", "LANG=C.UTF-8", "HOME=/mnt/home", "PATH=/usr/bin:/bin", "TZ=UTC"]


def vttest(*keys):
    return (["vttest"], list(keys))


PROGRAMS = {
    "vim": (["vim", "-u", "NONE", "-N", "-i", "NONE", "-n", "text"],
            ["10j5w", "ihello, world\x1b", ":set number\r", ":set hlsearch ruler showcmd\r", "/lazy\r", "n", "dd3p",
             ":split\r", "\x17jG", ":vsplit other\r", "V3k", "\x1bu", ":set wrap!\r", "\x06", "zt", ":only\r", "gg",
             "qa0wq3@a", ":%s/fox/\u72d0\u72f8/g\r", ":help\r", ":nosuchcommand\r", ":qa!\r"]),
    "vim-syntax": (["vim", "-N", "-i", "NONE", "-n", "-c", "syntax on | set nu ruler", "script.sh"],
                   ["5j", "o# new line\x1b", ":set list\r", ":w\r", ":terminal ++curwin echo inside\r", ":q!\r", ":qa!\r"]),
    "less": (["less", "text"], [" ", "/120\r", "g", "-N\r", "G", "b", "-S\r", "\x1b[C", "&fox\r", "h", "q", "q"]),
    "more": (["more", "text"], [" ", "\r", "q"]),
    "top": (["top", "-d", "5"], ["\r", "c", "1", "t", "m", "u\x1b", "h", "q", "q"]),
    "htop": (["htop", "-d", "50"], [ADOWN, "\x1b[15~", "\x1bOQ", ARIGHT, "\x1b", "\x1bOP", "q", "q"]),
    "mc": (["mc", "-u", "-d"], ["\t", F9, ADOWN, ARIGHT, ESC + ESC, F7, ESC + ESC, ADOWN * 9, F3, "\x1b[6~", F10, F10]),
    "mc-ascii": (["mc", "-u", "-d", "-a", "-b"], ["\t", F9, ADOWN, ESC + ESC, F10]),
    "nano": (["nano", "-I", "text"], ["typed ", "\x0b\x0b", "\x17lazy\r", "\x07", "\x18", "\x1b#", "\x1b[6~", "\x18", "n"]),
    "dialog-menu": (["dialog", "--menu", "Choose one", "15", "50", "5", "1", "First", "2", "Second", "3", "Third"],
                    [ADOWN, "\t", "\r"]),
    "dialog-checklist": (["dialog", "--title", "Options", "--checklist", "Several", "15", "50", "4", "a", "Alpha", "on",
                          "b", "\u00c4\u00f6\u00fc", "off", "c", "\u4e2d\u6587", "off"], [" ", ADOWN + " ", "\t", "\r"]),
    "dialog-yesno": (["dialog", "--backtitle", "Back", "--yesno", "Really do\nthis thing?", "8", "40"], ["\t", ESC]),
    "dialog-gauge": (["bash", "-c", "for i in 0 25 50 75 100; do echo $i; sleep .1; done | dialog --gauge Working 8 60"], []),
    "dialog-calendar": (["dialog", "--calendar", "When", "0", "0", "29", "2", "2024"], ["\t", ARIGHT, ESC]),
    "dialog-form": (["dialog", "--form", "Fill in", "12", "50", "3", "Name:", "1", "1", "", "1", "10", "20", "30",
                     "Place:", "2", "1", "here", "2", "10", "20", "30"], ["Ada", ADOWN, "\t", ESC]),
    "wide": (["bash", "-c", WIDE], ["x"] * 12),
    "progress": (["bash", "-c", PROGRESS], ["x", "x"]),
    "sequences": (["bash", "-c", SEQUENCES], ["x"] * 30),
    "bash": ([*SHELL, "PS1=demo:\\w\\$ ", "bash", "--norc"],
             ["echo " + "word " * 25, "\x01", "\x1bf\x1bf\x0b", "\r", "ls --color=always -la\r", "seq 1 60\r", "ls \t\t",
              "\x15for i in 1 2 3; do\r", "echo $i\rdone\r", "\x12seq", "\r", "clear\r", "printf '\\u4e2d\\u6587'; echo\r",
              "echo 'open\rquote'\r", "tput cup 10 20; echo there\r", "exit\r"]),
    "zsh": ([*SHELL, "zsh", "-f"],
            ["PROMPT='%~ %# ' RPROMPT='right' \r", "echo " + "word " * 25, "\x01", "\x15autoload compinit; compinit -D; zstyle ':completion:*' menu select\r",
             "ls --c\t", "\t\t", ADOWN, "\x03", "printf partial\r", "echo 'two\rlines'", "\r", "exit\r"]),
    "fish": ([*SHELL, "fish", "--private", "--no-config"],
             ["echo hello wor", "\x01", "\x05ld\r", "ls te\t", "\x15ls --c\t", "\t\t", "\x03", "echo " + "word " * 25, "\r",
              "printf partial\r", "exit\r"]),
    "python": (["python3", "-q"], ["for i in range(3):\r", "    print(i)\r\r", "print('x' * 200)\r", "import os; os.getcwd\t", "()\r",
                                  "help(len)\r", "q", "exit()\r"]),
    "tmux": ([*SHELL, "PS1=demo:\\w\\$ ", "tmux", "-L", "recording", "-f", "/mnt/home/tmux.conf", "new", "bash --norc"],
             ["ls\r", "\x02%", "seq 1 40\r", '\x02"', "\x02z", "\x02z", "\x02[", "\x1bOA\x1bOA", "q", "\x02t", "q",
              "\x02:kill-server\r"]),
    "git-log": (["git", "-C", "repo", "-c", "color.ui=always", "log", "-p", "--stat"], [" ", "q"]),
    "watch": (["watch", "-n", "5", "-t", "cat other"], ["q"]),
    "vttest-cursor": vttest("1\r", *["\r"] * 6, "0\r"),
    "vttest-screen": vttest("2\r", *["\r"] * 15, "0\r"),
    "vttest-charset": vttest("3\r", "8\r", "\r", "9\r", "\r", "\r", "0\r", "0\r"),
    "vttest-vt102": vttest("8\r", *["\r"] * 14, "0\r"),
}

FILES = {
    "text": TEXT,
    "other": "alpha\nbeta\n\tgamma\n\u4e2d\u6587 delta\n",
    "script.sh": "#!/bin/sh\n# A comment\nset -e\nfor f in *.txt; do\n\techo \"$f: $(wc -l <\"$f\")\"\ndone\nexit 0\n",
    "folder/one.txt": "one\n",
    "folder/two words.txt": "two\n",
    "folder/\u00fcml\u00e4ut.txt": "three\n",
    "folder/\u4e2d\u6587.txt": "four\n",
    "tmux.conf": "set -g status-right right\nset -g status-left 'left '\nset -g default-terminal screen-256color\n",
}
