import type { TableText } from "../table.ts";

/** Programs that only look, and those that edit text on its way through. Sources: coreutils, util-linux and procps man pages. */
export const READERS: TableText = String.raw`
ls dir vdir eza exa lsd tree stat du df file readlink realpath basename dirname pwd head tail tac nl wc = R
cut paste join comm column fold fmt expand unexpand rev tr od hexdump strings cksum sum md5sum = R
sha1sum sha224sum sha256sum sha384sum sha512sum b2sum md5 shasum basenc seq factor expr numfmt ncal = R
uptime who w whoami id groups logname users last lastb lastlog finger nproc getconf hostid tty locale env = R
printenv cmp diff diff3 sdiff colordiff wdiff delta sleep yes pr tsort ptx pathchk zcat gzcat bzcat xzcat = R
zstdcat lz4cat zgrep zegrep zfgrep bzgrep xzgrep zdiff zcmp grep egrep fgrep rgrep pcregrep ack ag look = R
free vmstat mpstat iostat sar lscpu lsmem lsblk lspci lsusb lsmod lshw lsof lsns lsipc lslocks = R
lslogins lsattr findmnt blkid pgrep pidof pstree ps pmap pwdx getent locate mlocate plocate whatis = R
apropos dmidecode inxi hwinfo biosdecode lsscsi lsinitramfs lsinitrd acpi sensors neofetch fastfetch = R
screenfetch cpuid cpufreq-info numastat lsb_release getfacl getfattr namei bc gojq fx csvlook csvcut = R
csvstat xsv mlr nm objdump readelf ldd size addr2line c++filt sha3sum ent uuidgen mcookie figlet = R
banner toilet lolcat units bat batcat hexyl zstdgrep lzcat lzgrep lesspipe ul tput infocmp toe = R
pv = R
  valued -o --output -L -s -B -N -R
  to -o --output
getopt mountpoint ischroot errno gettext ngettext dpkg-query dpkg-architecture apt-cache = R
apt-show-versions rpmquery rpmverify zipinfo lsar pinky test-path systemd-cgls systemd-cgtop = R
systemd-detect-virt systemd-path systemd-escape checksum aa-status getenforce sestatus getsebool seinfo = R
sesearch matchpathcon ausearch aureport pwgen apg mkpasswd cracklib-check tzselect timeconv procinfo = R
tload clinfo vulkaninfo glxinfo dumpe2fs xfs_info dumpexfat hddtemp biosinfo iwlist lsdvd identify = R
mediainfo ffprobe soxi pdfinfo pdffonts wordcount checkrestart debsums apt-listchanges whois tokei cloc = R
scc sloccount lnav = R
xxd.write = W
cat = R
sort = R
  valued -o -k -t -S -T --output --key --field-separator --buffer-size --temporary-directory --compress-program --files0-from --parallel
  to -o --output
  O . if --compress-program : runs a program of its options
uniq xxd = R
  valued -f -s -w -c -g -l -o
  to last
  W . if ++ : writes its second file
iconv shuf uconv recode = R
  valued -f -t -o -n -i --output
  to -o --output
pidstat = R
  O . if -e : runs a program of its options
cowsay cowthink = R
  O . if -f~[./] : a picture that is a program
split csplit = W
  valued -b -l -n -a -C -f -k
  to last -f --prefix
  O . if --filter : runs a program of its options
sponge = W
  to all
rg = R
  O . if --pre --hostname-bin : runs a program of its options
less more most man info pg zless zmore bzless xzless pinfo = R
  is pager
  O . if ~^\+.*[!|] --lesskey-content --lesskey-src --lesskey-file -k : runs commands of the pager
  O . if -P~^(?!cat$|less|more|most) --pager~^(?!cat$|less|more|most) -H : runs a program of its options
top htop btop atop nmon iftop nethogs iotop glances slabtop bmon vtop gtop bpytop ctop k9s lazydocker lazygit tig ranger ncdu nnn vifm w3m lynx links elinks = R
  is editor
watchman = W
date = R
  valued -d -r -f --date --reference --file
  D . if -s --set : sets the clock
  D . if ~^\d{8,}(\.\d+)?$ : sets the clock
hostname = R
  D . if + unless -I -i -f -d -s -A -y --fqdn : renames the host
  D . if -F -b : renames the host
domainname nisdomainname ypdomainname = R
  D . if + : changes a name of the host
uname arch = R
hostnamectl = R
  D hostname set-hostname set-* if + : renames the host
timedatectl = R
  D set-* : sets the clock
localectl = R
  D set-*
cal = R
base64 base32 = R
gzip bzip2 xz zstd lz4 lzma lzop pigz pbzip2 compress gunzip bunzip2 unxz unzstd unlz4 uncompress pixz lbzip2 = W
  to all
  R . if -l -t -c --list --test --stdout --to-stdout
  D . if ~^/(?:etc|boot|usr|var/lib)/ unless -c -l -t -k --keep --stdout --list : takes a file of the system away
tar bsdtar gtar star = W : packs or unpacks files
  valued -f -C -T -X -I -b -F --file --directory --files-from --exclude --exclude-from --use-compress-program --checkpoint --checkpoint-action --to-command --info-script --new-volume-script --transform --strip-components --owner --group --mode --rsh-command --rmt-command --newer --one-top-level --xform
  r . if -t --list unless ~--to-command|--checkpoint-action|--use-compress-program|^-I|--rsh-command|--info-script|--new-volume
  r . if ~^[zjJavp]*t[zjJavpf]*$ unless ~--to-command|--checkpoint-action|--use-compress-program|^-I|--rsh-command|--info-script|--new-volume
  O . if --to-command --checkpoint-action --info-script --new-volume-script -F --rsh-command --rmt-command : runs a program of its options
  O . if -I~^(?!(?:zstd|pigz|xz|gzip|bzip2|lz4|pixz|pbzip2|unzstd|lzma|lzop)(?:\s+-[\w=-]+)*$) --use-compress-program~^(?!(?:zstd|pigz|xz|gzip|bzip2|lz4|pixz|pbzip2|unzstd|lzma|lzop)(?:\s+-[\w=-]+)*$) : runs a program of its options
  X . if --remove-files --recursive-unlink --delete : removes files
  D . if -x --extract --get if ~^(?:-[a-zA-Z]*C|--directory=)?/(?:|etc|usr|bin|sbin|lib|boot|var|root)/?$ : unpacks over the system
  D . if ~^[zjJavpf]*x[zjJavpf]*$ if ~^(?:-[a-zA-Z]*C|--directory=)?/(?:|etc|usr|bin|sbin|lib|boot|var|root)/?$ : unpacks over the system
  D . if -P --absolute-names if -x --extract ~^[zjJavpf]*x : unpacks to absolute names
  X . if ~^/dev/(?:sd|nvme|vd|xvd|hd|mmcblk|md|dm|mapper|disk) : writes to a disk
  to -f --file
unzip = W
  valued -d -x -P
  to -d
  r . if -l -t -v -Z -p
  D . if ~^(?:-d)?/(?:|etc|usr|bin|sbin|lib|boot|var|root)/?$ : unpacks over the system
zip = W
  valued -x -i -b -P -t -TT
  to first
  O . if -TT --unzip-command
  X . if -m --move -d --delete : removes files
7z 7za 7zr p7zip rar unrar unar = W
  R l t i
  X d : removes files from an archive
  X . if -sdel
cpio = W
  to all
  R . if -t --list
  D . if -i --extract if ~^/$ : unpacks over the system
ar ranlib = W
  R t p
  X d
  D . if ~^-?[drqsu]\w*$ if ~^/(?:usr|lib\w*|bin|sbin|etc)/
patch = W
  r . if --dry-run
  D . if ~^(?:-d)?/(?:etc|usr|boot|lib|bin|$)
jq yq xq dasel = R
  W . if -i --in-place --inplace
  valued --arg --argjson --indent --slurpfile --rawfile -L
xmlstarlet = R
  W ed if -L --inplace
xmllint = R
  valued --output -o --xpath --schema
  to -o --output
pandoc = W
  valued -o --output -f -t
  to -o --output
  O . if --filter -F --lua-filter --pdf-engine
convert magick mogrify ffmpeg sox gs wkhtmltopdf = W
openssl = W
  is dashlong
  valued -out -in -keyout -newkey -days -subj -config -key -connect -servername -passin -passout
  R x509 s_client version ciphers dgst rand list verify speed help errstr asn1parse crl prime base64 passwd
  to -out -keyout
  O . if -engine -provider-path
gpg gpg2 = W
  R . if -k -K --list-keys --list-secret-keys --list-public-keys --verify --fingerprint --version --show-keys --list-packets -l
  X . if --delete-keys --delete-key --delete-secret-keys --delete-secret-and-public-key : removes keys
  valued -o --output -r --recipient -u
  to -o --output
ssh-keygen = W : makes or changes keys
  valued -f -t -b -C -N -P -R -F -m -s -I -n -V -E
  O . if -D -w : loads a library
  R . if -l -F -y -B -L
  r . if -l -F -y -B -L unless -f=~/.ssh/x
  W . if -R
  D . if -f unless -l -F -y -B -L -R -t
ssh-add = W
  R . if -l -L
  D . if -D -d : removes keys from the agent
ssh-keyscan = R
ssh-copy-id = D : gives somebody access to another host
age = W
pass gopass = W
  R ls show find grep list
  X rm remove delete
vault = W
  R read list status version
  W kv/put kv/patch write login token/create
  R kv/get kv/list secrets/list auth/list policy/read policy/list token/lookup
  X kv/delete kv/destroy delete kv/metadata/delete secrets/disable auth/disable lease/revoke policy/delete
  D operator operator/seal operator/step-down token/revoke
  is verbs
`;
