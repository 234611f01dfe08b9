# What the keeper and the commands beside it share. Read, not run.

OPS_ENV=${OPS_ENV:-/etc/shikaku/ops.env}
if [ -z "${DATABASES:-}" ] && [ -r "$OPS_ENV" ]; then
  set -a
  . "$OPS_ENV"
  set +a
fi
: "${DATABASES:?see shikaku-ops.env}"

# The keeper asks one database: ask NAME SQL…; each SQL is a transaction of its own. Who does
# not answer within LIMIT seconds does not answer.
ask() {
  asked=$(address "$1")
  shift
  for sql in "$@"; do
    set -- "$@" -c "$sql"
    shift
  done
  timeout "${LIMIT:-5}" psql --no-psqlrc --no-password --quiet --tuples-only --no-align \
    --set ON_ERROR_STOP=1 --username keeper \
    --host "${asked%:*}" --port "${asked##*:}" "$@"
}

# NAME is one of DATABASES: its HOST:PORT.
address() {
  for database in $DATABASES; do
    if [ "${database%%=*}" = "$1" ]; then
      printf '%s\n' "${database#*=}"
      return
    fi
  done
  fail "$1 is none of: $DATABASES"
}

# The names in DATABASES.
names() {
  for database in $DATABASES; do
    printf '%s\n' "${database%%=*}"
  done
}

# What NAME answers as: primary, replica, or nothing.
role() {
  ask "$1" "SELECT CASE WHEN pg_is_in_recovery() THEN 'replica' ELSE 'primary' END" 2>/dev/null ||
    true
}

# Notes WORD NAME where nothing is lost by a power cut, before anything follows from it.
note() {
  printf '%s %s\n' "$1" "$2" >"$IN_STEP.new"
  sync "$IN_STEP.new"
  mv "$IN_STEP.new" "$IN_STEP"
  sync "$(dirname "$IN_STEP")"
  say "$1 $2"
}

say() {
  printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"
}

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}
