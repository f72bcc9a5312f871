import type { TableText } from "../table.ts";

/** What comes with databases beside their clients (those are in `special.ts`). Sources: PostgreSQL, MySQL, MongoDB, Redis, Elasticsearch, Cassandra, InfluxDB. */
export const DATABASES: TableText = String.raw`
pg_dump pg_dumpall mysqldump mariadb-dump mongodump mongoexport pg_basebackup xtrabackup mariabackup influxd-dump = W : dumps a database
  valued -f -U -h -p -d -t -n -F -T -N -o -u -P -r -D -j --file --result-file --out
  to -f --file -r --result-file -o --out -D
  X . if --delete-master-logs --delete-source-logs --flush-logs
  X . if --copy-back --move-back : puts data over what is there
pg_isready pg_config pg_controldata pg_lsclusters pg_waldump pg_test_fsync pg_amcheck psql-version pgbadger mysqlshow mysql_config mongostat mongotop pt-query-digest pt-summary pt-mysql-summary pt-show-grants mysqldumpslow innochecksum = R
pg_restore mongorestore mongoimport mysqlimport pgloader = D : puts data over what is there
  r . if -l --list
  X . if -c --clean --drop --drop-source
createdb createuser initdb mysql_install_db mariadb-install-db pg_createcluster createlang mysql_tzinfo_to_sql = W
dropdb dropuser droplang pg_dropcluster pg_resetwal pg_resetxlog pg_archivecleanup = X : drops what it names
  r . if -n --dry-run
pg_rewind pg_upgrade pg_upgradecluster reindexdb clusterdb pg_repack vacuumlo pg_checksums myisamchk aria_chk mysql_upgrade mariadb-upgrade mysql_secure_installation pt-online-schema-change pt-archiver pt-kill pt-table-sync gh-ost = D : changes a database
  r . if -n --dry-run
  R . if --check
  X . if --purge --lo-remove
vacuumdb = W
  D . if -f --full
pg_ctl pg_ctlcluster = W
  R status
  D stop restart kill promote logrotate */*/stop */*/restart */*/promote */stop immediate : stops a database
  W start reload */*/start */*/reload
  R */*/status
mysqladmin mariadb-admin = W
  valued -u -p -h -P -S
  R status extended-status processlist ping version variables
  X drop : drops a database
  D shutdown kill flush-* password refresh stop-slave stop-replica old-password start-slave : takes a service away
  W create
mysqlcheck mariadb-check = D
  R . if -c --check
  r . if -c --check unless -r -o --repair --optimize --auto-repair
mysqlbinlog = R
mysqlslap pgbench sysbench redis-benchmark = W
mysqld_safe mysqld_multi = D
mycli pgcli litecli usql iredis mongo-hacker = W
  is nested
  O . if -e -c
redis-check-aof redis-check-rdb = R
  D . if --fix
redis-sentinel = W
memcached-tool = R
  D flush
nodetool = D
  R status info tpstats ring describecluster compactionstats netstats gossipinfo cfstats tablestats version proxyhistograms statusbinary describering getendpoints listsnapshots tablehistograms
  X decommission removenode assassinate clearsnapshot truncatehints drain disablegossip garbagecollect scrub rebuild : takes a node away
  W snapshot flush repair cleanup
sstableloader sstablescrub = D
influx = W
  R ping query bucket/list org/list version config/list user/list
  X delete bucket/delete org/delete user/delete : removes measurements
  X . if ~\b(?:drop|delete)\b
  r . if -execute~^(?:show|explain|select(?!.*\binto\b))[^;]*;?\s*$
  is nested dashlong
  valued -host -port -database -username -password -format -precision
curator elasticdump opensearch-cli = X
  r . if --dry-run ~^show_indices$
elasticsearch-users elasticsearch-keystore kibana-keystore = D
  R list show
elasticsearch-reset-password = D
neo4j-admin cypher-shell neo4j = W
  R status version
  D stop restart
  X database/load
  O . if ~\bdelete\b|\bdrop\b|\bdetach\b
cockroach tikv-ctl tiup dolt = W
  is verbs
  is nested
  R node/status version
  X sql if ~\b(?:drop|delete|truncate)\b
  D quit node/drain node/decommission
litestream sqldiff sqlite3_analyzer = R
  W replicate restore
dbmate flyway liquibase alembic prisma knex sequelize goose migrate sqitch atlas skeema rails rake django-admin artisan drush wp typeorm = W
  R status info validate history current heads version check verify routes about plugin/list theme/list option/get user/list core/version post/list db/size stats notes
  X clean drop drop-all dropAll down downgrade rollback rollback-to rollbackCount reset db:drop db:reset db:rollback db:purge db:schema:load db:migrate:reset migrate:reset migrate:refresh migrate:fresh migrate:rollback undo flush db/reset db/drop migrate/reset site:install sql-drop sql:drop site-install post/delete user/delete plugin/delete theme/delete schema:drop revert db:wipe db:truncate:all undo:all db:migrate:undo:all sqlflush rollbackToDate dropall migrate:down : drops what a database holds
  X . if --drop --force-reset --accept-data-loss
  W up migrate upgrade update generate db:migrate makemigrations migrate:status cache:clear
  O . if -p~[\x60(] -e~[\x60(] : code of Ruby
  O runner dbconsole c console
`;
