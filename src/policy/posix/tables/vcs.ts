import type { TableText } from "../table.ts";

/** Version control: what is not committed, or not pushed, can be lost. Sources: git(1), gh, hg, svn. */
export const VCS: TableText = String.raw`
git = W
  valued -C -c --git-dir --work-tree --namespace --exec-path -m -F --author --date --format --pretty -n --since --until --grep -S -G --depth --branch -b -o --origin --message --max-count
  R status log diff show blame annotate shortlog describe rev-parse rev-list ls-files ls-tree ls-remote cat-file grep reflog remote stash/list stash/show config/list config/get branch tag for-each-ref name-rev merge-base whatchanged cherry range-diff verify-commit verify-tag verify-pack count-objects help version var check-ignore check-attr check-ref-format fsck worktree/list submodule/status submodule/summary notes/list notes/show bisect/log bisect/view diff-tree diff-index diff-files show-ref show-branch symbolic-ref bundle/verify archive difftool --version lfs/ls-files lfs/status remote/show remote/get-url remote/-v sparse-checkout/list bundle/list-heads request-pull get-tar-commit-id stripspace interpret-trailers merge-tree patch-id fmt-merge-msg maintenance/list
  W add commit pull fetch merge push clone init stash checkout switch restore rebase cherry-pick revert mv tag/-a remote/add remote/set-url remote/rename submodule am apply format-patch worktree/add notes bisect config stash/push stash/apply stash/pop stash/save stash/branch lfs/* rerere bundle/create sparse-checkout maintenance hash-object update-index mktag commit-tree write-tree read-tree remote/update flow
  W branch if +
  w branch if + unless -d -D --delete -f --force -M -C --list -a -r -v -vv --contains --merged --no-merged --show-current -l
  W branch if -u --set-upstream-to --unset-upstream --edit-description -m -c
  W tag if +
  r tag branch if -l --list -a -r -v -vv --show-current --merged --no-merged --contains --points-at unless -d -D --delete -f --force -M -m
  R config if --get --list -l --get-all --get-regexp --show-origin
  r config if --get --list -l --get-all --get-regexp
  X branch if -D -d --delete -M -f --force -C : removes a branch
  w branch if -d --delete unless -D -f --force -r
  X tag if -d --delete -f --force : removes a tag
  X push if -f --force --force-with-lease --force-if-includes --mirror --delete -d --prune : overwrites or deletes what others share
  X push if ~^\+\S ~^:\S ~^\+?refs/.*:.*$ : overwrites or deletes what others share
  X reset if --hard --merge --keep : throws changes away
  W reset
  X clean if -f --force -fd -fdx -x -X -d : deletes files that are in no commit
  X clean
  r clean push add rm fetch commit if -n --dry-run
  X checkout if -f --force ~^--$ ~^\.$ -- : throws changes away
  X checkout if ~^(?:\.|:/|\*)$
  w checkout if -b -B --track -t --detach --orphan unless -f --force
  X switch if -f --force --discard-changes -C --force-create : throws changes away
  X restore unless --staged -S : throws changes away
  X restore if -W --worktree
  X rm if -f --force -r : removes files
  D rm
  w rm if --cached
  X stash/drop stash/clear : throws stashed changes away
  X gc prune reflog/expire reflog/delete filter-branch filter-repo update-ref worktree/remove worktree/prune replace lfs/prune branch/-D repack symbolic-ref/HEAD submodule/deinit remote/prune notes/remove fast-import checkout-index : removes what may still be wanted
  W gc
  X gc if --prune --aggressive
  w remote/prune worktree/prune repack
  W symbolic-ref if ++
  D remote/remove remote/rm
  X worktree/remove if -f --force
  D rebase commit if --root
  W rebase commit
  X remote/set-head
  W submodule
  X submodule/deinit if -f --force --all
  X submodule/foreach
  O submodule/foreach rebase/--exec mergetool credential daemon shell upload-pack receive-pack http-backend instaweb
  O rebase if -x --exec : runs commands between commits
  O . if -c~^(?![\w/-]+$|(?:color|user|log|https?|advice|safe|commit|push|pull|fetch|rebase|protocol\.version|gc|pack|status|tag|blame|merge\.(?:conflictstyle|ff|renames)|diff\.(?:renames|algorithm|colormoved|context|noprefix)|format|transfer|column|i18n|grep|index|feature|branch|submodule\.recurse|init\.defaultbranch|core\.(?:quotepath|autocrlf|safecrlf|filemode|longpaths|abbrev|eol|ignorecase|compression|pager=(?:cat|less)?$)|credential\.helper=$)) : sets what may be a program that git runs
  O . if --exec-path~. --config-env~. : looks for its own programs elsewhere
  O config if ~^(?:core\.(?:sshcommand|fsmonitor|hookspath|askpass|gitproxy)|diff\.external|gpg\.program|sequence\.editor|include(?:if)?\..*|init\.templatedir|.*\.(?:cmd|textconv|clean|smudge|process|driver|packobjectshook|insteadof))$ if ++
  O config if ~^alias\. if ~^!
  O config if ~^(?:core\.(?:pager|editor)|pager\..*)$ if ~[\s/;|]
  r config if --get --list -l --get-all --get-regexp
  O clone fetch pull push ls-remote if ~^ext:: --upload-pack --receive-pack --exec : runs a program of its options
  O clone if -u : runs a program of its options
  O grep if -O --open-files-in-pager
  O archive if --exec --remote
  W archive if -o --output
  to --output -o
  O bisect/run difftool if -x --extcmd
  R . unless +
git-lfs git-flow git-crypt gitk git-absorb jj sl = W
  R status log diff show ls-files
  X abandon
hg = W
  R status log diff annotate heads branches tags summary identify cat parents paths bookmarks incoming outgoing manifest version
  X strip purge rollback revert clean histedit : throws changes away
  X update up checkout if -C --clean
  X push if -f --force
svn = W
  R status info log diff list ls cat blame proplist propget
  X delete del remove rm revert cleanup : removes files
svnadmin = W
  R verify info lstxns
  X rmtxns setrevprop load recover
bzr cvs fossil p4 = W
  is verbs
  R status log diff info annotate
  X revert obliterate uncommit
gh glab hub tea = W
  valued -R --repo -t --title -b --body -H --head -B --base -l --label -L --limit -q --jq
  is verbs
  R auth/status pr/list pr/view pr/status pr/diff pr/checks issue/list issue/view issue/status repo/list repo/view run/list run/view run/watch workflow/list workflow/view release/list release/view gist/list gist/view status search/* label/list secret/list variable/list ci/list ci/view ci/status mr/list mr/view cache/list ruleset/list org/list browse
  W pr/create pr/checkout pr/comment pr/review issue/create issue/comment repo/clone repo/fork gist/create label/create release/create release/download run/download run/rerun issue/edit pr/edit pr/ready issue/reopen mr/create mr/checkout repo/set-default auth/setup-git repo/create
  D pr/merge pr/close issue/close run/cancel workflow/run workflow/disable release/edit repo/edit repo/rename secret/set variable/set mr/merge repo/sync auth/logout issue/transfer issue/lock
  X repo/delete release/delete gist/delete secret/delete label/delete cache/delete issue/delete repo/archive run/delete variable/delete ssh-key/delete codespace/delete release/delete-asset gpg-key/delete : deletes what others share
  R api
  W api if -f -F --field --raw-field --input
  X api if -X=DELETE --method=DELETE
  D api if -X=PATCH -X=PUT --method=PATCH --method=PUT
  W api if -X=POST --method=POST
  O alias extension
`;
