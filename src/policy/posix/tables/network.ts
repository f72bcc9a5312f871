import type { TableText } from "../table.ts";

/** Interfaces, routes, names and firewalls: what cuts a host off. Sources: iproute2, nftables, iptables, ufw, firewalld, pf, NetworkManager. */
export const NETWORK: TableText = String.raw`
ping ping6 fping hping3 traceroute traceroute6 tracepath mtr dig host drill kdig resolveip arping arpwatch nbtscan avahi-browse avahi-resolve netstat ngrep termshark iperf iperf3 speedtest speedtest-cli vnstat ipcalc sipcalc iptraf whatmask ipcount geoiplookup masscan zmap ssh-audit sslscan testssl.sh httping ab wrk hey siege vegeta k6 snmpget snmpwalk snmpbulkwalk snmptable lldpctl nbtstat ndisc6 rdisc6 mii-diag = R
  is
iwconfig iw wpa_cli iwctl rfkill = D : changes a link
  R dev/*/link dev/*/info dev/*/scan list dev phy status scan_results device/list station/*/show
  R . unless +
ss = R
  D . if -K --kill : ends connections
nslookup = R
tcpdump = R
  valued -i -c -w -r -s -n -e -F -z -G -W -C
  to -w
  O . if -z : runs a program of its options
tshark dumpcap = R
  valued -i -c -w -r -f -Y -T -e
  to -w
nmap = R
  valued -p -oN -oX -oA -oG -iL --script
  O . if --script
nc ncat netcat socat = W : opens connections
  is editor
  O . if -e -c --exec --sh-exec --lua-exec ~(?:EXEC|SYSTEM|SHELL):  : gives a shell to whoever connects
  w . if -z -zv -vz -zvw -vzw unless -e -c
telnet rlogin rsh rexec mosh minicom picocom cu tip = W
  is editor
ip = R
  is abbrev dashlong
  valued -n -f -family -netns --netns -b -batch
  R address/show address/list link/show link/list route/show route/list route/get neighbour/show neigh/show neighbor/show rule/show netns/list netns/identify tunnel/show maddress/show monitor -s -br
  W address/add route/add neighbour/add neigh/add rule/add netns/add tunnel/add link/add addr/add maddress/add vrf tuntap/add
  D link/delete address/delete address/flush route/delete route/flush route/replace route/change neighbour/flush neighbour/delete neigh/flush neigh/del neigh/delete rule/delete rule/flush netns/delete tunnel/delete link/set addr/del addr/flush address/change address/replace xfrm/* route/append l2tp/* mptcp/* macsec/* tuntap/del : cuts a link, an address or a route
  W link/set if ~^(?:up|alias|txqueuelen)$
  w link/set if ~^up$ unless ~^(?:down|master|nomaster|netns|mtu|address|vf|xdp)$
  D route/add if ~^(?:blackhole|unreachable|prohibit|default)$ : sends the traffic somewhere else
  O . if -b -batch -force : runs commands of a file
ifconfig = R
  D . if ++ : changes a link
  D . if ~^(?:down|delete|-alias|destroy)$ : cuts a link
  w . if ~^up$ unless ~^(?:down|\d+\.\d+\.\d+\.\d+)$
ifdown ifreload = D : cuts a link
ifup ifquery = W

route = R
  D . if ~^(?:del|delete|flush|change|reject)$ : cuts a route
  W . if ~^add$
  D . if ~^(?:default|0\.0\.0\.0)$ if ~^add$
arp = R
  D . if -d -s -f
ipset = D : changes what the firewall lets pass
  R list save test
  r . if -L
  W add create
brctl bridge ovs-vsctl ovs-ofctl ovs-appctl = D : changes a bridge
  R show showmacs showstp list list-br list-ports dump-flows dump-ports fdb/show vlan/show link/show mdb/show get find
  W addbr addif add-br add-port
vconfig ifenslave teamdctl teamnl bonding = D
  R ports state
ethtool = R
  D . if -s -K -G -A -C -L -U -X -E -f -r -p --reset --change --set-ring --features --offload --set-priv-flags --flash : changes a link
  w . if -p
tc = D : changes how traffic is passed on
  R . if -s
  R qdisc/show class/show filter/show qdisc/ls class/ls filter/ls monitor
  r . if ~^(?:show|ls|list)$ unless ~^(?:del|delete|add|replace|change|flush)$
dhclient dhcpcd udhcpc pump = D : asks for another address
  W . if -n
  r . if -T --version
nmcli = R
  is abbrev
  valued -f -t -m -c -g --fields
  R connection/show device/status device/show general/status device/wifi/list general networking radio monitor device/wifi
  D connection/down connection/delete device/disconnect device/delete networking/off radio/* connection/modify general/hostname device/reapply device/set device/modify connection/edit general/reload networking/on radio/wifi/off : cuts or changes a link
  W connection/up connection/add device/connect connection/reload device/wifi/connect connection/load connection/import
nmtui nmtui-edit = W
  is editor
networkctl = R
  D down delete reconfigure renew forcerenew : cuts a link
  W up reload
netplan = W
  R get status info
  D apply set try : changes every link
  r . if --help
connmanctl = R
  D disable disconnect config
wg = R
  D set setconf syncconf addconf
wg-quick = D
  W up
  D down
openvpn = W
  O . if --up --down --script-security --plugin --route-up --client-connect --tls-verify --auth-user-pass-verify : runs a program of its options
strongswan ipsec swanctl vpnc openconnect = W
  R status statusall --list-sas --stats
  D stop restart down
tailscale zerotier-cli netbird = W
  R status ip netcheck ping version whois listnetworks info peers bugreport
  D down logout leave set switch
iptables ip6tables iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft ebtables arptables = R : changes what the firewall lets pass
  valued -t -A -I -D -P -F -j -p -s -d -i -o -R -N -X -Z -E -C -L -S -m --table --append --insert --delete --policy --flush --jump --protocol --source --destination --dport --sport --state --ctstate --to-destination --to-port --comment --limit --in-interface --out-interface
  W . if -A -I -N --append --insert --new-chain
  D . if -F --flush -X --delete-chain -D --delete -R --replace -E -Z --rename-chain : takes rules of the firewall away
  D . if -P --policy : changes what happens to all other traffic
  w . if -P if ~^ACCEPT$ unless ~^(?:DROP|REJECT)$ -F -D -X -A -I
  D . if -j=DROP -j=REJECT --jump=DROP --jump=REJECT -j=TARPIT : blocks traffic
  w . if -C --check
  D . if -t=nat if -A -I : sends traffic somewhere else
iptables-save ip6tables-save arptables-save ebtables-save = R
  to -f --file
iptables-restore ip6tables-restore iptables-apply ebtables-restore = D : replaces the rules of the firewall
  r . if -t --test
nft = D : changes what the firewall lets pass
  R list monitor describe
  W add/table add/chain add/rule add/element add/set insert/rule create/table
  D add insert create if ~\b(?:drop|reject)\b : blocks traffic
  D . if ~policy\s+drop : blocks traffic
  r . if -c --check
  R . if ~^list\b
  r . if ~^list\b unless ~[;]
  D . if -f --file : replaces the rules of the firewall
ufw = W
  R status show version app/list app/info
  D enable disable reset delete deny reject default logging/off route/deny route/reject prepend/deny insert/*/deny : may cut this host off
  W allow limit reload logging
  D . if ~^(?:deny|reject|delete|reset)$ : may cut this host off
  r . if --dry-run
firewall-cmd = D : changes what the firewall lets pass
  valued --zone
  r . if --state --list-all --list-ports --list-services --list-all-zones --get-zones --get-active-zones --get-default-zone --get-services --query-service --query-port --list-interfaces --list-rich-rules --info-zone --info-service --list-sources --check-config
  w . if --add-service --add-port --reload --runtime-to-permanent --add-source --new-zone unless --remove-service --remove-port --panic-on --complete-reload --set-default-zone --remove-interface --remove-source
  D . if --panic-on : cuts every connection
firewall-offline-cmd shorewall shorewall6 csf apf fwconsole firehol = D : changes what the firewall lets pass
  R show status version check
  R . if -l -g
pfctl ipfw ipf npfctl = D : changes what the firewall lets pass
  r . if -s -sr -ss -si -sa -sn -vnf -n
  R show list
conntrack = R
  D . if -D -F --delete --flush : cuts connections
nfct ipvsadm keepalived = R
  D . if -C -D -d -E -e --clear --delete-service --delete-server
  W . if -A -a
birdc birdc6 birdcl = W
  valued -s
  R show echo help
  D down disable restart reload graceful : takes routes away
  R configure/check configure/status
  is nested abbrev
rndc unbound-control nsd-control knotc pdnsutil pdns_control gobgp = W
  R status stats list-* zonestatus stats_noreset list_zones check-zone list-zone list-all-zones show zone-status zone-read
  D stop halt flush* freeze thaw local_zone_remove zone-purge
  X delete-zone delete-rrset zone-purge delzone
  is nested
vtysh = O
  is editor
  R . if -c=show
  r . if ~^show\b unless ~^(?:conf|clear|write|no|do|copy|reload|debug)
named-checkconf named-checkzone unbound-checkconf squidclient varnishstat varnishlog = R
nsupdate = D
  is nested
hostapd_cli wpa_supplicant = D
  R status
exportfs = D
  R . unless + -a -r -u -f -o
  W . if -r -a
  D . if -u -ua -f
  r . if -v unless -u -r -a -o -f +
showmount rpcinfo nfsstat = R
  D . if -d
ntpdate chronyd sntp hwclock rdate = D : sets the clock
  r . if -q -r --show --get
chronyc = R
  D makestep settime delete offline online add burst shutdown reset
  R tracking sources sourcestats activity clients
ntpq ntpstat ntptime = R
ipmitool ipmi-power ipmipower racadm hponcfg ilorest idracadm7 = D : changes the machine through its management port
  valued -I -H -U -P -p -f
  R sensor sdr chassis/status power/status lan/print fru sel/list sel/info sel/elist sel/get sel/time mc/info mc/selftest mc/guid session/info sol/info channel/info user/list sdr/list chassis/power/status sensor/list dcmi get*
  X sel/clear clrsel racresetcfg
fence_ipmilan fence_xvm fence_apc fence_aws stonith_admin = X : cuts a machine off
etherwake wakeonlan ether-wake = W
snmpset = D
`;
