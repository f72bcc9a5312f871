import type { TableText } from "../table.ts";

/** Processes, sessions of terminals, and what else a desktop or a server has at hand. Sources: procps, psmisc, tmux(1), screen(1). */
export const PROCESSES: TableText = String.raw`
renice = W
  D . if ~^(?:-n)?-(?:1\d|20)$
tmux = W
  valued -f -L -S -t -s -n -c -x -y
  R list-* ls lsw lsp has-session has show-options show display-message display info capture-pane show-buffer lsk show-environment
  D kill-session kill-server kill-window kill-pane respawn-pane respawn-window set-hook : ends what runs in a terminal
  O new-session new new-window neww split-window splitw send-keys send send-prefix run-shell run respawn-pane if-shell source-file source pipe-pane paste-buffer bind-key bind attach attach-session a : types into a terminal, or starts one
  R . if -V
  is nested
screen = W
  valued -S -r -x -d -c -s -t -p -L
  R . if -ls -list -v --version
  r . if -ls -list -v --version
  D . if -wipe ~^(?:quit|kill)$
  O . if -X : types into a terminal
  is editor
zellij byobu dtach abduco = W
  is editor
  R list-sessions ls
  D kill-session kill-all-sessions delete-session
gdbserver gcore = D : stops a process
coredumpctl = R
  O debug gdb
crash drgn = D
criu = D
ipcs = R
ipcrm = X : removes memory that programs share
ipcmk = W
kill-port fkill = D : ends processes
stress stress-ng memtester stressapptest bonnie++ sysdig bpftrace dtrace systemtap stap trace-cmd = D : loads the machine, or looks into its kernel
fio = D
  X . if ~^--filename=/dev/
iozone = W
cpulimit cgcreate cgset cgdelete cgclassify = D
  R cgget
stty reset clear setterm tabs setfont loadkeys chvt = W
xset xrandr wmctrl xdotool xclip pbcopy pbpaste xdg-open open notify-send gsettings dconf defaults scutil pmset networksetup csrutil spctl launchservices mdfind mdls mdutil tmutil diskutil softwareupdate nvram bless systemsetup = W
  R list list-keys read get info -g --dns --get-keyboard-layout status listbackups latestbackup list-recursively
  D write delete reset enable disable set setremovable -setdnsservers
  X eraseDisk eraseVolume partitionDisk secureErase reformat zeroDisk randomDisk apfs/deleteVolume apfs/deleteContainer deletelocalsnapshots delete reset-recursively : erases a disk, or what is kept
  R . if --dns -g -l --list --get
  D . if -setairportpower -setdnsservers -setnetworkserviceenabled -c
lp lpr = W
lpstat lpq lpinfo = R
cancel lprm cupsdisable cupsreject lpadmin = D : takes print jobs or printers away
cupsenable cupsaccept = W
asterisk fs_cli = O
  is nested
  R . if ~^(?:status|version|uptime|sofia\s(?:status|xmlstatus)|module_exists|strftime|help)\b
  r . if ~^(?:status|version|uptime|sofia\s(?:status|xmlstatus)|module_exists|strftime|help)\b
  R . if ~^(?:core\s)?show\b
  r . if ~^(?:(?:core|sip|pjsip|dialplan|iax2|queue)\s)?show\b
gcloud-sql-proxy cloud_sql_proxy kubefwd ngrok localtunnel = W
dosbox wine qemu-user proton = O
claude codex gemini aider = O : a program that runs what it decides itself
  R . if --version -v
ollama = W
  R list ps show
  X rm
  D stop
jenkins-cli gitlab-runner gitlab-ctl gitlab-rake gitlab-backup drone circleci act buildkite-agent = W
  is verbs
  R status list verify version tail show-config check-config
  D stop restart reconfigure unregister kill hup deploy-page term int
  X cleanse uninstall remove-accounts : removes data
  O exec

php-fpm uwsgi gunicorn uvicorn sidekiq puma unicorn daphne hypercorn flask streamlit rackup = W
  D . if --stop
  X purge
  D control
celery = W
  R status inspect report
  X purge
  D control multi
occ drupal magento symfony console = W
  R status list user:list app:list config:list
  X user:delete files:cleanup app:remove trashbin:cleanup versions:cleanup
  D maintenance:mode app:disable
geth bitcoin-cli lncli lightning-cli = W
  R getinfo getblockchaininfo getbalance listunspent getblockcount getpeerinfo getnetworkinfo
  D stop
  X sendtoaddress sendall payinvoice closechannel
`;
