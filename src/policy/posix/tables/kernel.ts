import type { TableText } from "../table.ts";

/** The kernel, its modules and the machine below it. Sources: kmod, procps, util-linux. */
export const KERNEL: TableText = `
modprobe = W : loads a module of the kernel
  D . if -r --remove -f --force : takes a module of the kernel away
  r . if -n --dry-run -c -D --show-depends --showconfig --resolve-alias
rmmod = D : takes a module of the kernel away
insmod = D : loads a module of the kernel
kmod = R
  D unload
depmod = W
  r . if -n
dkms = W
  R status
  D remove uninstall unbuild
dmesg = R
  D . if -C -c --clear --read-clear -D -E -n --console-off --console-on : clears the messages of the kernel
mknod = W
  D . if ~^/dev/
swapctl = R
  D . if -d -a
zramctl = R
  D . if -r --reset -f
numad tuned cpupower cpufreq-set x86_energy_perf_policy turbostat = D
  R frequency-info idle-info monitor info
tuned-adm = R
  D profile off
irqbalance = W
setpci = R
  D . if ~= : writes to a device
usbreset usb_modeswitch uhubctl devmem devmem2 flashrom fwupdmgr fwupdate ipmiflash wrmsr i2cset gpioset flashcp mtd nandwrite fw_setenv = D : changes a device itself
  R get-devices get-history get-updates get-remotes
  X write erase : overwrites a flash memory
  X . if -w --write -E --erase
rdmsr i2cget i2cdetect gpioget gpioinfo fw_printenv = R
flash_erase ubiformat = X
udevadm = R
  W trigger settle
  D control
mokutil = R
  D . if --import --delete --disable-validation --reset --enroll-validation
tpm2_clear = X : erases what the TPM holds
tpm2_getcap tpm2_pcrread = R
uci = W
  R show get export
  D delete set commit del_list rename revert reorder import : changes the configuration of the router
sysupgrade firstboot jffs2reset mtd-write factoryreset = X : installs the system anew
  R . if -l --help -T --test
ubus = R
  D call
opkg-key = W
sysrc = R
  D . if ~= -x
bhyvectl = D
  X . if --destroy
jail jexec jls = W
  D . if -r -R
freebsd-update portsnap syspatch sysmerge = D
  R fetch updatesready
geli gpart gmirror graid zonecfg zoneadm = X : changes disks
  R show status list
  r . if -l
dladm ipadm beadm = D
  R show-* list
nvidia-smi = R
  D . if -r --gpu-reset -pm -pl -c -mig -lgc --gpu-reset-ecc
rocm-smi = R
ipmiutil = D
needrestart = D
  r . if -b -p -r=l
debsecan lynis rkhunter chkrootkit clamscan freshclam maldet aide tripwire oscap = W
  X . if --remove --remove-infected : deletes what it finds
  X . if --remove=yes
etckeeper = W
`;
