import type { TableText } from "../table.ts";

/** Services, jobs by time, starting and stopping the whole machine. Sources: systemd, OpenRC, runit, launchd, supervisor, pm2. */
export const SERVICES: TableText = String.raw`
systemctl = W
  valued -H -M -t -p -n -o -s -P --host --machine --type --state --property --lines --output --signal --job-mode --kill-whom --root --what
  R status show cat list-* is-active is-enabled is-failed is-system-running get-default show-environment help
  W start reload daemon-reload enable reset-failed link add-wants reload-or-try-restart try-reload-or-restart preset import-environment
  D stop kill restart try-restart reload-or-restart disable mask unmask isolate freeze thaw set-property set-environment unset-environment daemon-reexec condrestart force-reload revert edit log-level : takes a service away, if only for a moment
  D reboot poweroff halt suspend hibernate hybrid-sleep soft-reboot kexec rescue emergency default exit switch-root : stops the whole machine
  D set-default preset-all
  X clean : removes what a service has stored
  D start isolate if ~^(?:rescue|emergency|poweroff|reboot|halt|shutdown|kexec|suspend|hibernate|ctrl-alt-del)(?:\.target)?$ : stops the whole machine
  R . unless +
service rc-service invoke-rc.d rcctl = W
  O . if ~^[./] : a program by its path
  R */status
  D */stop */restart */force-reload */condrestart */try-restart */zap */pause */stop-all : takes a service away, if only for a moment
  R . if --status-all -s --list
  R check get ls
  D stop restart disable
chkconfig update-rc.d rc-update systemd-sysv-install = D : changes what starts with the machine
  r . if --list -l
  R show
  W add */on */defaults */enable
  W . if --add
initctl = W
  R list status show-config
  D stop restart : takes a service away
stop restart = D : takes a service away
status = R
sv svc runsvctrl = W
  R status s
  D stop down restart force-stop force-shutdown kill term exit d t k : takes a service away
  W start up reload
  D . if -d -k -x -t
s6-svc s6-rc = D
launchctl = W
  R list print print-disabled blame
  D unload stop remove bootout disable kill kickstart reboot : takes a service away
supervisorctl = W
  is nested
  R status tail pid avail version
  D stop restart shutdown remove reload signal update clear : takes a service away
monit = W
  R status summary report procmatch validate
  D stop restart unmonitor quit
pm2 forever = W
  R list ls status show describe logs info monit prettylist jlist env id
  D stop restart scale reset gracefulReload stopall restartall
  X delete kill flush cleardelete del : takes a service away
  W start reload save
god eye circusctl = W
  R status list
  D stop restart terminate quit kill
svcadm = D
  W enable refresh
svcs = R
reboot shutdown poweroff halt uadmin pm-suspend pm-hibernate systemd-suspend fastboot fasthalt = D : stops the whole machine
  w . if -c -k -w --wtmp-only
  r . if --show --version --help
runlevel = R
init telinit = D : changes what runs on the whole machine
  R . unless +
  W q Q u
kexec = D : starts another kernel
journalctl = R
  valued -u -n -p -S -U -o -t -b -D -M -g --unit --since --until --lines --priority --output --boot --grep --identifier --directory --file
  W . if --flush --sync --relinquish-var --update-catalog
  X . if --vacuum-time --vacuum-size --vacuum-files : removes logs
  D . if --rotate --setup-keys
loginctl = R
  D terminate-* kill-* lock-* unlock-* activate disable-linger : ends sessions
  W enable-linger
machinectl = W
  R list list-images status show image-status show-image
  D poweroff reboot terminate kill stop disable
  X remove clean
busctl dbus-send gdbus qdbus = W
  R list status tree introspect get-property monitor capture
  D call set-property emit : asks a service to do something
  O . if ~unixexec: : runs a program of its options
systemd-analyze = R
systemd-tmpfiles = D
  X . if --remove --clean --purge : removes files
  R . if --cat-config
systemd-resolve resolvectl = R
  W flush-caches reset-statistics reset-server-features
  D dns domain revert dnssec llmnr mdns default-route dnsovertls : changes how names are looked up
  R status query statistics
  R dns domain unless ++
systemd-firstboot systemd-machine-id-setup systemd-sysusers grub-install grub2-install update-grub grub-mkconfig grub2-mkconfig grubby update-initramfs mkinitcpio dracut lilo extlinux syslinux grub-set-default grub-editenv kernel-install update-bootloader = D : changes how the machine starts
  R list status
  r . if -v --info --version --dry-run
  R . unless +
bootctl = D
  R status list is-installed
  R . unless +
efibootmgr = R
  D . if -b -B -o -n -c -A -a -N -O : changes how the machine starts
crontab = D : replaces the jobs of a user
  valued -u
  r . if -l
  X . if -r : removes all jobs of a user
  w . if -e
  is nested
anacron run-parts = O
  r . if --list --test -T
atrm = X : removes jobs
atq = R
atd cron crond rsyslogd syslogd sshd named httpd apache2 dnsmasq dhcpd mysqld mongod redis-server postgres memcached haproxy slapd smbd nmbd vsftpd proftpd bind varnishd = W : starts a service
  R . if -t -T -V -v --version --help -c -h
squid squid3 = W : starts a service
  R . if -v -k=parse -k=check
  D . if -k=shutdown -k=kill -k=interrupt -k=restart : stops a service
varnishadm = W
  R status ping banner vcl.list vcl.show backend.list param.show storage.list ban.list panic.show pid help
  D ban stop vcl.use vcl.discard backend.set_health param.set param.reset panic.clear : changes what a cache serves
  D . if ~^(?:ban|stop|vcl\.(?:use|discard)|backend\.set_health|param\.(?:re)?set)\s : changes what a cache serves
  is nested
zkCli.sh zkCli zookeeper-shell zookeeper-shell.sh = W
  valued -server -timeout
  is dashlong nested
  R ls ls2 get stat getAcl getAllChildrenNumber getEphemerals history
  X delete deleteall rmr : removes nodes
  D set setAcl setquota delquota reconfig
nginx openresty tengine = W
  valued -c -p -g -s -e
  R . if -t -T -v -V
  r . if -t -T -v -V unless -s
  D . if -s=stop -s=quit : stops a service
  W . if -s=reload -s=reopen
apachectl apache2ctl = W
  R configtest status fullstatus
  R . if -t -S -M -v -V -l
  D stop restart graceful-stop : stops a service
  W graceful start
  D . if -k=stop -k=restart -k=graceful-stop
a2ensite a2enmod a2enconf = W
a2dissite a2dismod a2disconf = D : takes a part of a service away
lighttpd caddy traefik haproxyctl = W
  R version validate list-modules environ fmt adapt
  R . if -t -v -V
  D stop
postfix postsuper postqueue exim exim4 doveadm postmulti = W
  R status check
  R . if -p -bp -bV
  D stop abort
  X . if -d : removes mail
  D . if -h -r
  X . if -Mrm
  R who user
  X expunge purge
  D kick
mailq = R
postconf = R
  D . if -e -X -M -# -P : changes the mail service
newaliases postmap postalias = W
rabbitmqctl rabbitmq-plugins rabbitmqadmin = W
  R status list_* cluster_status environment node_health_check report ping list show diagnostics
  X delete_* reset force_reset forget_cluster_node delete purge clear_* purge_queue : removes queues
  D stop stop_app rotate_logs close_connection close_all_connections set_policy change_password disable
  is verbs
kafka-topics kafka-consumer-groups kafka-configs kafka-acls kafka-topics.sh kafka-consumer-groups.sh kafka-configs.sh kafka-acls.sh = W
  R . if --list --describe
  r . if --list --describe unless --delete --alter
  X . if --delete --delete-config --remove : removes topics
  D . if --alter --reset-offsets
kafka-delete-records kafka-delete-records.sh = X
kafka-console-consumer kafka-console-consumer.sh kcat kafkacat = R
nomad consul = W
  is verbs
  R status node/status job/status alloc/status alloc/logs server/members members catalog/* kv/get info monitor operator/raft/list-peers
  X job/stop system/gc namespace/delete kv/delete leave force-leave stop job/purge acl/token/delete operator/raft/remove-peer : takes a service away
  D node/drain node/eligibility alloc/stop alloc/restart reload maint operator/*
  W job/run kv/put
pcs crm = W
  is verbs
  R status config cluster/status resource/show property/show
  X cluster/destroy resource/delete stonith/delete
  D cluster/stop resource/disable resource/move resource/ban stonith/fence node/standby cluster/kill resource/restart
crm_resource crm_mon corosync-cfgtool crm_node crm_standby = R
  D . if --move --ban --clear --cleanup -M -C -R --force-stop
zabbix_get zabbix_sender nagios check_http check_ping prometheus promtool amtool alertmanager = R
ansible ansible-playbook = O : runs on other hosts what its files say
  r . if --check --list-hosts --list-tasks --syntax-check --version --list-tags
  r . if -m=ping -m=setup
ansible-inventory ansible-doc ansible-lint ansible-config = R
ansible-galaxy = W
ansible-vault = W
  R view
puppet salt salt-call chef-client chef-solo = O
  r . if --noop --version --why-run ~^test=True$
  r */test.ping */test.version */grains.item */grains.items */grains.get */pillar.items */disk.usage */disk.percent */status.*
  R config lookup facts help
  R . if ~^(?:test\.ping|test\.version|grains\.items?|disk\.usage|status\.\w+)$
fail2ban-client = W
  R status ping version get
  D stop set unban restart flushlogs
  D set/*/banip
certbot acme.sh lego = W
  R certificates plugins show_account
  R . if --list --list-account
  r . if --dry-run
  X delete revoke unregister : takes a certificate away
  D rollback
  X . if --revoke --remove
wsl = W
  X . if --unregister
  D . if --shutdown -t --terminate
`;
