import type { TableText } from "../table.ts";

/** Disks, partitions, file systems, volumes and their encryption. Sources: util-linux, e2fsprogs, lvm2, mdadm, cryptsetup, OpenZFS, btrfs-progs. */
export const DISKS: TableText = String.raw`
drbdadm drbdsetup drbdmanage linstor = W
  is verbs
  R status dstate cstate role dump sh-resources list events2 show
  W up adjust connect
  D down detach disconnect secondary primary invalidate invalidate-remote pause-sync outdate new-current-uuid : takes a replicated disk away
  X create-md wipe-md : makes a replicated disk new
  X . if --discard-my-data --overwrite-data-of-peer --force ~^--discard-my-data$ : what one side holds is gone
mkfs mke2fs mkdosfs mkntfs mkswap mkfs2fs newfs newfs_msdos mkudffs mkreiserfs mkfatfs = X : makes a new file system, and what was there is gone
  r . if -V --version -n --help
  w . if ~^/(?:tmp|var/tmp|swapfile|mnt/[^/]+\.img)|\.img$|\.iso$ unless ~^/dev/
wipefs = R
  X . if -a -o -f --all --offset --force unless -n --no-act : erases signatures of file systems
blkdiscard = X : discards every block of a disk
blkzone = D
  R report
fsck e2fsck fsck_hfs fsck_ffs xfs_repair btrfsck reiserfsck ntfsfix dosfsck resize2fs xfs_growfs resize_reiserfs e2image zerofree xfs_admin e2label fatlabel dosfslabel ntfslabel swaplabel xfs_db = D : changes a file system
  R . if -n --dry-run -N -l
  r . if -n --dry-run -N unless -w
fstrim = W
  R . if -n --dry-run
tune2fs = D
  r . if -l
  r . if -L
debugfs = R
  D . if -w : writes into a file system
xfs_io = W
xfs_spaceman = R
blockdev = R
  D . if --setro --setrw --flushbufs --rereadpt --setra --setbsz
badblocks = R
  X . if -w : overwrites every block
  D . if -n
fdisk gdisk cfdisk cgdisk = X : changes the partitions of a disk
  is nested
  r . if -l -s -v --list -x --version
  is editor
sfdisk = X : changes the partitions of a disk
  r . if -l -d -J -F -V -v -s -g --list --dump --json --verify --list-free --show-size
parted = X : changes the partitions of a disk
  valued -a --align -o
  r . if -l --list -v --version
  R . if ~^(?:print|p|unit|help)$
  r . if ~^(?:print|p)$ unless ~^(?:mk\w*|rm|resizepart|set|mklabel|mktable|name|toggle|rescue|disk_set|move|resize)$
sgdisk = X : changes the partitions of a disk
  valued -n -t -c -d -i -u -b --new --typecode --change-name --delete --backup
  r . if -p -i -v -V --print --info --verify unless -Z -o -d -n -g -G -t -c --zap-all --clear --delete --new --typecode -z --zap
  w . if -b --backup unless -Z -o -d -n -z --zap-all --delete
partprobe partx kpartx = W
  D . if -d --delete -a
growpart = D
hdparm = D : changes how a disk works
  r . if -I -i -g -C -t -T
  X . if --security-erase --security-erase-enhanced --trim-sector-ranges --write-sector --make-bad-sector --yes-i-know-what-i-am-doing --security-set-pass --dco-restore : erases a disk
  W . if -S -B -y
sdparm smartctl = R
  D . if -s -t --set --smart
  r . if -a -i -H -A -l -x --all --info --health --scan
nvme = R
  X format sanitize write-zeroes write write-uncor dsm delete-ns reset zns : erases a disk
  D subsystem-reset ns-rescan set-feature fw-download fw-commit fw-activate create-ns attach-ns detach-ns disconnect disconnect-all
  R list id-ctrl id-ns smart-log error-log get-feature get-log list-ns list-subsys show-regs fw-log
mount = R
  valued -o -t -L -U -O --options --types
  W . if + : mounts a file system
  D . if -a --all
  D . if ~(?:^|[=,])remount : mounts it in another way
  D . if ~^/(?:|etc|usr|bin|sbin|lib|boot|home|root|var|var/.*)$ if + : mounts over a part of the system
  R . if -l unless +
umount unmount eject = D : takes a file system away
  w . if ~^/(?:mnt|media|tmp)/?. unless -a -l -f --all --lazy --force
fuser = R
  D . if -k --kill : ends processes
fusermount fusermount3 = W
swapon = W
  R . if -s --show --summary
swapoff = D : takes memory away
losetup = R
  W . if + -f
  D . if -d -D --detach --detach-all
  r . if -a -l --list --all
pvcreate = X : makes a new volume, and what was there is gone
pvremove vgremove lvremove = X : removes a volume
pvmove vgreduce lvreduce vgsplit vgmerge vgexport vgimport vgcfgrestore lvconvert = X : changes volumes, and data may be gone
lvresize = D
  X . if ~^(?:-L|--size=?|-l|--extents=?)?-\d
  X . if ~^-\d
pvresize vgextend lvextend vgcreate lvcreate vgchange lvchange pvchange vgscan pvscan lvscan vgcfgbackup vgmknodes vgck = W : changes volumes
  D . if -an --activate=n
  D . if -a=n -a=ln
  r . if -t --test
pvs vgs lvs pvdisplay vgdisplay lvdisplay lvmdiskscan dmstats pvck = R
vgrename lvrename = D
lvm = W
  is nested
  R pvs vgs lvs version
  X pvremove vgremove lvremove lvreduce
dmsetup = R
  X remove remove_all wipe_table clear : removes a volume
  D suspend load reload create message rename resume
dmraid = R
  X . if -E -x -r=-E
mdadm = D : changes an array of disks
  valued -l -n -f -r -a --level --raid-devices --config
  r . if -D -E -Q --detail --examine --query -V
  W . if --monitor
  X . if --zero-superblock --create -C --stop -S --fail -f --remove -r --build : takes an array, or a disk of it, away
cryptsetup = D : changes encrypted volumes
  R status luksDump isLuks luksUUID benchmark
  X luksFormat luksErase erase luksRemoveKey luksKillSlot luksHeaderRestore reencrypt luksChangeKey wipe : what was there cannot be read any more
  W open luksOpen luksHeaderBackup luksAddKey
  D close luksClose remove luksSuspend
veracrypt = W
  D . if -d --dismount
  X . if -C --create
zpool = W
  R status list get history iostat events version
  X destroy labelclear split : destroys a pool
  D export offline detach remove clear reopen replace reguid upgrade import initialize trim set checkpoint add attach
  W scrub create online
  X create if -f
  r . if -n
zfs = W
  R list get diff holds userspace groupspace version
  X destroy rollback : destroys a file system or its snapshots
  D unmount umount set inherit rename promote unshare release receive recv unload-key change-key upgrade revert unallow allow redact
  X receive recv if -F
  W snapshot snap create clone send mount share hold bookmark load-key
  R mount unless +
  r destroy rollback if -n
btrfs = W
  R filesystem/show filesystem/df filesystem/usage subvolume/list subvolume/show device/stats scrub/status balance/status fi/show fi/df fi/usage sub/list qgroup/show property/get inspect-internal/dump-super
  X subvolume/delete sub/delete subvol/delete device/remove device/delete dev/del rescue/* check/* qgroup/destroy : destroys a part of a file system
  X check if --repair --init-csum-tree --init-extent-tree
  R check
  D filesystem/resize balance/start device/replace replace/start subvolume/set-default restore
  W subvolume/create subvolume/snapshot scrub/start device/add
btrfs-convert = X
bcachefs bcache make-bcache = X
  R show-super fs
multipath = R
  D . if -F -f -W -w -r : changes paths to disks
multipathd iscsiadm = D : changes links to disks
  R show
  r . if -P
  R . if -P
  W . if -m=discovery
xfsdump dump e2dump = W
restore xfsrestore = D
  r . if -t
partclone ddrescue ddrescueview dd_rescue testdisk photorec extundelete = X : writes over disks
quotaoff quotacheck setquota edquota = D
  R . if -u
quota repquota quotastats = R
quotaon = W
storcli storcli64 megacli MegaCli MegaCli64 perccli hpssacli ssacli arcconf sas2ircu = O : changes disks behind a controller
  R show
  r . if ~^show$
  X . if ~^(?:delete|del|erase|init\w*|CfgLdDel|CfgClr|format|clear|removed)$ ~^-(?:CfgClr|CfgLdDel|PDClear|CfgLdDel) : destroys an array
gluster = W
  R volume/info volume/status peer/status pool/list volume/list
  X volume/delete volume/stop volume/remove-brick volume/reset peer/detach volume/replace-brick snapshot/delete : takes a volume away
ceph rados rbd = W
  R status health df osd/tree osd/df osd/status pg/stat pg/dump mon/stat mds/stat quorum_status osd/pool/ls osd/pool/stats config/get config/dump auth/list log/last versions fs/status -s -w ls info lspools snap/ls device/ls
  X osd/purge osd/destroy osd/pool/delete osd/pool/rm osd/rm osd/lost fs/rm auth/del auth/rm mon/remove config-key/rm purge rmpool rm remove snap/purge snap/rm trash/purge trash/rm osd/crush/remove osd/crush/rm : takes data away
  D osd/out osd/down osd/set mds/fail osd/reweight osd/crush/* osd/pool/set config/set tell/* orch/* mon/rm
  is verbs
hdfs hadoop = W
  R dfs/-ls dfs/-cat dfs/-du dfs/-df fs/-ls fs/-cat fs/-du dfsadmin/-report version
  r dfs fs if -ls -cat -du -df -count -stat -tail -test unless -rm -rmr
  X dfs fs if -rm -rmr -rmdir -expunge -truncate : deletes files
  D dfsadmin namenode balancer haadmin
  X namenode if -format
`;
