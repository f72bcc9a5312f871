import type { TableText } from "../table.ts";

/** Accounts and rights: who may log in, and as what. Sources: shadow, sudo, pam, samba, openldap, krb5. */
export const USERS: TableText = String.raw`
useradd adduser groupadd addgroup = W : adds an account
  valued -c -d -e -f -g -G -k -K -p -s -u -R -b --comment --home --shell --uid --gid --groups --home-dir --ingroup
  R . if -D
  D . if -o --non-unique -u=0 --uid=0 : adds a second root
  D . if ~^(?:sudo|wheel|root|docker|admin|adm|lxd|disk|shadow)$ : gives an account the rights of root
newusers = D
userdel deluser delgroup groupdel = X : removes an account
usermod groupmod gpasswd groupmems = D : changes what an account may do
  valued -c -d -e -f -g -G -l -p -s -u -a -A -M
  R . if -l
chage = D : changes when an account ends
  r . if -l --list
passwd = D : changes a password
  r . if -S --status -a=S
  X . if -d --delete
chpasswd chgpasswd = D : changes passwords
chsh chfn = D
  W . if -l
pwconv pwunconv grpconv grpunconv pwck grpck = D
  r . if -r -q
newgrp = W
faillock faillog pam_tally2 = R
  D . if --reset -r -m -l
pam-auth-update authselect authconfig = D : changes how one logs in
  R current list show check
lchage lpasswd luseradd luserdel lusermod = D
sudoreplay = R
pw = D
  R usershow groupshow show
  X userdel groupdel
dscl dseditgroup sysadminctl = D
  R . if ~^-?(?:read|list|search)$
  r . if ~^-?(?:read|list|search)$ unless ~^-?(?:delete|create|append|passwd|change|merge)$
samba-tool smbpasswd pdbedit net = D
  R . if -L -V
  r . if -L
  R user/list group/list domain/info testparm ads/info ads/testjoin share/list
  X user/delete group/delete
  X . if -x
smbstatus testparm wbinfo = R
smbclient = W
  R . if -L
  is editor
  O . if -c~! : runs a program of its options
  X . if ~\b(?:del|rm|rmdir|deltree)\b

ldapsearch ldapwhoami ldapcompare slapcat = R
ldapadd slapadd ldapmodify ldappasswd ldapmodrdn ldapdelete = D : changes a directory
  X . if -r
kinit klist kvno kdestroy = W
kadmin kadmin.local = O
  is nested
  X . if ~\b(?:delete_principal|delprinc|destroy_policy)\b
  R . if ~^(?:list\w*|get\w*)
kdb5_util = D
  X destroy
ipa = D
  R *-find *-show ping help env config-show
  X *-del
realm adcli sssctl sss_cache = D
  R list discover info domain-list domain-status user-checks
  W join
semanage = D : changes what SELinux allows
  R . if -l --list
  r . if -l --list
restorecon chcon = W : sets labels of SELinux
  D . if ~^/(?:etc|usr|var)?/?$ if -R -r
setenforce setsebool semodule fixfiles load_policy = D : changes what SELinux allows
  r . if -l -n
aa-enforce aa-complain aa-disable aa-teardown apparmor_parser = D : changes what AppArmor allows
auditctl = D
  r . if -l -s
auditd augenrules = W
cloud-init = D
  R status query version analyze schema features
  X clean : makes the machine a new one at its next start
sysprep virt-sysprep = X
`;
