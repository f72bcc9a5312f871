import type { TableText } from "../table.ts";

/** Containers, clusters and virtual machines. Sources: docker, podman, kubectl, helm, libvirt, LXD, Proxmox VE, vagrant. */
export const CONTAINERS: TableText = `
docker podman nerdctl = W
  valued -H --host -c --context -l --log-level --config --connection -f --filter --format --project-directory -p --project-name --profile --env-file --tail --since --until -n
  R ps images version info inspect logs stats top port diff history search events context/ls context/show image/ls image/list image/inspect image/history container/ls container/list container/inspect container/logs container/top container/stats container/port container/diff volume/ls volume/list volume/inspect network/ls network/list network/inspect system/df system/info system/events node/ls node/ps node/inspect service/ls service/ps service/inspect service/logs stack/ls stack/ps stack/services compose/ps compose/logs compose/config compose/images compose/ls compose/top compose/version compose/port compose/events secret/ls secret/inspect config/ls buildx/ls buildx/du buildx/inspect manifest/inspect plugin/ls trust/inspect scout/* swarm/ca wait container/wait healthcheck/* machine/list machine/ls machine/info generate/kube generate/systemd kube/generate pod/ls pod/ps pod/inspect pod/list pod/top pod/stats pod/logs
  W build pull push tag create start run unpause rename cp save load import export commit login logout attach exec update buildx/build image/build image/pull image/push image/tag image/save image/load container/start container/create container/run container/exec container/cp volume/create network/create network/connect context/use context/create compose/up compose/build compose/pull compose/start compose/create compose/push compose/exec compose/run compose/unpause compose/watch compose/cp secret/create config/create buildx/create buildx/use pod/create machine/start
  D stop restart kill pause container/stop container/restart container/kill container/pause compose/stop compose/restart compose/pause compose/kill network/disconnect service/update service/scale service/rollback service/create node/update node/demote node/promote swarm/* stack/deploy stack/up system/migrate machine/stop context/rm plugin/* compose/scale pod/stop pod/restart pod/kill pod/pause unmount : takes a service away
  X rm rmi container/rm container/prune image/rm image/prune volume/rm volume/prune network/rm network/prune system/prune system/reset builder/prune buildx/prune buildx/rm service/rm stack/rm stack/down secret/rm config/rm node/rm compose/rm compose/down plugin/rm manifest/rm swarm/leave pod/rm pod/prune machine/rm secret/remove image/remove volume/remove network/remove container/remove : removes containers, images or what they hold
  D compose/down unless -v --volumes --rmi
  d compose/down unless -v --volumes --rmi
  d network/rm network/remove context/rm
  D exec if --privileged
  D compose/up if --force-recreate --remove-orphans -V --renew-anon-volumes
  r . if --dry-run
  R . if -v --version
  R . unless +
docker-compose podman-compose = W
  valued -f --file -p --project-name --project-directory --profile --env-file
  R ps logs config images top version port events ls
  W up build pull start create push exec run unpause cp watch
  D stop restart pause kill scale down : takes a service away
  X rm : removes containers
  X down if -v --volumes --rmi
  D up if --force-recreate --remove-orphans -V
  R . if -v --version
buildah skopeo crane oras cosign dive ctr crictl = W
  is verbs
  R images ps inspect containers list-tags version info logs stats pods image/ls images/ls containers/ls
  X rm rmi delete prune rmp stopp containers/delete images/rm tasks/kill
  D stop
kubectl oc k kubecolor = W
  valued -n -f -l -o -c -k --namespace --context --kubeconfig --cluster --user --filename --selector --output --container --field-selector --sort-by --template --tail --since --replicas --image --port --type --patch -p --as --as-group --token --server -s --grace-period --timeout --for --from-literal --from-file
  R get describe logs top explain api-resources api-versions version cluster-info config/view config/get-contexts config/current-context config/get-clusters auth/can-i auth/whoami diff wait rollout/status rollout/history events kustomize options plugin/list whoami status project projects completion adm/top adm/inspect
  W create apply expose label annotate config/use-context config/set-context cp port-forward proxy run attach autoscale exec rollout/resume uncordon debug config/set edit login new-project new-app adm/policy rsh
  D scale set patch edit cordon drain taint rollout/restart rollout/undo rollout/pause certificate/* config/delete-context config/unset replace adm/drain adm/cordon auth/reconcile config/delete-cluster adm/upgrade : changes or stops what runs
  X delete adm/prune : deletes what it names
  X replace if --force
  X apply if --prune --force
  D drain
  d apply create label annotate if ~^clusterrolebinding|cluster-admin
  r . if --dry-run=client --dry-run=server --dry-run=true
  O run if --privileged --overrides~host
  X drain if --delete-emptydir-data --force --delete-local-data
helm helm3 helmfile = W
  valued -n -f --namespace --kube-context --set --values --version
  R list ls status get history search show template lint version env repo/list dependency/list verify plugin/list diff inspect
  W install upgrade repo/add repo/update pull package dependency push create dependency/update apply sync repo/index
  D rollback repo/remove plugin/uninstall
  X uninstall delete destroy del un : removes a release
  D upgrade if --force --reset-values --recreate-pods
  r . if --dry-run
kustomize kubectx kubens kubeval kubeconform stern kubetail popeye kube-score polaris = R
  W edit set
  D . if -d
kubeadm = D : changes a cluster
  R version config/print config/view config/images/list token/list certs/check-expiration upgrade/plan
  X reset : takes a node out of its cluster
minikube kind k3d k3s microk8s k0s kops eksctl rke rke2 talosctl kubespray rancher = W
  R status version profile/list ip get list kubectl/get node/list cluster/list addons/list logs check inspect dashboard describe
  D stop pause disable upgrade leave shutdown reboot rollback
  X delete reset cluster/delete destroy uninstall etcd/* remove : deletes a cluster
  is verbs
k3s-uninstall.sh k3s-killall.sh rke2-uninstall.sh k3s-agent-uninstall.sh = X
etcdctl = W
  R get member/list endpoint/* version alarm/list watch user/list role/list check/* snapshot/status
  X del member/remove defrag compaction snapshot/restore user/delete role/delete lease/revoke : removes keys
  D alarm/disarm move-leader auth/disable member/update
argocd flux istioctl linkerd cilium calicoctl crossplane velero tekton tkn kn = W
  is verbs
  R get list status check version logs describe stats diff analyze proxy-status proxy-config app/list app/get app/diff app/history cluster/list backup/get
  X delete uninstall app/delete backup/delete schedule/delete app/rollback : removes what it names
  D app/sync suspend restore/create app/set
virsh = W
  is nested
  valued -c --connect
  R list dominfo domstate dumpxml net-list pool-list vol-list nodeinfo version domblklist domiflist snapshot-list capabilities domstats vcpuinfo net-info pool-info domblkstat net-dumpxml domifaddr hostname uri sysinfo domuuid domid console
  D destroy shutdown reboot suspend managedsave net-destroy pool-destroy detach-* migrate reset save snapshot-revert setmem setvcpus net-undefine blockresize define edit net-update restore inject-nmi : stops a virtual machine, or changes it
  X undefine vol-delete vol-wipe snapshot-delete pool-delete pool-undefine checkpoint-delete iface-undefine secret-undefine nwfilter-undefine : removes a virtual machine, or its disks
  W start create net-start pool-start resume snapshot-create snapshot-create-as autostart attach-* vol-create net-define
qemu-img = W
  R info check map compare measure
  r check info if -f
  D check if -r
  D resize commit rebase amend snapshot
  X snapshot if -d
  W create convert
  r snapshot if -l
qemu-system-x86_64 qemu-kvm kvm virt-install virt-clone qemu-nbd guestmount virt-viewer = W
virt-resize virt-sparsify virt-edit guestfish = D
virt-df virt-ls virt-cat virt-top virt-what virt-filesystems = R
xl xe xm xenstore = W
  is verbs
  R list info vm-list host-list dmesg top uptime vcpu-list sr-list
  X destroy vm-destroy vdi-destroy vm-uninstall sr-destroy sr-forget
  D shutdown reboot pause
lxc incus lxd = W
  valued --project
  R list ls info config/show image/list network/list storage/list profile/list profile/show network/show remote/list storage/info warning/list version cluster/list monitor storage/volume/list operation/list
  D stop restart pause freeze move restore config/set config/unset config/edit profile/edit network/* migrate rename shutdown rebuild profile/assign : stops a container, or changes it
  X delete rm image/delete storage/delete storage/volume/delete network/delete profile/delete snapshot/delete project/delete cluster/remove : removes a container
  W launch start init copy snapshot file image/copy profile/create config/device publish
  D config/device if ~^remove$
lxc-ls lxc-info lxc-top lxc-monitor = R
lxc-start lxc-create lxc-snapshot lxc-copy = W
lxc-stop lxc-freeze lxc-kill = D : stops a container
lxc-destroy = X : removes a container
pct qm = W
  R list status config listsnapshot pending showcmd df cpusets
  D stop shutdown reboot suspend reset set migrate resize rollback unlink unlock template move-disk move_disk move-volume fsck : stops a machine, or changes it
  X destroy delsnapshot
  W start create clone snapshot resume
pvesh pveum pvecm pvesm pveceph pvenode ha-manager pmxcfs = W
  is verbs
  R get ls status nodes list path scan/*
  X delete delnode free remove purge : removes what it names
  D set create expected updatecerts
vzdump = W
qmrestore = D
vagrant = W
  R status global-status ssh-config version box/list port snapshot/list validate
  D halt suspend reload provision snapshot/restore snapshot/pop
  X destroy box/remove box/prune snapshot/delete : removes a machine
  O ssh
multipass VBoxManage vboxmanage vmrun govc packer = W
  is verbs
  R list info version find help showvminfo ls about vm.info validate inspect fmt
  X delete purge unregistervm vm.destroy closemedium deleteVM host.remove datastore.rm snapshot.remove : removes a machine
  D stop suspend controlvm modifyvm restart reset vm.power vm.change
portainer dokku cap caprover flynn = W
  is verbs
  X apps:destroy
  D ps:stop ps:restart
`;
