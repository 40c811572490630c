#!/bin/sh
# One call of the Azure CLI for each step of a deployment's life; --dry-run shows it instead. docs/azure-ml.md walks through.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

usage() {
  cat <<'END'
endpoint.sh: the scoring server on an Azure ML online endpoint, step by step.
It calls az with its ml extension (version 2).

  endpoint.sh create-endpoint            the endpoint itself, from endpoint.yml
  endpoint.sh create    NAME             a deployment from deployment.yml, without traffic
  endpoint.sh canary    NAME OLD         10 % of the traffic to NAME, 90 % to OLD
  endpoint.sh promote   NAME [OLD]       all of the traffic to NAME
  endpoint.sh rollback  OLD [NAME]       all of the traffic back to OLD
  endpoint.sh delete    NAME             the deployment; one that has traffic is kept by Azure
  endpoint.sh delete-endpoint            the endpoint and all of its deployments
  endpoint.sh key                        the address, and the primary key on the next line

Options, anywhere:
  --endpoint NAME          name of the endpoint. Default: fleet-stt
  --resource-group NAME    Default: as set by az configure
  --workspace NAME         Default: as set by az configure
  --kubernetes             on an attached cluster: kubernetes-endpoint.yml and -deployment.yml
  --percent NUMBER         traffic of the canary, 1 to 99 %. Default: 10
  --dry-run                print the command and do nothing
  --help                   this text

Example
  endpoint.sh create green && endpoint.sh canary green blue && endpoint.sh promote green blue
Exit codes: 0 done, 1 wrong options, else az's own
END
}

die() {
  printf '%s\n' "endpoint.sh: $*" "All options: endpoint.sh --help" >&2
  exit 1
}

endpoint=fleet-stt group='' workspace='' kubernetes='' percent=10 dry_run='' action='' first='' second=''

value() { # OPTION VALUE: refuses a missing one
  if [ -z "${2-}" ]; then die "$1 has no value"; fi
  case $2 in -*) die "$1 has no value" ;; esac
}

name() { # what Azure takes for a name
  case $1 in
    '' | [!A-Za-z]* | *[!A-Za-z0-9-]*) die "'$1' is no name: letters, digits and -, a letter first" ;;
  esac
}

while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --dry-run) dry_run=1 ;;
    --kubernetes) kubernetes=kubernetes- ;;
    --endpoint) value "$1" "${2-}"; endpoint=$2; shift ;;
    --resource-group) value "$1" "${2-}"; group=$2; shift ;;
    --workspace) value "$1" "${2-}"; workspace=$2; shift ;;
    --percent) value "$1" "${2-}"; percent=$2; shift ;;
    -*) die "there is no option $1" ;;
    *)
      if [ -z "$action" ]; then action=$1
      elif [ -z "$first" ]; then name "$1"; first=$1
      elif [ -z "$second" ]; then name "$1"; second=$1
      else die "'$1' is one word too many"; fi
      ;;
  esac
  shift
done

name "$endpoint"
case $percent in '' | *[!0-9]* | ???*) die "--percent is a whole number from 1 to 99" ;; esac
if [ "$percent" -lt 1 ]; then die "--percent is a whole number from 1 to 99"; fi

call() { # one call of az
  if [ -n "$group" ]; then set -- "$@" --resource-group "$group"; fi
  if [ -n "$workspace" ]; then set -- "$@" --workspace-name "$workspace"; fi
  if [ -z "$dry_run" ]; then az "$@"; return; fi
  printf az
  for word; do
    case $word in
      *[!A-Za-z0-9._/=:-]*) printf " '%s'" "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
}

needs() { if [ -z "$first" ]; then die "$action needs the name of a deployment"; fi; }
alone() { if [ -n "$first" ]; then die "$action takes no name; the endpoint's is --endpoint"; fi; }

all_traffic() { # DEPLOYMENT [OTHER]: what is not named gets none
  if [ "${2-}" = "$1" ]; then die "two times '$1': give two different deployments"; fi
  call ml online-endpoint update --name "$endpoint" --traffic "$1=100${2:+ $2=0}"
}

case $action in
  create-endpoint)
    alone
    call ml online-endpoint create --name "$endpoint" --file "$here/${kubernetes}endpoint.yml"
    ;;
  create)
    needs
    call ml online-deployment create --name "$first" --endpoint-name "$endpoint" --file "$here/${kubernetes}deployment.yml"
    ;;
  canary)
    needs
    if [ -z "$second" ]; then die "canary needs two names: the new deployment and the one that has the traffic"; fi
    if [ "$first" = "$second" ]; then die "two times '$first': give two different deployments"; fi
    call ml online-endpoint update --name "$endpoint" --traffic "$second=$((100 - percent)) $first=$percent"
    ;;
  promote | rollback)
    needs
    all_traffic "$first" "$second"
    ;;
  delete)
    needs
    call ml online-deployment delete --name "$first" --endpoint-name "$endpoint" --yes
    ;;
  delete-endpoint)
    alone
    call ml online-endpoint delete --name "$endpoint" --yes
    ;;
  key)
    alone
    call ml online-endpoint show --name "$endpoint" --query scoring_uri --output tsv
    call ml online-endpoint get-credentials --name "$endpoint" --query primaryKey --output tsv
    ;;
  '') usage; exit 1 ;;
  *) die "there is no step '$action'" ;;
esac
