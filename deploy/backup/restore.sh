#!/usr/bin/env bash
# Restores what backup.sh saved into an empty database, and looks whether all is there. See docs/backup.md
set -euo pipefail

usage() {
  cat <<'END'
restore.sh --from FILE.dump [--password-file FILE]

Restores into the database of libpq's variables (PGHOST, PGPORT, PGDATABASE, PGUSER), which must be
empty; log in as its owner, role fleet, while no silo runs on it. All or nothing. Afterwards the
counts are compared with the manifest beside the dump, and the storage gets a new generation, so that
devices which keep what was stored (--keep-stored-hours) bring back what the dump does not have.

--password-file FILE  file whose text is the password
Exit codes: 0 restored and compared, 1 not.
END
}

die() { printf 'not restored: %s\n' "$*" >&2; exit 1; }
query() { psql -XAtq -v ON_ERROR_STOP=1 -c "$1"; }

from='' password_file=''
while (($#)); do
  case $1 in
    --from) from=${2:?--from needs a file}; shift 2 ;;
    --password-file) password_file=${2:?--password-file needs a file}; shift 2 ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; die "there is no option '$1'" ;;
  esac
done
[[ -r $from ]] || { usage >&2; die 'give --from FILE.dump'; }
manifest=${from%.dump}.manifest
[[ -r $manifest ]] || die "$manifest is missing: the backup was not finished"
if [[ -n $password_file ]]; then PGPASSWORD=$(<"$password_file"); export PGPASSWORD; fi

wanted=$(sed -n 's/^sha256 //p' "$manifest")
[[ $(sha256sum <"$from" | cut -d' ' -f1) == "$wanted" ]] || die "$from is damaged: its checksum is not the manifest's"
[[ $(query "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == 0 ]] \
  || die "the database ${PGDATABASE:-} is not empty: make a new one (docs/backup.md)"

pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname="${PGDATABASE:?set PGDATABASE}" "$from" || die 'pg_restore failed; the database is as it was'
psql -XAtq -v ON_ERROR_STOP=1 --single-transaction <<'END' || die 'the rows are there, but not yet fit for use'
-- Transaction ids from another server's future would hide rows from the live feed.
UPDATE utterances SET changed_xid = DEFAULT WHERE changed_xid >= pg_snapshot_xmin(pg_current_snapshot());
UPDATE erased_utterances SET changed_xid = DEFAULT WHERE changed_xid >= pg_snapshot_xmin(pg_current_snapshot());
-- Another storage generation, also on the same server.
UPDATE storage_identity SET identifier = gen_random_uuid();
SELECT fleet_grant_reader();
END
PGOPTIONS='-c client_min_messages=error' query 'ANALYZE' # system tables are not ours to analyse, which is no news

found=$(query "SELECT format('schema %s|utterances %s|audio %s|devices %s', (SELECT max(number) FROM fleet_schema_migrations), (SELECT count(*) FROM utterances), (SELECT count(*) FROM utterance_audio), (SELECT count(*) FROM devices))" | tr '|' '\n')
[[ $found == "$(sed '/^sha256 /d' "$manifest")" ]] || die "the counts differ from $manifest: $(tr '\n' ' ' <<<"$found")"
printf 'restored: %s\n' "$(tr '\n' ' ' <<<"$found")"
