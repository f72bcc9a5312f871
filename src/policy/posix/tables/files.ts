import type { TableText } from "../table.ts";

/** Files and folders. What is written is judged by its place, in `paths.ts`. Source: coreutils(1). */
export const FILES: TableText = String.raw`
touch mkdir mkfifo mktemp = W
  valued -m -d -t -r --mode --date --reference
  adds all
rmdir = W
  D . if ~^/(?:etc|boot|usr|var|bin|sbin|lib|home|root|opt|srv)?(?:/|$) if -p --parents
cp gcp = W : copies files
  valued -t -S --target-directory --suffix
  to last -t --target-directory
  D . if -r -R -a --recursive --archive if ~^/(?:etc|usr|boot|lib|bin|sbin|var|root)?/?$ if ~^/dev/|^/proc/ 
  X . if ~^/dev/(?:null|zero)$ unless ~^/tmp/ : empties a file
mv gmv = W : moves files
  valued -t -S --target-directory --suffix
  to last -t --target-directory
  X . if ~^(?:/etc|/usr|/boot|/lib\w*|/bin|/sbin|/var|/home|/root|/opt|/srv|/dev|/proc|/sys)(?:/(?:lib|log|www|bin|sbin|mail|spool|backups?|passwd|shadow|fstab|sudoers|ssh)(?:/.*)?)?/?$ : moves a part of the system away
  D . if ~^/(?:etc|boot|usr|bin|sbin|lib|lib64|root|var/(?:lib|log|spool|db|cache)|home|run)/ : moves a part of the system away
  X . if ~^/dev/null$ : moves it to where nothing is kept
  D . if ~^(?:~|~/\*|/\*|/|~/\.ssh.*|~/\.(?:bashrc|profile))$
ln = W : links files
  valued -t -S --target-directory --suffix
  to last -t --target-directory
install ginstall = W : installs files
  valued -m -o -g -t -S --mode --owner --group --target-directory
  to last -t --target-directory
  D . if -m=4755 -m=u+s --mode=4755
link = W
  to rest
rename prename perl-rename = W
  r . if -n --nono --no-act
  D . if ~^/(?:etc|boot|usr|bin|sbin|lib|var)/
  O . if ~\b(?:system|exec|unlink|eval)\b|\x60
truncate = X : cuts files off
  valued -s -r -o --size --reference
  W . if +
  w . if ~^/(?:tmp|var/tmp)/. unless ~^(?!/tmp/|/var/tmp/)/
  w . if ~^\+|^-s\+|^--size=\+
  w . if -s=1G -s=10G -s=100M -s=10M -s=1M -s=512M -s=5G -s=2G -s=4G -s=20G -s=50G -s=100G unless ~^/(?!tmp/|var/tmp/|swapfile|mnt/|srv/|data/)
fallocate = W
  valued -l -o -n --length --offset
  X . if -p -c -z --punch-hole --collapse-range --zero-range -d : cuts holes into a file
  to all
rsync = W : copies files
  valued -e -f --rsh --exclude --include --filter --files-from --exclude-from --include-from --bwlimit --rsync-path --partial-dir --temp-dir --log-file --password-file --port --timeout --backup-dir --suffix --compare-dest --link-dest --chmod --chown --out-format --info --max-size --min-size -B -T
  r . if -n --dry-run --list-only
  X . if --delete --delete-after --delete-before --delete-during --delete-delay --delete-excluded --del --remove-source-files --delete-missing-args --existing-delete : deletes what the source does not have
  O . if --rsync-path : runs a program of its options
  O . if -e~^(?!\s*(?:/usr/bin/)?ssh\b) --rsh~^(?!\s*(?:/usr/bin/)?ssh\b) -e~proxycommand|localcommand --rsh~proxycommand|localcommand : runs a program of its options
  to last
  D . if --inplace if ~^/dev/
scp = W : copies files to or from another host
  valued -P -i -o -c -F -J -l -S -D
  O . if -S : runs a program of its options
  O . if ~ProxyCommand|LocalCommand
  to last
sftp lftp ftp tftp = W
  is editor
  valued -P -i -o -c -F -J -l -S -B -b -e
  O . if -b -e -c : runs commands of a file or a text
  O . if -o~proxycommand|localcommand -S -D : runs a program of its options
wget wget2 = W : downloads a file
  valued -O -o -P -e -U -i -t -T -Q -D -A -R -a -w --output-document --output-file --directory-prefix --execute --header --user-agent --post-data --post-file --method --body-data --body-file --tries --timeout --input-file --user --password --quota --limit-rate --use-askpass
  R . if --spider
  r . if -O=- -O=/dev/stdout -O=/dev/null -qO- --output-document=- unless -e --execute --use-askpass --post-file --body-file --method --post-data --body-data -P -i -o
  O . if -e --execute --use-askpass : runs a program of its options
  X . if --method=DELETE : asks a server to delete
  D . if --method=PUT --method=PATCH
  to -O -P -o --output-document --output-file --directory-prefix
aria2c axel youtube-dl yt-dlp httrack = W
  O . if --exec --on-download-complete
rclone = W
  valued -P --config --filter --exclude --include --transfers --max-age --min-age
  R ls lsd lsl lsf lsjson size about check cat version listremotes tree md5sum sha1sum
  X delete purge deletefile cleanup sync move moveto rmdirs dedupe bisync : deletes files
  R config/show config/file
  D config/delete
  r . if -n --dry-run
  W copy copyto mkdir touch
  D serve mount
restic borg duplicity kopia duplicacy rdiff-backup = W
  valued -r --repo --password-file --tag --host
  R snapshots ls list info check diff stats find cat version key/list
  X forget prune delete purge compact rewrite key/remove remove-older-than cleanup recreate : removes backups
  D restore extract unlock break-lock
  R forget if --dry-run
  r . if -n --dry-run
chattr = D : changes what may be done with a file at all
  W . if +
setfattr = W
  D . if -x --remove
dos2unix unix2dos detox = W
  to all
tmpreaper tmpwatch = X : deletes files
inotifywait fswatch = R
incrond incrontab = D
logrotate = W
  r . if -d --debug
  D . if -f --force : takes the logs of now away
logger = W
mail mailx sendmail mutt s-nail msmtp swaks = W : sends mail
  is nested
script scriptreplay asciinema = W
  O . if -c --command
vidir visudo vipw vigr sudoedit select-editor nano-tiny = W : edits files in an editor
  is editor
  R . if -c --check
fincore = R
sync = W
getcap = R
setcap = D : lets a program do more than its user may
wall write mesg talk = W
updatedb = W
pax = W
  X . if -r if ~^/$
`;
