import type { TableText } from "../table.ts";

/** Packages of systems and of languages. Installing one can be put back; removing, upgrading all, and publishing cannot as easily. */
export const PACKAGES: TableText = String.raw`
apt apt-get aptitude apt-fast nala = W
  valued -o -t -c -a --option --target-release --config-file
  R list search show policy depends rdepends showsrc madison changelog versions why why-not moo check indextargets
  W update install download source build-dep clean autoclean mark reinstall markauto hold unhold satisfy
  D remove autoremove upgrade full-upgrade dist-upgrade safe-upgrade auto-remove downgrade edit-sources dselect-upgrade autopurge : removes or replaces packages
  X purge autopurge : removes packages and their configuration
  X . if --purge
  D . if --allow-downgrades --force-yes --allow-remove-essential --allow-change-held-packages
  D install if ~[\w+]-$
  D install if ~^(?:APT::|Dpkg::)
  O . if ~(?:Pre-Invoke|Post-Invoke|APT::Update::) : runs a program of its options
  r . if -s --simulate --dry-run --just-print --no-act --recon
apt-mark apt-key apt-add-repository add-apt-repository apt-file apt-cdrom = W
  R showhold showmanual showauto search list
  D . if -r --remove
  D del
dpkg = W
  R . if -l -L -s -S -p -c -I -C -V --list --listfiles --status --search --print-avail --contents --info --audit --get-selections --verify --version --print-architecture --compare-versions
  r . if -l -L -s -S -c -I -C -V --list --listfiles --status --search --get-selections --print-architecture --verify --audit --contents --info unless -i -r -P
  D . if -r --remove --unpack --clear-selections --set-selections --force-all --force-depends --force-remove-essential : removes packages
  X . if -P --purge : removes packages and their configuration
dpkg-reconfigure debconf-set-selections update-alternatives alternatives dpkg-divert dpkg-statoverride = D
  R . if --list --display --query --get-selections
  r . if --list --display --query --get-selections
  W . if --install --set --auto --config
debconf-show debconf-get-selections = R
unattended-upgrade unattended-upgrades do-release-upgrade = D : upgrades the system
  r . if --dry-run -d=no -c
  r . if --check-dist-upgrade-only
yum dnf dnf5 microdnf tdnf zypper = W
  valued -c -x --disablerepo --enablerepo --exclude --setopt --releasever --installroot --repo
  R list search info provides whatprovides repolist repoquery check-update deplist se lr lu ls pa search-packages what-provides needs-restarting check updateinfo group/list module/list
  W install reinstall makecache clean refresh ref in ar addrepo localinstall download builddep groupinstall
  D remove erase autoremove update upgrade distro-sync downgrade swap dup dist-upgrade up rm group/remove system-upgrade offline-upgrade upgrade-minimal rr removerepo module/reset history/undo history/rollback groupremove patch versionlock mark : removes or replaces packages
  R history
rpm = W
  O . if --pipe --define~%\( -E : runs a program of its options
  valued --root --dbpath --queryformat --qf
  R . if -q --query -V --verify -K --checksig
  r . if -q -qa -qi -ql -qf -V -K unless -e -i -U -F --pipe -E
  D . if -e --erase --force --nodeps --rebuilddb --import --setperms : removes or replaces packages
  D . if -U -F --upgrade --freshen
  w . if -i --install -ivh unless --force --nodeps -e
  w . if -Uvh -U unless --force --nodeps --oldpackage -e
rpmbuild mock debuild dpkg-buildpackage dpkg-deb makepkg abuild = W
pacman yay paru = W
  R . if -Q -Qi -Ql -Qo -Qu -Qs -Ss -Si -Sl -F -T --version
  r . if -Q -Qi -Ql -Qo -Qu -Qs -Ss -Si -Sl -Qe -Qdt -Qm -Fy unless -R -S
  D . if -R -U --remove -Rns -Rs -Rdd -Syu -Su -Syyu -Sc -Scc --overwrite : removes or replaces packages
  X . if -Rns -Rdd -Rnsc
apk = W
  R info list search policy version stats audit dot
  D del upgrade fix cache/clean : removes or replaces packages
  r . if -s --simulate
emerge = W
  R . if -p -s --pretend --search --info
  r . if -p --pretend -s --search --info
  D . if -C -c --unmerge --depclean --rage-clean -P --prune -u --update : removes or replaces packages
xbps-install = W
  D . if -u
xbps-query = R
xbps-remove = D
opkg ipkg = W
  R list list-installed list-upgradable info status files search find whatdepends
  D remove upgrade flag
pkg pkg_add pkgin = W
  R info search query stats version which list audit
  D delete remove upgrade autoremove set
  D . if -u
  R . if -N
pkg_delete pkg_remove = D
pkg_info = R
brew port = W
  R list info search outdated deps doctor config leaves uses desc home log cat formulae casks --version installed services/list
  D uninstall remove upgrade cleanup autoremove untap unlink rm services/stop services/restart deactivate
  X zap
  X . if --zap
snap = W
  R list find info version changes services interfaces connections logs known model warnings get
  D remove refresh revert stop disable restart disconnect unset set unalias abort restore
  X remove if --purge
  X forget
flatpak = W
  R list info search remotes remote-ls remote-info history ps
  D uninstall remove update kill remote-delete repair
  X uninstall if --delete-data
  W run
nix-collect-garbage = X : removes older generations
  W . unless -d --delete-old --delete-older-than
  w . unless -d --delete-old --delete-older-than
nix nix-env nix-store nix-channel nixos-rebuild home-manager guix = W
  R search show-derivation eval log path-info flake/show flake/metadata store/ls profile/list doctor list-generations generations
  R . if -q --query -qa --list
  D uninstall remove upgrade switch boot rollback profile/remove delete-generations expire-generations pull system/reconfigure
  D . if -e --uninstall --rollback -u --upgrade --switch-generation --delete-generations --remove
  X gc store/gc store/delete collect-garbage
  X . if --gc --delete -d --delete-old --delete-older-than

pip pip3 pipx uv-pip = W
  valued -r -c -i -e -t --requirement --constraint --index-url --target
  R list show freeze check search config/list debug inspect index/versions cache/dir cache/list cache/info hash
  W install download wheel upgrade inject
  D uninstall uninstall-all reinstall-all
  W cache/purge cache/remove
  D install if --break-system-packages --force-reinstall
uv rye = W
  R tree version python/list pip/list pip/show pip/freeze cache/dir pip/check tool/list
  D pip/uninstall tool/uninstall python/uninstall
  W cache/clean remove add sync lock init venv pip/install
  X publish
poetry pipenv pdm hatch = W
  R show check version env/info env/list graph config about search
  W install add lock update remove init build run
  X publish env/remove cache/clear
  D self
conda mamba micromamba = W
  R list info search env/list compare
  D remove uninstall update clean
  X env/remove
  X remove if --all
easy_install = W
npm pnpm yarn cnpm bun = W
  O . if -e --print ~\.[cm]?[jt]sx?$ : runs a script
  valued --prefix -C --registry -w --workspace
  R list ls ll la view info show outdated audit config/get config/list search fund root bin prefix ping whoami why explain doctor help docs repo --version -v ping licenses
  W install i ci add run run-script test t start build exec link update upgrade dedupe init create remove uninstall rm un rebuild prune cache version pack dlx dev lint audit
  D stop restart
  X publish unpublish deprecate owner dist-tag access team token/revoke hook adduser logout npm/delete : changes what everybody installs
  W audit/fix
  D . if -g --global if ~^(?:uninstall|remove|rm|un|r)$
  W cache/clean
  r . if --dry-run
nvm fnm volta n asdf rbenv pyenv rustup sdk goenv nodenv jenv mise rtx = W
  R list ls ls-remote current which version versions show active-toolchain toolchain/list target/list root plugin/list where outdated doctor
  D uninstall remove self prune toolchain/uninstall plugin/remove implode
  X self/uninstall implode
deno = O : runs a script
  is nested
  R info types doc --version
  W fmt lint test check cache install add remove task bench init compile
  X publish
  R . if -V --version
gem = W
  R list search info outdated contents env dependency which specification query environment
  D uninstall cleanup update
  X push yank owner
bundle bundler = W
  R list show info outdated check config viz platform env
  D clean
  W install update add lock package exec
composer = W
  R show info outdated validate diagnose search licenses why why-not depends status check-platform-reqs about
  W install update require dump-autoload remove
  D global/remove self-update
cargo = W
  R tree metadata search version locate-project pkgid verify-project audit
  W build check test run clippy fmt doc bench add fetch update clean new init install fix remove
  D uninstall
  X publish yank owner login
go = W
  R version env list vet doc
  W build test mod get fmt generate run install work tool clean
  W run
  W env if -w
mvn mvnd gradle ant sbt lein mix rebar3 dotnet msbuild bazel buck ninja cmake meson scons just task invoke grunt gulp webpack vite tsc eslint prettier jest vitest mocha cypress playwright karma rollup esbuild turbo nx lerna tox nox pytest nose2 unittest rspec phpunit ctest black ruff flake8 mypy pylint isort bandit golangci-lint gofmt goimports rustfmt rubocop shellcheck shfmt hadolint yamllint markdownlint pre-commit stylelint clang-format clang-tidy cppcheck gcc g++ cc c++ clang clang++ ld as javac rustc ghc ocaml ocamlc zig tcc nasm yasm flex bison protoc swig strip autoconf automake autoreconf libtool pkg-config pkgconf m4 ccache distcc conan vcpkg sphinx-build mkdocs hugo jekyll docusaurus doxygen asciidoctor tex latex pdflatex xelatex lualatex luatex xetex bibtex latexmk texi2pdf swift xcodebuild flutter dart kotlinc storybook ng next nuxt vue svelte-kit astro expo swiftlint buf sqlfluff semgrep trivy grype syft snyk codespell typos commitlint = W : builds or checks a project
  valued -C -f -D -j -p -k -m -n -e -E -t
  r . if -n --dry-run --version -v
  O . if --eval
  D . if ~^(?:uninstall|maintainer-clean)$
  X . if ~^(?:publish|release|deploy-prod|hex\.publish|nuget/push)$
make gmake bmake remake = W : builds or checks a project
  valued -C -f -j -I -o -W --file --makefile --directory
  r . if -n --dry-run --just-print --recon --version -v
  O . if --eval -E
  O . if -f~^(?:-$|/dev/) --file~^(?:-$|/dev/) --makefile~^(?:-$|/dev/) : what it builds comes from elsewhere
  D . if ~^(?:uninstall|maintainer-clean)$
  X . if ~^(?:publish|release|deploy-prod)$
objcopy = W
  to last
ldconfig = W
nuget = W
  X delete
  X push
twine = W
  X upload
  R check
hex = W
`;
