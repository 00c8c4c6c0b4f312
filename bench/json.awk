# Prints raw.txt (lines of key=value) as JSON, with a header.
# Variables: date, commit, kernel, cpu, cores, tools (with ", " between), rounds, warmup, measured.

function text(s) {
    gsub(/["\\]/, "\\\\&", s)
    return "\"" s "\""
}

function number_or_text(s) { return s ~ /^-?[0-9]+(\.[0-9]+)?$/ ? s : text(s) }

# recvfrom:1.00,sendto:0.99 as an object
function calls_object(s,   n, i, call, part, object) {
    n = split(s, call, ",")
    for (i = 1; i <= n; i++) {
        split(call[i], part, ":")
        object = object (i > 1 ? ", " : "") text(part[1]) ": " number_or_text(part[2])
    }
    return "{" object "}"
}

BEGIN {
    print "{"
    print "  \"date\": " text(date) ","
    print "  \"commit\": " text(commit) ","
    print "  \"kernel\": " text(kernel) ","
    print "  \"cpu\": " text(cpu) ","
    print "  \"cores\": " cores ","
    n = split(tools, tool, ", ")
    for (i = 1; i <= n; i++)
        list = list (i > 1 ? ", " : "") text(tool[i])
    print "  \"tools\": [" list "],"
    print "  \"rounds\": " rounds ","
    print "  \"warmup_seconds\": " warmup ","
    print "  \"measured_seconds\": " measured ","
    printf "  \"measurements\": ["
}

{
    line = ""
    for (i = 1; i <= NF; i++) {
        eq = index($i, "=")
        key = substr($i, 1, eq - 1)
        item = substr($i, eq + 1)
        line = line (i > 1 ? ", " : "") text(key) ": " (key == "calls" ? calls_object(item) : number_or_text(item))
    }
    printf "%s\n    {%s}", (NR > 1 ? "," : ""), line
}

END { print "\n  ]\n}" }
