#!/usr/bin/env bash
# Runs test projects, all by default, in two lanes side by side: the conformance suite, which mostly waits, and the others one after the other.
#   native-tests/test.sh CONFIGURATION [PROJECT...]
set -uo pipefail
cd "$(dirname "$0")/.."
configuration=${1:-Release}
shift || true
projects=("$@")
if ((${#projects[@]} == 0)); then
    for file in native-tests/*/*.csproj; do
        name=$(basename "$file" .csproj)
        [[ $name == HotLoop.TestKit ]] || projects+=("$name")
    done
fi

# Of the reliability scenarios the brief ones; make faults has them all.
run() {
    local filter=()
    [[ $1 != HotLoop.Faults ]] || filter=(--filter Brief=True)
    dotnet test "native-tests/$1" -c "$configuration" --no-build --nologo -v quiet "${filter[@]}"
}

for name in "${projects[@]}"; do
    dotnet build "native-tests/$name" -c "$configuration" --nologo -v quiet || exit 1
done
status=0
beside=
if [[ " ${projects[*]} " == *" HotLoop.Conformance "* ]]; then
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
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
exit "$status"
