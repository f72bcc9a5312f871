import type { TableText } from "../table.ts";

/** Clouds and infrastructure as code. Most of their commands say what they do by their verb. Sources: the help of each. */
export const CLOUD: TableText = String.raw`
aws = W
  valued --region --profile --output --query --endpoint-url --filters --instance-ids --bucket --key --cli-input-json --max-items --stack-name --cluster --role-arn
  is verbs
  R s3/ls sts/get-caller-identity configure/list configure/get ec2/describe-* s3api/list-* s3api/get-* s3api/head-* iam/list-* iam/get-* logs/tail logs/filter-log-events logs/get-* cloudwatch/get-* eks/list-clusters eks/describe-cluster lambda/list-functions lambda/get-function sqs/receive-message sqs/list-queues dynamodb/scan dynamodb/query dynamodb/get-item ssm/get-* ssm/describe-* secretsmanager/get-secret-value cloudformation/describe-* cloudformation/list-* rds/describe-* route53/list-* sts/* cloudformation/validate-template ecr/get-login-password ecs/list-* ecs/describe-*
  W s3/cp s3/mb s3/presign eks/update-kubeconfig configure configure/set sso/login sso/logout lambda/invoke sns/publish sqs/send-message dynamodb/put-item ec2/create-tags ec2/run-instances ec2/start-instances codecommit/* cloudformation/create-stack
  W s3/sync
  X s3/rm s3/rb : deletes objects
  X s3/sync if --delete : deletes objects
  X s3/mv
  X . if --force-delete-without-recovery --skip-final-snapshot
  O ssm/send-command ssm/start-session ecs/execute-command ec2-instance-connect/*
  X kms/schedule-key-deletion cloudformation/delete-stack sqs/purge-queue ec2/release-address s3api/put-bucket-lifecycle-configuration s3api/put-bucket-versioning ecr/batch-delete-image dynamodb/batch-write-item rds/reset-db-parameter-group ec2/terminate-instances organizations/close-account account/close-account iam/deactivate-mfa-device : removes what it names
  D ec2/stop-instances ec2/reboot-instances ec2/revoke-* ec2/modify-* ec2/disassociate-* ec2/detach-* ec2/authorize-security-group-* ec2/replace-* autoscaling/update-* autoscaling/set-* ecs/update-service ecs/stop-task rds/stop-db-instance rds/reboot-db-instance rds/modify-* iam/put-* iam/attach-* iam/detach-* iam/update-* iam/add-* iam/create-access-key route53/change-resource-record-sets s3api/put-* lambda/update-* cloudformation/update-stack eks/update-* elbv2/modify-* elbv2/deregister-targets cloudfront/create-invalidation kms/disable-key cloudtrail/stop-logging ssm/put-parameter secretsmanager/put-secret-value guardduty/*delete* config/stop-* : changes what others rely on
  r . if --dry-run --dryrun
  r . if --generate-cli-skeleton
gcloud gsutil bq = W
  valued --project --region --zone --format --filter --account --impersonate-service-account
  is verbs
  R config/list config/get-value info version auth/list ls cat du stat hash show
  W auth/* config/set init components/* cp mb
  X rm rb mv projects/delete storage/rm storage/buckets/delete : deletes objects
  X rsync storage/rsync if -d --delete-unmatched-destination-objects
  W rsync
  D iam acl setmeta lifecycle versioning retention update set
  D . if ~^(?:add|set|remove)-iam-policy(?:-binding)?$ : changes who may do what
  O compute/ssh
  X storage/objects/delete
  R query
  X query if ~\b(?:drop|delete|truncate|update|merge)\b
az = W
  valued -g -n -o --resource-group --name --output --query --subscription
  is verbs
  R account/show account/list group/list group/show resource/list version vm/list vm/show aks/list aks/show storage/account/list storage/blob/list network/*/list ad/signed-in-user/show
  W login logout account/set aks/get-credentials configure group/create
  D vm/deallocate vm/stop vm/restart role/assignment/create aks/upgrade aks/scale webapp/stop webapp/restart
  X group/delete vm/delete storage/account/delete storage/blob/delete-batch keyvault/delete keyvault/purge keyvault/secret/purge : removes what it names
  O vm/run-command/* ssh/*
doctl linode-cli hcloud vultr-cli scw oci ibmcloud aliyun tccli exo civo upctl ovh cf heroku fly flyctl railway render vercel netlify wrangler firebase supabase pscale eb sam cdk serverless sls amplify copilot cdktf openstack nova neutron cinder swift-cli glance ncloud yc eksctl-anywhere stripe twilio auth0 okta sentry-cli datadog-ci newrelic cloudflared b2 mc s3cmd s5cmd rclone-cloud tccutil = W
  is verbs
  R whoami status ps logs list ls info version apps regions la du cat stat diff find tree head synth plan config
  X del rb rm deldb destroy delete apps:destroy pg:reset --rmdir rollback pg:killall remove purge unpublish sites/delete hosting:disable firestore:delete database:remove db/reset kv:key/delete : deletes what it names
  D scale ps:stop ps:restart ps:scale maintenance:on config:set config:unset restart stop suspend pg:promote addons:destroy domains:remove releases:rollback secrets/set
  O run console ssh exec run:detached shell invoke
  W deploy login logout up dev init link cp put get mb upload pull create sync mirror
  X sync mirror if --delete-removed --delete --remove --overwrite
  r . if --dry-run -n
terraform tofu terragrunt = W
  is dashlong
  valued -target -var -var-file -state -out -backend-config -lock-timeout -parallelism -chdir -replace
  R plan show validate output version providers graph state/list state/show workspace/list workspace/show state/pull metadata/functions test
  W init fmt get workspace/select workspace/new login logout import refresh
  D apply taint untaint state/mv state/push force-unlock run-all/apply apply-all state/replace-provider : changes infrastructure
  X destroy state/rm workspace/delete run-all/destroy destroy-all : destroys infrastructure
  X apply if -destroy -auto-approve --auto-approve : changes infrastructure without a question
  R plan if -destroy
  O console
pulumi = W
  R preview stack/ls stack/output config/get whoami version logs about stack/graph
  D up update refresh cancel import
  X destroy stack/rm state/delete : destroys infrastructure
  R stack
bosh cfn-lint checkov tfsec tflint infracost terraform-docs terrascan driftctl conftest opa = R
  D deploy stop restart recreate
  X delete-deployment clean-up delete-vm
  is verbs
juju maas charmcraft = W
  is verbs
  R status models controllers show-* debug-log
  X destroy-model destroy-controller remove-application remove-machine remove-unit kill-controller
s3fs goofys gcsfuse sshfs = W
chef knife kitchen berks = W
  is verbs
  R node/list node/show cookbook/list client/list role/list environment/list search status
  X node/delete cookbook/delete client/delete data/bag/delete cookbook/bulk/delete destroy
  O ssh winrm exec
`;
