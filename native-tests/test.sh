#!/usr/bin/env bash
# Runs test projects, all by default, in two lanes side by side: the conformance suite, which mostly waits, and the others one after the other.
#   native-tests/test.sh CONFIGURATION [PROJECT...]
set -uo pipefail
cd "$(dirname "$0")/.."
. native-tests/dotnet.sh
configuration=${1:-Release}
shift || true
projects=("$@")
if ((${#projects[@]} == 0)); then
    for file in native-tests/*/*.csproj; do
        name=$(basename "$file" .csproj)
        [[ $name == HotLoop.TestKit ]] || projects+=("$name")
    done
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tmp"

# Of the reliability scenarios the brief ones; make faults has them all.
run() {
    local filter=()
    [[ $1 != HotLoop.Faults ]] || filter=(--filter Brief=True)
    TMPDIR=$work/tmp run_tests "$1" "$configuration" "${filter[@]}"
}

for name in "${projects[@]}"; do
    build_tests "$name" "$configuration" || exit 1
done
status=0
beside=
if [[ " ${projects[*]} " == *" HotLoop.Conformance "* ]]; then
    log=$work/log
    run HotLoop.Conformance >"$log" 2>&1 &
    beside=$!
fi
for name in "${projects[@]}"; do
    [[ $name == HotLoop.Conformance ]] || run "$name" || status=1
done
if [[ -n $beside ]]; then
    wait "$beside" || status=1
    cat "$log"
fi

# What processes that were killed could not remove is the runtime's: the ends of its debugger and of its diagnostics.
left=$(find "$work/tmp" -mindepth 1 -maxdepth 1 ! -name 'clr-debug-pipe-*' ! -name 'dotnet-diagnostic-*-socket' -printf '  %f\n' | sort)
if [[ $left ]]; then
    echo "the tests left in the temp folder:"$'\n'"$left"
    status=1
fi
exit "$status"
