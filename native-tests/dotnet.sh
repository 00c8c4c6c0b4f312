# Builds and runs test projects, for scripts that begin in the folder of the repository. Neither `dotnet build` nor `dotnet test` of a project, which
# leave two folders in the temp folder with every call.

# build_tests PROJECT CONFIGURATION
build_tests() { dotnet msbuild -restore "native-tests/$1" "-p:Configuration=$2" -nologo -v:quiet; }

# tests_of PROJECT CONFIGURATION: the program.
tests_of() { echo "native-tests/$1/bin/$2/net10.0/$1.dll"; }

# run_tests PROJECT CONFIGURATION [OPTION...]
run_tests() { dotnet test "$(tests_of "$1" "$2")" --nologo --logger 'console;verbosity=minimal' "${@:3}"; }
