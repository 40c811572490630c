#!/usr/bin/env bash
# Saves a fleet's database and keys. What to do with the files, and how to restore them: docs/backup.md
set -euo pipefail
umask 077

usage() {
  cat <<'END'
backup.sh --to FOLDER [--keys FOLDER] [--password-file FILE]

Writes three files to FOLDER: fleet-TIME.dump (pg_dump), fleet-TIME.manifest (what is in it, with its
checksum) and, with --keys, fleet-TIME.keys.tar (join key, API key, certificate authority, …).
The fleet may run meanwhile. The database is the one of libpq's variables (PGHOST, PGPORT,
PGDATABASE, PGUSER); log in as its owner, role fleet.

--keys FOLDER         what init made (its folder vault), or the folder of the silo's key files
--password-file FILE  file whose text is the password
Exit codes: 0 saved, 1 not saved: what is in FOLDER then has no manifest.
END
}

die() { printf 'not saved: %s\n' "$*" >&2; exit 1; }

to='' keys='' password_file=''
while (($#)); do
  case $1 in
    --to) to=${2:?--to needs a folder}; shift 2 ;;
    --keys) keys=${2:?--keys needs a folder}; shift 2 ;;
    --password-file) password_file=${2:?--password-file needs a file}; shift 2 ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; die "there is no option '$1'" ;;
  esac
done
[[ -n $to ]] || { usage >&2; die 'give --to FOLDER'; }
[[ -z $keys || -d $keys ]] || die "--keys $keys is no folder"
if [[ -n $password_file ]]; then PGPASSWORD=$(<"$password_file"); export PGPASSWORD; fi
mkdir -p "$to"
name=$to/fleet-$(date -u +%Y%m%dT%H%M%SZ)
[[ ! -e $name.dump ]] || die "$name.dump is there already"

# One view of the database for the counts and the dump: rows that come meanwhile are in neither.
coproc view { psql -XAtq -v ON_ERROR_STOP=1 -c 'SELECT 1' -f - 2>&1; }
read -r answer <&"${view[0]}" || die 'the database does not answer'
[[ $answer == 1 ]] || die "$answer"
ask() { printf '%s\n' "$1" >&"${view[1]}"; IFS= read -r answer <&"${view[0]}" || die 'the database has gone'; }
printf 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;\n' >&"${view[1]}"
ask 'SELECT pg_export_snapshot();'
snapshot=$answer
[[ $snapshot =~ ^[0-9A-F-]+$ ]] || die "$snapshot"
ask "SELECT format('schema %s|utterances %s|audio %s|devices %s', (SELECT max(number) FROM fleet_schema_migrations), (SELECT count(*) FROM utterances), (SELECT count(*) FROM utterance_audio), (SELECT count(*) FROM devices));"
counts=$answer
[[ $counts == schema* ]] || die "$counts"

pg_dump --format=custom --snapshot="$snapshot" --no-owner --no-privileges --file="$name.dump.part" || die 'pg_dump failed'
pg_restore --list "$name.dump.part" >/dev/null || die 'the dump cannot be read back'
if [[ -n $keys ]]; then tar -C "$keys" -cf "$name.keys.tar" . || die 'the keys cannot be read'; fi
mv "$name.dump.part" "$name.dump"
# Last: a backup without a manifest is none.
{
  tr '|' '\n' <<<"$counts"
  printf 'sha256 %s\n' "$(sha256sum <"$name.dump" | cut -d' ' -f1)"
} >"$name.manifest.part"
mv "$name.manifest.part" "$name.manifest"
printf 'saved: %s.dump (%s)\n' "$name" "${counts//|/, }"
[[ -n $keys ]] || printf 'The keys were not saved (--keys): without them devices must be given a new join key.\n'
